"""Appearances: from when on an approved reply is published, alone or together with others of its discussion."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from bot.models import ReplyStatus
from bot.storage.tables import PUBLICATION_DUE, articles, replies

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

LONGEST_GRACE = timedelta(minutes=10)
LONGEST_LETTERS = timedelta(days=1)
MARGIN = timedelta(minutes=1)


def is_ripe(now: datetime) -> ColumnElement[bool]:
    """The condition that a reply may appear; a time to wait for that only a wrong clock can have set counts as over."""
    in_letters = select(articles.c.id).where(articles.c.letters_minutes.is_not(None))
    appears_at = replies.c.appears_at
    return or_(
        appears_at.is_(None),
        appears_at <= now,
        appears_at > now + LONGEST_LETTERS + LONGEST_GRACE + MARGIN,
        and_(appears_at > now + LONGEST_GRACE + MARGIN, replies.c.article_id.not_in(in_letters)),
    )


async def get_next_at(conn: AsyncConnection, now: datetime) -> datetime | None:
    """When the next approved reply that waits for its time appears; None when none does."""
    query = select(func.min(replies.c.appears_at)).where(PUBLICATION_DUE, replies.c.appears_at > now)
    when: datetime | None = (await conn.execute(query)).scalar_one()
    return when


async def schedule(conn: AsyncConnection, reply_id: int, *, approval: int, appears_at: datetime | None) -> None:
    """Give an approved reply its place in the order of publishing, and its time; None: at once."""
    await _set(conn, reply_id, approval=approval, appears_at=appears_at)


async def get_latest_at(conn: AsyncConnection, article_id: int, *, after: datetime, until: datetime) -> datetime | None:
    """The latest time within these at which replies of an article appear; None when none does."""
    query = select(func.max(replies.c.appears_at)).where(*_waiting(article_id))
    when: datetime | None = (await conn.execute(query.where(replies.c.appears_at.between(after, until)))).scalar_one()
    return when


async def list_batch(conn: AsyncConnection, article_id: int, appears_at: datetime) -> list[tuple[int, int]]:
    """(id, approval) of the replies that appear on an article at that moment, in their order."""
    query = select(replies.c.id, replies.c.approval).where(*_waiting(article_id), replies.c.appears_at == appears_at)
    return [(row.id, row.approval) for row in await conn.execute(query.order_by(replies.c.approval))]


async def swap(conn: AsyncConnection, one: tuple[int, int], other: tuple[int, int]) -> None:
    """Let two replies change places in the order of publishing; each is given as (id, approval)."""
    await _set(conn, one[0], approval=other[1])
    await _set(conn, other[0], approval=one[1])


async def bring_forward(
    conn: AsyncConnection, article_id: int, *, to: datetime, decided_before: datetime | None = None
) -> int:
    """Let what waits on an article appear no later than that; gives how many replies this hastens."""
    query = update(replies).where(*_waiting(article_id), replies.c.appears_at > to)
    if decided_before is not None:
        query = query.where(replies.c.decided_at <= decided_before)
    query = query.values(appears_at=to, card_version=replies.c.card_version + 1)
    return (await conn.execute(query)).rowcount


def _waiting(article_id: int) -> tuple[ColumnElement[bool], ...]:
    is_approved = replies.c.status == ReplyStatus.APPROVED
    return replies.c.article_id == article_id, is_approved, replies.c.attempted_at.is_(None)


async def _set(conn: AsyncConnection, reply_id: int, **values: object) -> None:
    await conn.execute(update(replies).where(replies.c.id == reply_id).values(values))
