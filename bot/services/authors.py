"""Authors: an editor links members as authors of an article, and their replies on it say so from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import ArticleNotFound
from bot.models import Action, ArticleStatus
from bot.storage import articles, audit, authors, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Article
    from bot.storage import Connection, Database


async def link(
    db: Database, article_id: int, member_id: int, *, server_id: int, editor_id: int, now: datetime
) -> tuple[Article, list[int]]:
    """Link a member as an author of an article; gives all its authors. Linking them twice is no error.

    Raises ArticleNotFound.
    """
    async with db.begin() as conn:
        article = await _take(conn, article_id, server_id)
        if await authors.link(conn, article_id, member_id, linked_by=editor_id, now=now):
            await _write_down(conn, article, Action.AUTHOR_LINKED, member_id, editor_id=editor_id, now=now)
        return article, await authors.list_of(conn, article_id)


async def unlink(
    db: Database, article_id: int, member_id: int, *, server_id: int, editor_id: int, now: datetime
) -> tuple[Article, list[int]]:
    """Take the link back; what they have sent keeps its badge. Likewise, and no error for who is not linked."""
    async with db.begin() as conn:
        article = await _take(conn, article_id, server_id)
        if await authors.unlink(conn, article_id, member_id):
            await _write_down(conn, article, Action.AUTHOR_UNLINKED, member_id, editor_id=editor_id, now=now)
        return article, await authors.list_of(conn, article_id)


async def _take(conn: Connection, article_id: int, server_id: int) -> Article:
    await servers.hold(conn, server_id)
    article = await articles.get(conn, article_id, server_id=server_id)
    if article is None or article.status is ArticleStatus.DRAFT:
        raise ArticleNotFound
    return article


async def _write_down(
    conn: Connection, article: Article, action: Action, member_id: int, *, editor_id: int, now: datetime
) -> None:
    about = {"title": article.page.title, "member_id": member_id}
    await audit.append(conn, article.server_id, action, actor_id=editor_id, at=now, subject_id=article.id, **about)
