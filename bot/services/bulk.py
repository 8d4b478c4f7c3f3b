"""Many replies at once: a moderator decides what they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.models import Action
from bot.services import decisions
from bot.storage import bulk, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

BATCH = 25  # decisions of one transaction: others wait for its end


async def approve_many(
    db: Database, *, server_id: int, moderator_id: int, article_id: int | None, seen_at: datetime, now: datetime
) -> int:
    """Approve what others wrote before `seen_at` and is held as its card shows it; gives how many those were.

    Each is a decision of its own, oldest first. None as the article means every article of the server.
    """
    what: dict[str, Any] = {"moderator_id": moderator_id, "article_id": article_id, "seen_at": seen_at, "now": now}
    approved = 0
    while True:
        async with db.begin() as conn:
            await servers.hold(conn, server_id)
            batch = await bulk.list_approvable(conn, server_id, limit=BATCH, **what)
            for reply in batch:
                await decisions.decide(
                    conn, reply, Action.APPROVE, moderator_id=moderator_id, revision=reply.revision, now=now
                )
        approved += len(batch)
        if len(batch) < BATCH:
            return approved
