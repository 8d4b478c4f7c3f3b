"""Leases: a row is taken for a while by one process, so that two never do the same work at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Table, or_, select, update

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

# Longer than all acts of an errand may take (15 s), and than a request may lie around before Discord carries it out:
# what a process that died had sent is looked for only after that.
LEASE = timedelta(seconds=30)
# How long a request whose outcome is unknown may still take effect, after the 12 s in which no answer came; it is
# looked for only after that.
SETTLE = timedelta(seconds=15)
# No lease and no pause after a failure is as long as this.
LONGEST_WAIT = timedelta(minutes=2)


def is_past(until: Column[datetime], now: datetime) -> ColumnElement[bool]:
    """The condition that a time to wait for is over; one that only a wrong clock can have set is over, too."""
    return or_(until.is_(None), until <= now, until > now + LONGEST_WAIT)


def is_free(table: Table, now: datetime) -> ColumnElement[bool]:
    """The condition that nobody holds the row."""
    return is_past(table.c.lease_until, now)


async def take(
    conn: AsyncConnection, table: Table, row_id: int, due: ColumnElement[bool], *, now: datetime
) -> Row[Any] | None:
    """Hold a row that is still due and free; None when it is not. The caller's `due` is checked again here."""
    held = (
        update(table)
        .where(table.c.id == row_id, due, is_free(table, now))
        .values(lease_until=now + LEASE)
        .returning(*table.c)
    )
    return (await conn.execute(held)).one_or_none()


async def was_taken(conn: AsyncConnection, table: Table, row_id: int) -> bool:
    """Tell whether somebody held the row before and did not finish."""
    return (await conn.execute(select(table.c.lease_until).where(table.c.id == row_id))).scalar() is not None


async def release(conn: AsyncConnection, table: Table, row_id: int, *, until: datetime | None, **values: Any) -> None:
    """Let go of a row; until that time nobody takes it again."""
    await conn.execute(update(table).where(table.c.id == row_id).values(lease_until=until, **values))
