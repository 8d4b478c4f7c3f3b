"""A reply's sentences, as a moderator ticks them: whatever the text, joined again they are that text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.screening.cleaning import is_readable

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 280  # characters; a longer sentence is divided at its commas, or between words
SHORT = 20  # characters before a point, where an abbreviation is looked for

# Code is not prose: the dots and lines in it divide nothing.
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_FACE = r"\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff"
_EMOJI = rf"[{_FACE}][{_FACE}\u200d\ufe0f]*+"
_CLOSING = r"[\"'”’»“)\]*_~|]*+"
_ENDS = re.compile(
    rf"""
    \n\s*                                                                     # the end of a line
    | [。！？]+ [」』”）]* [^\S\n]*                                            # of scripts without spaces
    | (?P<stop>[.!?…]++) (?P<closing>{_CLOSING}) (?:[^\S\n]* {_EMOJI})* (?:[^\S\n]+ | $)
    | (?<![{_FACE}\u200d\ufe0f]) {_EMOJI} [^\S\n]++ (?=[^\W\d_])              # an emoji instead of a stop
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"(?<![\w-])[\w-]+$")
_COMMA = re.compile(r"[,;:–—][^\S\n]+")
_GAP = re.compile(r"\s+")
# A sentence does not end behind these, in the languages we speak.
_NEVER_LAST = (
    "mr mrs ms dr prof st vs cf approx inc ltd jr sr fig vol gen col sgt capt rev hon "
    "г гг им ул пл просп пер кв стр корп см ср напр проф акад доц тов гр рис табл тел ред изд т"
)
# Behind these it may: only a capital letter tells.
_MAY_BE_LAST = "etc eg ie al co p pp п д др пр э н е в вв р руб коп к тыс млн млрд мин сек ч л экз чел мес"
_ABBREVIATED, _MAY_END = frozenset(_NEVER_LAST.split()), frozenset(_MAY_BE_LAST.split())


def sentences(text: str) -> list[str]:
    """The text in sentences, each with the space behind it; lines end one, what cannot be read stands with another."""
    pieces, begin = list[str](), 0
    for end in _ends(text):
        pieces += _divided(text[begin:end])
        begin = end
    return _readable([*pieces, *_divided(text[begin:])])


def passages(text: str, most: int) -> list[str]:
    """The sentences; the shortest neighbours are taken together until there are at most so many."""
    pieces = sentences(text)
    if len(pieces) > most * 4:  # that many are taken together wherever they stand, lest it takes long
        pieces = _bundled(pieces, most * 4)
    while len(pieces) > most:
        place = min(range(len(pieces) - 1), key=lambda at: len(pieces[at]) + len(pieces[at + 1]))
        pieces[place : place + 2] = [pieces[place] + pieces[place + 1]]
    return pieces


def _ends(text: str) -> Iterator[int]:
    code = [match.span() for match in _CODE.finditer(text)]
    for match in _ENDS.finditer(text):
        if any(begin <= match.start() < end for begin, end in code):
            continue
        if match["stop"] is None or _is_end(text, match):
            yield match.end()


def _is_end(text: str, match: re.Match[str]) -> bool:
    stop, follows = match["stop"], text[match.end() : match.end() + 1]
    if stop[-1] in "!?":  # “Why?” she asked.
        return not (match["closing"] and follows.islower())
    if stop != ".":  # well… perhaps
        return not follows.islower()
    if match["closing"]:
        return not follows.islower()
    line = text[max(match.start() - SHORT, 0) : match.start()].rpartition("\n")[2]
    word = _WORD.search(line)
    return word is None or not _is_short(word.group(), line[: word.start()], follows)


def _is_short(word: str, before: str, follows: str) -> bool:
    """Tell whether the point behind the word is that of an abbreviation, an initial or a numbered item."""
    if word.isdigit():
        return not before.strip(" \t*-•")  # "1. First"
    word = word.lower() if len(word) > 1 else word
    if len(word) == 1 and word.isupper() and word != "I":
        return True
    if before.endswith("."):  # "e.g.", "т.д.": what stands before its last point is short itself
        return not follows.isupper()
    return word.lower() in _ABBREVIATED or (word.lower() in _MAY_END and not follows.isupper())


def _divided(sentence: str) -> Iterator[str]:
    while len(sentence) > LONGEST:
        cuts = [match.end() for match in _COMMA.finditer(sentence, LONGEST // 3, LONGEST)]
        cuts = cuts or [match.end() for match in _GAP.finditer(sentence, 1, LONGEST)]
        if not cuts:  # a single word: nobody ticks half of it
            gap = _GAP.search(sentence, LONGEST)
            if gap is None:
                break
            cuts = [gap.end()]
        yield sentence[: cuts[-1]]
        sentence = sentence[cuts[-1] :]
    if sentence:
        yield sentence


def _readable(pieces: list[str]) -> list[str]:
    kept, before = list[str](), ""
    for piece in pieces:
        if is_readable(piece) and any(char.isalnum() for char in piece):
            kept.append(before + piece)
            before = ""
        elif kept:
            kept[-1] += piece
        else:
            before += piece
    return kept or ([before] if before else [])


def _bundled(pieces: list[str], most: int) -> list[str]:
    total, begin, bundles = sum(map(len, pieces)), 0, dict[int, str]()
    for piece in pieces:
        bundle = begin * most // total
        bundles[bundle] = bundles.get(bundle, "") + piece
        begin += len(piece)
    return list(bundles.values())
