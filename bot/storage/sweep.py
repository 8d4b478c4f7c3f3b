"""What is still to be done in Discord: the kinds of work, and the rows of which each is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, or_, select

from bot.models import ReplyStatus
from bot.storage import leases, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

BATCH = 100  # rows that one look at a list takes


# The card of an approved reply is left as it is for so long: once the reply is published, one edit shows both.
CARD_PATIENCE = timedelta(minutes=10)


class Kind(NamedTuple):
    """A kind of work: the rows of a table of which it is due, and the column that says from when."""

    table: Table
    due: ColumnElement[bool]
    until: Column[datetime]
    is_ripe: Callable[[datetime], ColumnElement[bool]] | None = None

    def is_due(self, now: datetime) -> ColumnElement[bool]:
        """The condition that it can be done now."""
        due = and_(self.due, leases.is_past(self.until, now))
        return and_(due, self.is_ripe(now)) if self.is_ripe else due


def _present(table: Table, due: ColumnElement[bool]) -> ColumnElement[bool]:
    """What belongs to a server waits while the bot does not see it."""
    servers = select(tables.servers.c.id).where(tables.servers.c.away_since.is_(None))
    return and_(due, table.c.server_id.in_(servers))


def _in_review(table: Table, due: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is posted in the review channel waits until one is chosen as well."""
    servers = select(tables.servers.c.id).where(tables.servers.c.review_channel_id.is_not(None))
    return and_(_present(table, due), table.c.server_id.in_(servers))


def _is_not_about_to_appear(now: datetime) -> ColumnElement[bool]:
    replies = tables.replies.c
    lately = replies.decided_at.between(now - CARD_PATIENCE, now + CARD_PATIENCE)
    return or_(replies.status != ReplyStatus.APPROVED, ~lately)


def _kind(table: Table, due: ColumnElement[bool], until: str = "lease_until") -> Kind:
    return Kind(table, due, table.c[until])


KINDS = {
    "article": _kind(tables.articles, _present(tables.articles, tables.ARTICLE_DUE)),
    "card": _kind(tables.replies, _in_review(tables.replies, tables.CARD_DUE)),
    "outdated card": _kind(tables.replies, _present(tables.replies, tables.CARD_OUTDATED), "card_retry_at")._replace(
        is_ripe=_is_not_about_to_appear
    ),
    "superseded card": _kind(tables.replies, _present(tables.replies, tables.CARD_SUPERSEDED), "card_retry_at"),
    "publication": _kind(tables.replies, _present(tables.replies, tables.PUBLICATION_DUE)),
    "removal": _kind(tables.replies, _present(tables.replies, tables.REMOVAL_DUE)),
    "report": _kind(tables.reports, _in_review(tables.reports, tables.REPORT_DUE)),
    "notice": _kind(tables.notices, tables.NOTICE_DUE),
}


async def look(conn: AsyncConnection, now: datetime) -> list[str]:
    """The kinds of work of which something is due and free."""
    query = select(*(exists().where(kind.is_due(now)) for kind in KINDS.values()))
    found = (await conn.execute(query)).one()
    return [kind for kind, is_due in zip(KINDS, found, strict=True) if is_due]


async def list_due(conn: AsyncConnection, kind: str, now: datetime, *, limit: int = BATCH) -> list[int]:
    """The ids of rows of which this kind of work is due and that nobody holds, oldest first."""
    work = KINDS[kind]
    query = select(work.table.c.id).where(work.is_due(now))
    query = query.order_by(work.table.c.id).limit(limit)
    return list((await conn.execute(query)).scalars())
