"""What a person can do here, by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ui import Container, LayoutView, TextDisplay

from bot.i18n import N_
from cogs.ui.buttons import view_of
from cogs.ui.text import DISPLAY_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.i18n import Language

MEMBER, EDITOR, MODERATOR, ADMIN = "member", "editor", "moderator", "admin"
INTRODUCTIONS = {
    MEMBER: N_(
        "## Taking part\n"
        "Press **{join}** under an article, or **{reply}** under a reply in its discussion. "
        "A moderator reads your reply before it appears; until then only you and the moderators can see it. "
        "You get a receipt at once and can change your reply or take it back from there."
    ),
    EDITOR: N_("## Posting articles\nGive me an address, or write the summary yourself. You see a preview first."),
    MODERATOR: N_(
        "## Reviewing\nEvery held reply has a card in the review channel: approve it, reject it, or request changes. "
        "The same can be done with commands."
    ),
    ADMIN: N_("## Looking after it\nChoose channels and roles, and see whether everything works."),
}
NOT_SET_UP = N_("Standfirst is not set up in this server yet. Begin with /setup.")


def help_views(
    commands: Mapping[str, Sequence[tuple[str, str]]], language: Language, *, public: Language, is_set_up: bool
) -> list[LayoutView]:
    """Draw one part for each thing the person is: what they can do, and the commands with what each does.

    As many messages as they need, whole parts in each. `public` is the language of the buttons that everybody sees.
    """
    labels = {"join": public.say("Join the conversation"), "reply": public.say("Reply")}
    parts = [
        _part(audience, commands[audience], language, labels) for audience in INTRODUCTIONS if audience in commands
    ]
    if not is_set_up:
        parts.insert(0, language.say(NOT_SET_UP))
    return [view_of(Container(*(TextDisplay(part) for part in page))) for page in _pages(parts)]


def _pages(parts: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = []
    for part in parts:
        if pages and sum(map(len, [*pages[-1], part])) <= DISPLAY_LIMIT:
            pages[-1].append(part)
        else:
            pages.append([part])
    return pages


def _part(audience: str, commands: Sequence[tuple[str, str]], language: Language, labels: Mapping[str, str]) -> str:
    lines = [f"`/{_translated(name, language)}` — {language.say(description)}" for name, description in commands]
    return "\n".join([language.say(INTRODUCTIONS[audience], **labels), *lines])


def _translated(name: str, language: Language) -> str:
    return " ".join(language.name("command", part) for part in name.split(" "))
