"""Reports: a member complains about a published reply, and the moderators are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.errors import AlreadyReported, NotPublished, ReplyNotFound
from bot.models import Action, Case, Report
from bot.services.errands import Clock, putting_off
from bot.storage import audit, cases, replies, reports, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

Send = Callable[[Report, Case], Awaitable[int]]


async def report(db: Database, reply_id: int, *, server_id: int, reporter_id: int, now: datetime) -> Report:
    """Store a complaint. Raises ReplyNotFound, NotPublished or AlreadyReported, and stores nothing then."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        reply = await replies.get(conn, reply_id, server_id=server_id)
        if reply is None:
            raise ReplyNotFound
        if not reply.may_be_visible:
            raise NotPublished(number=f"#{reply.number}", status=reply.status)
        stored = await reports.add(conn, reply, reporter_id=reporter_id, now=now)
        if stored is None:
            raise AlreadyReported
        await audit.append(conn, server_id, Action.REPORT, actor_id=reporter_id, at=now, subject_id=reply_id)
    return stored


async def tell_moderators(db: Database, report_id: int, *, clock: Clock, send: Send) -> int | None:
    """Post the line in the review channel; None when it is not due or somebody else is at it."""
    async with db.begin() as conn:
        due = await reports.lease(conn, report_id, now=clock())
        case = await cases.get(conn, due.reply_id) if due else None
        if due is None or case is None:
            return None

    async with putting_off(db, clock, reports.put_off, report_id):
        message_id = await send(due, case)
    async with db.begin() as conn:
        await reports.record(conn, report_id, message_id)
    return message_id
