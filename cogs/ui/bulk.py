"""Many decisions at once: what will happen, how far it has come, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.ui.buttons import button, view_of
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Article, Pile

TITLE_ROOM = 150


def bulk_preview(pile: Pile, article: Article | None, language: Language, *, seen_id: int) -> discord.ui.LayoutView:
    """Say what the button will do; `seen_id` is the interaction that this answers: what came later is not meant."""
    lines = [
        language.count(
            "**{n}** held reply can be approved at once.",
            "**{n}** held replies can be approved at once.",
            pile.approvable,
        )
    ]
    if article is not None:
        title = excerpt(article.page.title, TITLE_ROOM)
        lines.insert(0, language.say("On {article}", article=f"**{title}**"))
    if pile.own:
        lines.append(
            language.count(
                "{n} is your own and stays held: another moderator decides it.",
                "{n} are your own and stay held: another moderator decides them.",
                pile.own,
            )
        )
    if pile.unseen:
        lines.append(
            language.count(
                "{n} stays held, since its card does not show its text yet.",
                "{n} stay held, since their cards do not show their text yet.",
                pile.unseen,
            )
        )
    text = discord.ui.TextDisplay[discord.ui.LayoutView]("\n".join(lines))
    if not pile.approvable:
        return view_of(text)
    ids = (article.id if article is not None else 0, seen_id, pile.approvable)
    return view_of(text, discord.ui.ActionRow(button("bulk:approve", language, *ids)))


def bulk_progress(done: int, approved: int, language: Language) -> str:
    """Say how far the publication has come."""
    return language.say("Publishing {done} of {all}…", done=done, all=approved)


def bulk_outcome(approved: int, language: Language, *, published: int, skipped: int) -> str:
    """Say what became of it in the end, or when nobody can be told any more."""
    lines = [language.count("{n} reply is approved.", "{n} replies are approved.", approved)]
    if approved:
        lines.append(language.count("{n} of them is published.", "{n} of them are published.", published))
    if published < approved:
        lines.append(language.say("The others follow by themselves, unless somebody takes them back."))
    if skipped:
        lines.append(
            language.count(
                "{n} was decided or changed meanwhile and is left as it is.",
                "{n} were decided or changed meanwhile and are left as they are.",
                skipped,
            )
        )
    return " ".join(lines)
