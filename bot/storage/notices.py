"""Notices: what authors are told by direct message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, false, func, insert, not_, or_, select, update

from bot.models import ABOUT_REPORTS, Notice, NoticeKind, NoticeStatus, Strike
from bot.storage import leases
from bot.storage.appearances import LONGEST_GRACE, MARGIN
from bot.storage.tables import NOTICE_DUE, NOTICE_UNTOLD, notices, replies, reports, sanctions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply, Sanction


# A notice that could not be sent for so long is not sent any more: `/my replies` has shown it since.
LATEST = timedelta(hours=24)
# What the next decision or the next revision makes out of date.
PASSING = (
    NoticeKind.REJECTED,
    NoticeKind.CHANGES_REQUESTED,
    NoticeKind.REMOVED,
    NoticeKind.DUPLICATE,
    NoticeKind.RESTORED,
    NoticeKind.APPEAL_UPHELD,
    NoticeKind.APPEAL_DISMISSED,
)


def is_ripe(now: datetime) -> ColumnElement[bool]:
    """The condition that a notice may leave; a time that only a wrong clock can have set counts as over."""
    leaves_at = notices.c.leaves_at
    return or_(leaves_at.is_(None), leaves_at <= now, leaves_at > now + LONGEST_GRACE + MARGIN)


async def add(
    conn: AsyncConnection,
    reply: Reply,
    kind: NoticeKind,
    *,
    now: datetime,
    leaves_at: datetime | None = None,
    member_id: int | None = None,
) -> None:
    """Have the reply's author told, or the member named, from `leaves_at` on; None: as soon as can be."""
    values = {
        "reply_id": reply.id,
        "member_id": member_id or reply.author.id,
        "kind": kind,
        "status": NoticeStatus.WAITING,
        "created_at": now,
        "leaves_at": leaves_at,
    }
    await conn.execute(insert(notices).values(values))


async def add_penalty(
    conn: AsyncConnection,
    about: Strike | Sanction,
    kind: NoticeKind,
    *,
    now: datetime,
    leaves_at: datetime | None = None,
) -> None:
    """Have a member told of a strike or a sanction, likewise."""
    values = {
        "server_id": about.server_id,
        "strike_id" if isinstance(about, Strike) else "sanction_id": about.id,
        "member_id": about.member_id,
        "kind": kind,
        "status": NoticeStatus.WAITING,
        "created_at": now,
        "leaves_at": leaves_at,
    }
    await conn.execute(insert(notices).values(values))


async def take_back_penalty(conn: AsyncConnection, about: Strike | Sanction, *, now: datetime) -> bool:
    """Forget what a member was to be told of a strike or a sanction; True: they know nothing of it then.

    That is what may not leave yet, and what Discord would not deliver and nobody has shown them since. Of a strike
    that led to a sanction they are told by the notice of that, which waits for as long as the sanction is in force.
    """
    is_of_it = notices.c.kind.in_([NoticeKind.STRUCK, NoticeKind.SANCTIONED])
    untold = func.coalesce(or_(and_(*_held_back(now)), NOTICE_UNTOLD), false())
    same = known_by = (notices.c.strike_id if isinstance(about, Strike) else notices.c.sanction_id) == about.id
    if isinstance(about, Strike):
        led_to = select(sanctions.c.id).where(sanctions.c.strike_id == about.id, ~sanctions.c.trial)
        known_by = or_(same, notices.c.sanction_id.in_(led_to))
    await conn.execute(delete(notices).where(is_of_it, same, untold))
    return not (await conn.execute(select(exists().where(is_of_it, known_by, not_(untold))))).scalar_one()


async def is_told(conn: AsyncConnection, sanction: Sanction, *, now: datetime) -> bool:
    """Tell whether what a member is told of a sanction has left, or may leave by now."""
    about = (notices.c.sanction_id == sanction.id, notices.c.kind == NoticeKind.SANCTIONED)
    query = select(exists().where(*about, not_(func.coalesce(and_(*_held_back(now)), false()))))
    return bool((await conn.execute(query)).scalar_one())


async def list_untold(conn: AsyncConnection, server_id: int, member_id: int, *, limit: int) -> tuple[list[Notice], int]:
    """What Discord would not deliver to this member and nobody has shown them since, oldest first; how many it is."""
    in_server = func.coalesce(notices.c.server_id, replies.c.server_id) == server_id
    query = (
        select(notices, func.count().over().label("total"))
        .outerjoin(replies, replies.c.id == notices.c.reply_id)
        .where(notices.c.member_id == member_id, NOTICE_UNTOLD, in_server)
        .order_by(notices.c.id)
        .limit(limit)
    )
    rows = (await conn.execute(query)).all()
    return [_notice(row) for row in rows], rows[0].total if rows else 0


async def mark_shown(conn: AsyncConnection, notice_ids: Sequence[int], *, now: datetime) -> None:
    """Remember when a member was first shown what Discord would not deliver."""
    shown = update(notices).where(notices.c.id.in_(notice_ids), NOTICE_UNTOLD).values(shown_at=now)
    await conn.execute(shown)


async def is_known(conn: AsyncConnection, reply: Reply, kind: NoticeKind, *, since: datetime | None = None) -> bool:
    """Tell whether the author was told this before, or since then, or is about to be."""
    same = [notices.c.member_id == reply.author.id, notices.c.reply_id == reply.id, notices.c.kind == kind]
    if since is not None:
        same.append(notices.c.created_at >= since)
    query = select(exists().where(*same))
    return bool((await conn.execute(query)).scalar_one())


async def take_back(conn: AsyncConnection, reply: Reply, kind: NoticeKind, *, now: datetime) -> bool:
    """Forget a notice that nobody has begun to send and that may not leave yet; False: there is none."""
    query = delete(notices).where(notices.c.reply_id == reply.id, notices.c.kind == kind, *_held_back(now))
    return bool((await conn.execute(query)).rowcount)


async def supersede(conn: AsyncConnection, reply: Reply, *, now: datetime, reporter_id: int | None = None) -> None:
    """Forget what its author, or who reported it, was to be told about the reply, since it holds no more.

    What is being sent is sent. What could not be delivered is not shown first any more.
    """
    waiting = (notices.c.status == NoticeStatus.WAITING, leases.is_free(notices, now))
    whom, kinds = (reporter_id, ABOUT_REPORTS) if reporter_id else (reply.author.id, PASSING)
    its_own = (notices.c.reply_id == reply.id, notices.c.member_id == whom, notices.c.kind.in_(kinds))
    await conn.execute(delete(notices).where(*its_own, *waiting))
    await conn.execute(update(notices).where(*its_own, NOTICE_UNTOLD).values(shown_at=now))


async def list_refused(conn: AsyncConnection, server_id: int, member_id: int) -> list[Notice]:
    """Notices that Discord would not deliver to this member, newest first, whether or not they were shown since."""
    query = (
        select(notices)
        .outerjoin(replies, replies.c.id == notices.c.reply_id)
        .where(func.coalesce(notices.c.server_id, replies.c.server_id) == server_id, notices.c.member_id == member_id)
        .where(notices.c.status == NoticeStatus.REFUSED)
        .order_by(notices.c.id.desc())
    )
    return [_notice(row) for row in await conn.execute(query)]


async def get(conn: AsyncConnection, notice_id: int) -> Notice | None:
    """The notice, whatever became of it."""
    row = (await conn.execute(select(notices).where(notices.c.id == notice_id))).one_or_none()
    return _notice(row) if row else None


async def get_next(conn: AsyncConnection, now: datetime) -> Notice | None:
    """The notice to see to first: one that came too late, then what people could not see for themselves."""
    query = (
        select(notices)
        .where(NOTICE_DUE, leases.is_free(notices, now), is_ripe(now))
        .order_by(notices.c.created_at > now - LATEST, _is_less(notices.c.kind), notices.c.id)
        .limit(1)
    )
    row = (await conn.execute(query)).one_or_none()
    return _notice(row) if row else None


async def lease(conn: AsyncConnection, notice_id: int, *, now: datetime) -> Notice | None:
    """Take a notice to send it."""
    tried = await leases.was_taken(conn, notices, notice_id)
    row = await leases.take(conn, notices, notice_id, and_(NOTICE_DUE, is_ripe(now)), now=now)
    if row is None:
        return None
    return replace(_notice(row), tried=tried, language=await _reporter_language(conn, row))


async def record(conn: AsyncConnection, notice_id: int, status: NoticeStatus, *, now: datetime) -> None:
    """Remember that the notice was delivered or refused."""
    await leases.release(conn, notices, notice_id, until=None, status=status, sent_at=now)


async def put_off(conn: AsyncConnection, notice_id: int, *, until: datetime) -> None:
    """Let go of a notice until then."""
    await leases.release(conn, notices, notice_id, until=until)


def _held_back(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return notices.c.status == NoticeStatus.WAITING, notices.c.lease_until.is_(None), notices.c.leaves_at > now


def _is_less(kind: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that a notice can wait for those that say what to do, or why not."""
    return kind.in_([NoticeKind.PUBLISHED, *ABOUT_REPORTS])


async def _reporter_language(conn: AsyncConnection, row: Row[Any]) -> str | None:
    """The language of who reported the reply, if that is who is told."""
    if row.kind not in ABOUT_REPORTS:
        return None
    mine = (reports.c.reply_id == row.reply_id, reports.c.reporter_id == row.member_id)
    newest = select(reports.c.reporter_language).where(*mine).order_by(reports.c.id.desc()).limit(1)
    language: str | None = (await conn.execute(newest)).scalar()
    return language


def _notice(row: Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        reply_id=row.reply_id,
        member_id=row.member_id,
        kind=NoticeKind(row.kind),
        status=NoticeStatus(row.status),
        created_at=row.created_at,
        strike_id=row.strike_id,
        sanction_id=row.sanction_id,
    )
