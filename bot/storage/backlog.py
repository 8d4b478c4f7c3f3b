"""The backlog: how many replies are held, in a server and on an article, and which articles take no more of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from bot.models import ArticleStatus
from bot.storage.tables import IN_QUEUE, articles, replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection


async def count_held(conn: AsyncConnection, server_id: int, *, limit: int) -> int:
    """How many replies wait for review in a server, counted up to the limit."""
    return await _count(conn, replies.c.server_id == server_id, limit)


async def count_on(conn: AsyncConnection, article_id: int, *, limit: int) -> int:
    """How many replies wait for review on an article, counted up to the limit."""
    return await _count(conn, replies.c.article_id == article_id, limit)


async def get_oldest(conn: AsyncConnection, server_id: int) -> datetime | None:
    """When the reply was sent whose turn is next; None: none waits."""
    query = select(replies.c.submitted_at).where(IN_QUEUE, replies.c.server_id == server_id)
    oldest: datetime | None = await conn.scalar(query.order_by(replies.c.queued_at, replies.c.id).limit(1))
    return oldest


async def fill(conn: AsyncConnection, article_id: int, *, now: datetime) -> bool:
    """Take no new replies on an article; False when that is so already."""
    return await _set_full(conn, article_id, articles.c.full_at.is_(None), full_at=now)


async def free(conn: AsyncConnection, article_id: int) -> bool:
    """Take new replies again; False when they are taken."""
    return await _set_full(conn, article_id, articles.c.full_at.is_not(None), full_at=None)


async def list_affected(conn: AsyncConnection, server_id: int, *, limit: int) -> list[int]:
    """The ids of articles that take no new replies, or on which so many are held; 0 is no limit."""
    over = select(replies.c.article_id).where(IN_QUEUE, replies.c.server_id == server_id)
    over = over.group_by(replies.c.article_id).having(func.count() >= limit)
    is_affected = or_(articles.c.full_at.is_not(None), articles.c.id.in_(over) if limit else articles.c.id.in_([]))
    is_open = articles.c.status == ArticleStatus.OPEN
    query = select(articles.c.id).where(articles.c.server_id == server_id, is_open, is_affected)
    return list((await conn.execute(query.order_by(articles.c.id))).scalars())


async def list_full(conn: AsyncConnection) -> list[tuple[int, int]]:
    """(server, article) of each article that takes no new replies."""
    query = select(articles.c.server_id, articles.c.id).where(articles.c.full_at.is_not(None)).order_by(articles.c.id)
    return [tuple(row) for row in await conn.execute(query)]


async def _count(conn: AsyncConnection, where: ColumnElement[bool], limit: int) -> int:
    some = select(replies.c.id).where(IN_QUEUE, where).limit(limit)
    return (await conn.execute(select(func.count()).select_from(some.subquery()))).scalar_one()


async def _set_full(
    conn: AsyncConnection, article_id: int, changes: ColumnElement[bool], *, full_at: datetime | None
) -> bool:
    changed = update(articles).where(articles.c.id == article_id, changes).values(full_at=full_at)
    return (await conn.execute(changed.returning(articles.c.id))).one_or_none() is not None
