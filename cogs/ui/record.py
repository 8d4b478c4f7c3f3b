"""Who an author is to the moderators: how earlier replies were decided, since when they are here, their share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import MOST_COUNTED, made_at

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Case, Record

GUIDELINES_SHOWN = 2


def record(record: Record, language: Language) -> str:
    """Say how the author's earlier replies were decided: "3 published, 1 rejected (spam)"."""
    if not record.published and not record.rejected:
        return language.say("first reply here") if record.here <= 1 else language.say("none decided yet")
    published = language.count("{n} published", "{n} published", record.published)
    rejected = language.count("{n} rejected", "{n} rejected", record.rejected)
    rules = ", ".join(language.word(guideline) for guideline, _ in record.guidelines[:GUIDELINES_SHOWN])
    return f"{published}, {rejected}" + (f" ({rules})" if rules else "")


def standing_lines(case: Case, language: Language) -> list[str]:
    """Say since when the author is a member and has an account, and how much of the discussion is theirs."""
    author = case.reply.author
    joined = language.say("joined {when}", when=_ago(author.joined_at)) if author.joined_at else None
    account = language.say("account made {when}", when=_ago(made_at(author.id)))
    lines = ["-# " + " · ".join(filter(None, (joined, account)))]
    if case.record.here > 1:  # the reply itself is one
        of = f"{MOST_COUNTED}+" if case.record.of >= MOST_COUNTED else case.record.of
        lines.append("-# " + language.say("{here} of {of} replies in this discussion", here=case.record.here, of=of))
    return lines


def _ago(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
