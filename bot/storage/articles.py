"""Articles: the piece discussed, and where in Discord its card and thread are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.models import Article, ArticleStatus, Image, Page
from bot.storage import leases
from bot.storage.tables import ARTICLE_DUE, articles

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


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
    return article_of(row), row.attempted_at


async def record_card(conn: AsyncConnection, article_id: int, message_id: int) -> None:
    """Remember the card; the lease goes on, since the thread comes next."""
    await conn.execute(update(articles).where(articles.c.id == article_id).values(card_message_id=message_id))


async def record_thread(conn: AsyncConnection, article_id: int, thread_id: int) -> None:
    """Remember the thread: the article is posted."""
    values = {"thread_id": thread_id, "thread_shows": ArticleStatus.OPEN, "attempted_at": None}
    await leases.release(conn, articles, article_id, until=None, **values)


async def put_off(conn: AsyncConnection, article_id: int, *, until: datetime, forget: bool = False) -> None:
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
