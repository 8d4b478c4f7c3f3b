"""Somebody sets the clock of the machine: it is noticed, and for a minute nothing is published."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import SETTLING, WatchedClock
from tests.givens import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Machine:
    """A wall clock that can be set, and seconds that always go on."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.offset = timedelta()
        self.clock = WatchedClock(lambda: NOW + timedelta(seconds=self.seconds) + self.offset, lambda: self.seconds)


@pytest.mark.parametrize("step", [HOUR, -HOUR, DAY, -DAY, timedelta(seconds=2)])
def test_a_step_of_the_clock_is_noticed_and_settles_after_a_minute(step):
    machine = Machine()
    machine.seconds += 5
    machine.offset = step

    assert machine.clock() == NOW + timedelta(seconds=5) + step
    assert machine.clock.unsettled == SETTLING
    machine.seconds += 20
    assert machine.clock.unsettled == SETTLING - 20
    machine.seconds += 40
    assert machine.clock.unsettled == 0


def test_a_clock_that_runs_a_little_fast_or_is_read_seldom_is_never_unsettled():
    machine = Machine()
    for _ in range(1000):
        machine.seconds += 60
        machine.offset += timedelta(seconds=0.03)

        assert machine.clock.unsettled == 0
