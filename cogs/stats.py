"""`/stats`: figures for moderators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.interactions import Interaction, require_moderator
from bot.services import stats
from cogs.guidelines import worded
from cogs.ui.stats import moderation_stats

if TYPE_CHECKING:
    from bot.client import StandfirstClient


@app_commands.guild_only()
class Stats(commands.GroupCog, group_name="stats", group_description="See figures about the discussions."):
    """Answers privately."""

    @app_commands.command(description="See who decided how much, how fast, how far moderators agree, and appeals.")
    async def moderation(self, interaction: Interaction) -> None:
        """Show the last 30 days."""
        server = await require_moderator(interaction)
        work, pairs = await stats.moderation(interaction.client.db, server.id, now=interaction.created_at)
        view = moderation_stats(work, pairs, await worded(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    await client.add_cog(Stats())
