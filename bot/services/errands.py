"""An errand is something to be done in Discord exactly once: lease it, act, record it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import PostRefused
from bot.storage.leases import SETTLE

if TYPE_CHECKING:
    from bot.storage import Connection, Database

# After a clear refusal (no permission, no such channel) the errand waits this long.
RETRY = timedelta(seconds=30)

PutOff = Callable[["Connection", datetime, bool], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Worker:
    """The process that runs errands: its name in the leases, and its clock (aware UTC)."""

    name: str
    clock: Callable[[], datetime]


@asynccontextmanager
async def putting_off(db: Database, worker: Worker, put_off: PutOff) -> AsyncIterator[None]:
    """When the act fails, let go of the errand until it may be tried again, and raise on.

    `put_off` gets the time, and True when the act certainly was not carried out. Everything else than PostRefused
    counts as an unknown outcome: the next attempt looks first.
    """
    try:
        yield
    except PostRefused:
        async with db.begin() as conn:
            await put_off(conn, worker.clock() + RETRY, True)
        raise
    except Exception:
        async with db.begin() as conn:
            await put_off(conn, worker.clock() + SETTLE, False)
        raise
