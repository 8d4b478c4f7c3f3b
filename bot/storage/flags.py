"""Flags: what screening found in the revisions of a reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.models import Flag, Guideline
from bot.storage.tables import flags

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply


async def add(conn: AsyncConnection, reply: Reply, found: Iterable[Flag]) -> None:
    """Keep what was found in the reply's present revision."""
    rows = [
        {
            "reply_id": reply.id,
            "revision": reply.revision,
            "check": flag.check,
            "guideline": flag.guideline,
            "severity": flag.severity,
            "start": flag.start,
            "length": flag.length,
        }
        for flag in found
    ]
    if rows:
        await conn.execute(insert(flags), rows)


async def list_of(conn: AsyncConnection, reply: Reply) -> list[Flag]:
    """The flags of the reply's present revision, in the order of the text."""
    query = select(flags).where(flags.c.reply_id == reply.id, flags.c.revision == reply.revision).order_by(flags.c.id)
    return [
        Flag(row.check, Guideline(row.guideline) if row.guideline else None, row.severity, row.start, row.length)
        for row in await conn.execute(query)
    ]
