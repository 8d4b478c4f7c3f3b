"""Writes what people do and see as plain text, at most 80 columns wide."""

from __future__ import annotations

import re
import textwrap
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any, TextIO

from bot.demo import sight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.demo.people import Form

WIDTH = 80
BAR = "  | "
WHOLE = "\xa0"  # stands for a space where no line is broken
TIME = r"<t:(\d+)(?::\w)?>"
JUST_NOW = {"ru": "только что"}  # when the tour has done anything that is over
SPOILER = r"(?<!\\)\|\|.+?(?<!\\)\|\|"
HIDDEN = "[hidden until it is tapped]"
MARKS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"\[((?:\\.|[^\]\\])+)\]\(<?https?://[^\s)]+\)", r"\1"),
    (r"(?m)^(?:#{1,3}|-#) ", ""),
    (r"(?<!\\)(?:\*\*|__|\|\|)", ""),
    (r"\\([^\w\s])", r"\1"),
)


class Transcript:
    """Writes to a stream; `names` turns ids of people, roles and channels into words."""

    def __init__(self, out: TextIO, names: Callable[[], Mapping[str, str]]) -> None:
        self._out = out
        self._names = names
        self.chapters = 0

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self.chapters += 1
        heading = f"{self.chapters}. {title}"
        self._line("")
        self._line(heading)
        self._line("-" * len(heading))

    def say(self, text: str) -> None:
        """Write a sentence for the reader."""
        for line in textwrap.wrap(text, WIDTH):
            self._line(line)

    def act(self, who: str, what: str) -> None:
        """Write what somebody does."""
        self._line("")
        for line in textwrap.wrap(f"> {who} {what}", WIDTH, subsequent_indent="  "):
            self._line(line)

    def shows(self, message: Mapping[str, Any], where: str, *, locale: str = "en-US") -> None:
        """Write a message as it looks, with its buttons."""
        self._line(f"  {where}:")
        text = re.sub(SPOILER, HIDDEN, sight.text(dict(message)), flags=re.DOTALL)
        for line in self._plain(text, locale).splitlines():
            self._quote(line)
        if labels := [f"[{label}]".replace(" ", WHOLE) for label in sight.buttons(dict(message))]:
            self._quote("  ".join(labels))

    def form(self, form: Form, where: str) -> None:
        """Write a form as it opens."""
        self._line(f"  {where}:")
        for text in (form.title, *form.texts):
            for line in self._plain(text).splitlines():
                self._quote(line)
        for field in form.fields:
            prefilled = field.prefilled()
            self._quote(f"{field.label}: {prefilled if isinstance(prefilled, str) else ''}".rstrip() or "…")

    def words(self, message: Mapping[str, Any], *, locale: str = "en-US") -> str:
        """Return a message's text without its markdown, also what is hidden until it is tapped."""
        return self._plain(sight.text(dict(message)), locale)

    def _plain(self, text: str, locale: str = "en-US") -> str:
        names = self._names()
        text = re.sub(TIME, lambda found: _moment(int(found[1]), locale), text)
        text = re.sub(r"<(@&|@|#)(\d+)>", lambda found: f"{found[1][0]}{names.get(found[2], 'unknown')}", text)
        for pattern, shown in MARKS:
            text = re.sub(pattern, shown, text)
        return text

    def _quote(self, line: str) -> None:
        follow = "> " if line.startswith("> ") else ""
        for part in textwrap.wrap(line, WIDTH - len(BAR), subsequent_indent=follow) or [""]:
            self._line(BAR + part.replace(WHOLE, " "))

    def _line(self, text: str) -> None:
        self._out.write(f"{text.rstrip()}\n")
        self._out.flush()


def _moment(seconds: int, locale: str) -> str:
    if seconds <= time.time():
        return JUST_NOW.get(locale, "just now")
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M")
