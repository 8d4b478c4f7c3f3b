"""Near-identical replies and how they were decided, as a moderator reads it before deciding."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import discord

from bot.models import Action, ReplyStatus
from bot.services.precedents import against
from bot.storage.likenesses import APPROVED
from cogs.ui.buttons import button, view_of
from cogs.ui.text import link, message_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.errors import AgainstPrecedents
    from bot.i18n import Language
    from bot.models import Case, Precedent

NUMBERS_SHOWN = 5


def similar_line(case: Case, language: Language) -> str:
    """Say "Like this: 3 approved, 1 rejected (personal attack): #812 #790"; empty without precedents."""
    if not case.precedents:
        return ""
    how, numbers = _how(case.precedents, language), _numbers(case.precedents, case.reply.server_id)
    return language.say("Like this: {how}: {numbers}", how=how, numbers=numbers)


def precedent_warning(case: Case, language: Language) -> str:
    """Warn before a rejection that contradicts three precedents or more; empty when there is nothing to warn of."""
    contradicted = against(case.precedents, Action.REJECT)
    return _warning(contradicted, case.reply.server_id, language) if contradicted else ""


def ask_despite(error: AgainstPrecedents, language: Language, *, action: str) -> discord.ui.LayoutView:
    """Ask once whether to approve all the same; `action` is the button that does."""
    sentence = _warning(error.precedents, error.reply.server_id, language)
    question = language.say("Approve {number} all the same?", number=f"#{error.reply.number}")
    again = button(action, language, error.reply.id, error.reply.revision)
    return view_of(discord.ui.TextDisplay(f"⚠️ {sentence}\n{question}"), discord.ui.ActionRow(again))


def _warning(contradicted: Sequence[Precedent], server_id: int, language: Language) -> str:
    return language.count(
        "{n} near-identical reply was decided the other way ({how}): {numbers}.",
        "{n} near-identical replies were decided the other way ({how}): {numbers}.",
        len(contradicted),
        how=_how(contradicted, language),
        numbers=_numbers(contradicted, server_id),
    )


def _how(precedents: Sequence[Precedent], language: Language) -> str:
    """Count them: "3 approved, 1 rejected (personal attack)"."""
    by_status = Counter(each.status for each in precedents)
    parts: list[str] = []
    if approved := sum(by_status[status] for status in APPROVED):
        parts.append(language.count("{n} approved", "{n} approved", approved))
    if rejected := by_status[ReplyStatus.REJECTED]:
        rules = Counter(each.guideline for each in precedents if each.guideline is not None)
        why = ", ".join(language.word(rule) for rule, _ in rules.most_common())
        parts.append(language.count("{n} rejected", "{n} rejected", rejected) + (f" ({why})" if why else ""))
    if removed := by_status[ReplyStatus.REMOVED]:
        parts.append(language.count("{n} removed", "{n} removed", removed))
    return ", ".join(parts)


def _numbers(precedents: Sequence[Precedent], server_id: int) -> str:
    """Name them, the newest first, with links to those that can be read in the discussion."""
    shown = [
        link(f"#{each.number}", message_url(server_id, each.thread_id, each.message_id))
        if each.thread_id and each.message_id
        else f"#{each.number}"
        for each in precedents[:NUMBERS_SHOWN]
    ]
    return " ".join(shown) + (" …" if len(precedents) > NUMBERS_SHOWN else "")
