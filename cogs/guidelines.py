"""The comment guidelines: everybody reads them; administrators post, word, add and retire them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from babel import Locale
from discord import app_commands
from discord.ext import commands

from bot.errors import BotLacksPermission, LanguageUnknown, UserError
from bot.guidelines import EXAMPLES_LENGTH, TEXT_LENGTH, TITLE_LENGTH, built_in
from bot.i18n import N_, Language, explain, languages
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_admin, tell
from bot.models import Guideline, Wording
from bot.permissions import WORK_IN_REVIEW, missing, names_of
from bot.services import guideline_cards, guidelines
from bot.storage import guidelines as stored
from cogs.ui.buttons import button
from cogs.ui.forms import context, kept_text, line, paragraph
from cogs.ui.guidelines import ask_retire, guideline_saved, guidelines_page, returned_guideline

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.guidelines import Book

Choice = app_commands.Choice
LANGUAGES = [
    Choice(name=Locale(each.code).get_display_name("en") or each.code, value=each.code) for each in languages()
]
FIELDS = ("title", "text", "covered", "uncovered")
LAST_PAGE = 100  # further than there can be
CHOICE_LIMIT = 100
POSTED = N_("The guidelines appear in {channel} in a moment, and are kept up to date there.")
RETIRED = N_(
    "**{title}** is retired. Before their next reply members are asked to read the guidelines as they are now."
)


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


async def ask_to_read(interaction: Interaction, article_id: int, parent_id: int | None, *, news: str = "") -> None:
    """Show the guidelines with the button that confirms them and goes on to the form."""
    view = guidelines_page(
        await load(interaction), language(interaction), before=(article_id, parent_id or 0), news=news
    )
    await interaction.response.send_message(view=view, ephemeral=True)


class GuidelinesButton(PersistentButton, template=r"article:guidelines:(?P<article_id>[0-9]+)"):
    """Shows the guidelines; the same for every article."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately."""
        await _show(interaction)


class ShowButton(PersistentButton, template=r"guidelines:show:(?P<card_id>[0-9]+)"):
    """Shows them from where they are posted, with their examples and in this person's language."""

    card_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer privately."""
        await _show(interaction)


class PageButton(
    PersistentButton, template=r"guidelines:page:(?P<page>[0-9]+):(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"
):
    """Turns to another page."""

    page: int
    article_id: int
    parent_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message; the last page asks for the confirmation where one is wanted."""
        before = (self.article_id, self.parent_id) if self.article_id else None
        page = min(self.page, LAST_PAGE)
        view = guidelines_page(await load(interaction), language(interaction), page=page, before=before)
        await interaction.response.edit_message(view=view)


class AgainButton(PersistentButton, template=r"guidelines:again:(?P<key>[a-z][a-z0-9_]*):(?P<code>[a-z]+)"):
    """Opens the form that failed again, with what was typed."""

    key: str
    code: str

    async def on_press(self, interaction: Interaction) -> None:
        """Take the texts from the message; the form is about the words of now."""
        typed = [kept_text(interaction.message, place=place) or "" for place in range(len(FIELDS))]
        await _open(interaction, self.key, self.code, typed)


class AnewButton(PersistentButton, template=r"guidelines:anew:(?P<code>[a-z]+)"):
    """The same for a guideline that is to be added."""

    code: str

    async def on_press(self, interaction: Interaction) -> None:
        """Take the texts from the message."""
        await require_admin(interaction)
        typed = [kept_text(interaction.message, place=place) or "" for place in range(len(FIELDS))]
        await AddForm(code=_shipped(self.code).code).open(interaction, typed=typed)


class RetireButton(PersistentButton, template=r"guidelines:retire:(?P<key>[a-z][a-z0-9_]*)"):
    """Retires what was shown."""

    key: str

    async def on_press(self, interaction: Interaction) -> None:
        """Retire it; what was asked is answered in its place."""
        server = await require_admin(interaction)
        gone = await guidelines.retire(
            interaction.client.db, server.id, self.key, admin_id=interaction.user.id, now=interaction.created_at
        )
        await tell(interaction, language(interaction).say(RETIRED, title=gone.title))
        interaction.client.sweep.wake()


class _WordsForm(Form, template=r"(?!)"):
    code: str

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the four texts."""
        title, text, covered, uncovered = prefill["typed"]
        modal = discord.ui.Modal(title=language.say("Guideline"))
        named = Locale(self.code).get_display_name(language.code) or self.code
        modal.add_item(context(language.say("Words for members whose Discord is in: {language}", language=named)))
        modal.add_item(line(language.say("Title"), title, limit=TITLE_LENGTH, name="title"))
        modal.add_item(paragraph(language.say("What it says"), text, limit=TEXT_LENGTH))
        label = language.say("Examples of what is not allowed (optional)")
        modal.add_item(paragraph(label, covered, limit=EXAMPLES_LENGTH, name="covered", required=False))
        label = language.say("Examples of what stays allowed (optional)")
        return modal.add_item(paragraph(label, uncovered, limit=EXAMPLES_LENGTH, name="uncovered", required=False))

    async def _save(self, interaction: Interaction, fields: Fields, key: str, *, seen: int | None) -> None:
        """Store, and show it as members see it; whatever is refused comes back."""
        title, text, covered, uncovered = typed = [fields.text(name) for name in FIELDS]
        speech = language(interaction)
        action, ids = ("guidelines:again", (key, self.code)) if key else ("guidelines:anew", (self.code,))
        again = button(action, speech, *ids, label=speech.say("Edit"))
        try:
            server = await require_admin(interaction)
            words = Wording(Guideline(key), _shipped(self.code).code, title, text, covered, uncovered)
            db = interaction.client.db
            who: dict[str, Any] = {"admin_id": interaction.user.id, "now": interaction.created_at}
            if seen is None:
                saved = await guidelines.add(db, server.id, words, **who)
            else:
                saved = await guidelines.edit(db, server.id, words, seen=seen, **who)
        except UserError as error:
            view = returned_guideline(explain(error, speech), typed, again)
            await interaction.response.send_message(view=view, ephemeral=True)
            return
        await interaction.response.send_message(view=guideline_saved(saved, speech), ephemeral=True)
        interaction.client.sweep.wake()


class EditForm(_WordsForm, template=r"form:guideline:(?P<key>[a-z][a-z0-9_]*):(?P<code>[a-z]+):(?P<seen>[0-9]+)"):
    """Where a guideline is worded anew."""

    key: str
    seen: int

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Save, unless somebody has changed it since the form was opened."""
        await self._save(interaction, fields, self.key, seen=self.seen)


class AddForm(_WordsForm, template=r"form:guideline:add:(?P<code>[a-z]+)"):
    """Where a guideline is added."""

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Save."""
        await self._save(interaction, fields, "", seen=None)


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

    @app_commands.command(name="edit", description=N_("Word a guideline anew, in one language."))
    @app_commands.describe(guideline=N_("Which one."), language=N_("In which language; yours unless you choose."))
    @app_commands.choices(language=LANGUAGES)
    @app_commands.autocomplete(guideline=offer_guidelines)
    async def edit(self, interaction: Interaction, guideline: str, language: Choice[str] | None = None) -> None:
        """Open the form with what is in force."""
        await _open(interaction, guideline, language.value if language else None)

    @app_commands.command(name="add", description=N_("Add a guideline of your own."))
    @app_commands.describe(language=N_("In which language; yours unless you choose."))
    @app_commands.choices(language=LANGUAGES)
    async def add(self, interaction: Interaction, language: Choice[str] | None = None) -> None:
        """Open the empty form."""
        await require_admin(interaction)
        code = _shipped(language.value if language else None, interaction).code
        await AddForm(code=code).open(interaction, typed=[""] * len(FIELDS))

    @app_commands.command(name="retire", description=N_("Take a guideline out of force; decisions under it stay."))
    @app_commands.describe(guideline=N_("Which one."))
    @app_commands.autocomplete(guideline=offer_guidelines)
    async def retire(self, interaction: Interaction, guideline: str) -> None:
        """Ask first."""
        server = await require_admin(interaction)
        async with interaction.client.db.read() as conn:
            found = await guidelines.require_in_force(conn, server.id, guideline)
            book = await stored.load(conn, server.id)
        view = ask_retire(book.wording(found, language(interaction)), language(interaction))
        await interaction.response.send_message(view=view, ephemeral=True)


async def _show(interaction: Interaction) -> None:
    view = guidelines_page(await load(interaction), language(interaction))
    await interaction.response.send_message(view=view, ephemeral=True)


async def _open(interaction: Interaction, typed: str, code: str | None, texts: list[str] | None = None) -> None:
    server, speech = await require_admin(interaction), _shipped(code, interaction)
    async with interaction.client.db.read() as conn:
        guideline = await guidelines.require_in_force(conn, server.id, typed)
        book = await stored.load(conn, server.id)
    own = book.own_wording(guideline, speech)
    shown = own or (built_in(guideline, speech) if guideline in Guideline.BUILT_IN else book.wording(guideline, speech))
    texts = texts or [shown.title, shown.text, shown.covered, shown.uncovered]
    form = EditForm(key=guideline.value, code=speech.code, seen=own.id if own else 0)
    await form.open(interaction, typed=texts)


def _shipped(code: str | None, interaction: Interaction | None = None) -> Language:
    """Return the language with this code, or else this person's. Raises LanguageUnknown."""
    if code is None and interaction is not None:
        return language(interaction)
    for each in languages():
        if each.code == code:
            return each
    raise LanguageUnknown(language=code)


async def setup(client: StandfirstClient) -> None:
    """Register with the client."""
    client.add_dynamic_items(GuidelinesButton, ShowButton, PageButton, AgainButton, AnewButton, RetireButton)
    client.add_forms(AddForm, EditForm)
    await client.add_cog(GuidelinesCog())
