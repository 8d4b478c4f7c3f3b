"""The seal guard: deletes what anybody but the bot types in a sealed channel, and tells the writer how to reply."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands, tasks

from bot.i18n import N_, language_of
from bot.outgoing import nonce, telling_outcome
from bot.services import guard
from bot.services.guard import Verdict
from bot.storage import discussions, servers
from bot.sweep import Lane, attempt
from cogs.because import because
from cogs.lines import tell_moderators
from cogs.ui.articles import status_line
from cogs.ui.text import message_url

if TYPE_CHECKING:
    from bot.client import StandfirstClient

TICK_SECONDS = 5
HOUR = timedelta(hours=1)  # in which one person is told once
REASON = N_("only the bot publishes here (setting seal_guard)")
TYPED = N_("🔒 {who} typed in {channel}, where only approved replies should appear: {link}")
HOW_TO_REPLY = N_(
    "🔒 I have deleted what you typed in {channel}: every reply there is first reviewed by a moderator. "
    "Press **Join the conversation** under the article, or **Reply** under a reply, and send it with the form."
)


class Guard(commands.Cog):
    """Looks at who typed, never at what: without the message content intent nobody tells the bot.

    `on_message`: in a sealed channel or a discussion, and neither the bot's nor Discord's own.
    `on_server_changed`: another channel may be the sealed one now.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.sealed: dict[int, set[int]] = {}  # server → channels and threads, read once
        self.told: dict[tuple[int, int, Verdict], datetime] = {}  # (server, person, what was done) → when it was told
        self.waiting: dict[int, discord.Message] = {}  # person → what is deleted and not explained yet
        self.explaining = Lane("guard", self._explain)

    async def cog_load(self) -> None:
        """Start the timer."""
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop."""
        self.tick.cancel()
        self.explaining.stop()

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Go on with explanations that wait for their turn."""
        if self.waiting:
            self.explaining.wake()

    @commands.Cog.listener()
    async def on_server_changed(self, guild: discord.Guild) -> None:
        """Read anew where only the bot publishes."""
        self.sealed.pop(guild.id, None)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Judge, and do it."""
        if message.guild is None or message.author == self.client.user or message.is_system():
            return
        if await self._is_sealed(message.guild.id, message.channel):
            await attempt(f"guard of message {message.id}", self._guard(message.guild, message))

    async def _is_sealed(self, server_id: int, channel: discord.abc.MessageableChannel) -> bool:
        if server_id not in self.sealed:
            async with self.client.db.read() as conn:
                server = await servers.get(conn, server_id)
                self.sealed[server_id] = await discussions.list_sealed(conn, server)
        return not self.sealed[server_id].isdisjoint({channel.id, getattr(channel, "parent_id", None)})

    async def _guard(self, guild: discord.Guild, message: discord.Message) -> None:
        db, channel_id = self.client.db, message.channel.id
        verdict = await guard.judge(
            db, guild.id, channel_id=channel_id, message_id=message.id, webhook_id=message.webhook_id
        )
        if verdict not in (Verdict.DELETE, Verdict.WARN):
            return
        if verdict is Verdict.DELETE:
            await self._delete(guild, message)
        who = {"author_id": message.author.id, "channel_id": channel_id, "message_id": message.id}
        await guard.record(db, guild.id, verdict, now=message.created_at, **who)
        if not self._is_first(guild.id, message, verdict):
            return
        if verdict is Verdict.WARN:
            await self._warn(guild.id, message)
        elif not message.author.bot and message.webhook_id is None:
            self.waiting[message.author.id] = message
            self.explaining.wake()

    async def _delete(self, guild: discord.Guild, message: discord.Message) -> None:
        why = await because(self.client, guild.id, REASON)
        async with telling_outcome():
            with suppress(discord.NotFound):
                await self.client.http.delete_message(message.channel.id, message.id, reason=why)

    async def _warn(self, server_id: int, message: discord.Message) -> None:
        async with self.client.db.read() as conn:
            server = await servers.get(conn, server_id)
        who = f"**{message.author.name}**" if message.webhook_id else message.author.mention
        link = message_url(server_id, message.channel.id, message.id)
        await tell_moderators(self.client, server, TYPED, who=who, channel=f"<#{message.channel.id}>", link=link)

    def _is_first(self, server_id: int, message: discord.Message, verdict: Verdict) -> bool:
        """Tell whether this person's typing has not been told for an hour; from now on it has."""
        now, key = message.created_at, (server_id, message.author.id, verdict)
        self.told = {known: at for known, at in self.told.items() if now - at < HOUR}
        if key in self.told:
            return False
        self.told[key] = now
        return True

    async def _explain(self) -> None:
        while self.waiting and await self.client.sweep.may_write():
            person_id = next(iter(self.waiting))
            await attempt(f"explanation to {person_id}", self._tell_writer(self.waiting.pop(person_id)))

    async def _tell_writer(self, message: discord.Message) -> None:
        """Write directly; to who takes no direct messages nothing is said, since everybody would read it."""
        async with self.client.db.read() as conn:
            server = await servers.get(conn, message.guild.id if message.guild else 0)
        sentence = language_of(server.language).say(HOW_TO_REPLY, channel=f"<#{message.channel.id}>")
        async with telling_outcome():
            with suppress(discord.Forbidden):
                channel = await self.client.create_dm(discord.Object(message.author.id))
                await channel.send(view=status_line(sentence), nonce=nonce("guard", message.id))


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Guard(client))
