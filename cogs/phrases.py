"""`/phrase`: moderators save sentences to authors, see them, and remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import UserError
from bot.i18n import N_, explain
from bot.interactions import (
    Fields,
    Form,
    Interaction,
    PersistentButton,
    is_moderator,
    language,
    require_moderator,
    tell,
)
from bot.screening.cleaning import clean
from bot.services import phrases
from bot.services.phrases import KNOWN, NAME_LENGTH, TEXT_LENGTH
from bot.storage import phrases as stored_phrases
from bot.storage import servers as stored_servers
from cogs.ui.forms import context, line, paragraph
from cogs.ui.phrases import phrase_line, phrase_list
from cogs.ui.replies import returned_text
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language

SAVED = N_("Saved: {phrase}")
REMOVED = N_("Removed: {phrase}")
CHOICE_LIMIT = 100
OFFERED = 25
PAGE = 6  # with their escapes they fit into one message
LAST_PAGE = 10_000
Name = app_commands.Range[str, 1, NAME_LENGTH]
Text = app_commands.Range[str, 1, TEXT_LENGTH]


class PageButton(PersistentButton, template=r"phrase:page:(?P<page>[0-9]+)"):
    """Turns to another page of the list."""

    page: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        await interaction.response.edit_message(view=await _list(interaction, min(self.page, LAST_PAGE)))


class PhraseForm(Form, template=r"form:phrase"):
    """Where a longer phrase is written."""

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Say what is filled in, ask for name and text."""
        modal = discord.ui.Modal(title=language.say("Save a phrase"))
        modal.add_item(context(language.say("Filled in for each reply: {known}", known=KNOWN)))
        modal.add_item(line(language.say("Name"), prefill["name"], limit=NAME_LENGTH, name="name"))
        return modal.add_item(paragraph(language.say("Text"), None, limit=TEXT_LENGTH))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Save, say it back; whatever fails, the text comes back."""
        await _save(interaction, fields.text("name"), fields.text("text"))


async def offer_phrases(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer moderators the phrases whose name or text holds what was typed."""
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        found = await stored_phrases.list_of(conn, server.id, typed=phrases.read_name(typed), limit=OFFERED)
    return [
        app_commands.Choice(name=cut(f"{each.name} · {one_line(each.text)}", CHOICE_LIMIT), value=each.name)
        for each in found
    ]


@app_commands.guild_only()
class Phrases(commands.GroupCog, group_name="phrase", group_description="Sentences to authors, saved for later."):
    """Answers privately."""

    @app_commands.command(description="Save a sentence to authors under a name.")
    @app_commands.describe(name="What to call it.", text="The sentence; leave it out to write it in a form.")
    async def add(self, interaction: Interaction, name: Name, text: Text | None = None) -> None:
        """Save the text, or ask for it."""
        if text is not None:
            await _save(interaction, name, text)
            return
        await require_moderator(interaction)
        await PhraseForm().open(interaction, name=name)

    @app_commands.command(name="list", description="Show the saved phrases.")
    async def show(self, interaction: Interaction) -> None:
        """Show the first page."""
        await interaction.response.send_message(view=await _list(interaction, 0), ephemeral=True)

    @app_commands.command(description="Remove a saved phrase; what was said with it stays.")
    @app_commands.describe(name="The name of the phrase.")
    @app_commands.autocomplete(name=offer_phrases)
    async def remove(self, interaction: Interaction, name: str) -> None:
        """Remove it, and show its text once more."""
        server = await require_moderator(interaction)
        gone = await phrases.remove(
            interaction.client.db, server.id, name=name, moderator_id=interaction.user.id, now=interaction.created_at
        )
        await tell(interaction, language(interaction).say(REMOVED, phrase=phrase_line(gone)))


async def _save(interaction: Interaction, name: str, text: str) -> None:
    speech = language(interaction)
    try:
        server = await require_moderator(interaction)
        phrase = await phrases.save(
            interaction.client.db,
            server.id,
            name=name,
            text=text,
            moderator_id=interaction.user.id,
            now=interaction.created_at,
        )
    except UserError as error:
        view = returned_text(explain(error, speech), clean(text), None)
        await interaction.response.send_message(view=view, ephemeral=True)
    else:
        await tell(interaction, speech.say(SAVED, phrase=phrase_line(phrase)))


async def _list(interaction: Interaction, page: int) -> discord.ui.LayoutView:
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        found = await stored_phrases.list_of(conn, server.id, limit=PAGE + 1, offset=page * PAGE)
    return phrase_list(found[:PAGE], language(interaction), page=page, more=len(found) > PAGE)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(PageButton)
    client.add_forms(PhraseForm)
    await client.add_cog(Phrases())
