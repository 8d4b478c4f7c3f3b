"""Foreign text made safe: bytes are decoded, invisible characters removed, lengths limited."""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Final

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE
)
_BROWSERS_READ_AS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "iso8859-9": "cp1254"}
# Codecs that Python counts among the text encodings, and no browser does.
_NO_CHARSET: Final = {"idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "unicode-escape", "utf-7"}
# One CJK character counts as a word; other scripts put spaces between words.
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+")
_CYRILLIC_RUN: Final = re.compile(rb"[\xc0-\xff]{4}")
_JOINERS: Final = "\u200c\u200d"  # belong to Persian words and to emoji


def is_binary(body: bytes) -> bool:
    """Tell whether this is no text in any encoding: a picture, a PDF, an archive."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    return body.lstrip()[:5] == b"%PDF-" or b"\0" in body[:4096]


def decode(body: bytes, charset: str | None = None) -> str:
    """Decode what a site or a person sent; `charset` is the header's word.

    Tried in this order: byte order mark, header, the page's own declaration, UTF-8, the likeliest old encoding.
    Never fails: what cannot be read becomes "�".
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    declared = _DECLARED.search(body[:4096])
    for name in (charset, declared and declared[1].decode("ascii"), "utf-8"):
        if name and (text := _decode_strictly(body, name)) is not None:
            return text
    return body.decode(_guess(body), "replace")


def clean(text: str | None) -> str:
    """Return one line without control and invisible characters, its white space collapsed."""
    visible = (char for char in text or "" if char in _JOINERS or char.isspace() or _is_visible(char))
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


def clip(text: str, limit: int) -> str:
    """Shorten to `limit` characters, on a word, with "…"."""
    if len(text) <= limit:
        return text
    head, _, _ = text[:limit].rpartition(" ")
    return (head if len(head) >= limit // 2 else text[: limit - 1]).rstrip(" ,;:–—-") + "…"


def count_words(text: str) -> int:
    """Count words, whatever the script."""
    return len(_WORD.findall(text))


def _is_visible(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")


def _decode_strictly(body: bytes, name: str) -> str | None:
    """Return None when the encoding is unknown or contradicts the bytes."""
    try:
        known = codecs.lookup(name).name
        if known in _NO_CHARSET:
            return None
        return body.decode(_BROWSERS_READ_AS.get(known, known))
    except (LookupError, ValueError):
        return None


def _guess(body: bytes) -> str:
    """Tell windows-1251 from windows-1252: Cyrillic letters follow each other, accented ones stand alone."""
    return "cp1251" if _CYRILLIC_RUN.search(body) else "cp1252"
