"""Stats: what was decided in a server, by whom and after how long."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.models import Action
from bot.storage.decisions import IS_FIRST
from bot.storage.tables import decisions, replies

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_WAITS = 5000  # the latest ones, whose median stands for all


async def count_decisions(conn: AsyncConnection, server_id: int, *, since: datetime) -> dict[int, dict[Action, int]]:
    """Moderator's id → action → how many, who decided most first; without what was undone."""
    query = (
        select(decisions.c.moderator_id, decisions.c.action, func.count())
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id, decisions.c.decided_at >= since, decisions.c.undone_at.is_(None))
        .where(decisions.c.action != Action.APPROVE_BY_ROLE)
        .group_by(decisions.c.moderator_id, decisions.c.action)
    )
    counted: dict[int, dict[Action, int]] = {}
    for moderator_id, action, number in await conn.execute(query):
        counted.setdefault(moderator_id, {})[Action(action)] = number
    return dict(sorted(counted.items(), key=lambda item: (-sum(item[1].values()), item[0])))


async def get_usual_wait(conn: AsyncConnection, server_id: int, *, since: datetime) -> timedelta | None:
    """The median time from sending to the decision on the first revision; None: there was none."""
    query = (
        select(replies.c.submitted_at, decisions.c.decided_at)
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id, decisions.c.decided_at >= since, IS_FIRST)
        .order_by(decisions.c.id.desc())
        .limit(MOST_WAITS)
    )
    waits = [row.decided_at - row.submitted_at for row in await conn.execute(query)]
    return median(waits) if waits else None
