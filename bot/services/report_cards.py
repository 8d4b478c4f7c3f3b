"""The cards of reports: all about one reply are shown together, and whatever decides it decides them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Action, NoticeKind, Reply, Reported, ReportOutcome
from bot.services import matters, notices
from bot.storage import cases, report_cards, reports, settings
from bot.storage import notices as stored_notices

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.models import ReportCard
    from bot.storage import Connection

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
    if action is Action.REMOVE:
        await _tell_otherwise(conn, reply, await report_cards.remove_again(conn, reply), TOLD[outcome], now=now)
    return card


async def overturn(conn: Connection, reply: Reply, *, now: datetime) -> None:
    """Take back what was decided with the removal of a reply that is put back, and have each reporter told."""
    overturned = await report_cards.overturn(conn, reply)
    await _tell_otherwise(conn, reply, overturned, NoticeKind.REPORT_RESTORED, now=now)


async def _tell_otherwise(
    conn: Connection, reply: Reply, cards: Iterable[ReportCard], kind: NoticeKind, *, now: datetime
) -> None:
    for card in cards:
        for reporter_id in await reports.list_reporters(conn, card.id):
            await stored_notices.supersede(conn, reply, now=now, reporter_id=reporter_id)
            await notices.tell(conn, reply, kind, now=now, member_id=reporter_id)


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


KIND = matters.Kind(report_cards.CARDS, read)
