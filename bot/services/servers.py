"""Servers: an administrator chooses channels and roles; the bot sees a server or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Action, Server
from bot.services.cards import MATTERS
from bot.storage import articles, audit, guidelines, replies, servers, sweep

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.storage import Database


async def set_up(db: Database, server: Server, *, actor_id: int, now: datetime) -> Server:
    """Store what was chosen; what is not posted yet goes into the new channels. Safe to call twice."""
    async with db.begin() as conn:
        before = await servers.get(conn, server.id)
        await servers.save(conn, server)
        if before.review_channel_id != server.review_channel_id:
            await replies.supersede_cards(conn, server.id)
            for rows in MATTERS:
                await rows.move(conn, server.id)
        if before.language != server.language:
            await guidelines.outdate_card(conn, server.id)
        if server.articles_channel_id not in (None, before.articles_channel_id):
            await articles.move_unposted(conn, server.id, server.articles_channel_id, now=now)
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


async def leave(db: Database, server_id: int, *, now: datetime) -> None:
    """Let all work for a server wait: an outage, or the bot was removed."""
    async with db.begin() as conn:
        await servers.set_away(conn, server_id, since=now)


async def come_back(db: Database, server_id: int) -> None:
    """Go on at once with what waited for a server, or was refused while it was on its way out."""
    async with db.begin() as conn:
        await servers.set_away(conn, server_id, since=None)
        await sweep.release(conn, server_id)


async def compare(db: Database, seen: Collection[int], *, now: datetime) -> None:
    """Bring what is remembered up to date with the servers that the bot sees at its start."""
    async with db.read() as conn:
        present, away = await servers.list_present(conn), await servers.list_away(conn)
    for server_id in set(present).difference(seen):
        await leave(db, server_id, now=now)
    for server_id in set(away).intersection(seen):
        await come_back(db, server_id)
