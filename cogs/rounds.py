"""The rounds: every server is looked at when the bot starts, every hour, and when something about it has changed."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from discord.ext import commands, tasks

from bot.sweep import Lane, attempt
from cogs import discussions
from cogs.doubles import Missed
from cogs.lookout import look
from cogs.seal_watch import SealWatch

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import discord

    from bot.client import StandfirstClient

MINUTES = 60  # in which every server has its turn, so that thousands of them make no burst
# One change in Discord's settings comes as several events; those within this time are looked at together.
TICK_SECONDS = 2

Visit: TypeAlias = "Callable[[discord.Guild], Awaitable[object]]"


class Rounds(commands.Cog):
    """Visits servers one after the other.

    `on_guild_channel_update`, `on_guild_channel_delete`: the sealed channel, its category, the review channel.
    `on_guild_role_update`, `on_guild_role_delete`: what everybody may do, or whom an overwrite names.
    `on_ready`, `on_guild_available`, `on_guild_join`: what happened in between is not known.
    `on_server_changed`: `/setup` or `/settings` was used; dispatched by ourselves.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.visits: list[Visit] = [
            partial(look, client),
            SealWatch(client).audit,
            partial(discussions.visit, client),
            Missed(client).visit,
        ]
        self.asked: set[int] = set()
        self.lane = Lane("rounds", self._visit_asked)
        self.minute = 0

    async def cog_load(self) -> None:
        """Start the rounds."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop; the next start looks at everything."""
        self.tick.cancel()
        self.lane.stop()

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Visit whoever was asked for, and the servers whose minute it is."""
        minute = int(asyncio.get_running_loop().time() // 60)
        if minute != self.minute:
            self.minute = minute
            self.ask(*(guild for guild in self.client.guilds if (guild.id >> 22) % MINUTES == minute % MINUTES))
        if self.asked:
            self.lane.wake()

    @tick.before_loop
    async def before_tick(self) -> None:
        """Servers are known only then."""
        await self.client.wait_until_ready()

    def ask(self, *guilds: discord.Guild) -> None:
        """Have these servers visited soon, each once for all that asked."""
        self.asked.update(guild.id for guild in guilds)

    async def _visit_asked(self) -> None:
        while self.asked:
            guild = self.client.get_guild(self.asked.pop())
            if guild is not None and not guild.unavailable:
                for visit in self.visits:
                    await attempt(f"visit to server {guild.id}", visit(guild))

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Ask for all."""
        self.ask(*self.client.guilds)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Ask."""
        self.ask(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Ask."""
        self.ask(channel.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """Ask."""
        self.ask(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Ask."""
        self.ask(role.guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Ask."""
        self.ask(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Ask."""
        self.ask(guild)

    @commands.Cog.listener()
    async def on_server_changed(self, guild: discord.Guild) -> None:
        """Ask."""
        self.ask(guild)


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Rounds(client))
