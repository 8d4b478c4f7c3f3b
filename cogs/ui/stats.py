"""The moderators' work in figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.i18n import N_
from bot.models import Action
from bot.services.agreement import by_guideline, overall
from cogs.ui.buttons import view_of
from cogs.ui.replies import QUIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Language
    from bot.models import View, Workload
    from bot.services.agreement import Agreement

SHOWN = 20  # moderators: the ones who decided most

# In one form for every number, so that a line stays short.
DONE = {
    Action.APPROVE: N_("approved {n}"),
    Action.REJECT: N_("rejected {n}"),
    Action.REQUEST_CHANGES: N_("changes requested {n}"),
    Action.DUPLICATE: N_("duplicates {n}"),
    Action.REMOVE: N_("removed {n}"),
    Action.RESTORE: N_("restored {n}"),
}


def moderation_stats(work: Workload, pairs: Sequence[tuple[View, View]], language: Language) -> discord.ui.LayoutView:
    """Say who decided how much, how long it took, and how far two moderators agree."""
    parts = [
        "### " + language.count("Moderation in the last {n} day", "Moderation in the last {n} days", work.days),
        _work(work, language),
        "**" + language.say("Appeals") + "**\n" + _appeals(work, language),
        "**" + language.say("Agreement (Cohen’s kappa: 1 always, 0 as by chance)") + "**\n" + _alike(pairs, language),
    ]
    container: discord.ui.Container[discord.ui.LayoutView] = discord.ui.Container(accent_colour=QUIET)
    for part in parts:
        container.add_item(discord.ui.TextDisplay(part))
    return view_of(container)


def _work(work: Workload, language: Language) -> str:
    if not work.decisions:
        return language.say("Nothing was decided.")
    lines = [
        f"<@{moderator_id}>: "
        + ", ".join(language.say(DONE[action], n=done[action]) for action in DONE if action in done)
        for moderator_id, done in list(work.decisions.items())[:SHOWN]
    ]
    if (more := len(work.decisions) - SHOWN) > 0:
        lines.append(language.count("and {n} more", "and {n} more", more))
    if work.usual_wait is not None:
        wait = language.duration(work.usual_wait)
        lines.append(language.say("Half of the replies were decided within {wait}.", wait=wait))
    return "\n".join(lines)


def _appeals(work: Workload, language: Language) -> str:
    """Say how many appeals were decided, and which share was upheld: of all, and by the guideline of the decision."""
    if not work.appeals:
        return language.say("None was decided.")
    counts = work.appeals.values()
    total = (sum(decided for decided, _ in counts), sum(upheld for _, upheld in counts))
    lines = [_share(language.say("overall"), *total, language)]
    for guideline, found in list(work.appeals.items())[:SHOWN]:
        what = language.word(guideline) if guideline is not None else language.say("no guideline")
        lines.append(_share(what, *found, language))
    return "\n".join(lines)


def _share(what: str, decided: int, upheld: int, language: Language) -> str:
    share = round(100 * upheld / decided)
    return f"{what}: " + language.count(
        "{n} decided, {upheld} upheld ({share} %)", "{n} decided, {upheld} upheld ({share} %)", decided,
        upheld=upheld, share=share,
    )  # fmt: skip


def _alike(pairs: Sequence[tuple[View, View]], language: Language) -> str:
    lines = [_agreement(language.say("overall"), overall(pairs), language)]
    lines += [_agreement(language.word(each), found, language) for each, found in by_guideline(pairs).items()]
    return "\n".join(lines)


def _agreement(what: str, found: Agreement, language: Language) -> str:
    figure = language.say("too few to tell") if found.kappa is None else f"{found.kappa:.2f}"
    return f"{what}: {figure} · " + language.count("{n} pair", "{n} pairs", found.pairs)
