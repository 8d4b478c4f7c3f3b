"""Wordings: administrators word guidelines anew, add their own and retire them."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import app_commands

from bot.errors import LanguageUnknown, UserError
from bot.guidelines import EXAMPLES_LENGTH, TEXT_LENGTH, TITLE_LENGTH, built_in
from bot.i18n import ENGLISH, N_, Language, explain, languages
from bot.interactions import NEVER, Fields, Form, Interaction, PersistentButton, language, require_admin, tell
from bot.models import Guideline, Wording
from bot.services import guidelines
from bot.storage import guidelines as stored
from cogs.guidelines import load, offer_guidelines
from cogs.ui.buttons import DrawnButton, button
from cogs.ui.forms import context, kept_text, line, paragraph
from cogs.ui.guidelines import ask_retire, guideline_saved, returned_guideline

if TYPE_CHECKING:
    from bot.client import StandfirstClient

Choice = app_commands.Choice
LANGUAGES = [Choice(name=ENGLISH.name_of(each.code), value=each.code) for each in languages()]
FIELDS = ("title", "text", "covered", "uncovered")
RETIRED = N_(
    "**{title}** is retired. Before their next reply members are asked to read the guidelines as they are now."
)


class AgainButton(PersistentButton, template=r"guidelines:again:(?P<place>[0-9]+):(?P<number>[0-9]+)"):
    """Opens the form that failed again, with what was typed."""

    place: int
    number: int  # of the language

    async def on_press(self, interaction: Interaction) -> None:
        """Take the texts from the message; the form is about the words of now."""
        await require_admin(interaction)
        guideline = (await load(interaction)).at(self.place)
        await _open(interaction, guideline or "", _shipped(self.number), _kept(interaction))


class AnewButton(PersistentButton, template=r"guidelines:anew:(?P<number>[0-9]+)"):
    """The same for a guideline that is to be added."""

    number: int

    async def on_press(self, interaction: Interaction) -> None:
        """Take the texts from the message."""
        await require_admin(interaction)
        await AddForm(number=_number(_shipped(self.number))).open(interaction, typed=_kept(interaction))


class RetireButton(PersistentButton, template=r"guidelines:retire:(?P<place>[0-9]+):(?P<version>[0-9]+)"):
    """Retires what was shown."""

    place: int
    version: int

    async def on_press(self, interaction: Interaction) -> None:
        """Retire it, and say so."""
        server = await require_admin(interaction)
        who, now = interaction.user.id, interaction.created_at
        gone = await guidelines.retire(
            interaction.client.db, server.id, self.place, version=self.version, admin_id=who, now=now
        )
        await tell(interaction, language(interaction).say(RETIRED, title=gone.title))
        interaction.client.sweep.wake()


class _WordsForm(Form, template=NEVER):
    number: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the four texts."""
        title, text, covered, uncovered = prefill["typed"]
        modal = discord.ui.Modal(title=language.say("Guideline"))
        named = language.name_of(_shipped(self.number).code)
        modal.add_item(context(language.say("Words for members whose Discord is in: {language}", language=named)))
        modal.add_item(line(language.say("Title"), title, limit=TITLE_LENGTH, name="title"))
        modal.add_item(paragraph(language.say("What it says"), text, limit=TEXT_LENGTH))
        label = language.say("Examples of what is not allowed (optional)")
        modal.add_item(paragraph(label, covered, limit=EXAMPLES_LENGTH, name="covered", required=False))
        label = language.say("Examples of what stays allowed (optional)")
        return modal.add_item(paragraph(label, uncovered, limit=EXAMPLES_LENGTH, name="uncovered", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Store, and show it as members see it; whatever is refused comes back."""
        title, text, covered, uncovered = typed = [fields.text(name) for name in FIELDS]
        speech = language(interaction)
        try:
            server = await require_admin(interaction)
            words = Wording(guidelines.NEW, _shipped(self.number).code, title, text, covered, uncovered)
            saved = await self.save(interaction, server.id, words)
        except UserError as error:
            view = returned_guideline(explain(error, speech), typed, self.again(speech))
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        lacking = (await load(interaction)).lacks(saved.guideline)
        await interaction.response.send_message(view=guideline_saved(saved, lacking, speech), ephemeral=True)
        interaction.client.sweep.wake()

    @abstractmethod
    async def save(self, interaction: Interaction, server_id: int, words: Wording) -> Wording:
        """Store these words."""

    @abstractmethod
    def again(self, speech: Language) -> DrawnButton:
        """Draw the button that opens the form again."""


class EditForm(_WordsForm, template=r"form:guideline:(?P<place>[0-9]+):(?P<number>[0-9]+):(?P<seen>[0-9]+)"):
    """Where a guideline is worded anew."""

    place: int
    seen: int

    async def save(self, interaction: Interaction, server_id: int, words: Wording) -> Wording:
        """Save, unless somebody has changed it since the form was opened."""
        words = replace(words, guideline=(await load(interaction)).at(self.place) or guidelines.NEW)
        who, now = interaction.user.id, interaction.created_at
        return await guidelines.edit(interaction.client.db, server_id, words, seen=self.seen, admin_id=who, now=now)

    def again(self, speech: Language) -> DrawnButton:
        """Keep the guideline and the language."""
        return button("guidelines:again", speech, self.place, self.number)


class AddForm(_WordsForm, template=r"form:guideline:add:(?P<number>[0-9]+)"):
    """Where a guideline is added."""

    async def save(self, interaction: Interaction, server_id: int, words: Wording) -> Wording:
        """Save."""
        who, now = interaction.user.id, interaction.created_at
        return await guidelines.add(interaction.client.db, server_id, words, admin_id=who, now=now)

    def again(self, speech: Language) -> DrawnButton:
        """Keep the language."""
        return button("guidelines:anew", speech, self.number)


@app_commands.command(name="edit", description=N_("Word a guideline anew, in one language."))
@app_commands.describe(guideline=N_("Which one."), language=N_("In which language; yours unless you choose."))
@app_commands.choices(language=LANGUAGES)
@app_commands.autocomplete(guideline=offer_guidelines)
async def edit(interaction: Interaction, guideline: str, language: Choice[str] | None = None) -> None:
    """Open the form with what is in force."""
    await require_admin(interaction)
    await _open(interaction, guideline, _chosen(interaction, language))


@app_commands.command(name="add", description=N_("Add a guideline of your own."))
@app_commands.describe(language=N_("In which language; yours unless you choose."))
@app_commands.choices(language=LANGUAGES)
async def add(interaction: Interaction, language: Choice[str] | None = None) -> None:
    """Open the empty form."""
    await require_admin(interaction)
    number = _number(_chosen(interaction, language))
    await AddForm(number=number).open(interaction, typed=[""] * len(FIELDS))


@app_commands.command(name="retire", description=N_("Take a guideline out of force; decisions under it stay."))
@app_commands.describe(guideline=N_("Which one."))
@app_commands.autocomplete(guideline=offer_guidelines)
async def retire(interaction: Interaction, guideline: str) -> None:
    """Ask first."""
    server = await require_admin(interaction)
    async with interaction.client.db.read() as conn:
        found = await guidelines.require_in_force(conn, server.id, guideline)
        book = await stored.load(conn, server.id)
    view = ask_retire(book, found, language(interaction))
    await interaction.response.send_message(view=view, ephemeral=True)


async def _open(interaction: Interaction, typed: str, speech: Language, texts: list[str] | None = None) -> None:
    async with interaction.client.db.read() as conn:
        guideline = await guidelines.require_in_force(conn, interaction.guild_id or 0, typed)
        book = await stored.load(conn, interaction.guild_id or 0)
    own = book.own_wording(guideline, speech)
    shown = own or (built_in(guideline, speech) if guideline in Guideline.BUILT_IN else book.wording(guideline, speech))
    texts = texts or [shown.title, shown.text, shown.covered, shown.uncovered]
    form = EditForm(place=book.places[guideline], number=_number(speech), seen=own.id if own else 0)
    await form.open(interaction, typed=texts)


def _kept(interaction: Interaction) -> list[str]:
    return [kept_text(interaction.message, place=place) or "" for place in range(len(FIELDS))]


def _chosen(interaction: Interaction, choice: Choice[str] | None) -> Language:
    """Return the language that was chosen, or else this person's."""
    return Language(choice.value) if choice is not None else language(interaction)


def _number(speech: Language) -> int:
    """Return the language as a number, of which a custom_id is made."""
    return int.from_bytes(speech.code.encode("ascii"), "big")


def _shipped(number: int) -> Language:
    """Read it back. Raises LanguageUnknown."""
    for each in languages():
        if _number(each) == number:
            return each
    raise LanguageUnknown


async def setup(client: StandfirstClient) -> None:
    """Add to the group of commands that `cogs/guidelines.py` has made."""
    client.add_dynamic_items(AgainButton, AnewButton, RetireButton)
    client.add_forms(AddForm, EditForm)
    group = cast("app_commands.Group", client.tree.get_command("guidelines"))
    group.add_command(edit)
    group.add_command(add)
    group.add_command(retire)
