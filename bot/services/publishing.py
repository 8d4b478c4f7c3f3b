"""Publishing an approved reply in its thread exactly once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.models import Action, Case, NoticeKind, Reply
from bot.services import notices
from bot.services.errands import Clock, putting_off
from bot.storage import audit, cases, publishing, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

Post = Callable[[Case], Awaitable[int]]
# The message of an earlier attempt, looked for after the message id (None: from the thread's beginning).
Find = Callable[[Case, int | None], Awaitable[int | None]]


async def publish(db: Database, reply_id: int, *, clock: Clock, post: Post, find: Find) -> Reply | None:
    """Post the reply, or adopt the message of an attempt that died before it was recorded.

    None when the reply is not due or somebody else is at it. What `post` raises is raised on.
    """
    async with db.begin() as conn:
        tried = await publishing.lease_publication(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
        if tried is None or case is None:
            return None
        last = await publishing.get_last_message_id(conn, case.article.id)

    async with putting_off(db, clock, publishing.put_off_publication, reply_id, tried=tried):
        message_id = (await find(case, last) if tried else None) or await post(case)
    return await _record(db, case, message_id, now=clock())


async def _record(db: Database, case: Case, message_id: int, *, now: datetime) -> Reply | None:
    async with db.begin() as conn:
        await servers.hold(conn, case.reply.server_id)
        reply = await publishing.record_publication(conn, case.reply.id, message_id, now=now)
        if reply is not None:
            await audit.append(
                conn, reply.server_id, Action.PUBLISH, actor_id=0, at=now, subject_id=reply.id, message_id=message_id
            )
            await notices.tell(conn, reply, NoticeKind.PUBLISHED, now=now)
    return reply
