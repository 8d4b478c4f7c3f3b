"""Blurs: moderators do not see a severe text until they tap it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ReplyNotFound
from bot.storage import cards, replies

if TYPE_CHECKING:
    from bot.models import Reply
    from bot.storage import Database


async def switch(db: Database, reply_id: int, *, server_id: int) -> Reply:
    """Hide the text of a reply until it is tapped, or show it again. Raises ReplyNotFound."""
    async with db.begin() as conn:
        reply = await replies.get(conn, reply_id, server_id=server_id)
        if reply is None:
            raise ReplyNotFound
        await cards.set_blurred(conn, reply_id, is_blurred=not reply.blurred)
        return await replies.get(conn, reply_id) or reply
