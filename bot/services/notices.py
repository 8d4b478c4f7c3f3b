"""Notices: authors are told by direct message what became of their reply."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.models import Case, Notice, NoticeKind, NoticeStatus, Reply
from bot.services.errands import Clock, putting_off
from bot.storage import notices, replies, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

Send = Callable[[Notice, Case], Awaitable[bool]]  # False: this member takes no direct messages


async def tell(conn: Connection, reply: Reply, kind: NoticeKind, *, now: datetime) -> None:
    """Have the author told, as part of the transaction that gives the reason, unless the server's setting is off.

    What is published a second time, since its discussion was lost, is no news.
    """
    if kind == NoticeKind.PUBLISHED and await notices.is_known(conn, reply, kind):
        return
    if (await settings.load(conn, reply.server_id)).notify_author:
        await notices.add(conn, reply, kind, now=now)


async def send(db: Database, notice_id: int, *, clock: Clock, deliver: Send) -> NoticeStatus | None:
    """Deliver one notice; None when it is not due or somebody else is at it."""
    async with db.begin() as conn:
        notice = await notices.lease(conn, notice_id, now=clock())
        case = await replies.get_case(conn, notice.reply_id) if notice else None
        if notice is None or case is None:
            return None

    async with putting_off(db, clock, notices.put_off, notice_id):
        delivered = await deliver(notice, case)
    status = NoticeStatus.SENT if delivered else NoticeStatus.REFUSED
    async with db.begin() as conn:
        await notices.record(conn, notice_id, status, now=clock())
    return status
