"""The desk: a moderator works through the held replies, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.services import claims
from bot.storage import claims as stored_claims
from bot.storage import queue, replies, servers, settings, skips

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Filter, Left, Reply
    from bot.storage import Database


async def open_next(
    db: Database,
    wanted: Filter,
    *,
    server_id: int,
    moderator_id: int,
    now: datetime,
    is_senior: bool = False,
    skipping: int | None = None,
    leaving: int | None = None,
) -> Reply | None:
    """Claim the reply that this moderator should decide now; None when nothing is left for them.

    `skipping` is the id of one that they pass over for a while; others get it meanwhile. `leaving` is the id of one
    that they let go of, without passing over it.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)  # two moderators who ask at once are given two replies
        if leaving is not None and await replies.get(conn, leaving, server_id=server_id) is not None:
            await stored_claims.release(conn, leaving, moderator_id, now=now)
        if skipping is not None and await replies.get(conn, skipping, server_id=server_id) is not None:
            await skips.add(conn, moderator_id, skipping, now=now)
            await stored_claims.release(conn, skipping, moderator_id, now=now)
        rules = await settings.load(conn, server_id)
        who = (server_id, moderator_id)
        reply_id = await queue.get_next(conn, *who, wanted, rules=rules, is_senior=is_senior, now=now)
        if reply_id is None:
            return None
        return await stored_claims.take(conn, reply_id, moderator_id, now=now, over=False)


async def count_left(
    db: Database, wanted: Filter, *, server_id: int, moderator_id: int, now: datetime, is_senior: bool = False
) -> Left:
    """What is held and not shown to this moderator, by why; for when nothing else is left."""
    async with db.read() as conn:
        rules = await settings.load(conn, server_id)
        who = (server_id, moderator_id)
        return await queue.count_left(conn, *who, wanted, rules=rules, is_senior=is_senior, now=now)


async def open_one(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Claim the reply that a moderator has chosen. Raises ReplyNotFound, OwnReply, AlreadyDecided or Claimed."""
    return await claims.claim(db, reply_id, server_id=server_id, moderator_id=moderator_id, now=now)


async def begin_again(db: Database, *, moderator_id: int) -> None:
    """Let a moderator see again what they have skipped."""
    async with db.begin() as conn:
        await skips.forget(conn, moderator_id)
