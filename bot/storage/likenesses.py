"""Likenesses: which replies are near-identical, and how those were decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, func, or_, select, update

from bot.models import Action, Guideline, Precedent, Reply, ReplyStatus
from bot.storage.inserts import insert
from bot.storage.replies import reply_of
from bot.storage.tables import articles, likenesses, replies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.ext.asyncio import AsyncConnection

LATEST_ON_ARTICLE = 500
LATEST_OF_AUTHOR = 200
MOST_PAIRS = 50
APPROVED = (ReplyStatus.APPROVED, ReplyStatus.PUBLISHED)
REFUSED = (ReplyStatus.REJECTED, ReplyStatus.REMOVED)
DECIDED = (*APPROVED, *REFUSED)
# That a decision contradicts precedents: the fewest, and of which kind.
FEWEST = 3
OPPOSITE = {Action.APPROVE: REFUSED, Action.REJECT: APPROVED}


async def list_candidates(
    conn: AsyncConnection, *, server_id: int, article_id: int, author_id: int
) -> list[tuple[int, str]]:
    """(id, canonical form) of the latest replies on an article and of the latest ones of an author in the server."""
    on_article = _latest().where(replies.c.article_id == article_id).limit(LATEST_ON_ARTICLE)
    of_author = _latest().where(replies.c.server_id == server_id, replies.c.author_id == author_id)
    found = {row.id: row.canonical for row in await conn.execute(on_article)}
    found |= {row.id: row.canonical for row in await conn.execute(of_author.limit(LATEST_OF_AUTHOR))}
    return list(found.items())


async def list_newer(conn: AsyncConnection, reply: Reply, *, after: int) -> list[tuple[int, str]]:
    """Likewise those on the reply's article that were stored since."""
    query = _latest().where(replies.c.article_id == reply.article_id, replies.c.id > after).limit(LATEST_ON_ARTICLE)
    return [(row.id, row.canonical) for row in await conn.execute(query) if row.id != reply.id]


def _latest() -> Select[Any]:
    query = select(replies.c.id, replies.c.canonical).where(replies.c.canonical.is_not(None))
    return query.where(replies.c.status != ReplyStatus.WITHDRAWN).order_by(replies.c.id.desc())


async def put(conn: AsyncConnection, reply_id: int, others: Iterable[int]) -> None:
    """Remember what a reply is like now, in the place of what it was like before."""
    is_part = or_(likenesses.c.reply_id == reply_id, likenesses.c.other_id == reply_id)
    await conn.execute(delete(likenesses).where(is_part))
    pairs = [{"reply_id": max(reply_id, other), "other_id": min(reply_id, other)} for other in others]
    if pairs:
        await conn.execute(insert(conn, likenesses).on_conflict_do_nothing(), pairs[:MOST_PAIRS])


async def describe(
    conn: AsyncConnection, reply_id: int, *, canonical: str, severity: int, blurred: bool, copy_of_id: int | None
) -> Reply:
    """Write to the reply what was found out about its text."""
    query = (
        update(replies)
        .where(replies.c.id == reply_id)
        .values(canonical=canonical, severity=severity, blurred=blurred, copy_of_id=copy_of_id)
        .returning(*replies.c)
    )
    return reply_of((await conn.execute(query)).one())


async def list_precedents(conn: AsyncConnection, reply_id: int) -> list[Precedent]:
    """The near-identical replies that moderators have decided, the newest first."""
    earlier = select(likenesses.c.other_id).where(likenesses.c.reply_id == reply_id)
    later = select(likenesses.c.reply_id).where(likenesses.c.other_id == reply_id)
    query = (
        select(replies, articles.c.thread_id)
        .join(articles, articles.c.id == replies.c.article_id)
        .where(replies.c.id.in_(earlier.union_all(later)), replies.c.status.in_(DECIDED))
        .where(~replies.c.by_role)
        .order_by(replies.c.id.desc())
        .limit(MOST_PAIRS)
    )
    return [
        Precedent(
            reply_id=row.id,
            number=row.number,
            status=ReplyStatus(row.status),
            guideline=Guideline(row.guideline) if row.guideline else None,
            thread_id=row.thread_id,
            message_id=row.message_id if row.status == ReplyStatus.PUBLISHED else None,
        )
        for row in await conn.execute(query)
    ]


def contradicts(action: Action) -> ColumnElement[bool]:
    """The condition that a decision on a reply contradicts its precedents: `precedents.against` in SQL."""
    other = replies.alias("other")
    earlier = select(likenesses.c.other_id).where(likenesses.c.reply_id == replies.c.id).correlate(replies)
    later = select(likenesses.c.reply_id).where(likenesses.c.other_id == replies.c.id).correlate(replies)
    latest = (
        select(other.c.status)
        .where(or_(other.c.id.in_(earlier), other.c.id.in_(later)), other.c.status.in_(DECIDED))
        .where(~other.c.by_role)
        .order_by(other.c.id.desc())
        .limit(MOST_PAIRS)
        .correlate(replies)
        .subquery()
    )
    opposite = func.count().filter(latest.c.status.in_(OPPOSITE[action]))
    return select(and_(opposite >= FEWEST, 2 * opposite > func.count())).select_from(latest).scalar_subquery()
