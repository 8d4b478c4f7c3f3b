"""Articles: the piece discussed, and where in Discord its card and thread are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update

from bot.models import Article, ArticleStatus, Image, Page
from bot.storage import leases
from bot.storage.tables import ARTICLE_DUE, articles

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Server

LONG_AGO = timedelta(minutes=5)


async def get(conn: AsyncConnection, article_id: int, *, server_id: int | None = None) -> Article | None:
    """The article; None too when it belongs to another server than the one named."""
    query = select(articles).where(articles.c.id == article_id)
    if server_id is not None:
        query = query.where(articles.c.server_id == server_id)
    row = (await conn.execute(query)).one_or_none()
    return article_of(row) if row else None


async def get_by_address(conn: AsyncConnection, server_id: int, canonical_url: str) -> Article | None:
    """The article of this server that was posted from this canonical address; drafts do not count."""
    query = select(articles).where(
        articles.c.server_id == server_id,
        articles.c.canonical_url == canonical_url,
        articles.c.status != ArticleStatus.DRAFT,
    )
    row = (await conn.execute(query)).one_or_none()
    return article_of(row) if row else None


async def get_by_thread(conn: AsyncConnection, server_id: int, thread_id: int) -> Article | None:
    """The article that is discussed in this thread."""
    query = select(articles).where(articles.c.server_id == server_id, articles.c.thread_id == thread_id)
    row = (await conn.execute(query)).one_or_none()
    return article_of(row) if row else None


async def list_by_cards(conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> list[Article]:
    """The open articles whose cards are among these messages."""
    query = select(articles).where(
        articles.c.server_id == server_id,
        articles.c.card_message_id.in_(list(message_ids)),
        articles.c.status == ArticleStatus.OPEN,
    )
    return [article_of(row) for row in await conn.execute(query)]


async def list_open_cards(conn: AsyncConnection, server: Server) -> list[int]:
    """The cards of open articles in the channel chosen now, oldest first."""
    open_here = (articles.c.status == ArticleStatus.OPEN, articles.c.channel_id == server.articles_channel_id)
    cards = select(articles.c.card_message_id).where(articles.c.server_id == server.id, *open_here)
    cards = cards.where(articles.c.card_message_id.is_not(None)).order_by(articles.c.card_message_id)
    return list((await conn.execute(cards)).scalars())


async def list_elsewhere(conn: AsyncConnection, server: Server, *, limit: int = 10) -> list[Article]:
    """The newest open articles whose discussions are in another channel than the one chosen now."""
    query = (
        select(articles)
        .where(articles.c.server_id == server.id, articles.c.status == ArticleStatus.OPEN)
        .where(articles.c.channel_id != server.articles_channel_id, articles.c.thread_id.is_not(None))
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [article_of(row) for row in await conn.execute(query)]


async def insert_draft(conn: AsyncConnection, page: Page, *, server_id: int, editor_id: int, now: datetime) -> Article:
    """Store what an editor is shown before anybody else."""
    values = _columns(page) | {"server_id": server_id, "editor_id": editor_id, "created_at": now}
    new = insert(articles).values(status=ArticleStatus.DRAFT, **values).returning(*articles.c)
    return article_of((await conn.execute(new)).one())


async def change_draft(
    conn: AsyncConnection, article_id: int, *, server_id: int, title: str, summary: str
) -> Article | None:
    """Give a draft other words; None when it is no draft any more."""
    changed = (
        update(articles)
        .where(articles.c.id == article_id, articles.c.server_id == server_id)
        .where(articles.c.status == ArticleStatus.DRAFT)
        .values(title=title, summary=summary)
        .returning(*articles.c)
    )
    row = (await conn.execute(changed)).one_or_none()
    return article_of(row) if row else None


async def open_draft(conn: AsyncConnection, article: Article, *, channel_id: int, now: datetime) -> Article | None:
    """Turn a draft into an open article.

    None when it is no draft any more, or when the same address is open already. The caller holds the server, so
    that two at the same instant are one after the other; a unique index stands behind it.
    """
    opened = (
        update(articles)
        .where(articles.c.id == article.id, articles.c.status == ArticleStatus.DRAFT)
        .values(status=ArticleStatus.OPEN, channel_id=channel_id, posted_at=now)
        .returning(*articles.c)
    )
    if article.page.canonical_url is not None:
        same = articles.alias()
        opened = opened.where(
            ~select(same.c.id)
            .where(same.c.server_id == article.server_id, same.c.canonical_url == article.page.canonical_url)
            .where(same.c.status != ArticleStatus.DRAFT)
            .exists()
        )
    row = (await conn.execute(opened)).one_or_none()
    return article_of(row) if row else None


async def lease(conn: AsyncConnection, article_id: int, *, now: datetime) -> tuple[Article, datetime | None] | None:
    """Take an article to post its card and thread, with the time its card was tried first and not recorded."""
    row = await leases.take(conn, articles, article_id, ARTICLE_DUE, now=now)
    if row is None:
        return None
    first = row.attempted_at or now
    await conn.execute(update(articles).where(articles.c.id == article_id).values(attempted_at=first))
    return replace(article_of(row), attempted_at=first), row.attempted_at


async def record_card(conn: AsyncConnection, article_id: int, message_id: int) -> None:
    """Remember the card; the lease goes on, since the thread comes next."""
    await conn.execute(update(articles).where(articles.c.id == article_id).values(card_message_id=message_id))


async def record_thread(conn: AsyncConnection, article_id: int, thread_id: int) -> None:
    """Remember the thread: the article is posted."""
    values = {"thread_id": thread_id, "thread_shows": ArticleStatus.OPEN, "attempted_at": None}
    await leases.release(conn, articles, article_id, until=None, **values)


async def forget_card(conn: AsyncConnection, article_id: int) -> None:
    """The card is gone: another one is due."""
    await leases.release(conn, articles, article_id, until=None, card_message_id=None, attempted_at=None)


async def forget_thread(conn: AsyncConnection, article_id: int, *, channel_id: int) -> None:
    """The discussion is gone, its card with it: both are due again, in this channel."""
    values = {"status": ArticleStatus.OPEN, "channel_id": channel_id, "thread_id": None, "thread_shows": None}
    await leases.release(conn, articles, article_id, until=None, card_message_id=None, attempted_at=None, **values)


async def move_unposted(conn: AsyncConnection, server_id: int, channel_id: int, *, now: datetime) -> None:
    """Have what is not posted yet posted in another channel.

    One that was tried long ago was tried in a channel that is gone: otherwise it would have been found there.
    """
    certain = or_(articles.c.attempted_at.is_(None), articles.c.attempted_at < now - LONG_AGO)
    unposted = (articles.c.server_id == server_id, ARTICLE_DUE, articles.c.card_message_id.is_(None), certain)
    await conn.execute(
        update(articles)
        .where(*unposted, articles.c.thread_id.is_(None))
        .values(channel_id=channel_id, attempted_at=None, lease_until=None)
    )


async def set_letters(conn: AsyncConnection, article_id: int, minutes: int | None) -> Article:
    """Let approved replies appear together every so many minutes; None: each by itself."""
    changed = update(articles).where(articles.c.id == article_id).values(letters_minutes=minutes)
    return article_of((await conn.execute(changed.returning(*articles.c))).one())


async def put_off(conn: AsyncConnection, article_id: int, *, until: datetime | None, forget: bool = False) -> None:
    """Let go of an article until then; `forget` when its card certainly was not posted."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, articles, article_id, until=until, **values)


def article_of(row: Row[Any]) -> Article:
    """The article in a row of this table."""
    return Article(
        id=row.id,
        server_id=row.server_id,
        editor_id=row.editor_id,
        status=ArticleStatus(row.status),
        page=_page(row),
        created_at=row.created_at,
        channel_id=row.channel_id,
        card_message_id=row.card_message_id,
        thread_id=row.thread_id,
        attempted_at=row.attempted_at,
        young_days=row.young_days,
        young_until=row.young_until,
        letters_minutes=row.letters_minutes,
        full_at=row.full_at,
    )


def _page(row: Row[Any]) -> Page:
    image = Image(row.image_url, row.image_credit, row.image_alt) if row.image_url and row.image_credit else None
    return Page(
        title=row.title,
        summary=row.summary,
        url=row.url,
        canonical_url=row.canonical_url,
        site=row.site,
        authors=tuple(json.loads(row.authors)),
        language=row.language,
        published_at=row.published_at,
        image=image,
    )


def _columns(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "summary": page.summary,
        "url": page.url,
        "canonical_url": page.canonical_url,
        "site": page.site,
        "authors": json.dumps(page.authors, ensure_ascii=False),
        "language": page.language,
        "published_at": page.published_at,
        "image_url": page.image.url if page.image else None,
        "image_credit": page.image.credit if page.image else None,
        "image_alt": page.image.alt if page.image else None,
    }
