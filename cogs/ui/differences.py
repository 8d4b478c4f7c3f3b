"""What an author has changed, word by word: struck through what is gone, in bold what is new."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

from cogs.ui.text import cut, one_line, plain

KEPT = 5  # unchanged words that are shown on each side of a change
LEAST_LEFT_OUT = 4  # fewer are not worth an ellipsis
RUN = 400  # characters of one change
ROOM_FOR_END = 8
MOST_PAIRS = 20_000  # of equal words: comparing takes longer than anybody may hold the bot up for beyond that

_PUNCTUATION = r".,;:!?…\"“”„«»()\[\]’'–—-"
# A word with the space before it; what stands inside a word belongs to it, as in an address.
_TOKEN = re.compile(rf"(\s*)([{_PUNCTUATION}]+|[^\s{_PUNCTUATION}](?:\S*[^\s{_PUNCTUATION}])?)")

Token = tuple[str, str]  # the space before it, the word


def difference(before: str, after: str, room: int) -> str:
    """Mark the changes in the later text, on one line, escaped, in at most so many characters; empty: none to see.

    Long stretches that are the same are left out. The marks stand around escaped words, so that no author can make
    or break one.
    """
    old, new = _tokens(before), _tokens(after)
    changes, runs = _changes(old, new), list[tuple[str, str]]()
    for place, (what, a, b, c, d) in enumerate(changes):
        if what == "equal":
            runs.append(("", _shortened(new[c:d], is_first=place == 0, is_last=place == len(changes) - 1)))
        else:
            runs += [(mark, _joined(words, RUN)) for mark, words in (("~~", old[a:b]), ("**", new[c:d])) if words]
    if all(not mark for mark, _ in runs):
        return ""
    line = _within(runs, room - len("\u2068\u2069"))
    is_mixed = any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line)
    return f"\u2068{line}\u2069" if is_mixed else line


def _tokens(text: str) -> list[Token]:
    return [(match[1], match[2]) for match in _TOKEN.finditer(f" {one_line(text)}")]


def _changes(old: list[Token], new: list[Token]) -> list[tuple[str, int, int, int, int]]:
    """What `SequenceMatcher.get_opcodes` gives; for two texts that repeat one word endlessly only where they differ."""
    first, second = [word for _, word in old], [word for _, word in new]
    counts = Counter(second)
    if sum(count * counts[word] for word, count in Counter(first).items()) <= MOST_PAIRS:
        return [*SequenceMatcher(None, first, second, autojunk=False).get_opcodes()]
    begin = _count_same(first, second)
    end = _count_same(first[begin:][::-1], second[begin:][::-1])
    a, b = len(old) - end, len(new) - end
    return [("equal", 0, begin, 0, begin), ("replace", begin, a, begin, b), ("equal", a, len(old), b, len(new))]


def _count_same(first: list[str], second: list[str]) -> int:
    """How many words they have in common at the beginning."""
    pairs = zip(first, second, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))


def _shortened(tokens: list[Token], *, is_first: bool, is_last: bool) -> str:
    before, after = (0 if is_first else KEPT), (0 if is_last else KEPT)
    if len(tokens) - before - after < LEAST_LEFT_OUT:
        return _joined(tokens)
    end = _joined(tokens[len(tokens) - after :])
    return f"{_joined(tokens[:before])} …{end}"


def _joined(tokens: list[Token], room: int | None = None) -> str:
    text = "".join(space + word for space, word in tokens)
    return _escaped(text if room is None else cut(text, room))


def _escaped(text: str) -> str:
    """Escape, addresses too: a link would take in the mark that stands behind it."""
    return ":\\//".join(map(plain, text.split("://")))


def _within(runs: list[tuple[str, str]], room: int) -> str:
    """One line of runs: (mark, escaped words with the space before them). A mark stands close to its words."""
    line = ""
    for mark, words in runs:
        gap = " " if words.startswith(" ") else ""
        piece = f"{gap}{mark}{words.lstrip(' ')}{mark}"
        if len(line) + len(piece) > room - ROOM_FOR_END:
            return f"{line} …".strip()
        line += piece
    return line.strip()
