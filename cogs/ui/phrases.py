"""The saved phrases of a server, in pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.services.phrases import KNOWN
from cogs.ui.buttons import button, view_of
from cogs.ui.text import excerpt, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Language
    from bot.models import Phrase

TEXT_ROOM = 500  # of one phrase, with its escapes


def phrase_line(phrase: Phrase) -> str:
    """Return its name and its text, safe to show."""
    return f"**{plain(phrase.name)}** · {excerpt(phrase.text, TEXT_ROOM)}"


def phrase_list(phrases: Sequence[Phrase], language: Language, *, page: int, more: bool) -> discord.ui.LayoutView:
    """Build a page of the list, by name."""
    if not phrases and not page:
        empty = language.say("There are no saved phrases in this server yet. /phrase add saves one.")
        return view_of(discord.ui.TextDisplay(f"{empty}\n{_hint(language)}"))
    container: discord.ui.Container[Any] = discord.ui.Container()
    container.add_item(discord.ui.TextDisplay("### " + language.say("Saved phrases")))
    for phrase in phrases:
        container.add_item(discord.ui.TextDisplay(phrase_line(phrase)))
    container.add_item(discord.ui.TextDisplay(_hint(language)))
    turns = [button("phrase:page", language, page - 1, label=language.say("Back"))] if page else []
    if more:
        turns.append(button("phrase:page", language, page + 1))
    return view_of(container, *([discord.ui.ActionRow(*turns)] if turns else []))


def _hint(language: Language) -> str:
    return "-# " + language.say("Filled in for each reply: {known}", known=KNOWN)
