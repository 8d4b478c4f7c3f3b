"""The queue of held replies as one moderator sees it: which part of it, and what is left when it is empty."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

COUNTED = 50  # counts go no further, so that they cost the same however many replies are held
LONGEST_WAIT = 525_600  # minutes: a year
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,4})?")
_MARKS = ("flagged", "first_voices", "mine", "calm")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which held replies are looked at; each condition narrows."""

    article_id: int | None = None
    language: str | None = None  # of the author's Discord: "ru", "en-US"
    minutes: int = 0  # that they have waited at least
    flagged: bool = False
    first_voices: bool = False  # of who had said nothing on the article before
    mine: bool = False  # that this moderator has claimed
    calm: bool = False  # no severe ones

    def encode(self) -> tuple[int, int, int, int]:
        """The filter as four numbers, of which a custom_id is made."""
        marks = sum(1 << place for place, name in enumerate(_MARKS) if getattr(self, name))
        language = int.from_bytes((self.language or "").encode("ascii"), "big")
        return self.article_id or 0, language, self.minutes, marks

    @classmethod
    def decode(cls, article_id: int, language: int, minutes: int, marks: int) -> Self:
        """Read them back; what nobody can have encoded is no condition."""
        locale = language.to_bytes((language.bit_length() + 7) // 8, "big").decode("ascii", "replace")
        return cls(
            article_id=article_id or None,
            language=locale if _LOCALE.fullmatch(locale) else None,
            minutes=min(minutes, LONGEST_WAIT),
            **{name: bool(marks >> place & 1) for place, name in enumerate(_MARKS)},
        )


@dataclass(frozen=True, slots=True)
class Left:
    """Held replies that a moderator is not shown, and why; none is counted further than `COUNTED`."""

    skipped: int = 0  # a while ago
    claimed: int = 0  # others are looking at them
    own: int = 0  # they wrote them, or what these answer
    asked: int = 0  # they wait for a second opinion
    disputed: int = 0  # two moderators disagree about them, and somebody else is to decide
