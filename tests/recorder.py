"""A bot that answers every press and remembers it, for the tests of the simulated Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import ui

if TYPE_CHECKING:
    import simcord


class Recorder(discord.Client):
    """A bot that answers every press, and remembers it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.pressed: list[discord.Interaction] = []
        self.closed_times = 0

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.pressed.append(interaction)
        await interaction.response.send_message("pressed", ephemeral=True)

    async def close(self) -> None:
        self.closed_times += 1
        await super().close()


def button(label: str = "Reply") -> ui.LayoutView:
    return ui.LayoutView().add_item(ui.ActionRow(ui.Button(label=label, custom_id="reply:open:1")))


def bot_may(env: simcord.Env, guild: simcord.GuildHandle, **permissions: bool) -> None:
    """Let the bot's role have these permissions and no others."""
    stored = env.backend.get_guild(guild.id)
    for role_id in stored.members[env.backend.bot_user.id].role_ids:
        env.backend.edit_role(guild.id, role_id, {"permissions": discord.Permissions(**permissions).value})
    env.backend.edit_role(guild.id, guild.id, {"permissions": discord.Permissions(view_channel=True).value})
