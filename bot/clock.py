"""The clock on the wall, watched: somebody may set it while the process runs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# A difference that is no step: the clock is slowed down or sped up a little all the time to keep it right.
TOLERANCE = timedelta(seconds=1)
AT_ONCE = 0.1  # seconds
# As long as anything that was written down before may still matter: a minute's publications, a lease.
SETTLING = 60


class WatchedClock:
    """Tells the time, and for how long yet it cannot be compared with times that were written down before it was set.

    `steady` counts seconds whatever is done to the clock. Called often enough it notices a step of a second.
    """

    def __init__(self, wall: Callable[[], datetime], steady: Callable[[], float]) -> None:
        self._wall = wall
        self._steady = steady
        self._last = wall(), steady()
        self._settled_at = 0.0

    def __call__(self) -> datetime:
        """Return the present moment, as everybody understands it."""
        seconds = self._steady()
        now = self._wall()
        while self._steady() - seconds > AT_ONCE:  # the process was held up between the two
            seconds = self._steady()
            now = self._wall()
        before, seconds_before = self._last
        if abs(now - before - timedelta(seconds=seconds - seconds_before)) > TOLERANCE:
            self._settled_at = seconds + SETTLING
        self._last = now, seconds
        return now

    @property
    def unsettled(self) -> float:
        """For how many seconds yet; 0 when it has not been set lately."""
        self()
        return max(self._settled_at - self._steady(), 0.0)
