"""When moderators are on duty in a week: "mon-fri 08:00-18:00; sat 10:00-14:00", by the clock of their own place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

if TYPE_CHECKING:
    from collections.abc import Iterator

OFF = "off"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 200  # characters
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9])")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A time of duty on one day of the week; an end that is not after the beginning is on the day after."""

    day: int  # 0: Monday
    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Schedule:
    """A week's times of duty in a place; none: there is no schedule."""

    spans: tuple[Span, ...]
    zone: ZoneInfo

    def is_on(self, now: datetime) -> bool:
        """Tell whether somebody should be on duty."""
        return any(begin <= now < end for begin, end in self._near(now))

    def next_begin(self, now: datetime) -> datetime | None:
        """When somebody should be on duty next, in UTC; None: now, or there is no schedule."""
        if self.is_on(now):
            return None
        return min((begin for begin, _ in self._near(now) if begin > now), default=None)

    def _near(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times from yesterday's until this day in a week.

        Where clocks are set forward, what begins in the hour left out begins after it; where they are set back, what
        ends in the hour that comes twice ends when it is over.
        """
        today = now.astimezone(self.zone).date()
        for days in range(-1, len(DAYS) + 1):
            day = today + days * _DAY
            for span in self.spans:
                if span.day == day.weekday():
                    last = day + _DAY if span.ends <= span.begins else day
                    yield self._at(day, span.begins), self._at(last, span.ends, fold=1)

    def _at(self, day: date, clock: time, *, fold: int = 0) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.zone).replace(fold=fold).astimezone(UTC)


def schedule_of(text: str, zone: str) -> Schedule:
    """Read what `read_schedule` and `read_zone` gave back."""
    return Schedule(tuple(_spans(text)) if text != OFF else (), ZoneInfo(zone))


def read_schedule(typed: str) -> str:
    """Return the schedule as it is kept. Raises ValueError."""
    text = re.sub(r"\s*([-,])\s*", r"\1", typed.lower().replace("–", "-"))
    if text == OFF:
        return OFF
    parts = [part.split() for part in re.split("[;\n]", text) if part.strip()]
    kept = "; ".join(f"{days} {','.join(map(_padded, hours.split(',')))}" for days, hours in parts)
    if not 0 < len(kept) <= LONGEST or not list(_spans(kept)):
        raise ValueError(typed)
    return kept


def read_zone(typed: str) -> str:
    """Return the name of a time zone as it is written: "Europe/Berlin". Raises ValueError."""
    found = _zones().get(typed.lower().replace(" ", "_"))
    if found is None:
        raise ValueError(typed)
    return found


def read_clock(typed: str) -> str:
    """Return "08:00", or "off". Raises ValueError."""
    if typed.lower() == OFF:
        return OFF
    clock = _clock(typed)
    return f"{clock:%H:%M}"


def last_time(clock: str, zone: str, now: datetime) -> datetime:
    """When it was so late there the last time, by the clock of that place."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    times = (datetime.combine(today - days * _DAY, _clock(clock), tzinfo=place) for days in (0, 1, 2))
    return next(moment for moment in times if moment.astimezone(UTC) <= now)


def _spans(text: str) -> Iterator[Span]:
    for part in text.split(";"):
        days, hours = part.split()
        for each in hours.split(","):
            begins, ends = each.split("-")
            if _clock(begins) == _clock(ends) and ends != "24:00":
                raise ValueError(text)
            for day in _days(days):
                yield Span(day, _clock(begins), _clock(ends))


def _days(text: str) -> Iterator[int]:
    if text == "daily":
        yield from range(len(DAYS))
        return
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from ((begin + days) % len(DAYS) for days in range((end - begin) % len(DAYS) + 1))


def _padded(hours: str) -> str:
    return "-".join(clock.zfill(len("00:00")) for clock in hours.split("-"))


def _clock(text: str) -> time:
    """Read "8:00"; 24:00 is the midnight after a day."""
    match = _CLOCK.fullmatch(text)
    if match is None or (match[1] == "24" and match[2] != "00"):
        raise ValueError(text)
    return time(int(match[1]) % 24, int(match[2]))


@cache
def _zones() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones() if name != "localtime"}
