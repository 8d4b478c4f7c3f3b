"""Notices: authors are told by direct message what became of their reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.models import Case, Notice, NoticeKind, NoticeStatus, Penalty, Reply, Sanction, Strike
from bot.services.errands import Clock, putting_off
from bot.storage import cases, direct_messages, notices, penalties, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

Send = Callable[[Notice, Case | Penalty], Awaitable[bool]]  # False: this member takes no direct messages


async def tell(
    conn: Connection,
    reply: Reply,
    kind: NoticeKind,
    *,
    now: datetime,
    leaves_at: datetime | None = None,
    member_id: int | None = None,
) -> None:
    """Have the author told, or the member named, as part of the transaction that gives the reason.

    Not if the server's setting is off.

    What is published a second time, since its discussion was lost, is no news.
    """
    if kind == NoticeKind.PUBLISHED:
        if await notices.is_known(conn, reply, kind):
            return
    elif member_id is None:
        await notices.supersede(conn, reply, now=now)
    if (await settings.load(conn, reply.server_id)).notify_author:
        await notices.add(conn, reply, kind, now=now, leaves_at=leaves_at, member_id=member_id)


async def tell_penalty(
    conn: Connection, about: Strike | Sanction, kind: NoticeKind, *, now: datetime, leaves_at: datetime | None = None
) -> None:
    """Have a member told of a strike or a sanction, likewise."""
    if (await settings.load(conn, about.server_id)).notify_author:
        await notices.add_penalty(conn, about, kind, now=now, leaves_at=leaves_at)


async def tell_lifted(conn: Connection, about: Strike | Sanction, *, now: datetime) -> None:
    """Have a member told that a strike or a sanction is over, unless they were not told of it yet: then of neither."""
    if not await notices.take_back_penalty(conn, about, now=now):
        kind = NoticeKind.STRIKE_LIFTED if isinstance(about, Strike) else NoticeKind.LIFTED
        await tell_penalty(conn, about, kind, now=now)


async def find_next(db: Database, *, a_day: int, now: datetime) -> tuple[int | None, datetime]:
    """The notice that is to be sent next, and from when on it may be; None when none waits."""
    async with db.read() as conn:
        notice = await notices.get_next(conn, now)
        if notice is None:
            return None, now
        when = now if _is_late(notice, now) else await direct_messages.get_next_at(conn, now=now, a_day=a_day)
        return notice.id, when


async def send(db: Database, notice_id: int, *, a_day: int, clock: Clock, deliver: Send) -> NoticeStatus | None:
    """Deliver one notice; None when it is not due, not its turn, or somebody else is at it.

    One that has waited for a day counts as refused, so that nobody is told late what is no news any more.
    """
    async with db.begin() as conn:
        await direct_messages.hold(conn)
        now = clock()
        waiting = await notices.get(conn, notice_id)
        is_late = waiting is not None and _is_late(waiting, now)
        if not is_late and await direct_messages.get_next_at(conn, now=now, a_day=a_day) > now:
            return None
        notice = await notices.lease(conn, notice_id, now=now)
        about = await _about(conn, notice) if notice else None
        if notice is None or about is None:
            return None
        if is_late:
            await notices.record(conn, notice_id, NoticeStatus.REFUSED, now=now)
            return NoticeStatus.REFUSED
        await direct_messages.count(conn, now=now)

    async with putting_off(db, clock, notices.put_off, notice_id):
        delivered = await deliver(notice, about)
    status = NoticeStatus.SENT if delivered else NoticeStatus.REFUSED
    async with db.begin() as conn:
        await notices.record(conn, notice_id, status, now=clock())
    return status


async def mark_shown(db: Database, notice_ids: Sequence[int], *, now: datetime) -> None:
    """Remember that a member has been shown here what Discord would not deliver; safe to call twice."""
    async with db.begin() as conn:
        await notices.mark_shown(conn, notice_ids, now=now)


async def take_turn(db: Database, *, a_day: int, now: datetime) -> bool:
    """Ask before any other direct message is sent; False: not now, since one was sent a moment ago or many today."""
    async with db.begin() as conn:
        await direct_messages.hold(conn)
        if await direct_messages.get_next_at(conn, now=now, a_day=a_day) > now:
            return False
        await direct_messages.count(conn, now=now)
    return True


async def _about(conn: Connection, notice: Notice) -> Case | Penalty | None:
    if notice.reply_id is not None:
        return await cases.get(conn, notice.reply_id)
    return await penalties.get(conn, notice)


def _is_late(notice: Notice, now: datetime) -> bool:
    return now - notice.created_at >= notices.LATEST
