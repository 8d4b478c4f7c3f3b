"""A cluster on the card of its root: how many copies wait, and what can be done with all of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.models import ReplyStatus, made_at
from cogs.ui.buttons import DrawnButton, button

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Article, Case

YOUNG = timedelta(days=7)


def cluster_line(case: Case, language: Language, *, now: datetime) -> str:
    """Say "5 copies, 4 accounts younger than 7 days"; empty when the card stands for one reply."""
    if not _is_cluster(case):
        return ""
    authors = {case.reply.author.id, *case.copies}
    young = sum(now - made_at(author_id) < YOUNG for author_id in authors)
    parts = ["**" + language.count("{n} copy", "{n} copies", len(case.copies) + 1) + "**"]
    if young:
        parts.append(
            language.count(
                "{n} account younger than {days} days", "{n} accounts younger than {days} days", young, days=YOUNG.days
            )
        )
    return "\n".join(filter(None, [", ".join(parts), young_line(case.article, language, now=now)]))


def young_line(article: Article, language: Language, *, now: datetime) -> str:
    """Say until when new accounts are held on this article; empty when they are not."""
    if article.young_until is None or article.young_until <= now:
        return ""
    until = f"<t:{int(article.young_until.timestamp())}:f>"
    return language.count(
        "Newer than {n} day: no replies until {until}.",
        "Newer than {n} days: no replies until {until}.",
        article.young_days or 0,
        until=until,
    )


def cluster_buttons(case: Case, language: Language, *, now: datetime) -> list[DrawnButton]:
    """Return what can be done with all copies; nothing on an ordinary card."""
    if not _is_cluster(case):
        return []
    is_held = bool(young_line(case.article, language, now=now))
    return [
        button("cluster:approve", language, case.reply.id, case.reply.revision),
        button("cluster:free" if is_held else "cluster:young", language, case.article.id),
    ]


def _is_cluster(case: Case) -> bool:
    return bool(case.copies) and case.reply.status is ReplyStatus.PENDING
