"""Reveals: a moderator looks at who wrote a reply that is reviewed blindly, and the audit says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ReplyNotFound
from bot.models import Action
from bot.storage import audit, cases

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Case
    from bot.storage import Database


async def reveal(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Case:
    """The reply with its author and their record; what is no secret is no reveal. Raises ReplyNotFound."""
    async with db.begin() as conn:
        case = await cases.get(conn, reply_id, reader_id=moderator_id)
        if case is None or case.reply.server_id != server_id:
            raise ReplyNotFound
        if case.is_blind:
            about = {"number": case.reply.number, "revision": case.reply.revision}
            await audit.append(
                conn, server_id, Action.REVEAL, actor_id=moderator_id, at=now, subject_id=reply_id, **about
            )
    return case
