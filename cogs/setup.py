"""`/setup` and `/check`: an administrator makes or chooses channels and roles, and sees whether all is well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import SettingInvalid
from bot.i18n import N_, Language
from bot.interactions import Interaction, PersistentButton, PersistentSelect, language, require_admin
from cogs import facts, places
from cogs.ui.buttons import button
from cogs.ui.setup import check_view, setup_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from discord.ui.select import BaseSelect

    from bot.client import StandfirstClient
    from bot.models import Server

SAME_CHANNEL = N_("a channel of its own, other than the one for articles")
EVERYONE = N_("a role that not everybody has")
CHANNEL_HERE = N_("a text channel of this server")
ROLE_HERE = N_("a role of this server")
OPTIONS = {
    "articles_channel_id": "articles",
    "review_channel_id": "review",
    "moderator_role_id": "moderators",
    "editor_role_id": "editors",
}


class Setup(commands.Cog):
    """Opens the wizard, or does the same in one command."""

    @app_commands.command(
        name="setup", description=N_("Choose or make the channels and roles for articles and review.")
    )
    @app_commands.describe(
        articles=N_("The channel for articles and their discussions; it is sealed."),
        review=N_("The channel where held replies are reviewed; it is hidden from members."),
        moderators=N_("The role that decides about replies."),
        editors=N_("The role that posts articles."),
    )
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def setup(
        self,
        interaction: Interaction,
        articles: discord.TextChannel | None = None,
        review: discord.TextChannel | None = None,
        moderators: discord.Role | None = None,
        editors: discord.Role | None = None,
    ) -> None:
        """Answer privately; without options with the wizard alone, otherwise with what was done."""
        server = await require_admin(interaction)
        named = {
            "articles_channel_id": articles,
            "review_channel_id": review,
            "moderator_role_id": moderators,
            "editor_role_id": editors,
        }
        chosen = {name: thing.id for name, thing in named.items() if thing is not None}
        if not chosen:
            await interaction.response.send_message(view=wizard(server, language(interaction)), ephemeral=True)
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show_result(interaction, await choose(interaction, server, **chosen))

    @app_commands.command(name="check", description=N_("See whether everything works, and what to do if not."))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def check(self, interaction: Interaction) -> None:
        """Answer privately with one line a fact."""
        server = await require_admin(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await facts.check(interaction, server)
        await interaction.edit_original_response(view=check_view(found, language(interaction)))


class MakeButton(PersistentButton, template="setup:make"):
    """Makes whatever is not there yet."""

    async def on_press(self, interaction: Interaction) -> None:
        """Make, seal, check, show."""
        await require_admin(interaction)
        await interaction.response.defer()
        await show_result(interaction, await places.make(interaction))


class CheckButton(PersistentButton, template="setup:check"):
    """Looks whether all is well."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show the self-check."""
        server = await require_admin(interaction)
        await interaction.response.defer()
        await show_result(interaction, server)


class ChannelChoice(PersistentSelect, template=r"setup:(?!)"):
    """Chooses a channel, which is sealed or hidden at once."""

    field: str
    placeholder: str

    def draw(self, language: Language, custom_id: str) -> BaseSelect[discord.ui.LayoutView]:
        """Offer text channels."""
        return discord.ui.ChannelSelect(
            custom_id=custom_id,
            placeholder=language.say(self.placeholder),
            channel_types=[discord.ChannelType.text],
            default_values=[discord.SelectDefaultValue(id=chosen_id, type=CHANNEL) for chosen_id in self.chosen],
            required=True,
        )

    async def on_choose(self, interaction: Interaction, values: list[str]) -> None:
        """Seal or hide what was chosen, check, show."""
        await take_choice(interaction, self.field, values)


class RoleChoice(PersistentSelect, template=r"setup:(?!)"):
    """Chooses a role."""

    field: str
    placeholder: str

    def draw(self, language: Language, custom_id: str) -> BaseSelect[discord.ui.LayoutView]:
        """Offer roles."""
        return discord.ui.RoleSelect(
            custom_id=custom_id,
            placeholder=language.say(self.placeholder),
            default_values=[discord.SelectDefaultValue(id=chosen_id, type=ROLE) for chosen_id in self.chosen],
            required=True,
        )

    async def on_choose(self, interaction: Interaction, values: list[str]) -> None:
        """Let the role in, check, show."""
        await take_choice(interaction, self.field, values)


class ArticlesChoice(ChannelChoice, template="setup:articles"):
    """The channel for articles."""

    field = "articles_channel_id"
    placeholder = N_("Channel for articles (it is sealed)")


class ReviewChoice(ChannelChoice, template="setup:review"):
    """The channel for review."""

    field = "review_channel_id"
    placeholder = N_("Channel for review (it is hidden from members)")


class ModeratorsChoice(RoleChoice, template="setup:moderators"):
    """The role of moderators."""

    field = "moderator_role_id"
    placeholder = N_("Role of moderators")


class EditorsChoice(RoleChoice, template="setup:editors"):
    """The role of editors."""

    field = "editor_role_id"
    placeholder = N_("Role of editors")


BUTTONS = (MakeButton, CheckButton)
CHOICES = (ArticlesChoice, ReviewChoice, ModeratorsChoice, EditorsChoice)
CHANNEL = discord.SelectDefaultValueType.channel
ROLE = discord.SelectDefaultValueType.role


def wizard(server: Server, language: Language, found: Sequence[facts.Fact] = ()) -> discord.ui.LayoutView:
    """Draw the wizard with what is chosen already."""
    selects = [choice(language, chosen=filter(None, [getattr(server, choice.field)])) for choice in CHOICES]
    return setup_view(
        language, found, buttons=[button("setup:make", language), button("setup:check", language)], selects=selects
    )


async def take_choice(interaction: Interaction, field: str, values: list[str]) -> None:
    """Store what was chosen in a select, and show the result in place of the wizard."""
    server = await require_admin(interaction)
    await interaction.response.defer()
    chosen_id = int(values[0]) if len(values) == 1 and re.fullmatch("[0-9]{1,20}", values[0]) else 0
    await show_result(interaction, await choose(interaction, server, **{field: chosen_id}))


async def choose(interaction: Interaction, server: Server, **chosen: int) -> Server:
    """Raise SettingInvalid for what would let members see or decide; otherwise seal, hide and store."""
    _require_here(places.guild_of(interaction), chosen)
    articles = chosen.get("articles_channel_id", server.articles_channel_id)
    if articles is not None and articles == chosen.get("review_channel_id", server.review_channel_id):
        raise SettingInvalid(value=f"<#{articles}>", setting="review", expected=SAME_CHANNEL)
    for field, setting in (("moderator_role_id", "moderators"), ("editor_role_id", "editors")):
        if chosen.get(field) == server.id:
            raise SettingInvalid(value="@everyone", setting=setting, expected=EVERYONE)
    return await places.choose(interaction, **chosen)


def _require_here(guild: discord.Guild, chosen: Mapping[str, int]) -> None:
    """Raise SettingInvalid for the channel or the role of another server, where the bot may be as well."""
    for field, chosen_id in chosen.items():
        if field.endswith("channel_id"):
            is_here, expected = places.channel_of(guild, chosen_id) is not None, CHANNEL_HERE
        else:
            is_here, expected = guild.get_role(chosen_id) is not None, ROLE_HERE
        if not is_here:
            raise SettingInvalid(value=str(chosen_id), setting=OPTIONS[field], expected=expected)


async def show_result(interaction: Interaction, server: Server) -> None:
    """Show the wizard as it stands now, with the self-check."""
    found = await facts.check(interaction, server)
    await interaction.edit_original_response(view=wizard(server, language(interaction), found))


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(*BUTTONS, *CHOICES)
    await client.add_cog(Setup())
