"""Readings: a member confirms that they have read the guidelines, and goes on to what they wanted to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.interactions import Interaction, PersistentButton, language, require_member
from bot.services import guidelines
from cogs.guidelines import load
from cogs.replies import open_form
from cogs.ui.guidelines import guidelines_page

if TYPE_CHECKING:
    from bot.client import StandfirstClient

CHANGED = N_("The guidelines have changed a moment ago. Please read them once more.")


class ReadButton(
    PersistentButton, template=r"guidelines:read:(?P<version>[0-9]+):(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"
):
    """Confirms the guidelines as they were shown, and opens the form."""

    version: int
    article_id: int
    parent_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Remember; where they have changed since, show them as they are now."""
        require_member(interaction)
        member_id, now = interaction.user.id, interaction.created_at
        db, server_id = interaction.client.db, interaction.guild_id or 0
        if await guidelines.confirm(db, server_id, member_id=member_id, version=self.version, now=now):
            await open_form(interaction, self.article_id, self.parent_id or None)
            return
        before, speech = (self.article_id, self.parent_id), language(interaction)
        view = guidelines_page(await load(interaction), speech, before=before, news=speech.say(CHANGED))
        await interaction.response.edit_message(view=view)


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(ReadButton)
