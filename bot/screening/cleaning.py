"""Texts as they are kept and shown: without what nobody types and what would reach into the lines around them.

This is done once, before a text is stored, so that what a moderator approves is to the letter what appears.
"""

from __future__ import annotations

import re
import unicodedata

# A letter with more marks than any living script puts on it climbs over the lines above and below.
MOST_MARKS = 6

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Embeddings and overrides reorder what follows; isolates do all that Arabic and Hebrew need. The others are obsolete.
_REORDERING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x206A, 0x2070))}
_ISOLATES, _END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_NEVER_TYPED = ("Cc", "Cs")  # control characters and halves of characters
# Blank, though Unicode counts them among letters, symbols and marks.
_BLANK = {*"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0", *map(chr, range(0xFE00, 0xFE10))}


def clean(text: str) -> str:
    """The text as it is kept. Cleaning twice changes nothing; joiners of emoji and of scripts stay."""
    return "\n".join(map(_clean_line, _BREAKS.sub("\n", text).split("\n")))


def is_readable(text: str) -> bool:
    """True when something in the text can be seen: no space, no invisible character, no mark without a letter."""
    return any(unicodedata.category(char)[0] not in "ZCM" and char not in _BLANK for char in text)


def _clean_line(line: str) -> str:
    if line.isascii() and line.isprintable():
        return line
    typed = "".join(char for char in line if char == "\t" or _is_typed(char))
    return _limit_marks(_close_isolates(typed))


def _is_typed(char: str) -> bool:
    return char not in _REORDERING and unicodedata.category(char) not in _NEVER_TYPED


def _close_isolates(line: str) -> str:
    """Drop the isolates that do not come in pairs: they would take in what stands beside the text."""
    open_at, paired = list[int](), set[int]()
    for place, char in enumerate(line):
        if char in _ISOLATES:
            open_at.append(place)
        elif char == _END_OF_ISOLATE and open_at:
            paired |= {open_at.pop(), place}
    return "".join(
        char for place, char in enumerate(line) if char not in _ISOLATES + _END_OF_ISOLATE or place in paired
    )


def _limit_marks(line: str) -> str:
    """Drop the marks beyond the sixth of a character, and those before the first: they would stand on ours."""
    kept, marks, has_begun = [], MOST_MARKS, False
    for char in line:
        category = unicodedata.category(char)
        if category[0] == "M":
            marks += 1
            if marks > MOST_MARKS:
                continue
        elif category != "Cf":
            has_begun = has_begun or not char.isspace()
            marks = 0 if has_begun else marks
        kept.append(char)
    return "".join(kept)
