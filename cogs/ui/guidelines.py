"""The comment guidelines as people read them: privately in pages, posted in a channel, or as a link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ui import ActionRow, Container, Separator, TextDisplay

from bot.guidelines import EXAMPLES_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from bot.i18n import N_
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.forms import kept
from cogs.ui.text import excerpt, fit, link, message_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.guidelines import Book
    from bot.i18n import Language
    from bot.models import Guideline, GuidelineCard, Wording

TITLE = N_("## Comment guidelines")
NOTICE = N_(
    "All comments are reviewed by a moderator. "
    "Do not submit your comment more than once or it may be identified as spam. "
    "Please treat others with respect. Comments containing hate speech, obscenity, and personal attacks "
    "will not be approved."
)
FURTHER = N_("A rejection names the guideline. What a moderator decides is about the text, not about you.")
PLEASE_READ = N_("Please read the guidelines before you write; you are asked this once, until they change.")
NOT_WORDED = N_(
    "You have not worded it in every language yet ({languages}). "
    "To do so, use /guidelines edit and choose the language."
)
PAGE_ROOM = 3000  # characters of the guidelines on one page
POSTED_ROOM = 3200  # of all of them in a channel, where each gets an equal share
KEPT_LENGTHS = (120, 1200, 800, 800)  # of title, text and examples: together they fit into one message
INK = discord.Colour(0x2B5D8A)


def guidelines_page(
    book: Book, language: Language, *, page: int = 0, before: tuple[int, int] | None = None, news: str = ""
) -> discord.ui.LayoutView:
    """Draw a page for one person; `before` are article and parent of the reply that they are about to write."""
    pages = _pages([_entry(book.wording(each, language), language) for each in book.in_force])
    number = min(page, len(pages) - 1)
    container: Container[Any] = Container(accent_colour=INK)
    if not number:
        container.add_item(TextDisplay(f"{language.say(TITLE)}\n{language.say(NOTICE)}")).add_item(Separator())
    container.add_item(TextDisplay("\n\n".join(pages[number])))
    container.add_item(TextDisplay(f"-# {language.say(FURTHER)}"))
    head = [news] if news else []
    ids, row = before or (0, 0), list[DrawnButton]()
    if number:
        row.append(button("guidelines:page", language, number - 1, *ids, label=language.say("Back")))
    if number + 1 < len(pages):
        row.append(button("guidelines:page", language, number + 1, *ids))
    elif before:
        row.append(button("guidelines:read", language, book.version, *ids))
    return view_of(*map(TextDisplay[Any], head), container, *([ActionRow(*row)] if row else []))


def posted_guidelines(book: Book, language: Language, card_id: int) -> discord.ui.LayoutView:
    """Draw what stands in a channel; the button shows everybody the whole in their own language."""
    room = POSTED_ROOM // len(book.in_force)
    lines = []
    for each in book.in_force:
        wording = book.wording(each, language)
        title = f"**{_sentence(excerpt(wording.title, 2 * TITLE_LENGTH))}**"
        lines.append(f"{title}: {excerpt(wording.text, max(room - len(title) - 3, TITLE_LENGTH))}")
    return view_of(
        Container(
            TextDisplay(f"{language.say(TITLE)}\n{language.say(NOTICE)}"),
            Separator(),
            TextDisplay("\n".join(lines)),
            TextDisplay(f"-# {language.say(FURTHER)}"),
            ActionRow(button("guidelines:show", language, card_id)),
            accent_colour=INK,
        )
    )


def guidelines_line(card: GuidelineCard | None, language: Language) -> str:
    """Say where the guidelines can be read: where they are posted, or by which command."""
    if card is None or card.message_id is None:
        return language.say("The comment guidelines: /guidelines show")
    address = message_url(card.server_id, card.channel_id, card.message_id)
    return language.say("The comment guidelines: {link}", link=link(language.say("read them here"), address))


def guideline_saved(wording: Wording, lacking: Sequence[Language], language: Language) -> discord.ui.LayoutView:
    """Show an administrator what members read from now on; `lacking` are the languages it has no words in."""
    lines = [language.say("Saved. Before their next reply members are asked to read the guidelines as they are now.")]
    if lacking:
        named = ", ".join(language.name_of(each.code) for each in lacking)
        lines.append("-# " + language.say(NOT_WORDED, languages=named))
    return view_of(TextDisplay("\n".join(lines)), Container(TextDisplay(_entry(wording, language)), accent_colour=INK))


def ask_retire(book: Book, guideline: Guideline, language: Language) -> discord.ui.LayoutView:
    """Show what would be retired, and the button that does it."""
    asked = language.say(
        "Retire this guideline? Nobody can reject under it any more; what was decided under it stays as it is."
    )
    row: ActionRow[Any] = ActionRow(button("guidelines:retire", language, book.places[guideline], book.version))
    entry = _entry(book.wording(guideline, language), language)
    return view_of(TextDisplay(asked), Container(TextDisplay(entry), accent_colour=INK), row)


def returned_guideline(sentence: str, typed: Sequence[str], again: DrawnButton) -> discord.ui.LayoutView:
    """Give an administrator back what they typed, with the button that opens the form with it."""
    fitting = [text[:longest] for text, longest in zip(typed, KEPT_LENGTHS, strict=True)]
    parts = [part for place, text in enumerate(fitting) for part in kept(text, place=place)]
    return view_of(TextDisplay(sentence), *parts, ActionRow(again))


def _entry(wording: Wording, language: Language) -> str:
    lines = [
        f"**{_sentence(excerpt(wording.title, 2 * TITLE_LENGTH))}**",
        fit(wording.text, 2 * TEXT_LENGTH),
    ]
    if wording.covered:
        examples = excerpt(wording.covered, 2 * EXAMPLES_LENGTH)
        lines.append("-# " + language.say("Not allowed: {examples}", examples=examples))
    if wording.uncovered:
        examples = excerpt(wording.uncovered, 2 * EXAMPLES_LENGTH)
        lines.append("-# " + language.say("Allowed: {examples}", examples=examples))
    return "\n".join(filter(None, lines))


def _pages(entries: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    for entry in entries:
        if pages[-1] and sum(map(len, pages[-1])) + len(entry) > PAGE_ROOM:
            pages.append([])
        pages[-1].append(entry)
    return pages


def _sentence(word: str) -> str:
    return word[:1].upper() + word[1:]
