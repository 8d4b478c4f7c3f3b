"""The canonical form of a text for comparing: its words without case, punctuation, emoji, look-alikes and spaces."""

from __future__ import annotations

import unicodedata

from bot.screening.folding import UNSEEN, look_alikes

LONGEST = 2000  # characters that are compared


def canonical(text: str) -> str:
    """Its words with one space between them; of a text without words, what it shows."""
    folded = "".join(look_alikes().get(char, char) for char in unicodedata.normalize("NFKC", text).casefold())
    words = "".join(char if _is_word(char) else "" if _is_unseen(char) else " " for char in folded).split()
    return (" ".join(words) or "".join(text.split()))[:LONGEST]


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM" and char not in UNSEEN


def _is_unseen(char: str) -> bool:
    return char in UNSEEN or unicodedata.category(char) == "Cf"
