"""`/help`: what this person can do in this server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.i18n import N_, language_of
from bot.interactions import Interaction, is_admin, is_editor, is_moderator, language
from bot.storage import servers
from cogs.places import guild_of
from cogs.ui.help import ADMIN, EDITOR, MEMBER, MODERATOR, help_views

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client import StandfirstClient
    from bot.models import Server

# Whom a command is for, by its name or its first word; every other is for members.
AUDIENCES = {
    "article": EDITOR,
    **dict.fromkeys(("moderate", "phrase", "review", "stats"), MODERATOR),
    **dict.fromkeys(("setup", "settings", "check", "audit"), ADMIN),
    **dict.fromkeys(("guidelines post", "guidelines edit", "guidelines add", "guidelines retire"), ADMIN),
}


class Help(commands.Cog):
    """Lists the commands that exist, for those who may use them."""

    @app_commands.command(name="help", description=N_("What you can do here."))
    @app_commands.guild_only()
    async def help(self, interaction: Interaction) -> None:
        """Answer privately."""
        async with interaction.client.db.read() as conn:
            server = await servers.get(conn, guild_of(interaction).id)
        listed: dict[str, list[tuple[str, str]]] = {audience: [] for audience in audiences(interaction, server)}
        for name, description in all_commands(interaction.client):
            audience = audience_of(name)
            if audience in listed:
                listed[audience].append((name, description))
        spoken, public = language(interaction), language_of(server.language)
        first, *others = help_views(listed, spoken, public=public, is_set_up=server.is_set_up)
        await interaction.response.send_message(view=first, ephemeral=True)
        for view in others:
            await interaction.followup.send(view=view, ephemeral=True)


def audience_of(name: str) -> str:
    """Return whom the command of this full name is for."""
    return AUDIENCES.get(name) or AUDIENCES.get(name.split(" ", maxsplit=1)[0], MEMBER)


def audiences(interaction: Interaction, server: Server) -> Iterator[str]:
    """Yield what the person is here; everybody is a member."""
    yield MEMBER
    if is_editor(interaction, server):
        yield EDITOR
    if is_moderator(interaction, server):
        yield MODERATOR
    if is_admin(interaction):
        yield ADMIN


def all_commands(client: StandfirstClient) -> list[tuple[str, str]]:
    """Return every command that is typed, with its description."""
    return sorted(
        (command.qualified_name, command.description)
        for command in client.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    )


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    await client.add_cog(Help())
