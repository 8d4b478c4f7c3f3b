"""Shifts: a moderator goes on duty and off again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Action, Duty
from bot.storage import audit, servers, shifts

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def begin(db: Database, *, server_id: int, moderator_id: int, now: datetime) -> Duty:
    """Go on duty, for twelve hours at most; gives who is on duty then. Who is already goes on: no error."""
    await end_forgotten(db, now=now)
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if await shifts.begin(conn, server_id, moderator_id, now=now):
            await audit.append(conn, server_id, Action.SHIFT_BEGAN, actor_id=moderator_id, at=now)
        return await shifts.get_duty(conn, server_id, now=now)


async def end(db: Database, *, server_id: int, moderator_id: int, now: datetime) -> bool:
    """Go off duty; False when that was so already."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        ended = await shifts.end(conn, server_id, moderator_id, now=now)
        if ended:
            await audit.append(conn, server_id, Action.SHIFT_ENDED, actor_id=moderator_id, at=now)
    return ended


async def end_forgotten(db: Database, *, now: datetime) -> None:
    """End the shifts that nobody ended within twelve hours. Cheap to call often."""
    async with db.read() as conn:
        if not await shifts.count_forgotten(conn, now=now):
            return
    async with db.begin() as conn:
        for server_id, moderator_id in await shifts.end_forgotten(conn, now=now):
            await audit.append(conn, server_id, Action.SHIFT_ENDED, actor_id=moderator_id, at=now, forgotten=True)
