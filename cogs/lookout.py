"""Looks at what is wrong with a server: its channels and roles as the gateway has told of them, and its cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.permissions import WORK_IN_ARTICLES, WORK_IN_REVIEW, missing, names_of
from bot.services import cards, guideline_cards, troubles
from bot.storage import articles, publishing, servers
from bot.storage import guideline_cards as stored_guideline_cards
from bot.troubles import Found, TroubleKind
from cogs.places import channel_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client import StandfirstClient
    from bot.models import Server

MOST_READ = 500  # messages of a channel


async def look(client: StandfirstClient, guild: discord.Guild, *, new: bool = True) -> bool:
    """Have the moderators told what is wrong now, and close what no longer is; True when anything has changed.

    No request is made, so this is cheap to call. `new=False` takes nothing for gone that was made a moment ago.
    A server that cannot be seen is left alone.
    """
    if guild.unavailable:
        return False
    async with client.db.read() as conn:
        server = await servers.get(conn, guild.id)
        elsewhere = await articles.list_elsewhere(conn, server)
        card = await stored_guideline_cards.get(conn, guild.id)
    now = discord.utils.utcnow()
    changed = await troubles.compare(client.db, guild.id, list(find(guild, server)), now=now, new=new)
    for article in elsewhere:
        if article.thread_id is not None and guild.get_channel(article.channel_id or 0) is None:
            lost = await troubles.notice_thread_gone(client.db, guild.id, article.thread_id, now=now)
            changed |= lost is not None
    if card is not None and new and guild.get_channel(card.channel_id) is None:
        await guideline_cards.abandon(client.db, guild.id, now=now)
    if changed:
        client.sweep.wake()
    return changed


async def count_cards(client: StandfirstClient, guild: discord.Guild) -> None:
    """Find out which cards were deleted while nobody listened: one request for a hundred messages."""
    async with client.db.read() as conn:
        server = await servers.get(conn, guild.id)
        held = await publishing.list_held_cards(conn, server)
        posted = await articles.list_open_cards(conn, server)
        card = await stored_guideline_cards.get(conn, guild.id)
    gone = await _missing_from(channel_of(guild, server.review_channel_id), held)
    if gone and await cards.forget(client.db, guild.id, gone):
        client.sweep.wake()
    gone = await _missing_from(channel_of(guild, server.articles_channel_id), posted)
    if gone and await troubles.notice_card_gone(client.db, guild.id, gone, now=discord.utils.utcnow()):
        client.sweep.wake()
    if card is not None and card.message_id is not None and await _is_gone(guild, card.channel_id, card.message_id):
        await guideline_cards.forget(client.db, guild.id, [card.message_id])
        client.sweep.wake()


async def _is_gone(guild: discord.Guild, channel_id: int, message_id: int) -> bool:
    """Tell whether a message is certainly not there any more."""
    channel = channel_of(guild, channel_id)
    try:
        if channel is not None:
            await channel.fetch_message(message_id)
    except discord.NotFound:
        return True
    except discord.HTTPException:
        pass
    return False


async def _missing_from(channel: discord.TextChannel | None, message_ids: list[int]) -> list[int]:
    """Return which are certainly not there; of a channel that cannot be read, or not to the end, that is not known."""
    if channel is None or not message_ids:
        return []
    history = channel.history(limit=MOST_READ, after=discord.Object(message_ids[0] - 1))
    try:
        seen = [message.id async for message in history]
    except discord.HTTPException:
        return []
    last = seen[-1] if len(seen) == MOST_READ else message_ids[-1]
    return [message_id for message_id in message_ids if message_id <= last and message_id not in set(seen)]


def find(guild: discord.Guild, server: Server) -> Iterator[Found]:
    """Yield what keeps the bot from working here."""
    for channel_id, gone, needed in (
        (server.articles_channel_id, TroubleKind.ARTICLES_GONE, WORK_IN_ARTICLES),
        (server.review_channel_id, TroubleKind.REVIEW_GONE, WORK_IN_REVIEW),
    ):
        channel = channel_of(guild, channel_id)
        if channel_id is not None and channel is None:
            yield Found(gone, channel_id)
        if channel is not None:
            lacking = missing(needed, channel.permissions_for(guild.me))
            if lacking.value:
                yield Found(TroubleKind.PERMISSION_MISSING, channel.id, {"permissions": list(names_of(lacking))})
    for role_id, gone in (
        (server.moderator_role_id, TroubleKind.MODERATORS_GONE),
        (server.editor_role_id, TroubleKind.EDITORS_GONE),
    ):
        if role_id is not None and guild.get_role(role_id) is None:
            yield Found(gone, role_id)
