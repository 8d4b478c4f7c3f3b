"""The desk: one review card at a time, private to a moderator, and what stands there when none is left."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.models import COUNTED, Filter, ReplyStatus
from bot.outgoing import marks
from cogs.ui.buttons import button, view_of
from cogs.ui.review import review_card
from cogs.ui.text import DISPLAY_LIMIT, cut

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Case, Left, Reply

LINE_LIMIT = 600  # of what became of the reply before
APPROVE = "review:approve:"
_NUMBERS = "([0-9]+):([0-9]+):([0-9]+):([0-9]+)"
_SKIP = re.compile(f"desk:skip:([0-9]+):{_NUMBERS}")
_FILTERS = (_SKIP, re.compile(f"desk:next:(){_NUMBERS}"))


def desk_card(
    case: Case,
    language: Language,
    *,
    wanted: Filter,
    held: int,
    now: datetime,
    news: str = "",
    decided: Reply | None = None,
    offer: str = "",
) -> discord.ui.LayoutView:
    """Put the buttons of the desk on a reply's review card, and above it what became of the one before."""
    # Everything here is this moderator's for now; what is shown once more, as if it were held, must not stand out.
    unclaimed = replace(case, reply=replace(case.reply, claimed_by=None, claimed_until=None))
    card = review_card(unclaimed, language, now=now)
    above = "\n".join(filter(None, (cut(news, LINE_LIMIT), standing_line(wanted, held, language))))
    _make_room(card, len(above) + len(offer))
    reply = case.reply
    for row in [item for item in card.walk_children() if isinstance(item, discord.ui.ActionRow)]:
        if any(str(getattr(item, "custom_id", "")).startswith(APPROVE) for item in row.children):
            row.clear_items()
            for action in ("review:approve", "review:reject", "review:changes"):
                row.add_item(button(action, language, reply.id, reply.revision))
            row.add_item(button("desk:skip", language, reply.id, *wanted.encode()))
            row.add_item(button("review:more", language, reply.id))
    calm: list[discord.ui.Item[Any]] = []
    if offer:
        label = language.say("The calm part")
        to_calm = button("desk:next", language, *replace(wanted, calm=True).encode(), label=label)
        calm = [discord.ui.Section(discord.ui.TextDisplay(offer), accessory=to_calm)]
    return view_of(_above(above, language, decided), *calm, *card.children)


def empty_desk(
    left: Left, language: Language, *, wanted: Filter, news: str = "", decided: Reply | None = None
) -> discord.ui.LayoutView:
    """Say that nothing is left for this moderator, what others have to decide, and how to begin again."""
    lines = [cut(news, LINE_LIMIT), "### " + language.say("Nothing is left for you here.")]
    lines += [*_left_lines(left, language), filter_line(wanted, language)]
    label = language.say("Begin again") if left.skipped else None
    again = button("desk:next", language, *wanted.encode(), label=label)
    return view_of(_above("\n".join(filter(None, lines)), language, decided), discord.ui.ActionRow(again))


def _left_lines(left: Left, language: Language) -> list[str]:
    """Say why each held reply is not shown; a reason that holds for none is left out."""
    lines = {
        "skipped": language.count("You have skipped {n} reply.", "You have skipped {n} replies.", left.skipped),
        "claimed": language.count(
            "Another moderator has {n} reply open.", "Other moderators have {n} replies open.", left.claimed
        ),
        "own": language.count(
            "{n} reply is yours or answers you: somebody else decides it.",
            "{n} replies are yours or answer you: somebody else decides them.",
            left.own,
        ),
        "asked": language.count(
            "You asked for a second opinion on {n} reply: somebody else decides it.",
            "You asked for a second opinion on {n} replies: somebody else decides them.",
            left.asked,
        ),
        "disputed": language.count(
            "Two moderators disagree about {n} reply: somebody else decides it.",
            "Moderators disagree about {n} replies: somebody else decides them.",
            left.disputed,
        ),
    }
    return [line for reason, line in lines.items() if getattr(left, reason)]


def desk_filter(message: discord.Message | None) -> Filter | None:
    """The filter of the desk that a message is; None when it is no desk. A card may offer another filter beside."""
    match = next(filter(None, (_find(pattern, message) for pattern in _FILTERS)), None)
    return Filter.decode(*(int(digits) for digits in match.groups()[1:])) if match is not None else None


def desk_reply(message: discord.Message | None) -> int | None:
    """The id of the reply on the desk that a message is; None when there is none on it."""
    match = _find(_SKIP, message)
    return int(match[1]) if match is not None else None


def _find(pattern: re.Pattern[str], message: discord.Message | None) -> re.Match[str] | None:
    seen = marks(message) if message is not None else ()
    return next(filter(None, (pattern.fullmatch(str(mark)) for mark in seen)), None)


def standing_line(wanted: Filter, held: int, language: Language) -> str:
    """How many replies are held, and which of them are looked at."""
    if held >= COUNTED:
        count = language.say("{n}+ held", n=COUNTED - 1)
    else:
        count = language.count("{n} held", "{n} held", held)
    return " · ".join(filter(None, (f"-# {count}", filter_line(wanted, language, prefix=""))))


def filter_line(wanted: Filter, language: Language, *, prefix: str = "-# ") -> str:
    """Name the conditions of a filter; empty when there are none."""
    names = [
        (wanted.article_id, language.say("one article")),
        (wanted.language, str(wanted.language)),
        (wanted.flagged, language.say("flagged")),
        (wanted.minutes, language.say("waiting for {n} min or longer", n=wanted.minutes)),
        (wanted.first_voices, language.say("first voices")),
        (wanted.mine, language.say("claimed by you")),
        (wanted.calm, language.say("without severe ones")),
    ]
    chosen = ", ".join(name for condition, name in names if condition)
    return prefix + language.say("only: {conditions}", conditions=chosen) if chosen else ""


def _above(text: str, language: Language, decided: Reply | None) -> discord.ui.Item[Any]:
    display = discord.ui.TextDisplay[Any](text)
    if decided is None or decided.status is not ReplyStatus.APPROVED:
        return display
    return discord.ui.Section(display, accessory=button("review:undo", language, decided.id))


def _make_room(card: discord.ui.LayoutView, length: int) -> None:
    """Shorten the last text of a card, which is ours and not the author's when the card is that long."""
    excess = card.content_length() + length - DISPLAY_LIMIT
    if excess > 0:
        last = [item for item in card.walk_children() if isinstance(item, discord.ui.TextDisplay)][-1]
        last.content = cut(last.content, max(len(last.content) - excess, 1))
