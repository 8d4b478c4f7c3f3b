"""Articles: an editor drafts one, changes its words and posts it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.errors import AlreadyPosted, ArticleNotFound, NotSetUp, TextTooLong, TitleMissing
from bot.models import Action, Article, ArticleStatus, Page
from bot.screening.cleaning import clean, is_readable
from bot.services.errands import Clock, putting_off
from bot.storage import articles, audit, servers

if TYPE_CHECKING:
    from bot.storage import Connection, Database

TITLE_LENGTH = 256
SUMMARY_LENGTH = 1500

Post = Callable[[Article], Awaitable[int]]
# The card of an earlier attempt, looked for from that time on.
Find = Callable[[Article, datetime], Awaitable[int | None]]


async def draft(db: Database, page: Page, *, server_id: int, editor_id: int, now: datetime) -> Article:
    """Keep what the editor is about to see. Raises AlreadyPosted, TitleMissing or TextTooLong."""
    page = _cleaned(page)
    _check(page.title, page.summary)
    async with db.begin() as conn:
        await servers.ensure(conn, server_id)
        await _refuse_twin(conn, server_id, page)
        return await articles.insert_draft(conn, page, server_id=server_id, editor_id=editor_id, now=now)


async def edit(db: Database, article_id: int, *, server_id: int, title: str, summary: str) -> Article:
    """Give a draft other words. Raises ArticleNotFound when it is no draft, TitleMissing or TextTooLong."""
    title, summary = clean(title).strip(), clean(summary).strip()
    _check(title, summary)
    async with db.begin() as conn:
        changed = await articles.change_draft(conn, article_id, server_id=server_id, title=title, summary=summary)
    if changed is None:
        raise ArticleNotFound
    return changed


async def post(db: Database, article_id: int, *, server_id: int, editor_id: int, now: datetime) -> Article:
    """Open a draft for discussion; the sweep posts its card and makes its thread.

    Raises ArticleNotFound, NotSetUp, or AlreadyPosted when this draft or its address is open already.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        article = await articles.get(conn, article_id, server_id=server_id)
        server = await servers.get(conn, server_id)
        if article is None:
            raise ArticleNotFound
        if server.articles_channel_id is None:
            raise NotSetUp
        if article.status != ArticleStatus.DRAFT:
            raise AlreadyPosted(article)
        opened = await articles.open_draft(conn, article, channel_id=server.articles_channel_id, now=now)
        if opened is None:
            await _refuse_twin(conn, server_id, article.page)
            raise ArticleNotFound
        await audit.append(conn, server_id, Action.ARTICLE_POSTED, actor_id=editor_id, at=now, subject_id=article_id)
    return opened


async def publish(
    db: Database, article_id: int, *, clock: Clock, send_card: Post, find_card: Find, make_thread: Post
) -> Article | None:
    """Post the card and make the thread, each unless it is there already; None when nothing is due.

    `make_thread` gets the article with its card's id and may run twice.
    """
    async with db.begin() as conn:
        leased = await articles.lease(conn, article_id, now=clock())
    if leased is None:
        return None
    article, tried_at = leased

    async with putting_off(db, clock, articles.put_off, article_id, tried=tried_at is not None):
        if article.card_message_id is None:
            card_id = (await find_card(article, tried_at) if tried_at else None) or await send_card(article)
            article = await _record_card(db, article_id, card_id)
        thread_id = await make_thread(article)
    async with db.begin() as conn:
        await articles.record_thread(conn, article_id, thread_id)
        return await articles.get(conn, article_id)


async def _record_card(db: Database, article_id: int, card_id: int) -> Article:
    async with db.begin() as conn:
        await articles.record_card(conn, article_id, card_id)
        article = await articles.get(conn, article_id)
    if article is None:
        raise ArticleNotFound
    return article


async def _refuse_twin(conn: Connection, server_id: int, page: Page) -> None:
    if page.canonical_url is not None:
        twin = await articles.get_by_address(conn, server_id, page.canonical_url)
        if twin is not None:
            raise AlreadyPosted(twin)


def _check(title: str, summary: str) -> None:
    if not is_readable(title) or not is_readable(summary):
        raise TitleMissing
    for text, limit in ((title, TITLE_LENGTH), (summary, SUMMARY_LENGTH)):
        if len(text) > limit:
            raise TextTooLong(length=len(text), limit=limit)


def _cleaned(page: Page) -> Page:
    image = page.image
    return replace(
        page,
        title=clean(page.title).strip(),
        summary=clean(page.summary).strip(),
        site=clean(page.site) if page.site else None,
        authors=tuple(map(clean, page.authors)),
        image=replace(image, credit=clean(image.credit), alt=clean(image.alt or "") or None) if image else None,
    )
