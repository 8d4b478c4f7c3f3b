"""Cases: a reply with all that a review card or a published reply shows beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Case, ReplyStatus
from bot.storage import articles, decisions, notes, replies, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get(conn: AsyncConnection, reply_id: int) -> Case | None:
    """The reply with all that a card shows beside it."""
    reply = await replies.get(conn, reply_id)
    if reply is None:
        return None
    article = await articles.get(conn, reply.article_id)
    if article is None:
        return None
    parent = await replies.get(conn, reply.parent_id) if reply.parent_id is not None else None
    record = await decisions.get_record(conn, reply.server_id, reply.author.id)
    request = await decisions.get_request(conn, reply) if reply.revision > 1 else None
    refused = await troubles.get_open(conn, reply.server_id, TroubleKind.REFUSED, reply.id)
    refusal = refused.details["reason"] if refused else None
    told = (
        await notes.list_latest(conn, reply.server_id, reply.author.id) if reply.status == ReplyStatus.PENDING else ()
    )
    return Case(
        reply=reply, article=article, record=record, parent=parent, request=request, refusal=refusal, notes=told
    )
