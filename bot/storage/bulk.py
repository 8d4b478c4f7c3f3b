"""Many held replies at once: which of them a moderator can approve together, and how far they have come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select

from bot.models import Pile, Reply, ReplyStatus
from bot.storage.opinions import is_considered
from bot.storage.replies import reply_of
from bot.storage.tables import CARD_KEY, articles, replies, revisions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

# Its review card shows the text as it is now.
IS_SHOWN = func.coalesce(replies.c.card_shows == CARD_KEY, False)


async def count_held(
    conn: AsyncConnection, server_id: int, *, moderator_id: int, article_id: int | None = None
) -> Pile:
    """How many replies are held in a server or on one article, and how many of them this moderator can approve."""
    own = concerns(moderator_id)
    query = select(
        func.count(),
        func.coalesce(func.sum(case((own, 1), else_=0)), 0),
        func.coalesce(func.sum(case((and_(~own, ~IS_SHOWN), 1), else_=0)), 0),
    ).where(*_held(server_id, article_id))
    held, owned, unseen = (await conn.execute(query)).one()
    return Pile(approvable=held - owned - unseen, own=owned, unseen=unseen)


async def list_approvable(
    conn: AsyncConnection,
    server_id: int,
    *,
    moderator_id: int,
    article_id: int | None,
    seen_at: datetime,
    limit: int,
) -> list[Reply]:
    """Held replies of others that were written before `seen_at` as their cards show them, oldest first."""
    query = (
        select(replies)
        .join(revisions, and_(revisions.c.reply_id == replies.c.id, revisions.c.revision == replies.c.revision))
        .where(*_held(server_id, article_id), ~concerns(moderator_id))
        .where(IS_SHOWN, revisions.c.written_at <= seen_at)
        .order_by(replies.c.id)
        .limit(limit)
    )
    return [reply_of(row) for row in await conn.execute(query)]


def concerns(moderator_id: int) -> ColumnElement[bool]:
    """The condition that a reply is this moderator's own, or answers one of theirs."""
    parent = replies.alias("parent")
    answers = exists().where(parent.c.id == replies.c.parent_id, parent.c.author_id == moderator_id)
    return or_(replies.c.author_id == moderator_id, answers)


async def count_decided(
    conn: AsyncConnection, server_id: int, status: ReplyStatus, *, moderator_id: int, decided_at: datetime
) -> int:
    """How many of the replies that this moderator decided at that very moment are in this state now."""
    query = select(func.count()).where(
        replies.c.status == status,
        replies.c.server_id == server_id,
        replies.c.decided_by == moderator_id,
        replies.c.decided_at == decided_at,
    )
    return (await conn.execute(query)).scalar_one()


async def list_articles(conn: AsyncConnection, server_id: int, typed: str, *, limit: int = 25) -> list[Any]:
    """(id, title, held) of articles with held replies whose title holds what was typed, the newest first."""
    held = func.count().label("held")
    query = (
        select(articles.c.id, articles.c.title, held)
        .join(replies, replies.c.article_id == articles.c.id)
        .where(*_held(server_id, None), articles.c.title.icontains(typed.strip(), autoescape=True))
        .group_by(articles.c.id, articles.c.title)
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [tuple(row) for row in await conn.execute(query)]


def _held(server_id: int, article_id: int | None) -> list[ColumnElement[bool]]:
    conditions = [replies.c.status == ReplyStatus.PENDING, replies.c.server_id == server_id, ~is_considered()]
    return [*conditions, replies.c.article_id == article_id] if article_id is not None else conditions
