"""Cases: a reply with all that a review card or a published reply shows beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.models import Case, ReplyStatus
from bot.storage import (
    appeals,
    articles,
    clusters,
    deciders,
    decisions,
    flags,
    guidelines,
    likenesses,
    notes,
    opinions,
    records,
    replies,
    settings,
    troubles,
)
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get(conn: AsyncConnection, reply_id: int, *, reader_id: int | None = None) -> Case | None:
    """The reply with all that a card shows beside it; as if it were held where the reader is to judge it once more."""
    stored = await replies.get(conn, reply_id)
    if stored is None:
        return None
    reply = await opinions.as_shown(conn, stored, reader_id) if reader_id is not None else stored
    article = await articles.get(conn, reply.article_id)
    if article is None:
        return None
    parent = await replies.get(conn, reply.parent_id) if reply.parent_id is not None else None
    record = await records.get(conn, reply)
    request = await decisions.get_request(conn, reply) if reply.revision > 1 else None
    refused = await troubles.get_open(conn, reply.server_id, TroubleKind.REFUSED, reply.id)
    refusal = refused.details["reason"] if refused else None
    case = Case(reply=reply, article=article, record=record, parent=parent, request=request, refusal=refusal)
    case = await _with_context(conn, case)
    return case if reply is stored else replace(case, opinion=None)  # it would tell how it was decided


async def _with_context(conn: AsyncConnection, case: Case) -> Case:
    """Add what a moderator compares it with; of a decided reply that is not read."""
    reply = case.reply
    if reply.status is ReplyStatus.DUPLICATE and reply.copy_of_id is not None:
        original = await replies.get(conn, reply.copy_of_id)
        return replace(case, original=original, decider_id=await deciders.get_of_reply(conn, reply))
    if reply.status is not ReplyStatus.PENDING:
        cited = (await guidelines.list_cited(conn, [reply])).get(reply.id)
        appeal, decider_id = await appeals.get_latest(conn, reply), await deciders.get_of_reply(conn, reply)
        return replace(case, cited=cited, appeal=appeal, decider_id=decider_id)
    return replace(
        case,
        flags=tuple(await flags.list_of(conn, reply)),
        precedents=tuple(await likenesses.list_precedents(conn, reply.id)),
        copies=tuple(await clusters.list_authors(conn, reply.id)),
        notes=await notes.list_latest(conn, reply.server_id, reply.author.id),
        opinion=await opinions.get_second(conn, reply),
        is_blind=(await settings.load(conn, reply.server_id)).blind_review,
    )
