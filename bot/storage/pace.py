"""How fast replies may appear: what was sent to a channel a moment ago says how many may follow, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from bot.models import ReplyStatus
from bot.storage.leases import LEASE, LONGEST_WAIT
from bot.storage.tables import articles, replies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Window(NamedTuple):
    """At most so many publications in so long a time, whenever it begins."""

    limit: int
    length: timedelta


# Discord takes 5 posts of a webhook in 2 s, and 30 in 60 s in a channel with all its threads. It counts when they
# arrive, so before they are recorded here, and it counts those that it refuses, too.
WINDOWS = (Window(5, timedelta(seconds=2.2)), Window(28, timedelta(seconds=60)))
LONGEST = max(window.length for window in WINDOWS)


async def get_slots(conn: AsyncConnection, channel_id: int, now: datetime) -> tuple[int, datetime]:
    """How many replies may be published in a channel now; and when one may, if none may now."""
    here = replies.c.article_id.in_(select(articles.c.id).where(articles.c.channel_id == channel_id))
    trying = replies.c.attempted_at.between(now - LEASE, now + LONGEST_WAIT)
    count = select(func.count()).where(here, replies.c.status == ReplyStatus.APPROVED, trying)
    under_way = (await conn.execute(count)).scalar_one()
    # What lies in the future was written by a clock that has been set back since: `bot/clock.py` waits for that.
    late = replies.c.published_at.between(now - LONGEST, now)
    query = select(replies.c.published_at).where(here, late).order_by(replies.c.published_at.desc())
    return slots((await conn.execute(query)).scalars().all(), under_way, now)


def slots(sent: Sequence[datetime], under_way: int, now: datetime) -> tuple[int, datetime]:
    """Likewise, from when replies were published, newest first, and how many are about to be."""
    free, when = WINDOWS[-1].limit, now
    for window in WINDOWS:
        room = window.limit - under_way
        left = room - sum(moment > now - window.length for moment in sent)
        free = min(free, left)
        if left <= 0:
            when = max(when, (sent[room - 1] if room > 0 else now) + window.length)
    return max(free, 0), when
