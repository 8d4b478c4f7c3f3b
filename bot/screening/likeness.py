"""How alike two texts are, by their canonical forms."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz

from bot.screening.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable

# Short texts say the same by chance, and one letter turns them round: they are alike only when they are the same.
SHORT = 20
# Of 100, by Levenshtein's ratio. What people change in a text that they send again stays above it.
ALIKE = 88
COPY = 95
COPY_WORDS = 30  # characters: what is shorter, such as thanks, many people write by themselves
SORTED = 400  # up to this length texts are compared without the order of their words, too: it takes longer
# Below that, one other word makes another statement of it.
COPY_LENGTH = 60
_NUMBER = re.compile(r"\d+")
_NEGATIONS = "not no never none nor neither without cannot dont doesnt isnt wont cant t не нет ни никогда без"
_NEGATING = ("dis", "un", "in", "im", "non", "не", "без", "бес")


class Alike(NamedTuple):
    """A text that is near-identical to another."""

    id: int
    score: float  # 100: the same words in the same order
    is_copy: bool  # so near that a moderator needs to read one of the two only


def find_alike(text: str, others: Iterable[tuple[int, str]]) -> list[Alike]:
    """Those of the others (id, canonical form) that are near-identical to this one, the nearest first."""
    found = [_compare(text, other_id, other) for other_id, other in others if _may_be_alike(text, other)]
    return sorted((alike for alike in found if alike is not None), key=lambda alike: (-alike.score, -alike.id))


def _may_be_alike(text: str, other: str) -> bool:
    short, long = sorted((len(text), len(other)))
    return text == other or (short >= SHORT and 2 * short >= ALIKE / 100 * (short + long))


def _compare(text: str, other_id: int, other: str) -> Alike | None:
    if text == other:
        return Alike(other_id, 100, is_copy=len(text) >= COPY_WORDS)
    score = fuzz.ratio(text, other, score_cutoff=ALIKE)
    if not score and len(text) <= SORTED:
        score = fuzz.token_sort_ratio(text, other, score_cutoff=ALIKE)
    if not score:
        return None
    return Alike(other_id, score, is_copy=score >= COPY and _says_the_same(text, other))


def _says_the_same(text: str, other: str) -> bool:
    """False where the numbers or the negations differ: the letters are nearly the same, and the statement is not."""
    mine, theirs = Counter(text.split()), Counter(other.split())
    if mine == theirs:
        return len(text) >= COPY_WORDS
    if min(len(text), len(other)) < COPY_LENGTH or Counter(_NUMBER.findall(text)) != Counter(_NUMBER.findall(other)):
        return False
    changed = (mine - theirs) | (theirs - mine)
    return not changed.keys() & _negations() and not any(_negates(word, changed) for word in changed)


def _negates(word: str, others: Iterable[str]) -> bool:
    return any(word == beginning + other for beginning in _negating() for other in others)


@cache
def _negations() -> frozenset[str]:
    return frozenset(canonical(_NEGATIONS).split())  # as they are spelled in what is compared


@cache
def _negating() -> tuple[str, ...]:
    return tuple(map(canonical, _NEGATING))
