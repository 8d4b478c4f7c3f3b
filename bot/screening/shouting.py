"""Shouting: a text that stands in capitals for the most part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Flag, Guideline

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECK = "shouting"
FEWEST_LETTERS = 20  # an abbreviation or a name is not shouted
SHARE = 0.7


def check(text: str) -> Iterator[Flag]:
    """Flag the text from its first to its last capital."""
    capitals = [place for place, char in enumerate(text) if char.isupper()]
    small = sum(map(str.islower, text))
    if len(capitals) >= FEWEST_LETTERS and len(capitals) >= SHARE * (len(capitals) + small):
        yield Flag(CHECK, Guideline.DISRESPECT, 1, capitals[0], capitals[-1] + 1 - capitals[0])
