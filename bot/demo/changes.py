"""A counter of visible changes that any number of pages and tests can wait on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Changes:
    """Counts changes. A reader that was busy meanwhile sees several as one."""

    def __init__(self) -> None:
        self.count = 0
        self._next = asyncio.Event()

    def bump(self) -> None:
        """Count one change and wake everyone who waits."""
        self.count += 1
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self, seen: int) -> int:
        """Wait until the count differs from `seen`; return it."""
        while self.count == seen:
            await self._next.wait()
        return self.count

    async def follow(self) -> AsyncIterator[int]:
        """Yield the count after each change, for ever."""
        seen = self.count
        while True:
            seen = await self.wait(seen)
            yield seen
