"""Doubles in Discord: what our webhooks posted is looked at again a minute later, when it should be recorded."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from bot.i18n import N_
from bot.outgoing import marks, telling_outcome
from bot.services import doubles
from bot.services.doubles import Seen
from bot.storage import discussions
from bot.storage import doubles as stored_doubles
from bot.storage import replies as stored_replies
from bot.sweep import Lane, attempt
from cogs.because import because

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Webhook

TICK_SECONDS = 15
# A publication whose answer was lost is adopted long before that.
SETTLED = timedelta(seconds=60)
REPLY = re.compile(r"reply:answer:([0-9]{1,18})")
REASON = N_("a second copy of reply {number}, which stays published")


class Doubles(commands.Cog):
    """Keeps in mind what webhooks post in threads until it can be told what it is.

    `on_message`: as it happens. `on_missed_message`: found when the bot was away, or had lost an answer; dispatched
    by ourselves.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.seen: dict[Seen, datetime] = {}  # message → when it is looked at
        self.looking = Lane("doubles", self._look)

    async def cog_load(self) -> None:
        """Start the timer."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop; the next start looks for what was missed."""
        self.tick.cancel()
        self.looking.stop()

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Keep in mind what a webhook posted in a thread."""
        if message.guild is not None and message.webhook_id and not isinstance(message.channel, discord.TextChannel):
            seen = Seen(message.guild.id, message.channel.id, message.id, message.webhook_id)
            self.seen[seen] = discord.utils.utcnow() + SETTLED

    @commands.Cog.listener()
    async def on_missed_message(self, message: discord.Message) -> None:
        """Likewise."""
        await self.on_message(message)

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Look at what has settled."""
        if self.seen:
            self.looking.wake()

    async def _look(self) -> None:
        now = discord.utils.utcnow()
        for seen in [seen for seen, when in self.seen.items() if when <= now]:
            self.seen[seen] = now + SETTLED
            await attempt(f"message {seen.message_id}", self._settle(seen))

    async def _settle(self, seen: Seen) -> None:
        now = discord.utils.utcnow()
        if await doubles.settle(self.client.db, seen, now=now, read=self._read, delete=self._delete):
            del self.seen[seen]

    async def _read(self, known: Webhook, seen: Seen) -> int | None:
        """Ask by the webhook: the bot's own token does not see what a webhook's message holds."""
        webhook = discord.Webhook.partial(known.id, known.token, client=self.client)
        async with telling_outcome():
            try:
                message = await webhook.fetch_message(seen.message_id, thread=discord.Object(seen.thread_id))
            except discord.NotFound:
                return None
        found = (REPLY.fullmatch(str(mark)) for mark in marks(message))
        return next((int(match[1]) for match in found if match), None)

    async def _delete(self, seen: Seen, reply_id: int) -> None:
        async with self.client.db.read() as conn:
            reply = await stored_replies.get(conn, reply_id)
        why = await because(self.client, seen.server_id, REASON, number=f"#{reply.number}" if reply else "")
        async with telling_outcome():
            with suppress(discord.NotFound):
                await self.client.http.delete_message(seen.thread_id, seen.message_id, reason=why)


class Missed:
    """Finds what appeared in discussions while nobody was listening."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.looked: dict[int, int] = {}  # thread → its newest message when it was looked at

    async def visit(self, guild: discord.Guild) -> None:
        """Pass messages that are newer than what is recorded on as `missed_message`.

        That is a request for every discussion in which something else than a recorded message stands last.
        """
        async with self.client.db.read() as conn:
            thread_ids = await discussions.list_open_threads(conn, guild.id)
        for thread in filter(None, map(guild.get_thread, thread_ids)):
            newest = thread.last_message_id or 0
            if self.looked.get(thread.id, thread.id) < newest:
                await self._read(thread, newest)

    async def _read(self, thread: discord.Thread, newest: int) -> None:
        async with self.client.db.read() as conn:
            known = await stored_doubles.get_last_known_id(conn, thread.id) or thread.id
        if known < newest:
            async with telling_outcome():
                async for message in thread.history(limit=None, after=discord.Object(known)):
                    self.client.dispatch("missed_message", message)
        self.looked[thread.id] = newest


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Doubles(client))
