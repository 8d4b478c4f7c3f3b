"""What a card says about the views of two moderators, and how their views are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import Action
from cogs.ui.buttons import button, view_of
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Opinion, Reply, View

SENTENCE_ROOM = 300

VIEWS = {
    Action.APPROVE: N_("approve"),
    Action.REJECT: N_("reject"),
    Action.REQUEST_CHANGES: N_("request changes"),
    Action.DUPLICATE: N_("close as a duplicate"),
}


def opinion_lines(opinion: Opinion | None, language: Language) -> str:
    """Say that another view is asked for, or which two differ; never who asked, nor a view before both are given."""
    if opinion is None:
        return ""
    if opinion.first and opinion.second and opinion.is_disputed:
        first, second = view_word(opinion.first, language), view_word(opinion.second, language)
        return "⚖️ " + language.say(
            "Two moderators disagree. First: {first}; second: {second}.", first=first, second=second
        )
    if opinion.second is not None:
        return ""
    asked = "⚖️ **" + language.say("Second opinion asked") + "**"
    return f"{asked}\n> {excerpt(opinion.sentence, SENTENCE_ROOM)}" if opinion.sentence else asked


def view_word(view: View, language: Language) -> str:
    """Call a view by its button, with the guideline of a rejection."""
    word = language.say(VIEWS[view.action])
    return f"{word} ({language.word(view.guideline)})" if view.guideline is not None else word


def view_choices(language: Language) -> dict[str, str]:
    """Return the three views in a language, for `choice`."""
    return {action.value: language.say(VIEWS[action]) for action in list(VIEWS)[:3]}


def request_card(reply: Reply, language: Language) -> discord.ui.LayoutView:
    """Tell who asked that the request stands, with the button that takes it back."""
    sentence = language.say(
        "Your request for a second opinion on {number} stands. Another moderator gives it by deciding the reply.",
        number=f"#{reply.number}",
    )
    text: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay(sentence)
    return view_of(text, discord.ui.ActionRow(button("opinion:back", language, reply.id)))
