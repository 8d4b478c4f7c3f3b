"""The wizard of `/setup`: what it will do, what is chosen, what the self-check found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord.ui import ActionRow, Container, LayoutView, Separator, TextDisplay

from bot.i18n import N_
from cogs.ui.buttons import view_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.i18n import Language
    from cogs.facts import Fact

ACCENT = discord.Colour(0x2F6F8F)
MARKS = {True: "✅", False: "❌", None: "ℹ️"}
LINE_LIMIT = 3000  # of all facts, which share the message's 4,000 characters with the rest

TITLE = N_("## Set up Standfirst")
INTRODUCTION = N_(
    "I post articles in one channel and open a discussion under each, where members reply through buttons alone. "
    "Every reply is held in a second channel, which members cannot see, until a moderator approves it. "
    "“Make it for me” makes both channels and the roles Moderator and Editor, and seals the channel for articles."
)
CHOOSE = N_("**Or choose what you already have.** I seal or hide a channel as soon as you choose it.")
GREEN = N_("**Everything is ready.** An editor can post the first article with /article post.")
RED = N_("**Not ready yet.** Each line with ❌ says what to do.")
CHECK = N_("## Self-check")


def setup_view(
    language: Language,
    facts: Sequence[Fact] = (),
    *,
    buttons: Iterable[discord.ui.Item[Any]],
    selects: Iterable[discord.ui.Item[Any]],
) -> LayoutView:
    """Draw the wizard; its buttons and selects come from the cog that answers them."""
    parts: list[discord.ui.Item[Any]] = [
        TextDisplay(f"{language.say(TITLE)}\n{language.say(INTRODUCTION)}"),
        ActionRow(*buttons),
        TextDisplay(language.say(CHOOSE)),
        *(ActionRow(select) for select in selects),
    ]
    if facts:
        parts += [Separator(), TextDisplay(fact_lines(facts, language))]
    return _message(parts)


def check_view(facts: Sequence[Fact], language: Language) -> LayoutView:
    """Draw what `/check` found."""
    return _message([TextDisplay(language.say(CHECK)), TextDisplay(fact_lines(facts, language))])


def fact_lines(facts: Sequence[Fact], language: Language) -> str:
    """Write the facts, what is wrong first, and the verdict."""
    ordered = sorted(facts, key=lambda fact: fact.holds is not False)
    lines = [f"{MARKS[fact.holds]} {language.say(fact.sentence, **fact.values)}" for fact in ordered]
    verdict = RED if any(fact.holds is False for fact in facts) else GREEN
    return "\n".join([_cut(lines), "", language.say(verdict)])


def _cut(lines: list[str]) -> str:
    while len("\n".join(lines)) > LINE_LIMIT:
        lines = [*lines[:-2], "…"]
    return "\n".join(lines)


def _message(parts: Iterable[discord.ui.Item[Any]]) -> LayoutView:
    return view_of(Container(*parts, accent_colour=ACCENT))
