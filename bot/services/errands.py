"""An errand is something to be done in Discord exactly once: lease it, act, record it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import OutcomeUnknown, PostRefused
from bot.storage.leases import SETTLE

if TYPE_CHECKING:
    from bot.storage import Database

# All acts of one errand together: shorter than a lease (30 s), so that they end while the row is still held.
ACT_SECONDS = 15
# After a clear refusal (no permission, no such channel) the errand waits this long.
RETRY = timedelta(seconds=30)

Clock = Callable[[], datetime]  # aware UTC


@asynccontextmanager
async def putting_off(
    db: Database, clock: Clock, put_off: Callable[..., Awaitable[None]], row_id: int, *, tried: bool = True
) -> AsyncIterator[None]:
    """When the act fails or takes too long, let go of the errand until it may be tried again, and raise on.

    `put_off` is the storage's; `tried` says that an earlier attempt may have been carried out. Everything else than
    PostRefused counts as an unknown outcome: the next attempt looks first.
    """
    try:
        async with asyncio.timeout(ACT_SECONDS):
            yield
    except PostRefused:
        forget = {} if tried else {"forget": True}
        async with db.begin() as conn:
            await put_off(conn, row_id, until=clock() + RETRY, **forget)
        raise
    except Exception as error:
        async with db.begin() as conn:
            await put_off(conn, row_id, until=clock() + SETTLE)
        if isinstance(error, TimeoutError):
            raise OutcomeUnknown(f"no end within {ACT_SECONDS} seconds") from error
        raise
