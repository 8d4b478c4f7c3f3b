"""Many replies at once: a moderator decides exactly those that they were shown, and takes it back in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import BulkUnknown, ReasonUnused, UserError
from bot.models import Action, AppealOutcome, Bulk, LeftOut, NoticeKind, Outcome, Pick, Reply, ReplyStatus
from bot.services import appearances, backlog, decisions, guidelines, strikes
from bot.services.notices import tell
from bot.storage import StorageFailed, appeals, notices, replies, servers
from bot.storage import bulk as stored_bulk
from bot.storage import decisions as stored_decisions

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

BATCH = 25  # decisions of one transaction: others wait for its end


async def preview(
    db: Database,
    pick: Pick,
    action: Action,
    *,
    server_id: int,
    moderator_id: int,
    guideline: str | None = None,
    sentence: str | None = None,
    now: datetime,
) -> tuple[Bulk, int, dict[LeftOut, int]]:
    """Write down which replies would be approved or rejected; gives how many, and how many are left out and why.

    Raises GuidelineUnknown for a rejection without one, ReasonUnused for an approval with a reason, and TextTooLong.
    """
    about: dict[str, Any] = {"action": action, "moderator_id": moderator_id, "now": now}
    reason: dict[str, Any] = {}
    if action != Action.REJECT and (guideline is not None or sentence is not None):
        raise ReasonUnused
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if action == Action.REJECT:
            rule = await guidelines.require_in_force(conn, server_id, guideline)
            reason = {"guideline": rule, "sentence": decisions.read_sentence(sentence)}
        left = await stored_bulk.count_left(conn, server_id, pick, **about)
        bulk, named = await stored_bulk.add(conn, server_id, pick, **about, **reason)
    return bulk, named, left


async def carry_out(db: Database, bulk_id: int, *, server_id: int, moderator_id: int, now: datetime) -> int:
    """Decide the next of those that the preview named, each by a decision of its own; gives how many are left.

    Called until none is. The grace time of all that nothing was seen or told of yet begins anew each time, so that all
    can be undone for as long after the last; letters keep their time. What a process that died had not decided yet, the
    next call goes on with; it is safe to call from two at once. Raises BulkUnknown, and GuidelineRetired when that was
    done before the first is decided.
    """
    async with db.begin() as conn:
        bulk = await _take(conn, bulk_id, server_id, moderator_id)
        if bulk.guideline is not None and bulk.confirmed_at is None:
            await guidelines.require_in_force(conn, server_id, bulk.guideline)
        bulk = await stored_bulk.confirm(conn, bulk.id, now=now)
        for reply, revision, is_left_out in await stored_bulk.list_with(conn, bulk, None, limit=BATCH, now=now):
            outcome = await _decide(conn, bulk, reply, revision, is_left_out=is_left_out, now=now)
            await stored_bulk.record(conn, bulk.id, reply.id, outcome)
        await stored_bulk.postpone(conn, bulk, to=now + await appearances.get_grace(conn, server_id), now=now)
        return (await stored_bulk.tally(conn, bulk.id)).open


async def undo(db: Database, bulk_id: int, *, server_id: int, moderator_id: int, now: datetime) -> int:
    """Hold all of them again of which nothing was seen or told yet; gives how many. Raises BulkUnknown."""
    undone = 0
    while True:
        async with db.begin() as conn:
            bulk = await _take(conn, bulk_id, server_id, moderator_id)
            batch = await stored_bulk.list_with(conn, bulk, Outcome.DONE, limit=BATCH, now=now)
            for reply, _, _ in batch:
                is_undone = await _undo(conn, bulk, reply, now=now)
                await stored_bulk.record(conn, bulk.id, reply.id, Outcome.UNDONE if is_undone else Outcome.LATE)
                undone += is_undone
        if len(batch) < BATCH:
            return undone


async def hold_again(conn: Connection, bulk: Bulk, *, moderator_id: int, now: datetime) -> int:
    """Hold all of them again that stand as rejected with it, also when told, as part of a transaction; gives how many.

    Not what another moderator has judged on appeal. Of a bulk that decided no more than fits into one transaction.
    """
    undone = 0
    for reply, _, _ in await stored_bulk.list_with(conn, bulk, Outcome.DONE, limit=None, now=now):
        _, appeal = await appeals.get_of_decision(conn, reply)
        is_judged = appeal is not None and appeal.outcome is AppealOutcome.DISMISSED
        held = None if is_judged else await stored_bulk.undo_rejection(conn, bulk, reply)
        if held is not None:
            await _settle(conn, bulk, held, moderator_id=moderator_id, now=now)
        await stored_bulk.record(conn, bulk.id, reply.id, Outcome.LATE if held is None else Outcome.UNDONE)
        undone += held is not None
    return undone


async def _take(conn: Connection, bulk_id: int, server_id: int, moderator_id: int) -> Bulk:
    await servers.hold(conn, server_id)
    bulk = await stored_bulk.get(conn, bulk_id, server_id=server_id, moderator_id=moderator_id)
    if bulk is None:
        raise BulkUnknown
    return bulk


async def _decide(
    conn: Connection, bulk: Bulk, reply: Reply, revision: int, *, is_left_out: bool, now: datetime
) -> Outcome:
    if reply.status != ReplyStatus.PENDING:
        return Outcome.DECIDED
    if reply.revision != revision:
        return Outcome.CHANGED
    if is_left_out:
        return Outcome.LEFT_OUT
    try:
        return await _carry_out(conn, bulk, reply, revision, now=now)
    except StorageFailed:
        raise
    except UserError:  # before anything was written; it does not keep the others from being decided
        return Outcome.LEFT_OUT


async def _carry_out(conn: Connection, bulk: Bulk, reply: Reply, revision: int, *, now: datetime) -> Outcome:
    reason: dict[str, Any] = {}
    told_at = None
    if bulk.action == Action.REJECT:
        reason = {"guideline": bulk.guideline, "sentence": bulk.sentence}
        told_at = now + await appearances.get_grace(conn, bulk.server_id)
    decided = await decisions.decide(
        conn, reply, bulk.action, moderator_id=bulk.moderator_id, revision=revision, now=now, told_at=told_at, **reason
    )
    return Outcome.DONE if decided.status is decisions.RESULT[bulk.action] else Outcome.LEFT_OUT


async def _undo(conn: Connection, bulk: Bulk, reply: Reply, *, now: datetime) -> bool:
    if bulk.action == Action.APPROVE:
        is_ours = await stored_bulk.is_approved_with(conn, bulk, reply)
        held = await replies.undo_approval(conn, reply.id) if is_ours else None
    else:
        is_in_time = await _is_untold(conn, bulk, reply, now=now)
        held = await stored_bulk.undo_rejection(conn, bulk, reply) if is_in_time else None
    if held is None:
        return False
    await _settle(conn, bulk, held, moderator_id=bulk.moderator_id, now=now)
    return True


async def _settle(conn: Connection, bulk: Bulk, held: Reply, *, moderator_id: int, now: datetime) -> None:
    """Take back all that the decision led to, of a reply that is held again."""
    await stored_decisions.undo(conn, held, bulk.action, now=now)
    await appeals.decide(conn, held.id, AppealOutcome.SETTLED, decided_by=moderator_id, now=now)
    await notices.supersede(conn, held, now=now)
    held = await stored_decisions.ask_again(conn, held)
    await _tell_again(conn, held, now=now)
    is_judged = moderator_id == bulk.moderator_id  # not by who lifts somebody else's ban
    await decisions.write_down(conn, held, Action.UNDO, moderator_id=moderator_id, now=now, is_judged=is_judged)
    await strikes.lift_of_reply(conn, held, moderator_id=moderator_id, now=now)
    await backlog.follow(conn, held, now=now)


async def _tell_again(conn: Connection, held: Reply, *, now: datetime) -> None:
    """Have the author told what is asked of them after all, when the rejection came before they were."""
    kind = NoticeKind.CHANGES_REQUESTED
    if held.status is not ReplyStatus.CHANGES_REQUESTED or held.decided_at is None:
        return
    if not await notices.is_known(conn, held, kind, since=held.decided_at):
        await tell(conn, held, kind, now=now)


async def _is_untold(conn: Connection, bulk: Bulk, reply: Reply, *, now: datetime) -> bool:
    """Take back the notice of a rejection; False: it has left, or would have where authors are told."""
    if await notices.take_back(conn, reply, NoticeKind.REJECTED, now=now):
        return True
    if await notices.is_known(conn, reply, NoticeKind.REJECTED):
        return False
    ended_at = await stored_bulk.get_last_decided_at(conn, bulk)
    return ended_at is not None and now < ended_at + await appearances.get_grace(conn, bulk.server_id)
