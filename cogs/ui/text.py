"""Other people's words made safe to show: escaped, quoted, cut on a border that breaks nothing."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.errors import TextTooLong
from bot.screening.cleaning import clean

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
# Printable ASCII alone, as yarl writes addresses: Discord refuses a whole message for one that is not well formed.
_ADDRESS = re.compile(r"https?://[a-z0-9.-]*[a-z0-9](?::[0-9]{1,5})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\*_~|`\[\]<]")
_SPECIAL_IN_URL = re.compile(r"[\\*~|`\[\]]")  # would end what we have begun; an underscore would not
_LINE_START = re.compile(r"^([ \t]*\d*)([#\-+>]|(?<=\d)[.)])", re.MULTILINE)
# Spaces of every width, and what nobody sees. Possessive: a line of a thousand bullets must not be tried in all ways.
_GAP = r"(?:[^\S\n]|[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff])"
_OWN_LINES = re.compile(rf"^({_GAP}*+(?:(?:[-*+]|[0-9]{{1,9}}[.)]){_GAP}++)*+)(#{{1,3}}(?=\s)|-#|>)", re.MULTILINE)
_FENCED = re.compile(r"(^```[^\n`]*\n(?:(?!```).)*\n```[ \t]*$)", re.MULTILINE | re.DOTALL)
_SPOILER = re.compile(r"\|\|.+?\|\|", re.DOTALL)
_LABELLED = re.compile(r"\[([^\[\]]+)\]\(\s*<?https?://[^\s<>)]+>?\s*\)", re.IGNORECASE)
_MARKS = re.compile(r"\*\*\*?|__|~~|`+|^[ \t]*(?:#{1,3}[ \t]|-#[ \t]|>{1,3}[ \t])", re.MULTILINE)
_MASKED_LINK = re.compile(r"\]\(\s*<?((?:https?|discord):\\?/\\?/[^\s<>)]+)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?=[^0-9A-Za-z\s])")
_ISOLATING = re.compile(r"[\u2066-\u2069]")
_ISOLATED = "\u2068{}\u2069"
_ZWJ = "\u200d"


def one_line(text: str) -> str:
    """Drop line breaks, doubled spaces and all that `clean` drops."""
    return " ".join(_ISOLATING.sub("", clean(text)).split())


def plain(text: str) -> str:
    """Escape the markdown of foreign words, so that they show as they are; addresses stay links."""
    text = clean(text)
    pieces, end = [], 0
    for url in _URL.finditer(text):
        pieces += [_SPECIAL.sub(r"\\\g<0>", text[end : url.start()]), _SPECIAL_IN_URL.sub(_percent, url.group())]
        end = url.end()
    pieces.append(_SPECIAL.sub(r"\\\g<0>", text[end:]))
    return _LINE_START.sub(r"\1\\\2", "".join(pieces))


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match.group()):02X}"


def body(text: str) -> str:
    """Return an author's text as it is published: bold, links and lists work, but nothing that imitates our own lines.

    Moderators see the same, so that what was approved is what appears: nothing but backslashes is added.
    """
    pieces, before = _FENCED.split(clean(text).strip("\n")), ""
    for place, piece in enumerate(pieces):
        if place % 2 == 0 or not _is_code(piece, before):
            pieces[place] = _OWN_LINES.sub(r"\1\\\2", piece)
            before += piece
    return "".join(pieces)


def _is_code(fenced: str, before: str) -> bool:
    """Tell whether Discord is sure to show this as code, so that it can stay as it was typed.

    It does not when something that began before, such as a spoiler, may end inside.
    """
    inside = fenced.partition("\n")[2].rpartition("\n")[0]
    may_end = any(begin in before and end in inside for begin, end in zip("*_~|[", "*_~|]", strict=True))
    return bool(inside.strip("\n")) and "`" not in before and not may_end


def require_room(text: str) -> None:
    """Raise TextTooLong when an author's text, as it is shown, would not fit on a card."""
    length = len(body(text))
    if length > BODY_LIMIT:
        raise TextTooLong(length=length, limit=BODY_LIMIT)


def hidden_links(text: str) -> list[str]:
    """Return where masked links such as `[here](https://…)` lead, which a reader does not see."""
    return list(dict.fromkeys(_ESCAPE.sub("", address) for address in _MASKED_LINK.findall(text)))


def quoted(text: str) -> str:
    """Mark each line as quoted."""
    return "\n".join(f"> {line}" for line in text.split("\n"))


def link(label: str, url: str) -> str:
    """Link a label, escaped and on one line, to an address."""
    address = url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
    return f"[{plain(one_line(label))}]({address})"


def is_web_address(url: str | None, *, limit: int) -> bool:
    """Tell whether Discord takes it in a component."""
    return bool(url) and len(url or "") <= limit and bool(_ADDRESS.fullmatch(url or ""))


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
        room = max(room - (len(shown) - limit + 1) // 2, 0)
        shown = plain(cut(text, room))
    return shown


def excerpt(text: str, limit: int) -> str:
    """Return the beginning of foreign words on one line, escaped; the escapes count too.

    Words that run from right to left are isolated: otherwise the numbers beside them would change places.
    """
    line = one_line(text)
    if limit <= len(_ISOLATED) or not any(unicodedata.bidirectional(char) in {"R", "AL"} for char in line):
        return fit(line, limit)
    return _ISOLATED.format(fit(line, limit - len(_ISOLATED) + 2))


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
