"""Guideline cards: posts, finds, edits and deletes the message in which a server's guidelines stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import language_of
from bot.outgoing import marks, nonce, telling_outcome
from bot.services import guideline_cards
from cogs.delivery import SKEW, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from cogs.ui.guidelines import posted_guidelines

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.guidelines import Book
    from bot.models import GuidelineCard
    from bot.services.errands import Clock

GONE = (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL)


class Posting:
    """Every method raises PostRefused or OutcomeUnknown when it fails."""

    def __init__(self, client: StandfirstClient, clock: Clock) -> None:
        self.client = client
        self.clock = clock

    async def tend(self, card_id: int) -> None:
        """Bring a card up to date."""
        acts: dict[str, Any] = {"send": self.send, "find": self.find, "edit": self.edit, "delete": self.delete}
        await guideline_cards.tend(self.client.db, card_id, clock=self.clock, **acts)

    async def send(self, card: GuidelineCard, book: Book) -> int | None:
        """Post it; None when the channel is gone."""
        once = nonce("guidelines", card.id, card.attempted_at, card.channel_id)
        async with telling_outcome():
            try:
                return (await self._channel(card).send(view=self._view(card, book), nonce=once, silent=True)).id
            except discord.NotFound as error:
                if error.code != UNKNOWN_CHANNEL:
                    raise
        return None

    async def find(self, card: GuidelineCard) -> int | None:
        """The message that an earlier attempt left behind."""
        async with telling_outcome():
            try:
                async for message in self._channel(card).history(limit=None, after=card.posted_at - SKEW):
                    if f"guidelines:show:{card.id}" in marks(message):
                        return message.id
            except discord.NotFound as error:
                if error.code != UNKNOWN_CHANNEL:
                    raise
        return None

    async def edit(self, card: GuidelineCard, book: Book) -> bool:
        """Draw it again; False when it is gone. One too old to be edited for now is tried again later."""
        message = self._channel(card).get_partial_message(card.message_id or 0)
        async with telling_outcome():
            try:
                await message.edit(view=self._view(card, book), allowed_mentions=discord.AllowedMentions.none())
            except discord.HTTPException as error:
                if error.code in GONE:
                    return False
                raise
        return True

    async def delete(self, card: GuidelineCard, message_id: int) -> None:
        """Delete it; one that is gone already is fine."""
        async with telling_outcome():
            try:
                await self._channel(card).get_partial_message(message_id).delete()
            except discord.NotFound as error:
                if error.code not in GONE:
                    raise

    def _channel(self, card: GuidelineCard) -> discord.PartialMessageable:
        return self.client.get_partial_messageable(card.channel_id, guild_id=card.server_id)

    def _view(self, card: GuidelineCard, book: Book) -> discord.ui.LayoutView:
        return posted_guidelines(book, language_of(book.language), card.id)
