"""Too many links, and links whose text hides where they lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.models import Flag, Guideline

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECK = "links"
MOST_LINKS = 2
_ADDRESS = re.compile(r"(?:https?://|www\.|discord\.gg/)[^\s<>)\]]+", re.IGNORECASE)
_MASKED = re.compile(r"\[[^\[\]\n]{1,200}\]\(\s{0,5}<?[a-z]+:\\?/[^\s<>)]+>?\s{0,5}\)", re.IGNORECASE)


def check(text: str) -> Iterator[Flag]:
    """Flag every masked link, and each address beyond the second."""
    for match in _MASKED.finditer(text):
        yield _flag(match)
    for match in list(_ADDRESS.finditer(text))[MOST_LINKS:]:
        yield _flag(match)


def _flag(match: re.Match[str]) -> Flag:
    return Flag(CHECK, Guideline.SPAM, 1, match.start(), match.end() - match.start())
