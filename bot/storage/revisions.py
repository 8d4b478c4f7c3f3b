"""Revisions: every text of a reply that a moderator may have judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.storage.tables import revisions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply


async def add(conn: AsyncConnection, reply: Reply, *, now: datetime) -> None:
    """Keep the reply's present text under its present revision."""
    values = {"reply_id": reply.id, "revision": reply.revision, "text": reply.text, "written_at": now}
    await conn.execute(insert(revisions).values(values))


async def list_of(conn: AsyncConnection, reply_id: int) -> list[tuple[int, str, datetime]]:
    """(revision, text, written at), oldest first."""
    query = select(revisions).where(revisions.c.reply_id == reply_id).order_by(revisions.c.revision)
    return [(row.revision, row.text, row.written_at) for row in await conn.execute(query)]
