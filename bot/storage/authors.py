"""Authors: the members whom an editor has linked as authors of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, select

from bot.storage.inserts import insert
from bot.storage.tables import article_authors

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


async def link(conn: AsyncConnection, article_id: int, member_id: int, *, linked_by: int, now: datetime) -> bool:
    """Link a member to an article; False: they were linked already."""
    values = {"article_id": article_id, "member_id": member_id, "linked_by": linked_by, "linked_at": now}
    new = insert(conn, article_authors).values(values).on_conflict_do_nothing()
    return (await conn.execute(new.returning(article_authors.c.member_id))).one_or_none() is not None


async def unlink(conn: AsyncConnection, article_id: int, member_id: int) -> bool:
    """Forget that a member is an author of an article; False: they were not."""
    link = (article_authors.c.article_id == article_id, article_authors.c.member_id == member_id)
    return bool((await conn.execute(delete(article_authors).where(*link))).rowcount)


async def is_linked(conn: AsyncConnection, article_id: int, member_id: int) -> bool:
    """Tell whether a member is an author of an article."""
    link = (article_authors.c.article_id == article_id, article_authors.c.member_id == member_id)
    return bool((await conn.execute(select(exists().where(*link)))).scalar_one())


async def list_of(conn: AsyncConnection, article_id: int) -> list[int]:
    """The members who are linked to an article, in the order in which they were."""
    query = select(article_authors.c.member_id).where(article_authors.c.article_id == article_id)
    return list(
        (await conn.execute(query.order_by(article_authors.c.linked_at, article_authors.c.member_id))).scalars()
    )
