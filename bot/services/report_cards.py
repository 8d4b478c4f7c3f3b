"""The cards of reports: all about one reply are shown together, and whatever decides it decides them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.models import Action, NoticeKind, Reply, Reported, ReportOutcome
from bot.services import notices
from bot.services.errands import Clock, putting_off
from bot.storage import cases, report_cards, reports, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import ReportCard
    from bot.storage import Connection, Database

Post = Callable[[Reported], Awaitable[int]]
Find = Callable[[Reported], Awaitable[int | None]]  # the message that an earlier attempt left behind
Edit = Callable[[Reported], Awaitable[bool]]  # False: the message is gone

SHOWN = 25  # reports on a card; it says how many more there are

# What a decision on a reply, by whatever path, means for the reports about it.
OUTCOMES = {
    Action.REMOVE: ReportOutcome.REMOVED,
    Action.REJECT: ReportOutcome.REMOVED,
    Action.DUPLICATE: ReportOutcome.REMOVED,
    Action.REQUEST_CHANGES: ReportOutcome.CHANGES,
    Action.APPROVE: ReportOutcome.KEPT,
    Action.REPORT_KEPT: ReportOutcome.KEPT,
    Action.WITHDRAW: ReportOutcome.GONE,
}
TOLD = {
    ReportOutcome.KEPT: NoticeKind.REPORT_KEPT,
    ReportOutcome.REMOVED: NoticeKind.REPORT_UPHELD,
    ReportOutcome.CHANGES: NoticeKind.REPORT_CHANGES,
    ReportOutcome.GONE: NoticeKind.REPORT_GONE,
}


async def close(
    conn: Connection, reply: Reply, action: Action, *, decided_by: int, now: datetime, told_at: datetime | None = None
) -> ReportCard | None:
    """Decide the open reports about a reply with it, and have each reporter told; None: there are none."""
    outcome = OUTCOMES[action]
    card = await report_cards.decide(conn, reply.id, outcome, decided_by=decided_by, now=now)
    for reporter_id in await reports.list_reporters(conn, card.id) if card else ():
        await notices.tell(conn, reply, TOLD[outcome], now=now, leaves_at=told_at, member_id=reporter_id)
    return card


async def read(conn: Connection, card: ReportCard) -> Reported | None:
    """All that the card shows; None when the reply or its article is gone."""
    case = await cases.get(conn, card.reply_id)
    if case is None:
        return None
    shown = await reports.list_of(conn, card.id, limit=SHOWN)
    reporters = [report.reporter_id for report in shown]
    return Reported(
        card=card,
        case=case,
        reports=tuple(shown),
        count=await reports.count_of(conn, card.id),
        accuracy=await reports.get_accuracy(conn, card.server_id, reporters, beside=card.id),
        is_blind=card.decided_at is None and (await settings.load(conn, card.server_id)).blind_review,
    )


async def post(db: Database, card_id: int, *, clock: Clock, send: Post, find: Find) -> int | None:
    """Post the card of open reports, or adopt the one of an attempt that died before it was recorded.

    None when no card is due or somebody else is at it.
    """
    async with db.begin() as conn:
        leased = await report_cards.lease(conn, card_id, now=clock())
        reported = await read(conn, leased[0]) if leased else None
        if leased is None or reported is None:
            return None
    card, tried_at = leased

    sent = found = None
    is_open = card.decided_at is None
    # Where Discord refuses to look, only open reports are worth another attempt.
    async with putting_off(db, clock, report_cards.put_off, card_id, tried=tried_at is not None and is_open):
        if tried_at is not None:
            found = await find(reported)
        if found is None and is_open:
            sent = await send(reported)
    async with db.begin() as conn:
        if message_id := found or sent:
            await report_cards.record(conn, card, message_id, shows=card.version if sent else None)
        else:
            await report_cards.put_off(conn, card_id, until=None, forget=True)
    return message_id


async def refresh(db: Database, card_id: int, *, clock: Clock, edit: Edit) -> None:
    """Draw a card again when reports come in or are decided."""
    async with db.begin() as conn:
        card = await report_cards.lease_edit(conn, card_id, now=clock())
        reported = await read(conn, card) if card else None
        if card is None or reported is None:
            return
    async with putting_off(db, clock, report_cards.put_off, card_id):
        is_there = await edit(reported)
    async with db.begin() as conn:
        await (report_cards.record_edit if is_there else report_cards.forget)(conn, card)
