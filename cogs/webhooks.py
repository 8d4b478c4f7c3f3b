"""The bot's own webhook in each sealed channel, by which replies are published: found, made, replaced."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import PostRefused
from bot.i18n import N_
from bot.models import Webhook
from bot.storage import webhooks
from cogs.because import because

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.outgoing import OnceSession

NAME = "Standfirst"
MADE = N_("approved replies are published by this webhook")
SPARE = N_("this webhook was made a second time by mistake")


class Webhooks:
    """Gives each channel's webhook; what is sent by it goes through the session given."""

    def __init__(self, client: StandfirstClient, session: OnceSession) -> None:
        self.client = client
        self.session: Any = session
        # Two threads of a channel must not make a webhook each; other channels do not wait for that.
        self._choosing: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, channel_id: int) -> discord.Webhook:
        """The channel's webhook that belongs to the bot: the remembered one, one found there, or a new one."""
        known = await self._known(channel_id)
        if known is None:
            async with self._choosing[channel_id]:
                known = await self._known(channel_id) or await self._choose(channel_id)
        return self.partial(known)

    def partial(self, known: Webhook) -> discord.Webhook:
        """One that is remembered, to read and send by."""
        return discord.Webhook.partial(known.id, known.token, session=self.session, client=self.client)

    async def retire(self, webhook_id: int) -> None:
        """Discord no longer knows this one: the next reply gets another."""
        async with self.client.db.begin() as conn:
            await webhooks.retire(conn, webhook_id, now=discord.utils.utcnow())

    async def _known(self, channel_id: int) -> Webhook | None:
        async with self.client.db.read() as conn:
            return await webhooks.get(conn, channel_id)

    async def _choose(self, channel_id: int) -> Webhook:
        """Keep one of those in the channel: discord.py repeats a creation whose answer was lost, so there may be 2."""
        channel = self.client.get_channel(channel_id)
        if not isinstance(channel, discord.TextChannel):
            raise PostRefused(f"the channel {channel_id} is gone")
        if not (own := await self._list_own(channel)):
            await channel.create_webhook(name=NAME, reason=await because(self.client, channel.guild.id, MADE))
            own = await self._list_own(channel)
        if not own:
            raise PostRefused(f"the webhook of channel {channel_id} is gone already")
        chosen, *spare = own
        for webhook in spare:
            await webhook.delete(reason=await because(self.client, channel.guild.id, SPARE))
        known = Webhook(channel_id=channel_id, id=chosen.id, token=chosen.token or "")
        async with self.client.db.begin() as conn:
            await webhooks.save(conn, known)
        return known

    async def _list_own(self, channel: discord.TextChannel) -> list[discord.Webhook]:
        return [webhook for webhook in await channel.webhooks() if webhook.user == self.client.user and webhook.token]
