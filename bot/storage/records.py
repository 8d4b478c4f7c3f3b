"""Records: how an author's replies were decided in a server, and how much of a discussion is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.models import MOST_COUNTED, Guideline, Record, ReplyStatus
from bot.storage.tables import replies

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

COUNTED = (ReplyStatus.PENDING, ReplyStatus.APPROVED, ReplyStatus.PUBLISHED)


async def get(conn: AsyncConnection, reply: Reply) -> Record:
    """What is known of the reply's author in this server and on this article; the reply itself counts as it is given.

    A held one is not among those decided, and is one of those on the article.
    """
    query = (
        select(replies.c.status, replies.c.guideline, func.count())
        .where(replies.c.server_id == reply.server_id, replies.c.author_id == reply.author.id)
        .where(replies.c.status.in_((ReplyStatus.PUBLISHED, ReplyStatus.REJECTED)))
        .group_by(replies.c.status, replies.c.guideline)
    )
    if reply.status is ReplyStatus.PENDING:
        query = query.where(replies.c.id != reply.id)
    counts = [(row.status, row.guideline, row[2]) for row in await conn.execute(query)]
    rejected = [(guideline, n) for status, guideline, n in counts if status == ReplyStatus.REJECTED]
    guidelines = sorted(((Guideline(each), n) for each, n in rejected if each), key=lambda pair: (-pair[1], pair[0]))
    return Record(
        published=sum(n for status, _, n in counts if status == ReplyStatus.PUBLISHED),
        rejected=sum(n for _, n in rejected),
        guidelines=tuple(guidelines),
        here=await _count(conn, reply, author_id=reply.author.id),
        of=await _count(conn, reply),
    )


async def _count(conn: AsyncConnection, reply: Reply, *, author_id: int | None = None) -> int:
    others = (replies.c.article_id == reply.article_id, replies.c.id != reply.id)
    some = select(replies.c.id).where(*others, replies.c.status.in_(COUNTED))
    if author_id is not None:
        some = some.where(replies.c.author_id == author_id)
    query = select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())
    return min((await conn.execute(query)).scalar_one() + (reply.status in COUNTED), MOST_COUNTED)
