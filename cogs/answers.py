"""Answering a press with a message, whether or not the answer was put off because the work takes its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

    from bot.interactions import Interaction


async def show(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Show this person alone another message."""
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def redraw(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Draw the message that was pressed again."""
    if interaction.response.is_done():
        await interaction.edit_original_response(view=view)
    else:
        await interaction.response.edit_message(view=view)
