"""What is still to be done in Discord: the kinds of work, and the rows of which each is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, select

from bot.storage import leases, tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

BATCH = 100  # rows that one look at a list takes


def _in_review(table: Table, due: ColumnElement[bool]) -> tuple[Table, ColumnElement[bool]]:
    """What is posted in the review channel waits until one is chosen."""
    servers = select(tables.servers.c.id).where(tables.servers.c.review_channel_id.is_not(None))
    return table, and_(due, table.c.server_id.in_(servers))


KINDS = {
    "article": (tables.articles, tables.ARTICLE_DUE),
    "card": _in_review(tables.replies, tables.CARD_DUE),
    "outdated card": (tables.replies, tables.CARD_OUTDATED),
    "superseded card": (tables.replies, tables.CARD_SUPERSEDED),
    "publication": (tables.replies, tables.PUBLICATION_DUE),
    "removal": (tables.replies, tables.REMOVAL_DUE),
    "report": _in_review(tables.reports, tables.REPORT_DUE),
    "notice": (tables.notices, tables.NOTICE_DUE),
}


async def look(conn: AsyncConnection, now: datetime) -> list[str]:
    """The kinds of work of which something is due and free."""
    query = select(*(exists().where(due, leases.is_free(table, now)) for table, due in KINDS.values()))
    found = (await conn.execute(query)).one()
    return [kind for kind, is_due in zip(KINDS, found, strict=True) if is_due]


async def list_due(conn: AsyncConnection, kind: str, now: datetime, *, limit: int = BATCH) -> list[int]:
    """The ids of rows of which this kind of work is due and that nobody holds, oldest first."""
    table, due = KINDS[kind]
    query = select(table.c.id).where(due, leases.is_free(table, now)).order_by(table.c.id).limit(limit)
    return list((await conn.execute(query)).scalars())
