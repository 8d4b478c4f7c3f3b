"""Review: a moderator decides a held reply, or takes an approval back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import AlreadyDecided, ApprovedOnAppeal, TextEmpty, TooLateToUndo
from bot.models import Action, Picked, Reply, ReplyStatus
from bot.services import backlog, decisions, precedents, reasons
from bot.storage import appeals, audit, notices, opinions, replies, servers, troubles
from bot.storage import decisions as stored
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


async def approve(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    is_senior: bool = False,
    now: datetime,
    despite: bool = False,
) -> Reply:
    """Let a reply appear; the sweep publishes it. `revision` is the one judged.

    Raises ReplyNotFound, OwnReply, AlreadyDecided or StaleRevision, AgainstPrecedents unless the moderator decides
    despite them, and where a second opinion was asked for what `weighing.require_turn` raises. A moderator's own
    decision repeated is no error.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        shown = await opinions.as_shown(conn, before, moderator_id)
        await precedents.require(conn, shown, Action.APPROVE, revision=revision, despite=despite)
        return await decisions.decide(
            conn,
            before,
            Action.APPROVE,
            moderator_id=moderator_id,
            revision=revision,
            is_senior=is_senior,
            now=now,
        )


async def reject(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    guideline: str,
    sentence: str | None,
    is_senior: bool = False,
    now: datetime,
    despite: bool = False,
    picked: Picked = reasons.NOTHING_PICKED,
) -> Reply:
    """Refuse a reply under a guideline, with passages and a sentence to the author or without.

    Raises as `approve` does, GuidelineUnknown, PhraseUnknown and TextTooLong.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        shown = await opinions.as_shown(conn, before, moderator_id)
        await precedents.require(conn, shown, Action.REJECT, revision=revision, despite=despite)
        reason = await reasons.complete(conn, before, guideline=guideline, sentence=sentence, picked=picked)
        return await decisions.decide(
            conn,
            before,
            Action.REJECT,
            moderator_id=moderator_id,
            revision=revision,
            is_senior=is_senior,
            now=now,
            **reason,
        )


async def request_changes(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    sentence: str | None,
    is_senior: bool = False,
    now: datetime,
    guideline: str | None = None,
    picked: Picked = reasons.NOTHING_PICKED,
) -> Reply:
    """Give a reply back to its author with a sentence or a phrase. Raises as `reject` does, and TextEmpty."""
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reason = await reasons.complete(conn, before, guideline=guideline, sentence=sentence, picked=picked)
        if reason["sentence"] is None:
            raise TextEmpty
        return await decisions.decide(
            conn,
            before,
            Action.REQUEST_CHANGES,
            moderator_id=moderator_id,
            revision=revision,
            is_senior=is_senior,
            now=now,
            **reason,
        )


async def undo(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Take back an approval before the reply is published: it is held again.

    Raises ReplyNotFound, OwnReply, ApprovedOnAppeal, TooLateToUndo when it is published or about to be, or
    AlreadyDecided when it is not approved. One that is held already stays so, which is no error.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        if before.status is ReplyStatus.APPROVED and await appeals.is_upheld_by(conn, before):
            raise ApprovedOnAppeal(number=f"#{before.number}")
        reply = await replies.undo_approval(conn, reply_id)
        if reply is None:
            if before.status is ReplyStatus.PENDING:
                return before
            seen = await decisions.as_answered(conn, before, moderator_id)
            is_late = before.may_be_visible or seen is not before
            raise TooLateToUndo(number=f"#{before.number}") if is_late else AlreadyDecided(before)
        await stored.undo(conn, reply, Action.APPROVE, now=now)
        await notices.supersede(conn, reply, now=now)  # of one that was restored
        await decisions.write_down(conn, reply, Action.UNDO, moderator_id=moderator_id, now=now)
        await backlog.follow(conn, reply, now=now)
    return reply


async def send_back(db: Database, reply_id: int, *, reason: str, now: datetime) -> Reply | None:
    """Hold an approved reply again that Discord refuses to publish, and have the moderators told; None: not approved.

    Its card offers all decisions once more; the rest of its discussion goes on.
    """
    async with db.begin() as conn:
        before = await replies.get(conn, reply_id)
        if before is None:
            return None
        await servers.hold(conn, before.server_id)
        reply = await replies.send_back(conn, reply_id)
        if reply is None:
            return None
        await stored.undo(conn, reply, Action.APPROVE, now=now)
        await notices.supersede(conn, reply, now=now)
        about = {"number": reply.number, "reason": reason}
        await troubles.add(conn, reply.server_id, TroubleKind.REFUSED, subject_id=reply.id, details=about, now=now)
        await audit.append(
            conn, reply.server_id, Action.SEND_BACK, actor_id=0, at=now, subject_id=reply.id, reason=reason
        )
        await backlog.follow(conn, reply, now=now)
    return reply
