"""Discussions: whether an article's thread stands as the article does, what was said last in it, what belongs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, func, or_, select, update

from bot.models import Article, ArticleStatus, ReplyStatus
from bot.storage import leases
from bot.storage.articles import article_of
from bot.storage.tables import THREAD_DUE, articles, replies, webhooks

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Server

# What may still appear in a discussion after it was closed: it is locked only afterwards.
COMING = (ReplyStatus.PENDING, ReplyStatus.APPROVED)
DUE = and_(
    THREAD_DUE,
    or_(
        articles.c.status == ArticleStatus.OPEN,
        ~exists().where(replies.c.article_id == articles.c.id, replies.c.status.in_(COMING)),
    ),
)


class Task(NamedTuple):
    """A thread that is to be brought to its article's status."""

    article: Article
    published: int
    last_word_id: int | None
    first_at: datetime  # of the attempts at the last word
    is_retry: bool  # the last word may have been posted by an attempt that was not recorded
    is_repair: bool  # somebody else changed the thread


async def get_by_thread(conn: AsyncConnection, thread_id: int) -> Article | None:
    """The article that is discussed in this thread."""
    row = (await conn.execute(select(articles).where(articles.c.thread_id == thread_id))).one_or_none()
    return article_of(row) if row else None


async def list_open_threads(conn: AsyncConnection, server_id: int) -> list[int]:
    """The ids of the threads of a server's open articles."""
    is_open = (articles.c.server_id == server_id, articles.c.status == ArticleStatus.OPEN)
    query = select(articles.c.thread_id).where(*is_open, articles.c.thread_id.is_not(None))
    return list((await conn.execute(query)).scalars())


async def search(
    conn: AsyncConnection, server_id: int, typed: str, *, status: ArticleStatus, limit: int = 25
) -> list[Article]:
    """Articles under discussion whose headline holds what was typed, newest first."""
    query = (
        select(articles)
        .where(articles.c.server_id == server_id, articles.c.status == status, articles.c.thread_id.is_not(None))
        .where(articles.c.title.icontains(typed.strip(), autoescape=True))
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [article_of(row) for row in await conn.execute(query)]


async def count_coming(conn: AsyncConnection, article_id: int) -> int:
    """How many replies are held or approved and not published yet."""
    query = select(func.count()).where(replies.c.article_id == article_id, replies.c.status.in_(COMING))
    return (await conn.execute(query)).scalar_one()


async def close(conn: AsyncConnection, article_id: int, *, now: datetime) -> Article | None:
    """Take no replies any more; None when the discussion is not open."""
    closed = update(articles).where(articles.c.id == article_id, articles.c.status == ArticleStatus.OPEN)
    closed = closed.where(articles.c.thread_id.is_not(None)).values(status=ArticleStatus.CLOSED, closed_at=now)
    row = (await conn.execute(closed.returning(*articles.c))).one_or_none()
    return article_of(row) if row else None


async def reopen(conn: AsyncConnection, article_id: int) -> Article | None:
    """Take replies again; None when the discussion is not closed. Its thread counts as locked, if only half done."""
    opened = update(articles).where(articles.c.id == article_id, articles.c.status == ArticleStatus.CLOSED)
    opened = opened.values(status=ArticleStatus.OPEN, closed_at=None, thread_shows=ArticleStatus.CLOSED).returning(
        *articles.c
    )
    row = (await conn.execute(opened)).one_or_none()
    return article_of(row) if row else None


async def lease(conn: AsyncConnection, article_id: int, *, now: datetime) -> Task | None:
    """Take an article to open or lock its thread."""
    row = await leases.take(conn, articles, article_id, DUE, now=now)
    if row is None:
        return None
    article, first_at = article_of(row), row.attempted_at or now
    if article.status == ArticleStatus.CLOSED and row.last_word_message_id is None:
        await conn.execute(update(articles).where(articles.c.id == article_id).values(attempted_at=first_at))
    counted = select(func.count()).where(replies.c.article_id == article_id, replies.c.status == ReplyStatus.PUBLISHED)
    published = (await conn.execute(counted)).scalar_one()
    is_retry, is_repair = row.attempted_at is not None, row.thread_shows is None
    return Task(article, published, row.last_word_message_id, first_at, is_retry, is_repair)


async def record_last_word(conn: AsyncConnection, article_id: int, message_id: int | None) -> None:
    """Remember what was said last, or that it was taken back; the lease goes on."""
    values = {"last_word_message_id": message_id, "attempted_at": None}
    await conn.execute(update(articles).where(articles.c.id == article_id).values(values))


async def record_shown(
    conn: AsyncConnection, article_id: int, status: ArticleStatus, *, until: datetime | None
) -> None:
    """Remember how the thread stands; until then it is not touched again."""
    await leases.release(conn, articles, article_id, until=until, thread_shows=status)


async def doubt(conn: AsyncConnection, article_id: int) -> None:
    """Somebody has changed the thread: it is to be brought back."""
    await conn.execute(update(articles).where(articles.c.id == article_id).values(thread_shows=None))


async def doubt_others(
    conn: AsyncConnection, server_id: int, *, fine: Collection[int], active: Collection[int]
) -> bool:
    """Bring back what was changed unseen: `fine` threads are active and unlocked, `active` ones not in the archive."""
    lost = and_(articles.c.status == ArticleStatus.OPEN, articles.c.thread_id.not_in(fine))
    stray = and_(articles.c.status == ArticleStatus.CLOSED, articles.c.thread_id.in_(active))
    doubted = (
        update(articles)
        .where(articles.c.server_id == server_id, articles.c.thread_shows == articles.c.status, or_(lost, stray))
        .values(thread_shows=None)
        .returning(articles.c.id)
    )
    return (await conn.execute(doubted)).first() is not None


async def list_sealed(conn: AsyncConnection, server: Server) -> set[int]:
    """The channel where only the bot writes, and the open discussions that it has in others."""
    elsewhere = select(articles.c.thread_id).where(
        articles.c.server_id == server.id,
        articles.c.status == ArticleStatus.OPEN,
        articles.c.channel_id != server.articles_channel_id,
        articles.c.thread_id.is_not(None),
    )
    return {server.articles_channel_id or 0, *(await conn.execute(elsewhere)).scalars()} - {0}


async def is_ours(conn: AsyncConnection, channel_id: int, message_id: int, webhook_id: int | None) -> bool:
    """Tell whether a message was posted by one of the bot's webhooks, also a former one, or is recorded as a reply."""
    recorded = exists().where(
        articles.c.thread_id == channel_id, replies.c.article_id == articles.c.id, replies.c.message_id == message_id
    )
    query = select(or_(exists().where(webhooks.c.id == webhook_id), recorded))
    return bool((await conn.execute(query)).scalar_one())
