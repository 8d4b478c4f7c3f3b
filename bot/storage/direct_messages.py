"""Direct messages: when the bot may send the next one, to whomever; who sends too many is locked out by Discord."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.storage import memory

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

GAP = timedelta(seconds=10)
DAY = timedelta(days=1)
SENT = "direct messages"  # under this name the memory holds when the late ones were sent, in seconds since 1970


async def hold(conn: AsyncConnection) -> None:
    """Have others who want to send one wait for the end of the transaction."""
    await memory.hold(conn, SENT, "[]")


async def get_next_at(conn: AsyncConnection, *, now: datetime, a_day: int) -> datetime:
    """From when on the next direct message may be sent, at most `a_day` in 24 hours; `now` when at once."""
    times = await _list_late(conn, now)
    after_the_last = times[-1] + GAP if times else now
    after_the_day = times[-a_day] + DAY if len(times) >= a_day else now
    return max(now, after_the_last, after_the_day)


async def count(conn: AsyncConnection, *, now: datetime) -> None:
    """One is sent now."""
    times = [*await _list_late(conn, now), now]
    await memory.put(conn, SENT, json.dumps([round(moment.timestamp(), 3) for moment in times]))


async def _list_late(conn: AsyncConnection, now: datetime) -> list[datetime]:
    """Oldest first; what lies in the future was written by a clock that was wrong, and counts no more."""
    stored = json.loads(await memory.get(conn, SENT) or "[]")
    times = sorted(datetime.fromtimestamp(seconds, UTC) for seconds in stored)
    return [moment for moment in times if now - DAY < moment <= now + GAP]
