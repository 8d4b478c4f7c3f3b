"""Many decisions at once: exactly what will happen, how far it has come, what became of it, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import Action, LeftOut, Outcome
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.names import shown_name
from cogs.ui.reasons import reason_lines
from cogs.ui.text import cut, excerpt, gist

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.i18n import Language
    from bot.models import Article, Bulk, Reply, Tally

TITLE_ROOM = 150
ON_A_PAGE = 10
GIST_ROOM = 120
FAILED = {
    Outcome.DECIDED: N_("{number} was decided meanwhile"),
    Outcome.CHANGED: N_("{number} was changed meanwhile"),
    Outcome.LEFT_OUT: N_("{number} is no longer for you to decide with others"),
    Outcome.LATE: N_("{number} could not be undone any more"),
}


def bulk_preview(
    bulk: Bulk,
    named: int,
    left: Mapping[LeftOut, int],
    language: Language,
    *,
    article: Article | None,
    page: Sequence[Reply],
) -> discord.ui.LayoutView:
    """Say what the button will do, why some are left out, and show the first of those that are meant."""
    lines = [f"**{excerpt(article.page.title, TITLE_ROOM)}**"] if article is not None else []
    lines = [language.say("On {article}", article=line) for line in lines]
    lines.append(_headline(bulk, named, language))
    lines.append(reason_lines(language, guideline=bulk.guideline, passages=(), sentence=bulk.sentence))
    lines += [_left_out(reason, n, language) for reason, n in left.items()]
    return _with_page(bulk, named, "\n".join(filter(None, lines)), page, language, number=0)


def bulk_page(
    bulk: Bulk, named: int, page: Sequence[Reply], language: Language, *, number: int
) -> discord.ui.LayoutView:
    """Show further ones of those that are meant."""
    return _with_page(bulk, named, _headline(bulk, named, language), page, language, number=number)


def bulk_progress(bulk: Bulk, tally: Tally, language: Language) -> discord.ui.LayoutView:
    """Say how far the decisions have come, then how far the publication has; both can go on after a restart."""
    if tally.open:
        line = language.say("Deciding {done} of {all}…", done=tally.named - tally.open, all=tally.named)
        return _with_buttons(line, [_confirm(bulk, language, label=language.say("Go on"))])
    done = tally.done
    line = language.say("Publishing {done} of {all}…", done=done - tally.waiting, all=done)
    return _with_buttons(line, [button("bulk:undo", language, bulk.id)])


def bulk_outcome(bulk: Bulk, tally: Tally, language: Language, *, can_undo: bool = False) -> discord.ui.LayoutView:
    """Say what became of it, or where it stands when nobody can be told any more."""
    if bulk.action == Action.REJECT:
        lines = [language.count("{n} reply is rejected.", "{n} replies are rejected.", tally.done)]
    else:
        lines = [language.count("{n} reply is approved.", "{n} replies are approved.", tally.done)]
        if tally.done:
            lines.append(language.count("{n} of them is published.", "{n} of them are published.", tally.published))
        if tally.waiting:
            lines.append(language.say("The others follow by themselves, unless somebody takes them back."))
    if tally.undone:
        lines.append(language.count("{n} is held again.", "{n} are held again.", tally.undone))
    text = "\n".join(filter(None, [" ".join(lines), _failures(tally, language)]))
    return _with_buttons(text, [button("bulk:undo", language, bulk.id)] if can_undo else [])


def _headline(bulk: Bulk, named: int, language: Language) -> str:
    if bulk.action == Action.REJECT:
        return language.count(
            "**{n}** held reply can be rejected at once.", "**{n}** held replies can be rejected at once.", named
        )
    return language.count(
        "**{n}** held reply can be approved at once.", "**{n}** held replies can be approved at once.", named
    )


def _left_out(reason: LeftOut, n: int, language: Language) -> str:
    return {
        LeftOut.OWN: language.count(
            "{n} is your own and stays held: another moderator decides it.",
            "{n} are your own and stay held: another moderator decides them.",
            n,
        ),
        LeftOut.ANSWER: language.count(
            "{n} answers you and stays held: another moderator decides it.",
            "{n} answer you and stay held: another moderator decides them.",
            n,
        ),
        LeftOut.CONSIDERED: language.count(
            "{n} stays held, since a second opinion is asked for or two moderators differ.",
            "{n} stay held, since second opinions are asked for or two moderators differ.",
            n,
        ),
        LeftOut.CLAIMED: language.count(
            "{n} stays held, since another moderator is at it.", "{n} stay held, since other moderators are at them.", n
        ),
        LeftOut.SEVERE: language.count(
            "{n} stays held, since it may be severe: decide it by its card.",
            "{n} stay held, since they may be severe: decide them by their cards.",
            n,
        ),
        LeftOut.CONTRARY: language.count(
            "{n} stays held, since near-identical ones were decided the other way: decide it by its card.",
            "{n} stay held, since near-identical ones were decided the other way: decide them by their cards.",
            n,
        ),
        LeftOut.UNSEEN: language.count(
            "{n} stays held, since its card does not show its text yet.",
            "{n} stay held, since their cards do not show their text yet.",
            n,
        ),
    }[reason]


def _with_page(
    bulk: Bulk, named: int, head: str, page: Sequence[Reply], language: Language, *, number: int
) -> discord.ui.LayoutView:
    if not named:
        return _with_buttons(head, [])
    parts = [discord.ui.TextDisplay[Any](head), discord.ui.TextDisplay[Any]("\n".join(map(_line, page)))]
    turns = [_confirm(bulk, language)]
    if number:
        turns.append(button("bulk:page", language, bulk.id, number - 1, label=language.say("Back")))
    if (number + 1) * ON_A_PAGE < named:
        turns.append(button("bulk:page", language, bulk.id, number + 1))
    return view_of(*parts, discord.ui.ActionRow(*turns))


def _line(reply: Reply) -> str:
    return cut(f"**#{reply.number}** · {shown_name(reply.author)} · {gist(reply.text, GIST_ROOM)}", 2 * GIST_ROOM)


def _confirm(bulk: Bulk, language: Language, *, label: str | None = None) -> DrawnButton:
    action = "bulk:reject" if bulk.action == Action.REJECT else "bulk:approve"
    return button(action, language, bulk.id, label=label)


def _failures(tally: Tally, language: Language) -> str:
    if not tally.failures:
        return ""
    named = [language.say(FAILED[outcome], number=f"#{number}") for number, outcome in tally.failed]
    rest = tally.failures - len(named)
    more = [language.count("{n} more", "{n} more", rest)] if rest else []
    return "; ".join([*named, *more]) + "."


def _with_buttons(text: str, buttons: Sequence[DrawnButton]) -> discord.ui.LayoutView:
    shown = discord.ui.TextDisplay[Any](text)
    return view_of(shown, discord.ui.ActionRow(*buttons)) if buttons else view_of(shown)
