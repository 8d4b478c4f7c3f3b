"""What a day's digest counts."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.models import Action
from bot.storage.decisions import IS_FIRST
from bot.storage.tables import decisions, replies, servers, settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_WAITS = 1000  # the latest of a day, of which the median is taken


async def list_servers(conn: AsyncConnection) -> list[int]:
    """The ids of servers that the bot sees and that have chosen a time for the digest."""
    query = select(servers.c.id).join(settings, settings.c.server_id == servers.c.id)
    query = query.where(settings.c.name == "digest", servers.c.away_since.is_(None)).order_by(servers.c.id)
    return list((await conn.execute(query)).scalars())


async def count_decided(
    conn: AsyncConnection, server_id: int, *, since: datetime, until: datetime
) -> Mapping[Action, int]:
    """How many decisions of each kind were taken in that time and not taken back."""
    query = (
        select(decisions.c.action, func.count())
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id, decisions.c.undone_at.is_(None))
        .where(decisions.c.decided_at > since, decisions.c.decided_at <= until)
        .group_by(decisions.c.action)
    )
    return {Action(row[0]): row[1] for row in await conn.execute(query)}


async def get_wait(conn: AsyncConnection, server_id: int, *, since: datetime, until: datetime) -> timedelta | None:
    """The median time from sending to the first decision, of those decided in that time; None: there are none."""
    query = (
        select(replies.c.submitted_at, decisions.c.decided_at)
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id)
        .where(decisions.c.decided_at > since, decisions.c.decided_at <= until, IS_FIRST)
        .order_by(decisions.c.id.desc())
        .limit(MOST_WAITS)
    )
    waits = [row.decided_at - row.submitted_at for row in await conn.execute(query)]
    return median(waits) if waits else None
