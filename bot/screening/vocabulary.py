"""Words that break a guideline, in English and Russian, also when they are disguised."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from bot.models import Flag, Guideline
from bot.screening.tracing import simplify, trace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.screening.tracing import Traced

CHECK = "vocabulary"
_SECTION = re.compile(r"\[(\w+) ([12])\]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[a-z]")
_REPEATED = re.compile(r"([^\W_])(\1*)")
# f u c k, f.u.c.k: single letters with one or two signs between them.
_SPELLED = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,2}[^\W_](?![^\W_])){2,40}")


class _List(NamedTuple):
    """The entries of one script, guideline and severity as one expression."""

    guideline: Guideline
    severity: int
    is_cyrillic: bool
    entry: re.Pattern[str]  # one of them
    word: re.Pattern[str]  # one of them, as a word of its own


def check(text: str) -> Iterator[Flag]:
    """Find whole words of the lists, each span once."""
    traced, found = trace(text), set[tuple[int, int]]()
    spelled = {is_cyrillic: list(_spelled(traced, is_cyrillic=is_cyrillic)) for is_cyrillic in (False, True)}
    for words in _lists():
        spelling = traced.cyrillic if words.is_cyrillic else traced.latin
        spans = [match.span() for match in words.word.finditer(spelling)]
        spans += [span for joined, span in spelled[words.is_cyrillic] if words.entry.fullmatch(joined)]
        script = _CYRILLIC if words.is_cyrillic else _LATIN
        for begin, end in spans:
            span = traced.span(begin, end)
            # Digits alone are no word, and what looks like a word of the other script is one of that script.
            if span not in found and script.search(traced.plain, begin, end):
                found.add(span)
                yield Flag(CHECK, words.guideline, words.severity, *span)


def _spelled(traced: Traced, *, is_cyrillic: bool) -> Iterator[tuple[str, tuple[int, int]]]:
    spelling = traced.cyrillic if is_cyrillic else traced.latin
    for match in _SPELLED.finditer(spelling):
        yield "".join(char for char in match.group() if char.isalnum()), match.span()


@cache
def _lists() -> tuple[_List, ...]:
    """Every list, the severe ones first."""
    entries: dict[tuple[str, int, bool], list[str]] = {}
    for name in ("en.txt", "ru.txt"):
        section = ("", 0)
        for line in files("bot.screening").joinpath("words", name).read_text("utf-8").splitlines():
            if match := _SECTION.fullmatch(line):
                section = (match[1], int(match[2]))
            elif line and not line.startswith("#"):
                entries.setdefault((*section, bool(_CYRILLIC.search(line))), []).append(_expression(line))
    lists = [
        _List(Guideline(guideline), severity, is_cyrillic, re.compile(joined), _word(joined))
        for (guideline, severity, is_cyrillic), lines in entries.items()
        for joined in ["|".join(lines)]
    ]
    return tuple(sorted(lists, key=lambda words: -words.severity))


def _word(joined: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{joined})(?![^\W_])")


def _expression(entry: str) -> str:
    """What an entry finds: a letter stands for as many of it as were typed, two of them for two or more."""
    repeated = _REPEATED.sub(lambda run: f"{run[1]}{{{len(run[0])},}}", simplify(entry))
    return repeated.replace("(", "(?:").replace("*", r"[^\W_]*").replace(" ", r"[\W_]{1,5}")
