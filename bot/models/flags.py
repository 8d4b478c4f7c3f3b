"""Machine suspicion: what a check found in a text, and where. It never decides anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.models.guidelines import Guideline

SUSPICIOUS, SEVERE = 1, 2


@dataclass(frozen=True, slots=True)
class Flag:
    """A check's suspicion, and the span of the text that raised it."""

    check: str  # the name of its file
    guideline: Guideline | None  # None: the check itself failed, so that a moderator has to look all the more
    severity: int = SUSPICIOUS
    start: int = 0  # in characters of the text
    length: int = 0

    def matched(self, text: str) -> str:
        """The words that raised it."""
        return text[self.start : self.start + self.length]
