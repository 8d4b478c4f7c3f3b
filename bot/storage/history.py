"""The history of a member: replies, notes, reports and appeals in one order, read from any place in it, both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, false, func, or_, select, true

from bot.models import Entry, EntryKind, Guideline, Place, ReplyStatus, ReportOutcome, Totals
from bot.storage.appeals import appeal_of
from bot.storage.articles import get as get_article
from bot.storage.notes import note_of
from bot.storage.replies import get as get_reply
from bot.storage.replies import reply_of
from bot.storage.reports import report_of
from bot.storage.sanctions import sanction_of
from bot.storage.strikes import strike_of
from bot.storage.tables import appeals, notes, replies, report_cards, reports, sanctions, strikes

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply, Sanction, Strike


async def get_totals(conn: AsyncConnection, server_id: int, member_id: int) -> Totals:
    """How many replies of a member are in each state, and under which guidelines they were rejected."""
    sent = (replies.c.server_id == server_id, replies.c.author_id == member_id)
    states = select(replies.c.status, func.count()).where(*sent).group_by(replies.c.status)
    rejected = (
        select(replies.c.guideline, func.count())
        .where(*sent, replies.c.status == ReplyStatus.REJECTED, replies.c.guideline.is_not(None))
        .group_by(replies.c.guideline)
    )
    return Totals(
        {ReplyStatus(row[0]): row[1] for row in await conn.execute(states)},
        {Guideline(row[0]): row[1] for row in await conn.execute(rejected)},
    )


async def list_older(
    conn: AsyncConnection, server_id: int, member_id: int, place: Place | None, *, limit: int
) -> list[Entry]:
    """What happened before that place in a member's history, newest first; None: the newest of all."""
    return await _list(conn, server_id, member_id, place, limit=limit, is_older=True)


async def list_newer(conn: AsyncConnection, server_id: int, member_id: int, place: Place, *, limit: int) -> list[Entry]:
    """What happened after that place, oldest first."""
    return await _list(conn, server_id, member_id, place, limit=limit, is_older=False)


async def _list(
    conn: AsyncConnection, server_id: int, member_id: int, place: Place | None, *, limit: int, is_older: bool
) -> list[Entry]:
    entries: list[Entry] = []
    for kind, (query, at, row_id) in _queries(server_id, member_id).items():
        beyond = _is_beyond(kind, at, row_id, place, is_older=is_older)
        order = (at.desc(), row_id.desc()) if is_older else (at, row_id)
        rows = await conn.execute(query.where(beyond).order_by(*order).limit(limit))
        entries += [_entry(kind, row) for row in rows]
    entries.sort(key=lambda entry: entry.place, reverse=is_older)
    return [await _filled(conn, entry) for entry in entries[:limit]]


def _queries(server_id: int, member_id: int) -> dict[EntryKind, tuple[Select[Any], Column[Any], Column[Any]]]:
    decided = reports.outerjoin(report_cards, report_cards.c.id == reports.c.card_id)
    by = select(reports, report_cards.c.outcome).select_from(decided)
    appealed = select(appeals).join(replies, replies.c.id == appeals.c.reply_id)
    about = by.join(replies, replies.c.id == reports.c.reply_id)
    return {
        EntryKind.REPLY: (
            select(replies).where(replies.c.server_id == server_id, replies.c.author_id == member_id),
            replies.c.submitted_at,
            replies.c.id,
        ),
        EntryKind.NOTE: (
            select(notes).where(notes.c.server_id == server_id, notes.c.member_id == member_id),
            notes.c.written_at,
            notes.c.id,
        ),
        EntryKind.REPORT_ABOUT: (
            about.where(replies.c.server_id == server_id, replies.c.author_id == member_id),
            reports.c.created_at,
            reports.c.id,
        ),
        EntryKind.REPORT_BY: (
            by.where(reports.c.server_id == server_id, reports.c.reporter_id == member_id),
            reports.c.created_at,
            reports.c.id,
        ),
        EntryKind.STRIKE: (
            select(strikes).where(strikes.c.server_id == server_id, strikes.c.member_id == member_id),
            strikes.c.given_at,
            strikes.c.id,
        ),
        EntryKind.SANCTION: (
            select(sanctions).where(sanctions.c.server_id == server_id, sanctions.c.member_id == member_id),
            sanctions.c.begun_at,
            sanctions.c.id,
        ),
        EntryKind.APPEAL: (
            appealed.where(appeals.c.server_id == server_id, replies.c.author_id == member_id),
            appeals.c.opened_at,
            appeals.c.id,
        ),
    }


def _is_beyond(
    kind: EntryKind, at: Column[Any], row_id: Column[Any], place: Place | None, *, is_older: bool
) -> ColumnElement[bool]:
    """The condition that a row of this kind stands beyond the place, in the order of `Place`."""
    if place is None:
        return true()
    if kind != place.kind:
        at_once: ColumnElement[bool] = true() if (kind < place.kind) is is_older else false()
    else:
        at_once = row_id < place.id if is_older else row_id > place.id
    return or_(at < place.at if is_older else at > place.at, and_(at == place.at, at_once))


def _entry(kind: EntryKind, row: Any) -> Entry:
    if kind is EntryKind.REPLY:
        return Entry(Place(row.submitted_at, kind, row.id), reply=reply_of(row))
    if kind is EntryKind.NOTE:
        return Entry(Place(row.written_at, kind, row.id), note=note_of(row), reply_id=row.reply_id)
    if kind is EntryKind.STRIKE:
        return Entry(Place(row.given_at, kind, row.id), strike=strike_of(row), reply_id=row.reply_id)
    if kind is EntryKind.SANCTION:
        return Entry(Place(row.begun_at, kind, row.id), sanction=sanction_of(row), reply_id=row.reply_id)
    if kind is EntryKind.APPEAL:
        return Entry(Place(row.opened_at, kind, row.id), appeal=appeal_of(row), reply_id=row.reply_id)
    outcome = ReportOutcome(row.outcome) if row.outcome else None
    return Entry(Place(row.created_at, kind, row.id), reply_id=row.reply_id, report=report_of(row), outcome=outcome)


async def _filled(conn: AsyncConnection, entry: Entry) -> Entry:
    """Add the reply that a note or a report is about, and its article, and whether an appeal hides who did it."""
    reply = entry.reply
    if reply is None and entry.reply_id is not None:
        reply = await get_reply(conn, entry.reply_id)
    penalty = entry.strike or entry.sanction
    article = await get_article(conn, reply.article_id) if reply is not None else None
    is_blind = penalty is not None and await _is_appealed(conn, penalty, reply, entry.place.at)
    return replace(entry, reply=reply, article=article, is_blind=is_blind)


async def _is_appealed(conn: AsyncConnection, penalty: Strike | Sanction, reply: Reply | None, at: datetime) -> bool:
    """Tell whether the reply it is about, or one that was decided in the same act, waits for another moderator."""
    if reply is not None and reply.appealed:
        return True
    theirs = (replies.c.server_id == penalty.server_id, replies.c.author_id == penalty.member_id)
    same_act = select(replies.c.id).where(*theirs, replies.c.appealed, replies.c.decided_at == at)
    return bool((await conn.execute(select(exists(same_act)))).scalar_one())
