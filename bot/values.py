"""What an administrator may type as the value of a setting; each reader raises ValueError for what does not fit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ON = ("on", "yes", "true", "1")
OFF = ("off", "no", "false", "0")
MOST_STEPS, LARGEST_STEP = 5, 10_000
NONE = "none"
UNCHECKED = "off"


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number within bounds."""

    def parse(typed: str) -> int:
        value = int(typed.replace(",", "").replace(" ", ""))
        if not low <= value <= high:
            raise ValueError(typed)
        return value

    return parse


def switch(typed: str) -> bool:
    """On or off."""
    if typed not in ON + OFF:
        raise ValueError(typed)
    return typed in ON


def one_of(*words: str) -> Callable[[str], str]:
    """One of these words."""

    def parse(typed: str) -> str:
        if typed not in words:
            raise ValueError(typed)
        return typed

    return parse


def steps(text: str) -> tuple[int, ...]:
    """The numbers that a text names, smallest first."""
    return tuple(sorted({int(step) for step in text.split(",")})) if text != "off" else ()


def backlog_ping(typed: str) -> str:
    """A few numbers of held replies, or off."""
    found = steps(typed) if typed not in {"0", "no"} else ()
    if len(found) > MOST_STEPS or not all(1 <= step <= LARGEST_STEP for step in found):
        raise ValueError(typed)
    return ", ".join(map(str, found)) or "off"


def limit(largest: int) -> Callable[[str], int]:
    """A number up to this one; off is 0."""
    return lambda typed: 0 if typed == "off" else number(0, largest)(typed)


def role(typed: str) -> str:
    """A mention, as Discord writes it when a role is picked, or the bare id; kept as the mention, to be shown."""
    if typed in (NONE, *OFF):
        return NONE
    match = re.fullmatch(r"(?:<@&)?([1-9][0-9]{0,18})>?", typed, re.ASCII)
    if match is None:
        raise ValueError(typed)
    return f"<@&{match[1]}>"


def one_in(low: int, high: int, usual: int) -> Callable[[str], str]:
    """One of so many; on is the usual number."""
    read = number(low, high)

    def parse(typed: str) -> str:
        if typed in OFF:
            return UNCHECKED
        return f"1 in {usual if typed in ON else read(typed.removeprefix('1 in '))}"

    return parse
