"""Stats: the moderators' work of late, and how far they judge alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.models import Workload
from bot.storage import appeals, opinions, stats

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import View
    from bot.storage import Database

DAYS = 30


async def moderation(db: Database, server_id: int, *, now: datetime) -> tuple[Workload, list[tuple[View, View]]]:
    """What was decided in the last 30 days, and the pairs of views that `services/agreement.py` compares.

    The pairs come from second opinions and from the check of consistency.
    """
    since = now - timedelta(days=DAYS)
    async with db.read() as conn:
        work = Workload(
            days=DAYS,
            decisions=await stats.count_decisions(conn, server_id, since=since),
            appeals=await appeals.count_decided(conn, server_id, since=since),
            usual_wait=await stats.get_usual_wait(conn, server_id, since=since),
        )
        return work, await opinions.list_pairs(conn, server_id, since=since)
