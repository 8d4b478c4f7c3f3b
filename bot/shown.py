"""Whether a message shows the reply that its button names: after a restored backup ids are given again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ReplyNotFound
from bot.outgoing import says
from bot.storage import replies

if TYPE_CHECKING:
    import discord

    from bot.storage import Database


async def require_shown(db: Database, message: discord.Message, reply_id: int) -> None:
    """Raise ReplyNotFound when the message is older than the reply, and cannot show it.

    A private message is replaced in place, by replies that are newer than itself; it says of each when it was sent.
    Discord does not say when a message of components was edited.
    """
    if not reply_id:
        return
    async with db.read() as conn:
        reply = await replies.get(conn, reply_id)
    if reply is None or message.created_at >= reply.submitted_at:
        return
    if not (message.flags.ephemeral and says(message, f"<t:{int(reply.submitted_at.timestamp())}:R>")):
        raise ReplyNotFound
