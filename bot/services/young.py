"""New accounts: a moderator lets them reply on an article only after some hours."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import AccountTooYoung, ArticleNotFound
from bot.models import Action, Article, Author, made_at
from bot.storage import audit, clusters, servers, young

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def hold(
    db: Database, article_id: int, *, server_id: int, moderator_id: int, days: int, hours: int, now: datetime
) -> Article:
    """Take no replies on an article from accounts or memberships younger than so many days, for so many hours.

    It ends by itself, or at once when `hours` is 0. Raises ArticleNotFound.
    """
    until = now + timedelta(hours=hours) if hours else None
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        article = await young.put(
            conn, article_id, server_id=server_id, days=days if until is not None else None, until=until
        )
        if article is None:
            raise ArticleNotFound
        await clusters.redraw_all(conn, article_id)
        await audit.append(
            conn,
            server_id,
            Action.YOUNG_HELD,
            actor_id=moderator_id,
            at=now,
            subject_id=article_id,
            days=days,
            hours=hours,
        )
    return article


def require_grown(article: Article, author: Author, *, now: datetime) -> None:
    """Raise AccountTooYoung while the article takes no replies of accounts like this one."""
    if article.young_days is None or article.young_until is None or article.young_until <= now:
        return
    newest = now - timedelta(days=article.young_days)
    if made_at(author.id) > newest or (author.joined_at is not None and author.joined_at > newest):
        raise AccountTooYoung(days=article.young_days, when=f"<t:{int(article.young_until.timestamp())}:f>")
