"""The comment guidelines: everybody reads them; administrators post, word, add and retire them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import BotLacksPermission, GuidelinesOutdated
from bot.i18n import N_, Language
from bot.interactions import Interaction, PersistentButton, language, require_admin, tell
from bot.permissions import WORK_IN_REVIEW, missing, names_of
from bot.services import guideline_cards
from bot.storage import guidelines as stored
from cogs.ui.guidelines import PLEASE_READ, guidelines_page

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.guidelines import Book

Choice = app_commands.Choice
LAST_PAGE = 100  # further than there can be
CHOICE_LIMIT = 100
POSTED = N_("The guidelines appear in {channel} in a moment, and are kept up to date there.")


async def load(interaction: Interaction) -> Book:
    """Read the guidelines of the server in which this happens."""
    async with interaction.client.db.read() as conn:
        return await stored.load(conn, interaction.guild_id or 0)


async def worded(interaction: Interaction) -> Language:
    """Return this person's language, with the server's own titles of guidelines."""
    return (await load(interaction)).spoken(language(interaction))


async def offer_guidelines(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the guidelines in force whose title holds what was typed."""
    offered = (await load(interaction)).options(language(interaction))
    typed = typed.strip().casefold()
    return [Choice(name=title[:CHOICE_LIMIT], value=key) for key, title in offered.items() if typed in title.casefold()]


async def ask_to_read(interaction: Interaction, article_id: int, parent_id: int | None, *, again: bool = False) -> None:
    """Show the guidelines with the button that confirms them and goes on to the form; `again` in the same message."""
    speech = language(interaction)
    news = speech.say(GuidelinesOutdated.sentence if again else PLEASE_READ)
    before = (article_id, parent_id or 0)
    view = guidelines_page(await load(interaction), speech, before=before, news=news)
    if again:
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


class GuidelinesButton(PersistentButton, template=r"article:guidelines:(?P<article_id>[0-9]+)"):
    """Shows the guidelines; the same for every article."""

    for_members = True
    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately."""
        await _show(interaction)


class ShowButton(PersistentButton, template=r"guidelines:show:(?P<card_id>[0-9]+)"):
    """Shows them from where they are posted, with their examples and in this person's language."""

    for_members = True
    card_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately."""
        await _show(interaction)


class PageButton(
    PersistentButton, template=r"guidelines:page:(?P<page>[0-9]+):(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"
):
    """Turns to another page."""

    for_members = True
    page: int
    article_id: int
    parent_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message; the last page asks for the confirmation where one is wanted."""
        before = (self.article_id, self.parent_id) if self.article_id else None
        page = min(self.page, LAST_PAGE)
        view = guidelines_page(await load(interaction), language(interaction), page=page, before=before)
        await interaction.response.edit_message(view=view)


@app_commands.guild_only()
class GuidelinesCog(commands.GroupCog, group_name="guidelines", group_description=N_("What a reply may say.")):
    """`show` is for everybody, the others are for administrators."""

    @app_commands.command(name="show", description=N_("Read the comment guidelines."))
    async def show(self, interaction: Interaction) -> None:
        """Answer privately."""
        await _show(interaction)

    @app_commands.command(name="post", description=N_("Post the guidelines in a channel, and keep them up to date."))
    @app_commands.describe(channel=N_("Where they stand; what stood elsewhere is deleted."))
    async def post(self, interaction: Interaction, channel: discord.TextChannel) -> None:
        """Check that the bot may post there; the sweep posts."""
        server = await require_admin(interaction)
        lacking = missing(WORK_IN_REVIEW, channel.permissions_for(channel.guild.me))
        if lacking.value:
            raise BotLacksPermission(permissions=names_of(lacking))
        await guideline_cards.post(
            interaction.client.db, server.id, channel.id, admin_id=interaction.user.id, now=interaction.created_at
        )
        await tell(interaction, language(interaction).say(POSTED, channel=channel.mention))
        interaction.client.sweep.wake()


async def _show(interaction: Interaction) -> None:
    view = guidelines_page(await load(interaction), language(interaction))
    await interaction.response.send_message(view=view, ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(GuidelinesButton, ShowButton, PageButton)
    await client.add_cog(GuidelinesCog())
