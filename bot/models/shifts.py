"""Who is on duty: by a shift that runs, or by the schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A moderator's time on duty, begun by themselves."""

    moderator_id: int
    began_at: datetime
    ends_at: datetime  # by itself, if not before


@dataclass(frozen=True, slots=True)
class Duty:
    """Who reviews at the moment."""

    shifts: tuple[Shift, ...] = ()  # the earliest first
    is_scheduled: bool = False  # somebody should be on duty
    begins_at: datetime | None = None  # when that is so next; None: it is now, or there is no schedule

    @property
    def is_somebody(self) -> bool:
        """True when a moderator can be expected to read."""
        return bool(self.shifts) or self.is_scheduled
