"""Readings: a member confirms that they have read the guidelines, and goes on to what they wanted to write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.interactions import Interaction, PersistentButton
from cogs.replies import open_form

if TYPE_CHECKING:
    from bot.client import StandfirstClient


class ReadButton(
    PersistentButton, template=r"guidelines:read:(?P<version>[0-9]+):(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"
):
    """Confirms the guidelines as they were shown, and opens the form."""

    for_members = True
    version: int
    article_id: int
    parent_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Remember it; where they have changed since, they are shown as they are now."""
        await open_form(interaction, self.article_id, self.parent_id or None, read=self.version)


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(ReadButton)
