"""Durations as people write them: "3 days", "2h", "1 day 12 hours", and so in every language shipped."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache

from babel.units import format_unit

from bot.errors import DurationInvalid
from bot.i18n import languages

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=365)
UNITS = {
    "week": timedelta(weeks=1),
    "day": timedelta(days=1),
    "hour": timedelta(hours=1),
    "minute": timedelta(minutes=1),
}
# What people type and Unicode's tables of words do not have.
SHORT = {
    "week": "w wk wks н нед неделю",
    "day": "d д дн сут сутки суток",
    "hour": "h hr hrs ч час",
    "minute": "m min mins м мин минуту",
}
LAST_FORM = 21  # the forms of a word for every number up to here are all there are
_PART = re.compile(r"([0-9]{1,6})\s*([^\W\d_]+)\.?[\s,]*(?:\b(?:and|и)\s+(?=[0-9]))?")


def read(typed: str, *, longest: timedelta = LONGEST) -> timedelta:
    """Return what a person has typed. Raises DurationInvalid."""
    try:
        length = parse(typed)
    except ValueError:
        raise DurationInvalid(value=typed.strip()[:50], days=longest.days) from None
    if not SHORTEST <= length <= longest:
        raise DurationInvalid(value=typed.strip()[:50], days=longest.days)
    return length


def parse(typed: str) -> timedelta:
    """Return the sum of the parts. Raises ValueError."""
    text, words = typed.strip().lower(), _words()
    parts = list(_PART.finditer(text))
    if not parts or "".join(part[0] for part in parts) != text or any(part[2] not in words for part in parts):
        raise ValueError(typed)
    return sum((int(part[1]) * UNITS[words[part[2]]] for part in parts), timedelta())


def spell(length: timedelta, code: str = "en") -> str:
    """Return "1 day" or "36 hours": in the largest unit that needs no second one, in a language."""
    unit = next((unit for unit in UNITS if length >= UNITS[unit] and not length % UNITS[unit]), "minute")
    return format_unit(length // UNITS[unit], f"duration-{unit}", length="long", locale=code)


@cache
def _words() -> dict[str, str]:
    """Word → unit, in all languages and numbers, long and short."""
    found = {word: unit for unit, words in SHORT.items() for word in words.split()}
    for language in languages():
        for unit in UNITS:
            for n in range(1, LAST_FORM):
                for style in ("long", "short"):
                    text = format_unit(n, f"duration-{unit}", length=style, locale=language.code)
                    found[re.sub(r"[\d\s.]", "", text).lower()] = unit
    return found
