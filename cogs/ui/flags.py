"""Flags on a review card: what the checks suspect, and the words that raised it, marked in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.screening import links, shouting, vocabulary
from cogs.ui.text import BODY_LIMIT, body, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.i18n import Language
    from bot.models import Case, Flag, Guideline

WORD_ROOM = 40
WORDS_SHOWN = 4
MOST_MARKED = 20
WHAT = {links.CHECK: N_("links"), shouting.CHECK: N_("written in capitals")}
# Where our marks would change what the author's own do, the words are named below the text only.
_DELICATE = re.compile(r"[`_\\]|\|\|")
_ADDRESS = re.compile(r"(?:https?|discord):\S+", re.IGNORECASE)


def marked_body(case: Case) -> str:
    """Return the text as it will be published, with the words underlined that a check has found."""
    text = case.reply.text
    plain = body(text)
    if _DELICATE.search(text):
        return plain
    for start, end in sorted(_spans(case), reverse=True)[:MOST_MARKED]:
        text = f"{text[:start]}__{text[start:end]}__{text[end:]}"
    marked = body(text)
    return marked if len(marked) <= BODY_LIMIT else plain


def flag_lines(case: Case, language: Language) -> list[str]:
    """Say what is suspected, a guideline a line; words of a blurred text are blurred, too."""
    lines: dict[Guideline, list[str]] = {}
    for flag in case.flags:
        if flag.guideline is not None:
            lines.setdefault(flag.guideline, []).append(_what(flag, case, language))
    said = [f"⚑ {language.word(guideline)}: {_list(words)}" for guideline, words in lines.items()]
    failed = [flag.check for flag in case.flags if flag.guideline is None]
    if failed:
        checks = ", ".join(failed)
        said.append("⚑ " + language.say("A check failed ({checks}): please look closely.", checks=checks))
    return said


def _what(flag: Flag, case: Case, language: Language) -> str:
    if flag.check in WHAT:
        return language.say(WHAT[flag.check])
    word = language.say("“{word}”", word=excerpt(flag.matched(case.reply.text), WORD_ROOM))
    return f"||{word}||" if case.reply.blurred else word


def _list(words: Iterable[str]) -> str:
    different = list(dict.fromkeys(words))
    return ", ".join(different[:WORDS_SHOWN]) + (" …" if len(different) > WORDS_SHOWN else "")


def _spans(case: Case) -> Iterator[tuple[int, int]]:
    """Where the words stand that are marked: on one line, not in an address, none inside another."""
    text, last = case.reply.text, 0
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    for flag in sorted(case.flags, key=lambda flag: flag.start):
        start, end = flag.start, flag.start + flag.length
        is_in_address = any(start < stop and begin < end for begin, stop in addresses)
        if flag.check == vocabulary.CHECK and start >= last and "\n" not in text[start:end] and not is_in_address:
            yield start, end
            last = end
