"""What every decision on a reply has in common: who may take it, the conditional change, the proof, the notice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.errors import AlreadyDecided, Claimed, DecidedByYou, ReplyNotFound, StaleRevision, TextTooLong
from bot.models import Action, NoticeKind, Reply, ReplyStatus, View
from bot.screening.cleaning import clean, is_readable
from bot.services import appearances, backlog, guards, notices, report_cards, weighing
from bot.storage import audit, clusters, opinions, replies, servers, troubles
from bot.storage import decisions as stored
from bot.storage import notices as stored_notices
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import AuditEntry
    from bot.storage import Connection

SENTENCE_LENGTH = 500  # of a moderator's words to the author

RESULT = {
    Action.APPROVE: ReplyStatus.APPROVED,
    Action.REJECT: ReplyStatus.REJECTED,
    Action.REQUEST_CHANGES: ReplyStatus.CHANGES_REQUESTED,
    Action.REMOVE: ReplyStatus.REMOVED,
    Action.DUPLICATE: ReplyStatus.DUPLICATE,
}
TOLD = {
    Action.REJECT: NoticeKind.REJECTED,
    Action.REQUEST_CHANGES: NoticeKind.CHANGES_REQUESTED,
    Action.REMOVE: NoticeKind.REMOVED,
    Action.DUPLICATE: NoticeKind.DUPLICATE,
}


def read_sentence(typed: str | None) -> str | None:
    """Clean a moderator's words; None when there is nothing to read in them. Raises TextTooLong."""
    sentence = clean(typed or "").strip()
    if len(sentence) > SENTENCE_LENGTH:
        raise TextTooLong(length=len(sentence), limit=SENTENCE_LENGTH)
    return sentence if is_readable(sentence) else None


async def take(conn: Connection, reply_id: int, server_id: int, moderator_id: int) -> Reply:
    """The reply, for this moderator to decide; others wait for the end of the transaction.

    Raises ReplyNotFound, and OwnReply for what concerns them.
    """
    await servers.hold(conn, server_id)  # first, as everywhere: two who wait for each other would never end
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    await guards.require_unconcerned(conn, reply, moderator_id)
    return reply


async def decide(
    conn: Connection,
    before: Reply,
    action: Action,
    *,
    moderator_id: int,
    revision: int,
    now: datetime,
    told_at: datetime | None = None,
    is_senior: bool = False,
    **reason: Any,
) -> Reply:
    """Carry out a decision on a held reply. Raises StaleRevision, Claimed or AlreadyDecided; not for one's own.

    Its author is told of it from `told_at` on; None: as soon as can be. Where a second opinion was asked for, raises as
    `weighing.require_turn` does; a decision that differs from the view there is gives back the reply as it is held, and
    `services/remarks.py` says so. On a reply that is shown once more by the check of consistency it is an opinion.
    """
    if revision != before.revision:
        raise StaleRevision(before)
    if before.claimant(now) not in {None, moderator_id}:
        raise Claimed(before)
    view = View(action, reason.get("guideline"))
    if before.status is ReplyStatus.PENDING and not await weighing.weigh(
        conn, before, view, moderator_id=moderator_id, is_senior=is_senior, now=now
    ):
        return await replies.get(conn, before.id) or before
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
        if answered := await weighing.answer_recheck(conn, before, view, moderator_id=moderator_id, now=now):
            return replace(answered, status=RESULT[action])
        current = await replies.get(conn, before.id) or before
        return _repeated(await as_answered(conn, current, moderator_id), action, moderator_id)
    await record(conn, reply, action, moderator_id=moderator_id, now=now, told_at=told_at)
    return reply


async def as_answered(conn: Connection, reply: Reply, moderator_id: int) -> Reply:
    """The reply as decided by this moderator, when they have judged it once more; otherwise the very same."""
    if reply.status not in opinions.DECIDED or reply.decided_by == moderator_id:
        return reply
    opinion = await opinions.get_answered(conn, reply, moderator_id)
    if opinion is None or opinion.second is None:
        return reply
    view = opinion.second
    return replace(reply, status=RESULT[view.action], decided_by=moderator_id, guideline=view.guideline, sentence=None)


def _repeated(reply: Reply, action: Action, moderator_id: int) -> Reply:
    """Give back the reply when this moderator has taken this very decision before; raise why not otherwise."""
    same = {RESULT[action]} | ({ReplyStatus.PUBLISHED} if action == Action.APPROVE else set())
    if reply.decided_by == moderator_id and reply.status in same:
        return reply
    raise DecidedByYou(reply) if reply.decided_by == moderator_id else AlreadyDecided(reply)


async def record(
    conn: Connection,
    reply: Reply,
    action: Action,
    *,
    moderator_id: int,
    now: datetime,
    told_at: datetime | None = None,
    is_told: bool = True,
) -> None:
    """Write a decision down that has been carried out, and have the author told, unless something else tells them."""
    await stored.add(conn, reply, action, now=now)
    await clusters.leave(conn, reply)
    await troubles.mend(conn, reply.server_id, TroubleKind.REFUSED, subject_id=reply.id, now=now)
    entry = await write_down(conn, reply, action, moderator_id=moderator_id, now=now)
    await backlog.follow(conn, reply, now=now)
    await weighing.plan_recheck(conn, reply, action, now=now)
    if action == Action.APPROVE:
        await appearances.schedule(conn, reply, sequence=entry.sequence, now=now)
    elif is_told:  # an approval is told when the reply is published
        await notices.tell(conn, reply, TOLD[action], now=now, leaves_at=told_at)
    else:
        await stored_notices.supersede(conn, reply, now=now)
    await report_cards.close(conn, reply, action, decided_by=moderator_id, now=now, told_at=told_at)


async def write_down(
    conn: Connection, reply: Reply, action: Action, *, moderator_id: int, now: datetime, is_judged: bool = True
) -> AuditEntry:
    """Add what was done with a reply to the audit, and, if they have judged it, that it concerned who did it."""
    if is_judged:
        await guards.log_concern(conn, reply, action, moderator_id=moderator_id, now=now)
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
        passages=list(reply.passages),
    )
