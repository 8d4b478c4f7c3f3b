"""The canonical form of a text: what stays when case, spaces, punctuation and look-alikes are folded away."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

_ZERO_IN_WORD = re.compile("(?<=[a-z])0(?=[a-z])")
# Unicode's general categories that say nothing: punctuation, separators, controls, formats (zero-width), unassigned.
SILENT = ("P", "Z", "C")
# Variation selectors and the combining grapheme joiner are marks that nobody sees.
UNSEEN = {"\u034f", *map(chr, range(0xFE00, 0xFE10))}


def fold(text: str) -> str:
    """The canonical form; two texts that a person reads as the same have the same one.

    Letters of other scripts become the Latin letter they look like (Unicode's confusables). A text of nothing but
    punctuation keeps it, so that "?" and "!" differ.
    """
    compact = "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if _is_heard(char))
    if not compact:
        return " ".join(text.split())
    folded = unicodedata.normalize("NFC", "".join(look_alikes().get(char, char) for char in compact))
    return _ZERO_IN_WORD.sub("o", folded)


def fingerprint(text: str) -> str:
    """SHA-256 of the canonical form, as hexadecimal."""
    return hashlib.sha256(fold(text).encode()).hexdigest()


def _is_heard(char: str) -> bool:
    return unicodedata.category(char)[0] not in SILENT and char not in UNSEEN


@cache
def look_alikes() -> dict[str, str]:
    """Other scripts' letters → the small Latin letter they look like, from the table of the Unicode consortium.

    The package's own module would keep the whole table in memory (8 MiB); its file is read and let go.
    """
    table = json.loads(files("confusable_homoglyphs").joinpath("confusables.json").read_bytes())
    found: dict[str, str] = {}
    for letter in "abcdefghijklmnopqrstuvwxyz":
        for twin in table.get(letter, []) + table.get(letter.upper(), []):
            char = twin["c"].casefold()
            if len(char) == 1 and not char.isascii():
                found.setdefault(char, letter)
    return found
