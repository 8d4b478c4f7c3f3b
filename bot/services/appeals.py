"""Appeals: an author objects once to a rejection or a removal, and another moderator decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import (
    AlreadyAppealed,
    NoAppealOpen,
    NothingToAppeal,
    NotYourReply,
    ReplyNotFound,
    TextEmpty,
    TextTooLong,
    TooManyOpenAppeals,
)
from bot.models import Action, Appeal, Appealed, AppealOutcome, NoticeKind, Reply, ReplyStatus
from bot.screening.cleaning import clean, is_readable
from bot.services import appearances, decisions, guards, matters, notices, removals, strikes
from bot.storage import appeals, audit, cases, replies, servers, settings
from bot.storage import decisions as stored_decisions

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

REASONS_LENGTH = 1000  # of an author's words to the moderators
MOST_OPEN = 10  # appeals of one person in one server that wait for a decision


async def require_appealable(db: Database, reply_id: int, *, author_id: int) -> Reply:
    """The reply, if this person may appeal about it now; raises as `appeal` does."""
    async with db.read() as conn:
        reply = await _own(conn, reply_id, author_id)
        await _check(conn, reply)
        return reply


async def appeal(db: Database, reply_id: int, reasons: str, *, author_id: int, now: datetime) -> Appeal:
    """Object to what was decided against one's reply, also while one may not reply; moderators get a card.

    Raises ReplyNotFound, NotYourReply, NothingToAppeal, AlreadyAppealed, TooManyOpenAppeals, TextEmpty or TextTooLong.
    """
    reasons = _read(reasons)
    async with db.begin() as conn:
        reply = await _own(conn, reply_id, author_id)
        await servers.hold(conn, reply.server_id)
        reply = await _own(conn, reply_id, author_id)
        await _check(conn, reply)
        opened = await appeals.add(conn, reply, reasons=reasons, now=now)
        if opened is None:
            raise AlreadyAppealed(f"#{reply.number}", None)
        await _write_down(conn, reply, opened, Action.APPEAL, actor_id=author_id, now=now)
        return opened


async def require_open(db: Database, reply_id: int, appeal_id: int, *, server_id: int, moderator_id: int) -> Reply:
    """The reply, if this moderator may decide the appeal about it; raises as `uphold` does."""
    async with db.read() as conn:
        reply = await replies.get(conn, reply_id, server_id=server_id)
        if reply is None:
            raise ReplyNotFound
        await guards.require_unconcerned(conn, reply, moderator_id)
        opened = await appeals.get_latest(conn, reply)
        if opened is None or opened.id != appeal_id or opened.outcome is not None:
            raise _not_open(reply)
        return reply


async def uphold(
    db: Database,
    reply_id: int,
    appeal_id: int,
    *,
    server_id: int,
    moderator_id: int,
    sentence: str | None,
    now: datetime,
) -> tuple[Reply, Appeal]:
    """Take the decision back: the reply appears, its strike and what followed from that are lifted, its author is told.

    Raises ReplyNotFound, OwnReply, TextTooLong, or NoAppealOpen when somebody was faster. There is no grace time.
    """
    about: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        decided = await _decide(conn, before, appeal_id, AppealOutcome.UPHELD, sentence, **about)
        await notices.tell(conn, before, NoticeKind.APPEAL_UPHELD, now=now)  # before what follows from it
        if before.status is ReplyStatus.REMOVED:
            reply = await removals.reinstate(conn, before, sentence=None, **about)
        else:
            reply = await _approve(conn, before, **about)
            await strikes.lift_of_reply(conn, reply, **about)
    return reply, decided


async def dismiss(
    db: Database,
    reply_id: int,
    appeal_id: int,
    *,
    server_id: int,
    moderator_id: int,
    sentence: str | None,
    now: datetime,
) -> tuple[Reply, Appeal]:
    """Let the decision stand, for good; the author is told. Raises as `uphold` does."""
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        about: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
        decided = await _decide(conn, before, appeal_id, AppealOutcome.DISMISSED, sentence, **about)
        await notices.tell(conn, before, NoticeKind.APPEAL_DISMISSED, now=now)
    return before, decided


async def read(conn: Connection, card: Appeal) -> Appealed | None:
    """All that the card shows; None when the reply or its article is gone."""
    case = await cases.get(conn, card.reply_id)
    if case is None:
        return None
    is_blind = card.decided_at is None and (await settings.load(conn, card.server_id)).blind_review
    return Appealed(card=card, case=case, grounds=await appeals.get_grounds(conn, card), is_blind=is_blind)


KIND = matters.Kind(appeals.APPEALS, read)


async def _decide(
    conn: Connection,
    reply: Reply,
    appeal_id: int,
    outcome: AppealOutcome,
    sentence: str | None,
    *,
    moderator_id: int,
    now: datetime,
) -> Appeal:
    said = decisions.read_sentence(sentence)
    action = Action.APPEAL_UPHELD if outcome is AppealOutcome.UPHELD else Action.APPEAL_DISMISSED
    concern = await guards.find_concern(conn, reply, moderator_id)  # before it is decided: then it is none any more
    about: dict[str, Any] = {"decided_by": moderator_id, "sentence": said, "now": now}
    decided = await appeals.decide(conn, reply.id, outcome, appeal_id=appeal_id, **about)
    if decided is None:
        raise _not_open(reply)
    await guards.write_down(conn, reply, concern, action, moderator_id=moderator_id, now=now)
    await _write_down(conn, reply, decided, action, actor_id=moderator_id, now=now)
    return decided


async def _approve(conn: Connection, before: Reply, *, moderator_id: int, now: datetime) -> Reply:
    """Approve a rejected reply; it is not judged once more by the check of consistency."""
    reply = await replies.decide(
        conn,
        before.id,
        expected=ReplyStatus.REJECTED,
        revision=before.revision,
        status=ReplyStatus.APPROVED,
        decided_by=moderator_id,
        decided_at=now,
        guideline=None,
        sentence=None,
    )
    if reply is None:
        raise _not_open(before)
    # A ban rejects also what its author was asked to change, and that may have been approved before.
    for action in (Action.REJECT, Action.REQUEST_CHANGES, Action.APPROVE):
        await stored_decisions.undo(conn, reply, action, now=now)
    await stored_decisions.add(conn, reply, Action.APPROVE, now=now)
    entry = await decisions.write_down(conn, reply, Action.APPROVE, moderator_id=moderator_id, now=now)
    await appearances.schedule(conn, reply, sequence=entry.sequence, now=now, can_be_undone=False)
    return reply


async def _own(conn: Connection, reply_id: int, author_id: int) -> Reply:
    reply = await replies.get(conn, reply_id)
    if reply is None:
        raise ReplyNotFound
    if reply.author.id != author_id:
        raise NotYourReply
    return reply


async def _check(conn: Connection, reply: Reply) -> None:
    is_against, earlier = await appeals.get_of_decision(conn, reply)
    if earlier is not None:
        raise AlreadyAppealed(f"#{reply.number}", earlier.outcome)
    if not is_against:
        raise NothingToAppeal(number=f"#{reply.number}", status=reply.status)
    if await appeals.count_open(conn, reply.server_id, reply.author.id) >= MOST_OPEN:
        raise TooManyOpenAppeals(n=MOST_OPEN)


def _read(reasons: str) -> str:
    reasons = clean(reasons).strip()
    if not is_readable(reasons):
        raise TextEmpty
    if len(reasons) > REASONS_LENGTH:
        raise TextTooLong(length=len(reasons), limit=REASONS_LENGTH)
    return reasons


def _not_open(reply: Reply) -> NoAppealOpen:
    return NoAppealOpen(number=f"#{reply.number}", status=reply.status)


async def _write_down(
    conn: Connection, reply: Reply, appeal: Appeal, action: Action, *, actor_id: int, now: datetime
) -> None:
    await audit.append(
        conn,
        reply.server_id,
        action,
        actor_id=actor_id,
        at=now,
        subject_id=reply.id,
        number=reply.number,
        revision=reply.revision,
        decision=appeal.action,
        guideline=appeal.guideline,
        sentence=appeal.sentence,
    )
