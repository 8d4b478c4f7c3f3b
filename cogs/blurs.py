"""The button that hides a severe text until it is tapped, or shows it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.interactions import Interaction, PersistentButton, language, require_moderator, tell
from bot.services import blurs

if TYPE_CHECKING:
    from bot.client import StandfirstClient


class BlurButton(PersistentButton, template=r"blur:switch:(?P<reply_id>[0-9]+)"):
    """Switches; the sweep draws the card again."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Say what it is now."""
        server = await require_moderator(interaction)
        reply = await blurs.switch(interaction.client.db, self.reply_id, server_id=server.id)
        hidden = N_("The text of {number} is hidden now until it is tapped.")
        sentence = hidden if reply.blurred else N_("The text of {number} is shown to all moderators now.")
        await tell(interaction, language(interaction).say(sentence, number=f"#{reply.number}"))
        interaction.client.sweep.wake()


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(BlurButton)
