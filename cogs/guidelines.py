"""The comment guidelines: shown by a command, and by the button on every article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.i18n import N_
from bot.interactions import Interaction, PersistentButton, language
from cogs.ui.guidelines import guidelines_card

if TYPE_CHECKING:
    from bot.client import StandfirstClient


@app_commands.guild_only()
class GuidelinesCog(commands.GroupCog, group_name="guidelines", group_description=N_("What a reply may say.")):
    """Shows the guidelines to whoever asks, and to nobody else."""

    @app_commands.command(name="show", description=N_("Read the comment guidelines."))
    async def show(self, interaction: Interaction) -> None:
        """Answer privately."""
        await show_guidelines(interaction)


class GuidelinesButton(PersistentButton, template=r"article:guidelines:(?P<article_id>[0-9]+)"):
    """Shows the guidelines; the same for every article."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately."""
        await show_guidelines(interaction)


async def show_guidelines(interaction: Interaction) -> None:
    """Show the card to this person alone."""
    await interaction.response.send_message(view=guidelines_card(language(interaction)), ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(GuidelinesButton)
    await client.add_cog(GuidelinesCog())
