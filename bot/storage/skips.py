"""Skips: held replies that a moderator did not want to decide just now."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.storage.inserts import insert
from bot.storage.tables import skips

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.ext.asyncio import AsyncConnection

SKIPPED_FOR = timedelta(minutes=30)


async def add(conn: AsyncConnection, moderator_id: int, reply_id: int, *, now: datetime) -> None:
    """Pass over a reply for a while; what was skipped long ago is forgotten."""
    mine = skips.c.moderator_id == moderator_id
    await conn.execute(delete(skips).where(mine, skips.c.skipped_at <= now - SKIPPED_FOR))
    new = insert(conn, skips).values(moderator_id=moderator_id, reply_id=reply_id, skipped_at=now)
    again = new.on_conflict_do_update(index_elements=["moderator_id", "reply_id"], set_={"skipped_at": now})
    await conn.execute(again)


async def forget(conn: AsyncConnection, moderator_id: int) -> None:
    """Let a moderator see again what they skipped."""
    await conn.execute(delete(skips).where(skips.c.moderator_id == moderator_id))


def skipped_lately(moderator_id: int, now: datetime) -> Select[tuple[int]]:
    """The ids of the replies that a moderator passes over."""
    mine = (skips.c.moderator_id == moderator_id, skips.c.skipped_at > now - SKIPPED_FOR)
    return select(skips.c.reply_id).where(*mine)
