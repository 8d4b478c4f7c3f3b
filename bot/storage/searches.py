"""Searches: the replies that a moderator means by what they type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, cast, or_, select

from bot.storage.replies import reply_of
from bot.storage.tables import replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply, ReplyStatus


async def find_replies(
    conn: AsyncConnection,
    server_id: int,
    typed: str,
    *,
    statuses: Iterable[ReplyStatus],
    by_name: bool = True,
    limit: int = 25,
) -> list[Reply]:
    """Replies whose number begins with what was typed, or whose text or author's name holds it, oldest first."""
    query = select(replies).where(replies.c.server_id == server_id, replies.c.status.in_(list(statuses)))
    typed = typed.strip().removeprefix("#")
    if typed:
        number = cast(replies.c.number, Text).startswith(typed, autoescape=True)
        words = replies.c.text.icontains(typed, autoescape=True)
        name = [replies.c.author_name.icontains(typed, autoescape=True)] if by_name else []
        query = query.where(or_(number, words, *name))
    return [reply_of(row) for row in await conn.execute(query.order_by(replies.c.id).limit(limit))]
