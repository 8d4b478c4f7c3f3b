"""The ladder of a server as text: "2 in 30 days: warning; 3 in 30 days: pause 1 day; 6 in 90 days: ban trial"."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.durations import LONGEST, SHORTEST, parse, spell
from bot.models import Rung, SanctionKind

if TYPE_CHECKING:
    from collections.abc import Callable

OFF = "off"
MOST_RUNGS = 8
LONGEST_TIMEOUT = timedelta(days=28)  # Discord's limit
LONGEST_TEXT = 300  # characters
MOST_DAYS = 3650
TRIAL = "trial"
_RUNG = re.compile(r"([1-9][0-9]?) in ([1-9][0-9]{0,3}) days?: (warning|pause|timeout|ban)(?: (.+?))??( trial)?")
_GUIDELINE_DAYS = re.compile(r"(.{1,60}) ([1-9][0-9]{0,3})")


def read_ladder(typed: str) -> str:
    """Return the ladder as it is kept. Raises ValueError."""
    if typed in (OFF, "none", "no", "0"):
        return OFF
    rungs = sorted(map(_read_rung, _parts(typed)), key=lambda rung: rung.strikes)
    kept = "; ".join(map(_write, rungs))
    if not 0 < len(rungs) <= MOST_RUNGS or len({rung.strikes for rung in rungs}) < len(rungs):
        raise ValueError(typed)
    if len(kept) > LONGEST_TEXT:
        raise ValueError(typed)
    return kept


def ladder_of(text: str) -> tuple[Rung, ...]:
    """Read what `read_ladder` gave back: the fewest strikes first."""
    return tuple(map(_read_rung, _parts(text))) if text != OFF else ()


def read_strike_days(typed: str) -> str:
    """Return "90; spam 30" as it is kept. Raises ValueError."""
    first, *others = _parts(typed) or [""]
    days = int(first.removesuffix("days").strip())
    found = dict(_read_days(part) for part in others)
    if not 1 <= days <= MOST_DAYS or len(found) < len(others):
        raise ValueError(typed)
    kept = "; ".join([str(days), *(f"{guideline} {n}" for guideline, n in found.items())])
    if len(kept) > LONGEST_TEXT:
        raise ValueError(typed)
    return kept


def with_keys(text: str, find: Callable[[str], str | None]) -> str:
    """Put in what `read_strike_days` gave back the key of each guideline for its name. Raises ValueError."""
    first, *others = _parts(text)
    found = {find(name): days for name, days in map(_read_days, others)}
    if None in found or len(found) < len(others):
        raise ValueError(text)
    return "; ".join([first, *(f"{key} {days}" for key, days in found.items())])


def strike_days_of(text: str, guideline: str) -> timedelta:
    """For how long a strike under a guideline counts, by what `read_strike_days` gave back."""
    first, *others = _parts(text)
    return timedelta(days=dict(map(_read_days, others)).get(str(guideline), int(first)))


def _parts(text: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split("[;\n]", text) if part.strip()]


def _read_days(part: str) -> tuple[str, int]:
    match = _GUIDELINE_DAYS.fullmatch(part)
    if match is None or int(match[2]) > MOST_DAYS:
        raise ValueError(part)
    return match[1], int(match[2])


def _read_rung(part: str) -> Rung:
    match = _RUNG.fullmatch(part)
    if match is None or int(match[2]) > MOST_DAYS:
        raise ValueError(part)
    kind = SanctionKind(match[3])
    takes_time = kind in (SanctionKind.PAUSE, SanctionKind.TIMEOUT)
    if takes_time is (match[4] is None):
        raise ValueError(part)
    length = parse(match[4]) if match[4] else None
    longest = LONGEST_TIMEOUT if kind is SanctionKind.TIMEOUT else LONGEST
    if length is not None and not SHORTEST <= length <= longest:
        raise ValueError(part)
    return Rung(int(match[1]), timedelta(days=int(match[2])), kind, length, trial=match[5] is not None)


def _write(rung: Rung) -> str:
    what = [rung.kind.value, spell(rung.length) if rung.length else "", TRIAL if rung.trial else ""]
    days = spell(timedelta(days=1)) if rung.within.days == 1 else f"{rung.within.days} days"
    return f"{rung.strikes} in {days}: {' '.join(filter(None, what))}"
