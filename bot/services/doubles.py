"""Doubles: a message that Discord posted a second time, or after its reply was taken back, is deleted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import PostRefused
from bot.models import Webhook
from bot.storage import doubles, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of a webhook in a thread, some time after it appeared."""

    server_id: int
    thread_id: int
    message_id: int
    webhook_id: int


Read = Callable[[Webhook, Seen], Awaitable[int | None]]  # the id of the reply that it shows; None: gone, or no reply
Delete = Callable[[Seen, int], Awaitable[object]]  # one that is gone already is fine


async def settle(db: Database, seen: Seen, *, now: datetime, read: Read, delete: Delete) -> bool:
    """Delete a message that is recorded for no reply although nothing is being published there.

    False: it is too early to tell. When Discord refuses, the moderators are told, and PostRefused is raised.
    """
    webhook = await _look(db, seen)
    if isinstance(webhook, bool):
        return webhook
    reply_id = await read(webhook, seen)
    if reply_id is None:
        return True
    again = await _look(db, seen, reply_id)  # it may have been adopted meanwhile
    if isinstance(again, bool):
        return again
    await _delete(db, seen, reply_id, delete, now=now)
    log.warning("reply %s stood in its discussion a second time: message %s is deleted", reply_id, seen.message_id)
    return True


async def _look(db: Database, seen: Seen, reply_id: int | None = None) -> Webhook | bool:
    """Return the webhook of a message that nobody knows; True when there is nothing to do, False when it is early."""
    async with db.read() as conn:
        webhook = await doubles.get_webhook(conn, seen.thread_id, seen.webhook_id)
        is_known = await doubles.is_recorded(conn, seen.thread_id, seen.message_id)
        if webhook is None or is_known:
            return True
        if reply_id is not None and not await doubles.belongs(conn, seen.thread_id, reply_id):
            return True
        return webhook if not await doubles.is_under_way(conn, seen.thread_id) else False


async def _delete(db: Database, seen: Seen, reply_id: int, delete: Delete, *, now: datetime) -> None:
    try:
        await delete(seen, reply_id)
    except PostRefused:
        async with db.begin() as conn:
            await _notice(conn, seen, now=now)
        raise
    async with db.begin() as conn:
        await _notice(conn, seen, now=now)
        await troubles.mend(conn, seen.server_id, TroubleKind.DOUBLE, subject_id=seen.message_id, now=now)


async def _notice(conn: Connection, seen: Seen, *, now: datetime) -> None:
    link = f"https://discord.com/channels/{seen.server_id}/{seen.thread_id}/{seen.message_id}"
    details = {"channel_id": seen.thread_id, "link": link}
    await troubles.add(conn, seen.server_id, TroubleKind.DOUBLE, subject_id=seen.message_id, details=details, now=now)
