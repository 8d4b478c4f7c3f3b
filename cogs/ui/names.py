"""A member's display name made acceptable to Discord as the name of a webhook's message."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.screening.cleaning import is_readable
from cogs.ui.text import clusters, excerpt, one_line

if TYPE_CHECKING:
    from bot.models import Author

NAME_LIMIT = 80
FALLBACK = "Member"

# One letter becomes its Cyrillic look-alike: Discord refuses these words in any case, and people see no difference.
_LOOKALIKE = {"c": "с", "C": "С", "e": "е", "E": "Е", "i": "і", "I": "І"}
_FORBIDDEN = re.compile("[cC](?=[lL][yY][dD][eE])|(?<=[dD])[iI](?=[sS][cC][oO][rR][dD])")
_RESERVED = {"everyone", "here"}
# Joiners are part of emoji and of some scripts; beside a Latin letter they only hide something.
_JOINER_BESIDE_ASCII = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")


def webhook_name(name: str) -> str:
    """Return 1 to 80 characters without the words Discord refuses; a neutral name when nothing visible is left."""
    kept = "".join(character for character in one_line(name) if not _is_invisible(character))
    kept = one_line(_JOINER_BESIDE_ASCII.sub("", kept))
    kept = _FORBIDDEN.sub(lambda match: _LOOKALIKE[match.group()], kept)
    if kept.lower().lstrip("@") in _RESERVED:
        kept = re.sub("[eE]", lambda match: _LOOKALIKE[match.group()], kept, count=1)
    kept = _shorten(kept)
    return kept if is_readable(kept) else FALLBACK


def shown_name(author: Author) -> str:
    """Return the name as it stands above the published reply, escaped for a line of ours."""
    return excerpt(webhook_name(author.name), NAME_LIMIT)


def _is_invisible(character: str) -> bool:
    if character in "\u200c\u200d" or "\U000e0020" <= character <= "\U000e007f":  # parts of emoji
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _shorten(name: str) -> str:
    """Cut between two visible characters; counted as UTF-16, the strictest way Discord could count."""
    kept, length = "", 0
    for cluster in clusters(name):
        length += len(cluster.encode("utf-16-le")) // 2
        if length > NAME_LIMIT:
            break
        kept += cluster
    return kept.rstrip()
