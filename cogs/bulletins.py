"""Bulletins in the review channel: posts them, and looks every minute whether one is due."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from bot.errors import PostRefused
from bot.i18n import language_of
from bot.outgoing import bulletin_mark, marks, nonce, telling_outcome
from bot.services import backlog, bulletins, shifts
from bot.storage import servers
from bot.sweep import attempt
from cogs.delivery import SKEW
from cogs.ui.bulletins import bulletin_line, called

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Bulletin, News, Server

TICK_SECONDS = 60


class Announcing:
    """Posts a bulletin and finds it again; raises PostRefused or OutcomeUnknown when that fails."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def send(self, bulletin: Bulletin, news: News) -> int:
        """Post it; nobody is called but those whom it names."""
        server = await self._server(bulletin)
        users, roles = called(bulletin, news, server)
        mentions = discord.AllowedMentions(
            everyone=False, users=list(map(discord.Object, users)), roles=list(map(discord.Object, roles))
        )
        view = bulletin_line(bulletin, news, server, language_of(server.language))
        once = nonce("bulletin", bulletin.id, bulletin.attempted_at, server.review_channel_id)
        channel = self._channel(server)
        async with telling_outcome():
            return (await channel.send(view=view, nonce=once, allowed_mentions=mentions)).id

    async def find(self, bulletin: Bulletin) -> int | None:
        """The message that an earlier attempt left behind."""
        channel = self._channel(await self._server(bulletin))
        async with telling_outcome():
            async for message in channel.history(limit=None, after=bulletin.created_at - SKEW):
                if bulletin_mark(bulletin.id) in marks(message):
                    return message.id
        return None

    async def _server(self, bulletin: Bulletin) -> Server:
        async with self.client.db.read() as conn:
            return await servers.get(conn, bulletin.server_id)

    def _channel(self, server: Server) -> discord.PartialMessageable:
        if server.review_channel_id is None:
            raise PostRefused("no channel is chosen for this")
        return self.client.get_partial_messageable(server.review_channel_id, guild_id=server.id)


class Bulletins(commands.Cog):
    """Looks every minute at what only time brings: forgotten shifts, a backlog that is over, the day's digest."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def cog_load(self) -> None:
        """Start the timer."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop; the next start looks again."""
        self.tick.cancel()

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Look at each; the sweep posts what there is."""
        look = (shifts.end_forgotten, backlog.tend, bulletins.plan_digests)
        for each in look:
            act = partial(each, self.client.db, now=discord.utils.utcnow())
            await attempt(f"bulletins: {each.__name__}", act())

    @tick.before_loop
    async def before_tick(self) -> None:
        """Servers are known only then."""
        await self.client.wait_until_ready()


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Bulletins(client))
