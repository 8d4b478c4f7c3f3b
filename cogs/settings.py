"""`/settings`: an administrator sees every setting, changes one, or goes back to its default."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.errors import SettingInvalid
from bot.i18n import N_
from bot.interactions import Interaction, language, require_admin, tell
from bot.services import settings
from bot.settings import BY_NAME, SETTINGS
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from cogs import places
from cogs.ui.settings import settings_view, value_word

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.settings import Settings

Choices = list[app_commands.Choice[str]]
RESEALED = N_("{person} changed the setting seal")
CHANGED = N_("**{setting}** is now {value}.")
MOST_CHOICES = 25  # Discord's limit


async def complete_name(_interaction: Interaction, typed: str) -> Choices:
    """Offer the settings whose name contains what is typed."""
    names = [setting.name for setting in SETTINGS if typed.lower() in setting.name]
    return [app_commands.Choice(name=name, value=name) for name in names[:MOST_CHOICES]]


async def complete_value(interaction: Interaction, typed: str) -> Choices:
    """Offer the usual values of the setting chosen."""
    setting = BY_NAME.get(interaction.namespace.name or "")
    offered = setting.choices if setting else ()
    if setting is not None and setting.name == "senior_role" and interaction.guild is not None:
        offered = (*offered, *(role.name for role in interaction.guild.roles if not role.is_default()))
    matching = [choice for choice in offered if choice.lower().startswith(typed.lower())]
    return [app_commands.Choice(name=choice, value=choice) for choice in matching[:MOST_CHOICES]]


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
class SettingsCog(
    commands.GroupCog,
    group_name="settings",
    group_description=N_("See and change how Standfirst works in this server."),
):
    """Every setting has a description, a default and values that fit; the service checks them."""

    @app_commands.command(name="show", description=N_("Show every setting with its value."))
    async def show(self, interaction: Interaction) -> None:
        """Answer privately."""
        server = await require_admin(interaction)
        async with interaction.client.db.read() as conn:
            chosen = await stored_settings.load(conn, server.id)
        await interaction.response.send_message(view=settings_view(chosen, language(interaction)), ephemeral=True)

    @app_commands.command(name="set", description=N_("Change a setting."))
    @app_commands.describe(name=N_("Which setting."), value=N_("The new value."))
    @app_commands.autocomplete(name=complete_name, value=complete_value)
    async def set(self, interaction: Interaction, name: str, value: str) -> None:
        """Store the value, say it back."""
        server = await require_admin(interaction)
        if name == "senior_role":
            value = _read_role(interaction, value)
        changed = await settings.change(
            interaction.client.db, server.id, name, value, actor_id=interaction.user.id, now=interaction.created_at
        )
        await take_effect(interaction, name, changed)

    @app_commands.command(name="reset", description=N_("Go back to a setting's default."))
    @app_commands.describe(name=N_("Which setting."))
    @app_commands.autocomplete(name=complete_name)
    async def reset(self, interaction: Interaction, name: str) -> None:
        """Forget the value, say the default."""
        server = await require_admin(interaction)
        changed = await settings.reset(
            interaction.client.db, server.id, name, actor_id=interaction.user.id, now=interaction.created_at
        )
        await take_effect(interaction, name, changed)


def _read_role(interaction: Interaction, typed: str) -> str:
    """Return the mention of a role that was mentioned or named; what is no role at all the service refuses.

    Raises SettingInvalid for a role that this server does not have.
    """
    guild = places.guild_of(interaction)
    named = [role for role in guild.roles if role.name.casefold() == typed.strip().removeprefix("@").casefold()]
    if len(named) == 1 and not named[0].is_default():
        return named[0].mention
    mentioned = re.search(r"[0-9]+", typed)
    if mentioned and guild.get_role(int(mentioned[0])) is None:
        raise SettingInvalid(value=typed[:100], setting="senior_role", expected=BY_NAME["senior_role"].expected)
    return typed


async def take_effect(interaction: Interaction, name: str, changed: Settings) -> None:
    """Say the new value; a new seal is put on at once, and one that may be repaired now is."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    if name == "seal":
        db, guild = interaction.client.db, places.guild_of(interaction)
        places.require_permissions(guild)
        async with db.read() as conn:
            server = await stored_servers.get(conn, guild.id)
        await places.apply(db, guild, server, why=places.reason_of(interaction, RESEALED))
    interaction.client.dispatch("server_changed", places.guild_of(interaction))
    spoken = language(interaction)
    await tell(interaction, spoken.say(CHANGED, setting=name, value=value_word(changed.value(name))))


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    await client.add_cog(SettingsCog())
