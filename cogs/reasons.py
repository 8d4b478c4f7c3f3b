"""Saying why: the form of every decision that an author is told with its reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import discord

from bot.interactions import NEVER, Fields, Form, Interaction, language
from bot.models import Picked
from bot.services import ladder
from bot.storage import guidelines as stored_guidelines
from bot.storage import phrases as stored_phrases
from cogs.ui.reasons import reason_fields

if TYPE_CHECKING:
    from bot.i18n import Language

OFFERED = 25  # Discord's limit for a select
LONGEST_PLACE = 2  # digits


class ReasonForm(Form, template=NEVER):
    """Asks for guideline, passages, phrase and sentence. A subclass says which are needed, and decides."""

    title: ClassVar[str]  # with {number}
    needs_guideline: ClassVar[bool] = True
    needs_sentence: ClassVar[bool] = False
    may_strike: ClassVar[bool] = False

    async def open(self, interaction: Interaction, **prefill: Any) -> None:
        """Offer the guidelines and the phrases of the server, and a strike, too."""
        server_id = interaction.guild_id or 0
        async with interaction.client.db.read() as conn:
            phrases = await stored_phrases.list_of(conn, server_id, limit=OFFERED)
            book = await stored_guidelines.load(conn, server_id)
        outlook, author_id = None, prefill["reply"].author.id
        if self.may_strike and author_id:  # not of an author who is hidden
            outlook = await ladder.foresee(interaction.client.db, server_id, author_id, now=interaction.created_at)
        offered = book.options(language(interaction))
        await super().open(interaction, phrases=phrases, guidelines=offered, outlook=outlook, **prefill)

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the fields for the reply."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say(self.title, number=f"#{reply.number}"))
        for field in reason_fields(
            reply,
            language,
            guidelines=prefill["guidelines"],
            phrases=prefill.get("phrases", ()),
            needs_guideline=self.needs_guideline,
            needs_sentence=self.needs_sentence,
            warning=prefill.get("warning", ""),
            outlook=prefill.get("outlook"),
        ):
            modal.add_item(field)
        return modal

    def reason(self, interaction: Interaction, fields: Fields) -> dict[str, Any]:
        """Return what was chosen and written, as the services take it."""
        guideline: str | None = fields.choice("guideline")
        if not guideline and not self.needs_guideline:
            guideline = None
        return {"guideline": guideline, "sentence": fields.text("sentence"), "picked": _picked(interaction, fields)}


def _picked(interaction: Interaction, fields: Fields) -> Picked:
    ticked = fields.get("passages")
    places = [place for place in ticked if place.isdecimal() and len(place) <= LONGEST_PLACE] if ticked else []
    name = interaction.guild.name if interaction.guild else ""
    return Picked(tuple(map(int, places)), fields.choice("phrase") or None, name)
