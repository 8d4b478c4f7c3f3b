"""Removals: a moderator takes a published reply out of its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotPublished
from bot.models import Action, Reply, ReplyStatus
from bot.services import decisions
from bot.storage import replies

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def remove(
    db: Database, reply_id: int, *, server_id: int, moderator_id: int, sentence: str | None, now: datetime
) -> Reply:
    """Take a published reply out of the thread; the sweep deletes its message.

    Raises ReplyNotFound, OwnReply, NotPublished or TextTooLong.
    """
    sentence = decisions.read_sentence(sentence)
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reply = await replies.decide(
            conn,
            reply_id,
            expected=ReplyStatus.PUBLISHED,
            revision=before.revision,
            status=ReplyStatus.REMOVED,
            decided_by=moderator_id,
            decided_at=now,
            sentence=sentence,
        )
        if reply is None:
            raise NotPublished(number=f"#{before.number}", status=before.status)
        await decisions.record(conn, reply, Action.REMOVE, moderator_id=moderator_id, now=now)
    return reply
