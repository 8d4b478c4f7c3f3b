"""The cards on which moderators decide reports and appeals, as the sweep posts, finds and edits them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic

from bot.errors import PostRefused
from bot.i18n import language_of
from bot.outgoing import appeal_mark, marks, nonce, report_mark, telling_outcome
from bot.services import appeals, report_cards
from bot.services.matters import AShown, Kind
from bot.storage import guidelines, servers
from cogs.delivery import SKEW, draw_again
from cogs.ui.appeals import appeal_card
from cogs.ui.reports import report_card

if TYPE_CHECKING:
    from collections.abc import Callable

    import discord

    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Server


class MatterCards(Generic[AShown]):
    """Cards of one kind, by its name and its marks; every method raises PostRefused or OutcomeUnknown when it fails."""

    def __init__(
        self,
        client: StandfirstClient,
        name: str,
        *,
        mark: Callable[[int], int],
        draw: Callable[[AShown, Language], discord.ui.LayoutView],
    ) -> None:
        self.client = client
        self.name = name
        self.mark = mark
        self.draw = draw

    async def send(self, shown: AShown) -> int:
        """Post it in the review channel."""
        server, card = await self._server(shown), shown.card
        channel = self._channel(server.review_channel_id, server)
        once = nonce(self.name, card.id, card.attempted_at, server.review_channel_id)
        view = await self._draw(shown, server)
        async with telling_outcome():
            return (await channel.send(view=view, nonce=once, silent=shown.case.reply.blurred)).id

    async def find(self, shown: AShown) -> int | None:
        """The message that an earlier attempt left behind."""
        server, card = await self._server(shown), shown.card
        channel = self._channel(server.review_channel_id, server)
        async with telling_outcome():
            async for message in channel.history(limit=None, after=card.opened_at - SKEW):
                if self.mark(card.id) in marks(message):
                    return message.id
        return None

    async def edit(self, shown: AShown) -> bool:
        """Draw it again; False when it is gone. One too old to be edited again is left as it is."""
        server, card = await self._server(shown), shown.card
        message = self._channel(card.channel_id, server).get_partial_message(card.message_id or 0)
        view = await self._draw(shown, server)
        async with telling_outcome():
            return await draw_again(message, view)

    async def _draw(self, shown: AShown, server: Server) -> discord.ui.LayoutView:
        async with self.client.db.read() as conn:
            return self.draw(shown, await guidelines.speak(conn, server.id, language_of(server.language)))

    async def _server(self, shown: AShown) -> Server:
        async with self.client.db.read() as conn:
            return await servers.get(conn, shown.card.server_id)

    def _channel(self, channel_id: int | None, server: Server) -> discord.PartialMessageable:
        if channel_id is None:
            raise PostRefused("no channel is chosen for this")
        return self.client.get_partial_messageable(channel_id, guild_id=server.id)


def kinds(client: StandfirstClient) -> dict[str, tuple[Kind[Any], MatterCards[Any]]]:
    """Return every kind, by the name of its work in the sweep."""
    of_reports = MatterCards(client, "report card", mark=report_mark, draw=report_card)
    of_appeals = MatterCards(client, "appeal", mark=appeal_mark, draw=appeal_card)
    return {"report": (report_cards.KIND, of_reports), "appeal": (appeals.KIND, of_appeals)}
