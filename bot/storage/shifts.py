"""Shifts: which moderators are on duty."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from bot.models import Duty, Shift
from bot.schedule import schedule_of
from bot.storage import settings
from bot.storage.inserts import insert
from bot.storage.tables import shifts

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST = timedelta(hours=12)  # then a shift was forgotten


async def begin(conn: AsyncConnection, server_id: int, moderator_id: int, *, now: datetime) -> bool:
    """Begin a shift; False when this moderator's runs already."""
    new = (
        insert(conn, shifts)
        .values(server_id=server_id, moderator_id=moderator_id, began_at=now)
        .on_conflict_do_nothing()
        .returning(shifts.c.id)
    )
    return (await conn.execute(new)).one_or_none() is not None


async def end(conn: AsyncConnection, server_id: int, moderator_id: int, *, now: datetime) -> bool:
    """End a shift; False when none runs."""
    ended = (
        update(shifts)
        .where(shifts.c.server_id == server_id, shifts.c.moderator_id == moderator_id, shifts.c.ended_at.is_(None))
        .values(ended_at=now)
        .returning(shifts.c.id)
    )
    return (await conn.execute(ended)).one_or_none() is not None


async def count_forgotten(conn: AsyncConnection, *, now: datetime) -> int:
    """How many shifts run that are too long, in all servers."""
    query = select(func.count()).where(shifts.c.ended_at.is_(None), shifts.c.began_at <= now - LONGEST)
    return (await conn.execute(query)).scalar_one()


async def end_forgotten(conn: AsyncConnection, *, now: datetime) -> list[tuple[int, int]]:
    """End the shifts that are too long, and give (server, moderator) of each."""
    ended = (
        update(shifts)
        .where(shifts.c.ended_at.is_(None), shifts.c.began_at <= now - LONGEST)
        .values(ended_at=now)
        .returning(shifts.c.server_id, shifts.c.moderator_id)
    )
    return [tuple(row) for row in await conn.execute(ended)]


async def list_running(conn: AsyncConnection, server_id: int, *, now: datetime) -> tuple[Shift, ...]:
    """The shifts that run, the earliest first; one that is too long counts as ended."""
    query = (
        select(shifts)
        .where(shifts.c.server_id == server_id, shifts.c.ended_at.is_(None), shifts.c.began_at > now - LONGEST)
        .order_by(shifts.c.began_at, shifts.c.id)
    )
    return tuple(Shift(row.moderator_id, row.began_at, row.began_at + LONGEST) for row in await conn.execute(query))


async def get_duty(conn: AsyncConnection, server_id: int, *, now: datetime) -> Duty:
    """Who is on duty, by shifts and by the schedule."""
    chosen = await settings.load(conn, server_id)
    week = schedule_of(chosen.schedule, chosen.time_zone)
    running = await list_running(conn, server_id, now=now)
    return Duty(running, is_scheduled=week.is_on(now), begins_at=week.next_begin(now))
