"""When replies appear: what a review card, an article's card, a receipt and an editor are told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Article, Case


def appearance_line(case: Case, language: Language) -> str:
    """Say when an approved reply appears."""
    if case.reply.appears_at is None:
        return language.say("Waiting to appear in the discussion.")
    when = f"<t:{int(case.reply.appears_at.timestamp())}:R>"
    if case.article.letters_minutes is None:
        return language.say("Appears {when}; until then Undo takes it back.", when=when)
    return language.say("Appears {when}, together with others; until then Undo takes it back.", when=when)


def letters_line(minutes: int, language: Language) -> str:
    """Say that approved replies appear together."""
    return language.count(
        "Approved replies appear together, at intervals of {n} minute.",
        "Approved replies appear together, at intervals of {n} minutes.",
        minutes,
    )


def letters_changed(article: Article, language: Language, *, hastened: int) -> str:
    """Tell an editor what they have chosen."""
    if article.letters_minutes:
        return letters_line(article.letters_minutes, language)
    lines = [language.say("Each approved reply appears by itself from now on.")]
    if hastened:
        lines.append(language.count("{n} that was waiting appears now.", "{n} that were waiting appear now.", hastened))
    return " ".join(lines)
