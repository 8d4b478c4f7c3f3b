"""Screening: every check looks at a text before a moderator does."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.models import Flag
from bot.screening import links, shouting, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)

CHECKS: dict[str, Callable[[str], Iterable[Flag]]] = {
    vocabulary.CHECK: vocabulary.check,
    links.CHECK: links.check,
    shouting.CHECK: shouting.check,
}
MOST_FLAGS = 50  # of one check


def screen(text: str) -> list[Flag]:
    """What the checks suspect, in the order of the text; a check that fails is a flag itself, without a guideline."""
    found = [flag for name, check in CHECKS.items() for flag in _run(name, check, text)]
    return sorted(found, key=lambda flag: (flag.start, -flag.severity))


def _run(name: str, check: Callable[[str], Iterable[Flag]], text: str) -> list[Flag]:
    try:
        return list(check(text))[:MOST_FLAGS]
    except Exception:
        log.exception("the check %s failed; the reply is held all the same, and its card says so", name)
        return [Flag(name, guideline=None)]
