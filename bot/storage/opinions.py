"""Opinions: two views on one revision of a reply, and what follows for who may decide it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, insert, or_, select, update

from bot.models import SEVERE, Action, Guideline, Opinion, Purpose, Reply, ReplyStatus, View
from bot.storage.inserts import insert as insert_or_leave
from bot.storage.replies import reply_of
from bot.storage.tables import decisions, opinions, replies, skips

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Filter

KNOWN_FOR = timedelta(days=30)  # who has decided nothing for so long is not waited for
HANDED_OUT = timedelta(hours=12)  # after which a rechecking that nobody has answered goes to somebody else
DECIDED = (ReplyStatus.PUBLISHED, ReplyStatus.REJECTED)

_SECOND = and_(
    opinions.c.reply_id == replies.c.id,
    opinions.c.revision == replies.c.revision,
    opinions.c.purpose == Purpose.SECOND,
)
_OPEN = opinions.c.given_at.is_(None)
_DIFFER = or_(
    opinions.c.view != opinions.c.first_view,
    and_(opinions.c.view == Action.REJECT, opinions.c.guideline != opinions.c.first_guideline),
)


def is_considered() -> ColumnElement[bool]:
    """The condition that two moderators look at a held reply, so that it is not decided together with many others."""
    return exists().where(_SECOND, or_(_OPEN, _DIFFER))


def is_asked_by(moderator_id: int) -> ColumnElement[bool]:
    """The condition that this moderator waits for a second opinion on a reply, and so cannot decide it."""
    return exists().where(_SECOND, _OPEN, opinions.c.asked_by == moderator_id)


def asked_by(moderator_id: int) -> Select[tuple[int, int]]:
    """The replies on which this moderator waits for a second opinion, each with the revision."""
    mine = (opinions.c.purpose == Purpose.SECOND, _OPEN, opinions.c.asked_by == moderator_id)
    return select(opinions.c.reply_id, opinions.c.revision).where(*mine)


def disputed_for(server_id: int, moderator_id: int, *, may_settle: bool, now: datetime) -> Select[tuple[int, int]]:
    """The replies about which two moderators disagree and another than this one is to decide, with the revisions.

    `may_settle` says that they decide what two others disagree about; one of the two does where nobody else is known.
    """
    judged = (replies.c.id == opinions.c.reply_id, replies.c.revision == opinions.c.revision)
    # A value, not a join: a database might read all that is held to find the few that are disputed.
    status = select(replies.c.status).where(*judged, replies.c.server_id == server_id).scalar_subquery()
    second = (opinions.c.purpose == Purpose.SECOND, _DIFFER, status == ReplyStatus.PENDING)
    disputed = select(opinions.c.reply_id, opinions.c.revision).where(*second)
    if not may_settle:
        return disputed
    theirs = replies.alias("theirs")
    others = (
        exists()
        .where(decisions.c.reply_id == theirs.c.id, theirs.c.server_id == server_id)
        .where(decisions.c.decided_at >= now - KNOWN_FOR, decisions.c.action != Action.APPROVE_BY_ROLE)
        .where(decisions.c.moderator_id.is_distinct_from(opinions.c.asked_by))
        .where(decisions.c.moderator_id.is_distinct_from(opinions.c.moderator_id))
    )
    is_party = or_(opinions.c.asked_by == moderator_id, opinions.c.moderator_id == moderator_id)
    return disputed.where(is_party, others)


async def get_second(conn: AsyncConnection, reply: Reply) -> Opinion | None:
    """The latest second opinion on this revision, asked for or given."""
    query = select(opinions).where(*_on(reply, Purpose.SECOND)).order_by(opinions.c.id.desc()).limit(1)
    return await _one(conn, query)


async def get_asked(conn: AsyncConnection, reply_id: int, moderator_id: int) -> Reply | None:
    """The held reply, when this moderator waits for a second opinion on it."""
    held = (replies.c.id == reply_id, replies.c.status == ReplyStatus.PENDING)
    row = (await conn.execute(select(replies).where(*held, is_asked_by(moderator_id)))).one_or_none()
    return reply_of(row) if row else None


async def ask(
    conn: AsyncConnection, reply: Reply, *, asked_by: int, first: View, sentence: str | None, now: datetime
) -> Opinion | None:
    """Ask for a second opinion; None when one is asked for already."""
    new = (
        insert_or_leave(conn, opinions)
        .values(**_asked(reply, Purpose.SECOND, first, now=now), asked_by=asked_by, sentence=sentence)
        .on_conflict_do_nothing()
        .returning(*opinions.c)
    )
    return await _one(conn, new)


async def take_back(conn: AsyncConnection, reply: Reply, *, asked_by: int) -> bool:
    """Forget a request that nobody has answered; False when there is none of this moderator."""
    open_one = delete(opinions).where(*_on(reply, Purpose.SECOND), _OPEN, opinions.c.asked_by == asked_by)
    return (await conn.execute(open_one.returning(opinions.c.id))).one_or_none() is not None


async def give(
    conn: AsyncConnection, opinion: Opinion, *, moderator_id: int, view: View, now: datetime
) -> Opinion | None:
    """Give the second view; None when somebody has."""
    given = (
        update(opinions)
        .where(opinions.c.id == opinion.id, _OPEN)
        .values(moderator_id=moderator_id, view=view.action, guideline=view.guideline, given_at=now)
        .returning(*opinions.c)
    )
    return await _one(conn, given)


async def get_given(conn: AsyncConnection, reply: Reply, *, moderator_id: int, given_at: datetime) -> Opinion | None:
    """The second view on this revision that this moderator gave at that very moment."""
    of_them = (opinions.c.moderator_id == moderator_id, opinions.c.given_at == given_at)
    return await _one(conn, select(opinions).where(*_on(reply, Purpose.SECOND), *of_them).limit(1))


async def has_third(conn: AsyncConnection, server_id: int, pair: tuple[int | None, ...], *, now: datetime) -> bool:
    """Tell whether anybody beside these two has decided something in the server of late."""
    query = (
        select(decisions.c.id)
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id, decisions.c.decided_at >= now - KNOWN_FOR)
        .where(decisions.c.action != Action.APPROVE_BY_ROLE)
        .where(decisions.c.moderator_id.not_in([one for one in pair if one is not None]))
        .limit(1)
    )
    return (await conn.execute(query)).one_or_none() is not None


async def plan_recheck(conn: AsyncConnection, reply: Reply, first: View, *, now: datetime) -> None:
    """Have a decided reply shown to another moderator; what was planned before its decision changed is forgotten."""
    await conn.execute(delete(opinions).where(*_on(reply, Purpose.RECHECK), _OPEN))
    await conn.execute(
        insert(opinions).values(**_asked(reply, Purpose.RECHECK, first, now=now), asked_by=reply.decided_by)
    )


async def hand_out(
    conn: AsyncConnection, server_id: int, moderator_id: int, wanted: Filter, *, now: datetime
) -> int | None:
    """Give this moderator the longest planned rechecking of a reply that the filter shows; the id of its reply.

    It may be one that they have already. None when none is due for them: not of what they decided, wrote, skipped, or
    of an answer to what they wrote.
    """
    parent = replies.alias("parent")
    theirs = exists().where(parent.c.id == replies.c.parent_id, parent.c.author_id == moderator_id)
    skipped = exists().where(skips.c.reply_id == replies.c.id, skips.c.moderator_id == moderator_id)
    is_free = or_(
        opinions.c.moderator_id.is_(None),
        opinions.c.moderator_id == moderator_id,
        opinions.c.asked_at <= now - HANDED_OUT,
    )
    due = (
        select(opinions.c.id)
        .join(replies, and_(replies.c.id == opinions.c.reply_id, replies.c.revision == opinions.c.revision))
        .where(opinions.c.purpose == Purpose.RECHECK, _OPEN, replies.c.server_id == server_id)
        .where(replies.c.status.in_(DECIDED), replies.c.decided_by == opinions.c.asked_by)
        .where(opinions.c.asked_by != moderator_id, replies.c.author_id != moderator_id, ~theirs, ~skipped)
        .where(is_free, *_shown_by(wanted, now))
        .order_by(opinions.c.id)
        .limit(1)
        .scalar_subquery()
    )
    handed = (
        update(opinions).where(opinions.c.id == due, _OPEN, is_free).values(moderator_id=moderator_id, asked_at=now)
    )
    reply_id: int | None = (await conn.execute(handed.returning(opinions.c.reply_id))).scalar()
    return reply_id


def _shown_by(wanted: Filter, now: datetime) -> list[ColumnElement[bool]]:
    """The conditions of a filter, but for `mine`: nobody claims what is decided."""
    conditions = (
        (replies.c.article_id == wanted.article_id, wanted.article_id is not None),
        (replies.c.author_language == wanted.language, wanted.language is not None),
        (replies.c.submitted_at <= now - timedelta(minutes=wanted.minutes), wanted.minutes),
        (replies.c.severity > 0, wanted.flagged),
        (replies.c.severity < SEVERE, wanted.calm),
        (replies.c.voice == 0, wanted.first_voices),
    )
    return [condition for condition, is_wanted in conditions if is_wanted]


async def get_recheck(conn: AsyncConnection, reply: Reply, moderator_id: int) -> Opinion | None:
    """The rechecking of this revision that this moderator was handed and has not answered."""
    handed = (*_on(reply, Purpose.RECHECK), _OPEN, opinions.c.moderator_id == moderator_id)
    return await _one(conn, select(opinions).where(*handed))


async def as_shown(conn: AsyncConnection, reply: Reply, moderator_id: int) -> Reply:
    """The reply, as if it were held when this moderator is to judge it once more; otherwise the very same."""
    if reply.status is ReplyStatus.PENDING or await get_recheck(conn, reply, moderator_id) is None:
        return reply
    return reply.as_held()


async def get_answered(conn: AsyncConnection, reply: Reply, moderator_id: int) -> Opinion | None:
    """The latest rechecking of this revision that this moderator has answered."""
    answered = (*_on(reply, Purpose.RECHECK), ~_OPEN, opinions.c.moderator_id == moderator_id)
    return await _one(conn, select(opinions).where(*answered).order_by(opinions.c.id.desc()).limit(1))


async def list_pairs(conn: AsyncConnection, server_id: int, *, since: datetime) -> list[tuple[View, View]]:
    """The two views on each revision that two moderators of the server have judged since then."""
    query = (
        select(opinions)
        .join(replies, replies.c.id == opinions.c.reply_id)
        .where(replies.c.server_id == server_id, opinions.c.given_at >= since)
        .order_by(opinions.c.id)
    )
    found = [_opinion(row) for row in await conn.execute(query)]
    return [(each.first, each.second) for each in found if each.first is not None and each.second is not None]


def _on(reply: Reply, purpose: Purpose) -> tuple[ColumnElement[bool], ...]:
    return (
        opinions.c.reply_id == reply.id,
        opinions.c.revision == reply.revision,
        opinions.c.purpose == purpose,
    )


def _asked(reply: Reply, purpose: Purpose, first: View, *, now: datetime) -> dict[str, Any]:
    return {
        "reply_id": reply.id,
        "revision": reply.revision,
        "purpose": purpose,
        "asked_at": now,
        "first_view": first.action,
        "first_guideline": first.guideline,
    }


async def _one(conn: AsyncConnection, query: Any) -> Opinion | None:
    row = (await conn.execute(query)).one_or_none()
    return _opinion(row) if row else None


def _opinion(row: Row[Any]) -> Opinion:
    return Opinion(
        id=row.id,
        reply_id=row.reply_id,
        revision=row.revision,
        purpose=Purpose(row.purpose),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        first=_view(row.first_view, row.first_guideline),
        moderator_id=row.moderator_id,
        second=_view(row.view, row.guideline),
        sentence=row.sentence,
    )


def _view(action: str | None, guideline: str | None) -> View | None:
    return View(Action(action), Guideline(guideline) if guideline else None) if action else None
