"""The button that shows a moderator who wrote a reply that is reviewed blindly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.interactions import Interaction, PersistentButton, language, require_moderator
from bot.services import reveals
from cogs.ui.articles import status_line
from cogs.ui.review import author_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient


class RevealButton(PersistentButton, template=r"blind:reveal:(?P<reply_id>[0-9]+)"):
    """Shows the author and their record to who pressed, and writes that down."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately: the card stays as it is for the others."""
        server = await require_moderator(interaction)
        case = await reveals.reveal(
            interaction.client.db,
            self.reply_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            now=interaction.created_at,
        )
        speech = language(interaction)
        about = {"number": f"#{case.reply.number}", "author": author_line(case, speech)}
        line = speech.say("{number} is by {author}. That you looked is in the audit.", **about)
        await interaction.response.send_message(view=status_line(line), ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(RevealButton)
