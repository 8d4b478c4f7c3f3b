"""Searching among replies as somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, cast, or_, select

from bot.models import ReplyStatus
from bot.storage.replies import reply_of
from bot.storage.tables import replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

SEARCHED = 1000  # replies at most are searched for words, so that it takes no longer when more are held
LONGEST_NUMBER = 9


async def search(
    conn: AsyncConnection,
    server_id: int,
    typed: str,
    *,
    statuses: Iterable[ReplyStatus],
    by_name: bool = True,
    limit: int = 25,
) -> list[Reply]:
    """Replies whose number is or begins with what was typed, or whose text or author's name holds it, oldest first.

    Words and beginnings of numbers are looked for in the first thousand held ones, or the last thousand others.
    """
    kept = and_(replies.c.server_id == server_id, replies.c.status.in_(statuses := list(statuses)))
    typed = typed.strip().removeprefix("#")
    some = select(replies.c.id).where(kept)
    some = some.order_by(replies.c.id if ReplyStatus.PENDING in statuses else replies.c.id.desc()).limit(SEARCHED)
    query = select(replies).where(replies.c.id.in_(some.subquery().select()))
    if typed:
        number = cast(replies.c.number, Text).startswith(typed, autoescape=True)
        words = replies.c.text.icontains(typed, autoescape=True)
        name = [replies.c.author_name.icontains(typed, autoescape=True)] if by_name else []
        query = query.where(or_(number, words, *name))
    found = [reply_of(row) for row in await conn.execute(query.order_by(replies.c.id).limit(limit))]
    if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_NUMBER:
        exact = select(replies).where(kept, replies.c.number == int(typed))
        first = [reply_of(row) for row in await conn.execute(exact)]
        return [*first, *(reply for reply in found if reply not in first)][:limit]
    return found
