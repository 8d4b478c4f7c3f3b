"""Other people's words made safe to show: escaped, quoted, cut on a border that breaks nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.errors import TextTooLong

if TYPE_CHECKING:
    from collections.abc import Iterator

DISPLAY_LIMIT = 4000  # characters of all texts of one message together
# An author's text takes at most this much of a message, with our escapes: what a moderator sees on the card is then
# to the letter what appears in the discussion, whatever stands beside it.
BODY_LIMIT = 2200
URL_LIMIT = 512  # of a link button
MEDIA_URL_LIMIT = 2048
QUOTE_LIMIT = 200  # of a parent, on one line

_URL = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\*_~|`\[\]<]")
_LINE_START = re.compile(r"^([ \t]*\d*)([#\-+>]|(?<=\d)[.)])", re.MULTILINE)
_OWN_LINES = re.compile(r"^((?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+)*[ \t]*)(#{1,3}(?=\s)|-#|>)", re.MULTILINE)
_UNSEEN_AT_START = re.compile(
    r"^[ \t\u00a0\u00ad\u034f\u200b-\u200d\u2060\ufeff]*[\u00a0\u00ad\u034f\u200b-\u200d\u2060\ufeff](?=[#>-])",
    re.MULTILINE,
)
_FENCED = re.compile(r"(^```[^\n`]*\n(?:(?!```).)*\n```[ \t]*$)", re.MULTILINE | re.DOTALL)
_SPOILER = re.compile(r"\|\|.+?\|\|", re.DOTALL)
_LABELLED = re.compile(r"\[([^\]]+)\]\(\s*<?https?://[^\s<>)]+>?\s*\)", re.IGNORECASE)
_MARKS = re.compile(r"\*\*\*?|__|~~|`+|^[ \t]*(?:#{1,3}[ \t]|-#[ \t]|>{1,3}[ \t])", re.MULTILINE)
_MASKED_LINK = re.compile(r"\]\(\s*<?((?:https?|discord)://[^\s<>)]+)", re.IGNORECASE)
_REVERSING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_ZWJ = "\u200d"


def one_line(text: str) -> str:
    """Drop line breaks, control characters and doubled spaces."""
    return " ".join(_REVERSING.sub("", _CONTROL.sub(" ", text)).split())


def plain(text: str) -> str:
    """Escape the markdown of foreign words, so that they show as they are; addresses stay intact."""
    text = _REVERSING.sub("", text)
    pieces, end = [], 0
    for url in _URL.finditer(text):
        pieces += [_SPECIAL.sub(r"\\\g<0>", text[end : url.start()]), url.group()]
        end = url.end()
    pieces.append(_SPECIAL.sub(r"\\\g<0>", text[end:]))
    return _LINE_START.sub(r"\1\\\2", "".join(pieces))


def body(text: str) -> str:
    """Return an author's text as it is published: bold, links and lists work, but nothing that imitates our own lines.

    Moderators see the same, so that what was approved is what appears.
    """
    text = _REVERSING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    pieces = _FENCED.split(_UNSEEN_AT_START.sub("", _CONTROL.sub("", text)).strip("\n"))
    pieces[::2] = [_OWN_LINES.sub(r"\1\\\2", piece) for piece in pieces[::2]]  # code shows as it is typed
    return "".join(pieces)


def require_room(text: str) -> None:
    """Raise TextTooLong when an author's text, as it is shown, would not fit on a card."""
    length = len(body(text))
    if length > BODY_LIMIT:
        raise TextTooLong(length=length, limit=BODY_LIMIT)


def hidden_links(text: str) -> list[str]:
    """Return where masked links such as `[here](https://…)` lead, which a reader does not see."""
    return list(dict.fromkeys(_MASKED_LINK.findall(text)))


def quoted(text: str) -> str:
    """Mark each line as quoted."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def link(label: str, url: str) -> str:
    """Link a label, escaped and on one line, to an address."""
    address = url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{plain(one_line(label))}]({address})"


def is_web_address(url: str | None, *, limit: int) -> bool:
    """Tell whether Discord takes it in a component."""
    return bool(url) and len(url or "") <= limit and bool(_URL.fullmatch(url or ""))


def message_url(server_id: int, channel_id: int, message_id: int | None = None) -> str:
    """Return the address of a channel, a thread or a message in it."""
    place = f"https://discord.com/channels/{server_id}/{channel_id}"
    return f"{place}/{message_id}" if message_id else place


def cut(text: str, limit: int, *, on_words: bool = True) -> str:
    """Return at most `limit` characters, with an ellipsis where something was left out; no character is split."""
    if len(text) <= limit:
        return text
    kept = ""
    for cluster in clusters(text):
        if len(kept) + len(cluster) > limit - 1:
            break
        kept += cluster
    space = kept.rfind(" ")
    if on_words and space > limit // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:–—\\") + "…"


def fit(text: str, limit: int) -> str:
    """Escape foreign words and cut them so that both together take at most `limit` characters."""
    shown, room = plain(cut(text, limit)), limit
    while len(shown) > limit:
        room = max(room - (len(shown) - limit + 1) // 2, 1)
        shown = plain(cut(text, room))
    return shown


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of foreign words on one line, escaped; the escapes count too."""
    return fit(one_line(text), limit)


def gist(text: str, limit: int) -> str:
    """Return the beginning of an author's text as a quotation on one line: no markdown, no addresses, no spoilers."""
    bare = _MARKS.sub("", _LABELLED.sub(r"\1", _SPOILER.sub("▒▒▒", text)))
    return excerpt(bare if one_line(bare) else text, limit)


def room_beside(*others: str) -> int:
    """Return how many characters are left in a message beside these texts."""
    return DISPLAY_LIMIT - sum(map(len, others))


def clusters(text: str) -> Iterator[str]:
    """Split into what a person sees as one character each: flags, families and accents stay together."""
    cluster = ""
    for character in text:
        if cluster and not _joins(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _joins(cluster: str, character: str) -> bool:
    if cluster.endswith(_ZWJ) or character == _ZWJ:
        return True
    if _is_regional(character):
        return len(cluster) == 1 and _is_regional(cluster)
    is_modifier = "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f"
    return is_modifier or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
