"""The cards of reports as the sweep posts, finds and edits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.errors import PostRefused
from bot.i18n import language_of
from bot.outgoing import marks, nonce, report_mark, telling_outcome
from bot.storage import guidelines, servers
from cogs.delivery import OLD, SKEW, TOO_MANY_EDITS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from cogs.ui.reports import report_card

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Reported, Server


class ReportCards:
    """Every method raises PostRefused or OutcomeUnknown when it fails."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def send(self, reported: Reported) -> int:
        """Post it in the review channel."""
        server, card = await self._server(reported), reported.card
        channel = self._channel(server.review_channel_id, server)
        once = nonce("report card", card.id, card.attempted_at, server.review_channel_id)
        view = await self._draw(reported, server)
        async with telling_outcome():
            return (await channel.send(view=view, nonce=once, silent=reported.case.reply.blurred)).id

    async def _draw(self, reported: Reported, server: Server) -> discord.ui.LayoutView:
        async with self.client.db.read() as conn:
            return report_card(reported, await guidelines.speak(conn, server.id, language_of(server.language)))

    async def find(self, reported: Reported) -> int | None:
        """The message that an earlier attempt left behind."""
        server, card = await self._server(reported), reported.card
        channel = self._channel(server.review_channel_id, server)
        async with telling_outcome():
            async for message in channel.history(limit=None, after=card.opened_at - SKEW):
                if report_mark(card.id) in marks(message):
                    return message.id
        return None

    async def edit(self, reported: Reported) -> bool:
        """Draw it again; False when it is gone. One too old to be edited again is left as it is."""
        server, card = await self._server(reported), reported.card
        message = self._channel(card.channel_id, server).get_partial_message(card.message_id or 0)
        view = await self._draw(reported, server)
        async with telling_outcome():
            try:
                await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
            except discord.RateLimited:
                if discord.utils.utcnow() - message.created_at < OLD:
                    raise
            except discord.HTTPException as error:
                if error.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    return False
                if error.code != TOO_MANY_EDITS:
                    raise
        return True

    async def _server(self, reported: Reported) -> Server:
        async with self.client.db.read() as conn:
            return await servers.get(conn, reported.card.server_id)

    def _channel(self, channel_id: int | None, server: Server) -> discord.PartialMessageable:
        if channel_id is None:
            raise PostRefused("no channel is chosen for this")
        return self.client.get_partial_messageable(channel_id, guild_id=server.id)
