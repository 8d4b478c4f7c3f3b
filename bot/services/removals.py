"""Removals: a moderator takes a published reply out of its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotPublished
from bot.models import Action, Picked, Reply, ReplyStatus
from bot.services import decisions, reasons
from bot.storage import replies

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def remove(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    sentence: str | None,
    now: datetime,
    guideline: str | None = None,
    picked: Picked = reasons.NOTHING_PICKED,
) -> Reply:
    """Take a published reply out of the thread; the sweep deletes its message.

    Raises ReplyNotFound, OwnReply, NotPublished, GuidelineUnknown, PhraseUnknown or TextTooLong.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reason = await reasons.complete(conn, before, guideline=guideline, sentence=sentence, picked=picked)
        reply = await replies.decide(
            conn,
            reply_id,
            expected=ReplyStatus.PUBLISHED,
            revision=before.revision,
            status=ReplyStatus.REMOVED,
            decided_by=moderator_id,
            decided_at=now,
            **reason,
        )
        if reply is None:
            raise NotPublished(number=f"#{before.number}", status=before.status)
        await decisions.record(conn, reply, Action.REMOVE, moderator_id=moderator_id, now=now)
    return reply
