"""Review: a moderator decides a held reply, takes an approval back, or removes a published reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import (
    AlreadyDecided,
    GuidelineUnknown,
    NotPublished,
    OwnReply,
    ReplyNotFound,
    StaleRevision,
    TextEmpty,
    TextTooLong,
    TooLateToUndo,
)
from bot.models import Action, Guideline, NoticeKind, Reply, ReplyStatus
from bot.screening.cleaning import clean, is_readable
from bot.services import notices
from bot.storage import audit, bulk, decisions, replies, servers, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import AuditEntry
    from bot.storage import Connection, Database

BATCH = 25  # decisions of one transaction: others wait for its end
SENTENCE_LENGTH = 500  # of a moderator's words to the author

RESULT = {
    Action.APPROVE: ReplyStatus.APPROVED,
    Action.REJECT: ReplyStatus.REJECTED,
    Action.REQUEST_CHANGES: ReplyStatus.CHANGES_REQUESTED,
    Action.REMOVE: ReplyStatus.REMOVED,
}
TOLD = {
    Action.REJECT: NoticeKind.REJECTED,
    Action.REQUEST_CHANGES: NoticeKind.CHANGES_REQUESTED,
    Action.REMOVE: NoticeKind.REMOVED,
}


async def approve(
    db: Database, reply_id: int, *, server_id: int, moderator_id: int, revision: int, now: datetime
) -> Reply:
    """Let a reply appear; the sweep publishes it. `revision` is the one judged.

    Raises ReplyNotFound, OwnReply, AlreadyDecided or StaleRevision. A moderator's own decision repeated is no error.
    """
    async with db.begin() as conn:
        before = await _get(conn, reply_id, server_id, moderator_id)
        return await _decide(conn, before, Action.APPROVE, moderator_id=moderator_id, revision=revision, now=now)


async def approve_many(
    db: Database, *, server_id: int, moderator_id: int, article_id: int | None, seen_at: datetime, now: datetime
) -> int:
    """Approve what others wrote before `seen_at` and is held as its card shows it; gives how many those were.

    Each is a decision of its own, oldest first. None as the article means every article of the server.
    """
    what: dict[str, Any] = {"moderator_id": moderator_id, "article_id": article_id, "seen_at": seen_at}
    approved = 0
    while True:
        async with db.begin() as conn:
            await servers.hold(conn, server_id)
            batch = await bulk.list_approvable(conn, server_id, limit=BATCH, **what)
            for reply in batch:
                await _decide(conn, reply, Action.APPROVE, moderator_id=moderator_id, revision=reply.revision, now=now)
        approved += len(batch)
        if len(batch) < BATCH:
            return approved


async def reject(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    guideline: str,
    sentence: str | None,
    now: datetime,
) -> Reply:
    """Refuse a reply under a guideline, with a sentence to the author or without.

    Raises as `approve` does, GuidelineUnknown and TextTooLong.
    """
    if guideline not in list(Guideline):
        raise GuidelineUnknown
    reason = {"guideline": Guideline(guideline), "sentence": _sentence(sentence)}
    async with db.begin() as conn:
        before = await _get(conn, reply_id, server_id, moderator_id)
        return await _decide(
            conn, before, Action.REJECT, moderator_id=moderator_id, revision=revision, now=now, **reason
        )


async def request_changes(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    sentence: str,
    now: datetime,
) -> Reply:
    """Give a reply back to its author with a sentence. Raises as `approve` does, TextEmpty and TextTooLong."""
    asked = _sentence(sentence)
    if asked is None:
        raise TextEmpty
    async with db.begin() as conn:
        before = await _get(conn, reply_id, server_id, moderator_id)
        return await _decide(
            conn,
            before,
            Action.REQUEST_CHANGES,
            moderator_id=moderator_id,
            revision=revision,
            now=now,
            sentence=asked,
        )


async def undo(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Take back an approval before the reply is published: it is held again.

    Raises ReplyNotFound, OwnReply, TooLateToUndo when it is published or about to be, or AlreadyDecided when it is not
    approved. One that is held already stays so, which is no error.
    """
    async with db.begin() as conn:
        before = await _get(conn, reply_id, server_id, moderator_id)
        reply = await replies.undo_approval(conn, reply_id)
        if reply is None:
            if before.status is ReplyStatus.PENDING:
                return before
            raise TooLateToUndo(number=f"#{before.number}") if before.may_be_visible else AlreadyDecided(before)
        await decisions.undo(conn, reply, Action.APPROVE, now=now)
        await _audit(conn, reply, Action.UNDO, moderator_id=moderator_id, now=now)
    return reply


async def remove(
    db: Database, reply_id: int, *, server_id: int, moderator_id: int, sentence: str | None, now: datetime
) -> Reply:
    """Take a published reply out of the thread; the sweep deletes its message.

    Raises ReplyNotFound, OwnReply, NotPublished or TextTooLong.
    """
    sentence = _sentence(sentence)
    async with db.begin() as conn:
        before = await _get(conn, reply_id, server_id, moderator_id)
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
        await _record(conn, reply, Action.REMOVE, moderator_id=moderator_id, now=now)
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
        await decisions.undo(conn, reply, Action.APPROVE, now=now)
        about = {"number": reply.number, "author": reply.author.name, "reason": reason}
        await troubles.add(conn, reply.server_id, TroubleKind.REFUSED, subject_id=reply.id, details=about, now=now)
        await audit.append(
            conn, reply.server_id, Action.SEND_BACK, actor_id=0, at=now, subject_id=reply.id, reason=reason
        )
    return reply


def _sentence(typed: str | None) -> str | None:
    """Clean a moderator's words; None when there is nothing to read in them. Raises TextTooLong."""
    sentence = clean(typed or "").strip()
    if len(sentence) > SENTENCE_LENGTH:
        raise TextTooLong(length=len(sentence), limit=SENTENCE_LENGTH)
    return sentence if is_readable(sentence) else None


async def _get(conn: Connection, reply_id: int, server_id: int, moderator_id: int) -> Reply:
    await servers.hold(conn, server_id)  # first, as everywhere: two who wait for each other would never end
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    if reply.author.id == moderator_id:
        raise OwnReply
    return reply


async def _decide(
    conn: Connection,
    before: Reply,
    action: Action,
    *,
    moderator_id: int,
    revision: int,
    now: datetime,
    **reason: Any,
) -> Reply:
    if revision != before.revision:
        raise StaleRevision(before)
    reply = await replies.decide(
        conn,
        before.id,
        expected=ReplyStatus.PENDING,
        revision=revision,
        status=RESULT[action],
        decided_by=moderator_id,
        decided_at=now,
        **reason,
    )
    if reply is None:
        return _repeated(await replies.get(conn, before.id) or before, action, moderator_id)
    await _record(conn, reply, action, moderator_id=moderator_id, now=now)
    return reply


def _repeated(reply: Reply, action: Action, moderator_id: int) -> Reply:
    """Give back the reply when this moderator has taken this very decision before; raise why not otherwise."""
    same = {RESULT[action]} | ({ReplyStatus.PUBLISHED} if action == Action.APPROVE else set())
    if reply.decided_by == moderator_id and reply.status in same:
        return reply
    raise AlreadyDecided(reply)


async def _record(conn: Connection, reply: Reply, action: Action, *, moderator_id: int, now: datetime) -> None:
    await decisions.add(conn, reply, action)
    await troubles.mend(conn, reply.server_id, TroubleKind.REFUSED, subject_id=reply.id, now=now)
    entry = await _audit(conn, reply, action, moderator_id=moderator_id, now=now)
    if action == Action.APPROVE:
        await replies.set_approval(conn, reply.id, entry.sequence)
    else:  # an approval is told when the reply is published
        await notices.tell(conn, reply, TOLD[action], now=now)


async def _audit(conn: Connection, reply: Reply, action: Action, *, moderator_id: int, now: datetime) -> AuditEntry:
    return await audit.append(
        conn,
        reply.server_id,
        action,
        actor_id=moderator_id,
        at=now,
        subject_id=reply.id,
        number=reply.number,
        revision=reply.revision,
        guideline=reply.guideline,
        sentence=reply.sentence,
    )
