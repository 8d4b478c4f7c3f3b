"""An article's text → its standfirst: the publisher's own description, or the first sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from sentencex import segment  # type: ignore[import-untyped]  # it has no type information

from bot.extraction.credits import is_credit
from bot.extraction.texts import clean, clip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MIN_DESCRIPTION: Final = 80
MAX_SUMMARY: Final = 600

_TWEET: Final = re.compile(r"pic\.twitter\.com/|https?://t\.co/|\(@\w+\)")
_SHORT_LINE: Final = 40  # a line this short without a full stop is a date, a byline or a label
_STOPS: Final = '.!?…。！？؟»”"’)'
_CUT_OFF: Final = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])$")


class Paragraph(NamedTuple):
    """A piece of an article's text."""

    text: str
    is_quote: bool = False


def summarise(descriptions: Iterable[str], paragraphs: Sequence[Paragraph], *, title: str, language: str | None) -> str:
    """Return at most 600 characters in whole sentences; "" only when there are no paragraphs.

    `descriptions` are the publisher's own, best first; they were measured to be better than any lead.
    """
    for description in map(clean, descriptions):
        if MIN_DESCRIPTION <= len(description) <= MAX_SUMMARY and not _is_poor(description, title):
            return description
    told = list(_told(paragraphs, title)) or [text for text, _ in paragraphs]
    return _lead(told, language or "en")


def _is_poor(description: str, title: str) -> bool:
    """Tell whether a description was cut off by a machine or says little more than the title."""
    repeats = description.casefold().startswith(title.casefold())
    return _CUT_OFF.search(description) is not None or (repeats and len(description) < len(title) + MIN_DESCRIPTION)


def _told(paragraphs: Iterable[Paragraph], title: str) -> Iterator[str]:
    """Yield what the article itself tells: no quotes, captions, tweets, labels, nor what introduces a quote."""
    introduced = False
    for text, is_quote in paragraphs:
        is_introduction = text.endswith((":", "："))
        if not (is_quote or introduced or is_introduction or _is_aside(text) or text.casefold() == title.casefold()):
            yield text
        introduced = is_introduction and not is_quote


def _is_aside(text: str) -> bool:
    is_label = len(text) < _SHORT_LINE and not text.endswith(tuple(_STOPS))
    return is_label or is_credit(text) or _TWEET.search(text) is not None


def _lead(texts: Iterable[str], language: str) -> str:
    """Take sentences in order while they fit; a paragraph that is cut off stays behind only with whole sentences."""
    lead = ""
    for text in texts:
        for sentence in (clean(each) for each in segment(language, text)):
            longer = f"{lead} {sentence}".strip()
            if len(longer) > MAX_SUMMARY:
                return lead or clip(sentence, MAX_SUMMARY)
            lead = longer
    return lead
