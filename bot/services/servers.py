"""Servers: an administrator chooses channels and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Action, Server
from bot.storage import audit, replies, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def set_up(db: Database, server: Server, *, actor_id: int, now: datetime) -> Server:
    """Store what was chosen; held replies get a card in a new review channel. Safe to call twice."""
    async with db.begin() as conn:
        before = await servers.get(conn, server.id)
        await servers.save(conn, server)
        if before.review_channel_id != server.review_channel_id:
            await replies.supersede_cards(conn, server.id)
        await audit.append(
            conn,
            server.id,
            Action.SET_UP,
            actor_id=actor_id,
            at=now,
            articles=server.articles_channel_id,
            review=server.review_channel_id,
            moderators=server.moderator_role_id,
            editors=server.editor_role_id,
        )
    return server
