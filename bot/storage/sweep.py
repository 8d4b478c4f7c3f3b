"""One look at everything that is still to be done in Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from bot.storage import leases, tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

KINDS = {
    "articles": (tables.articles, tables.ARTICLE_DUE),
    "cards": (tables.replies, tables.CARD_DUE),
    "old cards": (tables.replies, tables.CARD_OLD),
    "stale cards": (tables.replies, tables.CARD_STALE),
    "threads": (tables.replies, tables.PUBLICATION_DUE),
    "removals": (tables.replies, tables.REMOVAL_DUE),
    "reports": (tables.reports, tables.REPORT_DUE),
    "notices": (tables.notices, tables.NOTICE_DUE),
}


async def look(conn: AsyncConnection, now: datetime) -> list[str]:
    """The kinds of work of which something is due and free."""
    query = select(*(exists().where(due, leases.is_free(table, now)) for table, due in KINDS.values()))
    found = (await conn.execute(query)).one()
    return [kind for kind, is_due in zip(KINDS, found, strict=True) if is_due]
