"""Surroundings: what was said around a reply, and what its author wrote besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.models import Reply, ReplyStatus, Surroundings
from bot.storage import articles, cases, replies
from bot.storage.replies import reply_of
from bot.storage.tables import replies as table

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_AROUND = 5
MOST_EARLIER = 5
MOST_ANCESTORS = 2  # above the parent


async def get(conn: AsyncConnection, reply_id: int, *, reader_id: int | None = None) -> Surroundings | None:
    """All that a moderator may want to read before they decide this reply; likewise as `cases.get` shows it to them."""
    case = await cases.get(conn, reply_id, reader_id=reader_id)
    if case is None:
        return None
    around = [*await _list_ancestors(conn, case.parent), *await _list_siblings(conn, case.reply)]
    written = await replies.list_by_author(conn, case.reply.server_id, case.reply.author.id, limit=MOST_EARLIER + 1)
    earlier = [reply for reply in written if reply.id != reply_id][:MOST_EARLIER]
    on = {each: await articles.get(conn, each) for each in {reply.article_id for reply in earlier}}
    return Surroundings(case, tuple(around[-MOST_AROUND:]), tuple((each, on[each.article_id]) for each in earlier))


async def _list_ancestors(conn: AsyncConnection, parent: Reply | None) -> list[Reply]:
    """What the parent answers, and what that does, as far as it is visible; oldest first."""
    found: list[Reply] = []
    while parent is not None and parent.parent_id is not None and len(found) < MOST_ANCESTORS:
        parent = await replies.get(conn, parent.parent_id)
        if parent is not None and parent.status is ReplyStatus.PUBLISHED:
            found.insert(0, parent)
    return found


async def _list_siblings(conn: AsyncConnection, reply: Reply) -> list[Reply]:
    """What is published beside it, in answer to the same, and was written before; oldest first."""
    query = (
        select(table)
        .where(table.c.article_id == reply.article_id, table.c.id < reply.id)
        .where(table.c.parent_id.is_not_distinct_from(reply.parent_id), table.c.status == ReplyStatus.PUBLISHED)
        .order_by(table.c.id.desc())
        .limit(MOST_AROUND)
    )
    return [reply_of(row) for row in await conn.execute(query)][::-1]
