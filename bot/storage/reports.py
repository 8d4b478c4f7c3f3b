"""Reports: members' complaints about published replies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.models import Report
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import REPORT_DUE, reports

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply


async def add(conn: AsyncConnection, reply: Reply, *, reporter_id: int, now: datetime) -> Report | None:
    """Store a report; None when this person has reported this reply before."""
    new = (
        insert(conn, reports)
        .values(server_id=reply.server_id, reply_id=reply.id, reporter_id=reporter_id, created_at=now)
        .on_conflict_do_nothing()
        .returning(*reports.c)
    )
    row = (await conn.execute(new)).one_or_none()
    return _report(row) if row else None


async def lease(conn: AsyncConnection, report_id: int, *, now: datetime) -> Report | None:
    """Take a report to tell the moderators."""
    tried = await leases.was_taken(conn, reports, report_id)
    row = await leases.take(conn, reports, report_id, REPORT_DUE, now=now)
    return replace(_report(row), tried=tried) if row else None


async def record(conn: AsyncConnection, report_id: int, message_id: int) -> None:
    """Remember the line in the review channel."""
    await leases.release(conn, reports, report_id, until=None, message_id=message_id)


async def put_off(conn: AsyncConnection, report_id: int, *, until: datetime) -> None:
    """Let go of a report until then."""
    await leases.release(conn, reports, report_id, until=until)


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        server_id=row.server_id,
        reply_id=row.reply_id,
        reporter_id=row.reporter_id,
        created_at=row.created_at,
    )
