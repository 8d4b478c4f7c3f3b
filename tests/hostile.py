"""What a hostile room types: hypothesis strategies for texts, names and addresses, and how Discord would read them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from simcord.components import validate_components, validate_modal

from cogs.ui.buttons import texts

if TYPE_CHECKING:
    import discord

COMPONENTS_V2 = 1 << 15
# The same examples each time: a run that fails can be run again.
SEARCHING = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))

FAMILY = "👨‍👩‍👧‍👦"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"
PERSIAN = "می\u200cخواهم"
HINDI = "क्\u200dष"
ISOLATED = "see \u2067שלום\u2069 there"

WORDS = ("hello", "Верно, да.", "مرحبا", "שלום", HINDI, PERSIAN, "你好", FAMILY, WALES, "🇳🇴", "é", "42", " ", ISOLATED)
MARKDOWN = (
    "**", "*", "***", "__", "_", "~~", "||", "`", "``", "```", "```py\n# x\n```", "```\n\n```\n", "\\", "\\\\",
    "[x](https://evil.example)", "[x](<https://evil.example/a|b>)", "[", "]", "](", ")", "(", "> ", ">>> ", ">",
    "# ", "## ", "#", "-# ", "- ", "* ", "1. ", "12) ", "-  " * 40, "| a | b |", "---", "===",
)  # fmt: skip
OURS = (
    "-# <@1>", "> **[Bo](https://discord.com/channels/1/2/3)** · I said", "**#1** · held for review",
    "Guideline: **spam**", "-# All comments are reviewed by a moderator.", "review:approve:1:1",
)  # fmt: skip
MENTIONS = (
    "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "<t:0:R>", "<t:99999999999999:F>", "<:fire:123>",
    "<a:x:1>", "</setup:1>", "<id:guide>", "https://a.example/**|x_y`[z](b)", "discord.gg/evil", "<https://a.example>",
)  # fmt: skip
UNSEEN = (
    "\n", "\n\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\t", "\0", "\x1b[31m", "\x7f", "\u00a0",
    "\u3000", "\u00ad", "\u034f", "\u061c", "\u200b", "\u200d", "\u200e", "\u200f", "\u2060", "\ufeff", "\u3164",
    "\u2800", "\ufe0f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069",
    "\u206a", "\ufff9", "\U000e0001", "\u0301", "\u0301" * 30, "\u20dd", "\u0e49" * 9, "\ud800", "\udfff",
)  # fmt: skip
FORMATS = ("{number}", "{0}", "{", "}", "%s", "%(n)s", "$x")
NAMES = ("Clyde", "here", "everyone", "@everyone", "discord", "DİSCORD", "C\u200dlyde", "🙂" * 80, "a" * 500)
WHOLE = (
    "", " ", "\u200b", "\u200b" * 500, "\u3164", "\u0301", "e" + "\u0301" * 4000, "\u0301" * 4000, "x" * 4000,
    "\n" * 3000, "a\n" * 1000, "> " * 700, "#\n" * 900, "*" * 4000, "🙂" * 80, "-  " * 600 + "x", "[" * 2000,
    "|| a\n```\n||\n# h\n```", "** a\n```\nb**\n# h\n```", "a ``` b\n```\n# h\n```", "```\n\n```\nx\n```\n# h\n```",
    "` a\n```\nb ` \n# h\n```", "```\n# never closed", *NAMES,
)  # fmt: skip

PIECES = (*WORDS, *MARKDOWN, *OURS, *MENTIONS, *UNSEEN, *FORMATS, *NAMES)
text = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
    st.text(st.characters(exclude_categories=()), max_size=80),
    st.sampled_from(WHOLE),
)
ADDRESSES = (
    "javascript:alert(1)", "https://", "https:///x", "http://a b", "https://пример.рф/ы", "https://[::1]/", "\0",
    "https://u:p@a.example/", "https://a.example/" + "a" * 600, "https://a.example/" + "(" * 300, "file:///etc/passwd",
    "https://a.example/)**[x](b", "https://a.example/\u202egpj", "https://a.example/\ud800", "discord://x", "https://.",
    "https://a.example:99999/", "https://127.0.0.1:1/", "https://a.example/" + "я" * 300, "https://a.example/" * 300,
)  # fmt: skip
address = st.one_of(
    st.none(),
    st.just("https://paper.example/garden"),
    st.sampled_from(ADDRESSES),
    st.lists(st.sampled_from(PIECES), max_size=6).map(lambda pieces: "https://a.example/" + "".join(pieces)),
)

FENCE = re.compile(r"```(?:[a-z0-9_+\-.#]+?\n)?\n*[^\n].*?\n*```", re.IGNORECASE | re.DOTALL)
CODE = re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")
INLINE = [
    re.compile(pattern, re.DOTALL) for pattern in (r"\|\|(.+?)\|\|", r"\*\*(.+?)\*\*", r"__(.+?)__", r"~~(.+?)~~")
]
URL = re.compile(r"https?://[^\s<]+[^<.,:;\"'\]\s]")
ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")
LINE_RULES = re.compile(r" *(?:#{1,3}\s|-#|>)")
BULLET = re.compile(r" *(?:[-*+]|\d{1,9}[.)]) +")


def own_lines(written: str) -> list[str]:
    """Read a text as Discord does, from left to right: the lines that become headings, small print or quotations."""
    found, place, at_start = [], 0, True
    while place < len(written):
        if at_start:
            bullet = BULLET.match(written, place)
            while bullet is not None:
                place, bullet = bullet.end(), BULLET.match(written, bullet.end())
            if LINE_RULES.match(written, place):
                found.append(written[place:].partition("\n")[0])
        match = next(filter(None, (rule.match(written, place) for rule in (ESCAPED, FENCE, CODE, URL))), None)
        match = match or next(filter(None, (rule.match(written, place) for rule in INLINE)), None)
        if match is not None and match.re in INLINE:
            found += own_lines("·" + match[1])  # what is inside does not begin a line
        place = match.end() if match is not None else place + 1
        at_start = written[place - 1 : place] == "\n"
    return found


def refuse_nothing(view: discord.ui.LayoutView) -> list[str]:
    """Raise when Discord would not take this message; return its texts."""
    parts = view.to_components()
    validate_components(parts, flags=COMPONENTS_V2)
    json.dumps(parts, ensure_ascii=False).encode()  # raises for half a character
    shown = texts(view)
    assert all(part.strip() for part in shown), shown
    assert not view.is_dispatchable()
    return shown


def refuse_no_form(modal: discord.ui.Modal) -> None:
    """Raise when Discord would not take this form."""
    drawn: Any = modal.to_dict()
    drawn["custom_id"], drawn["title"] = "form:test", drawn["title"][:45]
    validate_modal(drawn)
    json.dumps(drawn, ensure_ascii=False).encode()
