"""Notices what vanishes: servers, channels, roles, permissions, discussions, cards; and what comes back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from bot.services import cards, guideline_cards, servers, troubles
from bot.storage import servers as stored_servers
from bot.storage import troubles as stored_troubles
from bot.sweep import attempt
from bot.troubles import TroubleKind
from cogs.lookout import count_cards, look

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.client import StandfirstClient

ROUND_MINUTES = 60


class Watching(commands.Cog):
    """Hears of what was deleted or changed, and looks at every server at the start and each hour.

    `on_ready`: what happened before is not known: every server is looked at, then once an hour.
    `on_guild_remove`, `on_guild_unavailable`: nothing is tried there any more.
    `on_guild_join`, `on_guild_available`: what waited for the server goes on.
    `on_member_update`: the bot may have lost or got a role; of channels and roles `cogs/rounds.py` hears.
    `on_raw_message_delete`: a review card and the guidelines are posted again; of an article's card the
    moderators are told.
    `on_raw_thread_delete`: the moderators are told.
    `on_webhooks_update`: there may be room for the bot's webhook now.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.db = client.db
        self.turn = asyncio.Lock()  # a server that comes and goes is remembered as it is last

    async def cog_unload(self) -> None:
        """Stop the rounds."""
        self.look_at_all.cancel()

    @tasks.loop(minutes=ROUND_MINUTES)
    async def look_at_all(self) -> None:
        """Look at every server that uses the bot; the next round comes whatever happens in this one."""
        await attempt("round", self._go_round())

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Begin the rounds, also with each new session: servers and channels are known only now."""
        if self.look_at_all.is_running():
            self.look_at_all.restart()
        else:
            self.look_at_all.start()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Go on, whoever has invited the bot back."""
        await self._see(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Go on after an outage."""
        await self._see(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Wait."""
        await self._see(guild)

    @commands.Cog.listener()
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Wait."""
        await self._see(guild)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Look: without a privileged intent the only member heard of is the bot, whose roles have changed."""
        await look(self.client, after.guild)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Tell the moderators, unless its channel is gone with it: `look` sees that."""
        now, guild = discord.utils.utcnow(), self.client.get_guild(payload.guild_id)
        if guild is None or guild.get_channel(payload.parent_id) is None:
            return
        if await troubles.notice_thread_gone(self.db, payload.guild_id, payload.thread_id, now=now):
            self.client.sweep.wake()

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """See whether a card is gone."""
        await self._forget(payload.guild_id, payload.channel_id, [payload.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """See whether cards are gone."""
        await self._forget(payload.guild_id, payload.channel_id, payload.message_ids)

    @commands.Cog.listener()
    async def on_webhooks_update(self, channel: discord.abc.GuildChannel) -> None:
        """Try again where there was no room."""
        server_id = channel.guild.id
        async with self.db.read() as conn:
            full = await stored_troubles.get_open(conn, server_id, TroubleKind.WEBHOOKS_FULL, channel.id)
        if full is not None:
            await troubles.retry(self.db, server_id)
            self.client.sweep.wake()

    async def _go_round(self) -> None:
        """Look first by what the gateway has told, which costs nothing, then for cards that are gone."""
        async with self.turn:
            seen = {guild.id for guild in self.client.guilds if not guild.unavailable}
            await servers.compare(self.db, seen, now=discord.utils.utcnow())
        async with self.db.read() as conn:
            known = await stored_servers.list_present(conn)
        guilds = [guild for guild in map(self.client.get_guild, known) if guild is not None]
        for guild in guilds:
            await attempt(f"look at server {guild.id}", look(self.client, guild))
        for guild in guilds:
            await attempt(f"count of cards in server {guild.id}", count_cards(self.client, guild))

    async def _see(self, guild: discord.Guild) -> None:
        """Go by what is known now: a later event may have overtaken the one that led here."""
        async with self.turn:
            known = self.client.get_guild(guild.id)
            if known is None or known.unavailable:
                await servers.leave(self.db, guild.id, now=discord.utils.utcnow())
                return
            await servers.come_back(self.db, guild.id)
        await look(self.client, known)
        self.client.sweep.wake()

    async def _forget(self, server_id: int | None, channel_id: int, message_ids: Collection[int]) -> None:
        if server_id is None:
            return
        async with self.db.read() as conn:
            server = await stored_servers.get(conn, server_id)
        now = discord.utils.utcnow()
        gone: object = await guideline_cards.forget(self.db, server_id, message_ids)
        if channel_id == server.review_channel_id:
            gone = await cards.forget(self.db, server_id, message_ids) or gone
        elif channel_id == server.articles_channel_id:
            gone = await troubles.notice_card_gone(self.db, server_id, message_ids, now=now) or gone
        if gone:
            self.client.sweep.wake()


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Watching(client))
