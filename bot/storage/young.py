"""New accounts that may not reply on an article for some time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.storage.articles import article_of
from bot.storage.tables import articles

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Article


async def put(
    conn: AsyncConnection, article_id: int, *, server_id: int, days: int | None, until: datetime | None
) -> Article | None:
    """Hold accounts and memberships younger than so many days until then; None: this server has no such article."""
    query = (
        update(articles)
        .where(articles.c.id == article_id, articles.c.server_id == server_id)
        .values(young_days=days, young_until=until)
        .returning(*articles.c)
    )
    row = (await conn.execute(query)).one_or_none()
    return article_of(row) if row else None
