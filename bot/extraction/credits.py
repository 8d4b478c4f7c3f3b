"""A picture's caption → who made it and what it shows."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bot.extraction.texts import clean, clip

MAX_CREDIT: Final = 200

_PICTURE: Final = (
    r"(?:image|photo|photograph|photography|picture|illustration|graphic|map|artwork|drawing|screenshot|video|still"
    r"|bild|foto|fotografie|grafik|fotograf[ií]a|imagen|imagem|immagine|crédits?|фото|фотография|фотограф|снимок"
    r"|изображение|иллюстрация|зображення|світлина|ілюстрація|сурет|суреті|суретті түсірген|图片|照片|写真|صورة"
    r"|تصوير)s?"
)
_BY: Final = r"(?:\s+(?:credits?|photo|rights))?\s*(?:[:：]\s*(?:(?:by|via)\s+)?|\s(?:by|via|von|par)\s+|(?=[©(]))"
# A credit begins the text, a sentence or a bracket: "a photo by the river" in a sentence is none.
_CREDIT: Final = re.compile(
    r"(?:^|(?P<close>[.!?…»”\"’)\]])\s+|[\[(|–—/;-]\s*)"
    r"(?P<sign>(?=©|copyright\b|\(c\)\s|(?:[a-z]+\s+)?courtesy\s+(?:of|:)))?"
    rf"(?(sign)|(?:(?:lead|cover|header|main|featured|archive|file|stock)\s+)?(?:{_PICTURE}{_BY}|credits?\s*:\s*))",
    re.IGNORECASE,
)
_COURTESY: Final = re.compile(r"^(?:image|photo|photograph|picture|video|graphic)\s+(?=courtesy)", re.IGNORECASE)
_ACCOUNT: Final = re.compile(
    r"^(?:(?:the\s+)?(?:flickr|wikimedia(?: commons)?|wikipedia|unsplash|pixabay|instagram|twitter|x|youtube|facebook"
    r"|telegram|deviantart)(?:\.com)?\s+)?user:?\s+",
    re.IGNORECASE,
)
_SENTENCE_END: Final = re.compile(r"(?:(?<=\w\w\w)|(?<=\)))\.\s+(?=[^\W\d_])")
_LICENCE: Final = re.compile(
    r"used (?:with|by|under)|licen[sc]|cc[ -](?:by|0)|creative commons|all rights|public domain", re.IGNORECASE
)
_EDGES: Final = " .,;:|/–—-"


class Caption(NamedTuple):
    """A caption taken apart."""

    shows: str  # what the picture shows: "Atyrau, Kazakhstan"
    credit: str | None  # who made it, with the licence: "hellium666 (CC BY-NC 2.0)"


def read_caption(text: str) -> Caption:
    """Split a caption into what it shows and its credit; the credit is None when there is none."""
    text = clean(text)
    found = _CREDIT.search(text)
    if found is None:
        return Caption(text.strip(_EDGES), None)
    credit, after = _end_credit(text[found.end() :])
    before = text[: found.start()] + (found["close"] or "")
    shows = ". ".join(part for part in (before.strip(_EDGES), after.strip(_EDGES + "()[]")) if part)
    return Caption(shows, tidy_credit(credit))


def tidy_credit(text: str) -> str | None:
    """Return a credit as it is shown, without "Image by" and the name of the platform; None when nothing is left."""
    credit = _ACCOUNT.sub("", _COURTESY.sub("", clean(text)).strip(_EDGES)).strip(_EDGES)
    return clip(credit, MAX_CREDIT) if any(char.isalnum() for char in credit) else None


def is_credit(text: str) -> bool:
    """Tell whether a short paragraph is a caption with a credit, not part of the article's text."""
    return len(text) <= 2 * MAX_CREDIT and read_caption(text).credit is not None


def _end_credit(text: str) -> tuple[str, str]:
    """Cut off what follows the credit: the rest of the bracket's surroundings, or the next sentence."""
    end = _bracket_end(text)
    for stop in _SENTENCE_END.finditer(text[:end]):
        if not _LICENCE.match(text, stop.end()):
            return text[: stop.start()], text[stop.end() :]
    return text[:end], text[end:]


def _bracket_end(text: str) -> int:
    """Return where the bracket that was open before `text` closes, or the length of `text`."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char in "([") - (char in ")]")
        if depth < 0:
            return place
    return len(text)
