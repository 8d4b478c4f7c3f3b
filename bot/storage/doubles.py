"""Doubles: what stands in a discussion by our webhook, and for which reply it may be a second copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from bot.models import ReplyStatus, Webhook
from bot.storage.tables import articles, replies, webhooks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get_webhook(conn: AsyncConnection, thread_id: int, webhook_id: int) -> Webhook | None:
    """The webhook in use by which replies appear in this discussion, if this is it."""
    query = (
        select(webhooks)
        .join(articles, articles.c.channel_id == webhooks.c.channel_id)
        .where(articles.c.thread_id == thread_id, webhooks.c.id == webhook_id, webhooks.c.retired_at.is_(None))
    )
    row = (await conn.execute(query)).one_or_none()
    return Webhook(channel_id=row.channel_id, id=row.id, token=row.token) if row else None


async def is_recorded(conn: AsyncConnection, thread_id: int, message_id: int) -> bool:
    """Tell whether a message of this discussion is known as a reply."""
    query = select(
        exists().where(
            articles.c.thread_id == thread_id,
            replies.c.article_id == articles.c.id,
            replies.c.message_id == message_id,
        )
    )
    return bool((await conn.execute(query)).scalar_one())


async def is_under_way(conn: AsyncConnection, thread_id: int) -> bool:
    """Tell whether a reply is being published in this discussion: its message may not be recorded yet."""
    query = select(
        exists().where(
            articles.c.thread_id == thread_id,
            replies.c.article_id == articles.c.id,
            replies.c.status == ReplyStatus.APPROVED,
            replies.c.attempted_at.is_not(None),
        )
    )
    return bool((await conn.execute(query)).scalar_one())


async def belongs(conn: AsyncConnection, thread_id: int, reply_id: int) -> bool:
    """Tell whether a reply is one of this discussion."""
    query = select(
        exists().where(
            articles.c.thread_id == thread_id, replies.c.article_id == articles.c.id, replies.c.id == reply_id
        )
    )
    return bool((await conn.execute(query)).scalar_one())


async def get_last_known_id(conn: AsyncConnection, thread_id: int) -> int | None:
    """The newest message that is recorded in a discussion; None when none is."""
    here = articles.c.thread_id == thread_id
    reply = select(func.max(replies.c.message_id)).join(articles, articles.c.id == replies.c.article_id).where(here)
    word = select(func.max(articles.c.last_word_message_id)).where(here)
    found = [(await conn.execute(query)).scalar_one() for query in (reply, word)]
    return max(filter(None, found), default=None)
