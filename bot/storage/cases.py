"""Cases: a reply with all that a review card or a published reply shows beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.models import Case, ReplyStatus
from bot.storage import articles, decisions, opinions, replies, settings, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply


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
    held = await _while_held(conn, reply) if reply.status is ReplyStatus.PENDING else {}
    return Case(reply=reply, article=article, record=record, parent=parent, request=request, refusal=refusal, **held)


async def _while_held(conn: AsyncConnection, reply: Reply) -> dict[str, Any]:
    chosen = await settings.load(conn, reply.server_id)
    return {"opinion": await opinions.get_second(conn, reply), "is_blind": chosen.blind_review}
