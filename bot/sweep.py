"""The sweep's lanes: each does one kind of work until none is left, and starts again when it is woken."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import OutcomeUnknown, PostRefused
from bot.storage import StorageFailed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

log = logging.getLogger(__name__)


class Lane:
    """Runs `step` as often as it is woken, one run at a time; a step that fails waits for the next waking."""

    def __init__(self, name: str, step: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self._step = step
        self._woken = False
        self._task: asyncio.Task[None] | None = None

    @property
    def task(self) -> asyncio.Task[None] | None:
        """The run under way."""
        return self._task if self._task is not None and not self._task.done() else None

    def wake(self) -> None:
        """Run soon; when a run is under way, once more after it, since it may have looked too early."""
        self._woken = True
        if self.task is None:
            self._task = asyncio.create_task(self._run(), name=f"sweep {self.name}")

    def stop(self) -> None:
        """End the run under way; what it held is found again at the next start."""
        if self.task is not None:
            self.task.cancel()

    async def _run(self) -> None:
        while self._woken:
            self._woken = False
            await attempt(self.name, self._step())


class Alarm:
    """Calls `wake` once, at the earliest of the moments it was set for."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Ring in so many seconds, unless it rings before."""
        loop = asyncio.get_running_loop()
        when = loop.time() + seconds
        if self._timer is None or not loop.time() < self._timer.when() <= when:
            self.stop()
            self._timer = loop.call_at(when, self._wake)

    def stop(self) -> None:
        """Do not ring."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def attempt(what: str, act: Awaitable[object]) -> bool:
    """Run one act and log why it failed; True when it did not.

    The sweep is one of the places where everything is caught: the rows still say what is to be done.
    """
    try:
        await act
    except StorageFailed:
        return False  # the database has logged it, once
    except PostRefused as error:
        level = logging.DEBUG if error.is_known else logging.WARNING
        log.log(level, "%s: Discord refused, tried again later: %s", what, error)
    except OutcomeUnknown as error:
        log.warning("%s: no answer from Discord, looked for before it is tried again: %s", what, error)
    except Exception:
        log.exception("%s failed, tried again later", what)
    else:
        return True
    return False


async def finish(lanes: Callable[[], Iterable[Lane]]) -> None:
    """Wait until no lane is running."""
    while tasks := [lane.task for lane in lanes() if lane.task is not None]:
        await asyncio.wait(tasks)
