"""A text folded character by character, so that what is found in it can be shown where it stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from bot.screening.folding import look_alikes

_LATIN_DIGITS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
_CYRILLIC_LOOKS = dict(zip("abcehkmoprtuxy0346@", "авсенкморгтихуозчба", strict=True))


@dataclass(frozen=True, slots=True)
class Traced:
    """The same text in three spellings of equal length, and where each of their characters stood."""

    plain: str  # small letters without accents
    latin: str  # the same, with what looks like a Latin letter as that letter
    cyrillic: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original text a part of these spellings begins, and how long it is there."""
        first = self.places[start]
        return first, self.places[end - 1] + 1 - first


def trace(text: str) -> Traced:
    """Fold a text: case, accents, widths, look-alikes, digits for letters, and what nobody sees between letters."""
    letters, places = list[str](), list[int]()
    for place, char in enumerate(text):
        for letter in _simplify(char):
            letters.append(letter)
            places.append(place)
    plain = "".join(letters)
    return Traced(plain, plain.translate(_to_latin()), plain.translate(_to_cyrillic()), tuple(places))


def simplify(text: str) -> str:
    """A text as it stands in `Traced.plain`."""
    return "".join(map(_simplify, text))


@lru_cache(maxsize=4096)
def _simplify(char: str) -> str:
    if char.isspace():
        return " "
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] not in "MC")


@cache
def _to_latin() -> dict[int, str]:
    return str.maketrans(look_alikes() | _LATIN_DIGITS)


@cache
def _to_cyrillic() -> dict[int, str]:
    return str.maketrans(_CYRILLIC_LOOKS)
