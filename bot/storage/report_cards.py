"""The cards of reports: one that is open for each reply, gathered and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.models import ReportCard, ReportOutcome
from bot.storage.inserts import insert
from bot.storage.matters import Matters, columns_of
from bot.storage.tables import REPORT_DUE, REPORT_OUTDATED, replies, report_cards

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply


def _card(row: Row[Any]) -> ReportCard:
    return ReportCard(
        **columns_of(row),
        hidden_at=row.hidden_at,
        would_hide_at=row.would_hide_at,
        outcome=ReportOutcome(row.outcome) if row.outcome else None,
    )


CARDS = Matters(report_cards, due=REPORT_DUE, outdated=REPORT_OUTDATED, read=_card)


async def open_for(conn: AsyncConnection, reply: Reply, *, now: datetime) -> ReportCard:
    """The card on which reports about the reply are gathered until they are decided; it is drawn again."""
    values = {"server_id": reply.server_id, "reply_id": reply.id, "revision": reply.revision, "opened_at": now}
    new = insert(conn, report_cards).values(values).on_conflict_do_nothing().returning(*report_cards.c)
    row = (await conn.execute(new)).one_or_none()
    if row is None:
        same = update(report_cards).where(report_cards.c.reply_id == reply.id, CARDS.is_open).values(CARDS.next)
        row = (await conn.execute(same.returning(*report_cards.c))).one()
    return _card(row)


async def get_latest(conn: AsyncConnection, reply: Reply) -> ReportCard | None:
    """The newest card about this revision, open or decided."""
    same = (report_cards.c.reply_id == reply.id, report_cards.c.revision == reply.revision)
    return await CARDS.one(conn, select(report_cards).where(*same).order_by(report_cards.c.id.desc()).limit(1))


async def hide(conn: AsyncConnection, card: ReportCard, *, now: datetime, is_trial: bool) -> bool:
    """Hide the reply until its reports are decided, or note that it would be; False: that was done before."""
    column = "would_hide_at" if is_trial else "hidden_at"
    first = (report_cards.c.id == card.id, CARDS.is_open, report_cards.c[column].is_(None))
    hidden = update(report_cards).where(*first).values({column: now, **CARDS.next}).returning(report_cards.c.id)
    if (await conn.execute(hidden)).one_or_none() is None:
        return False
    if not is_trial:
        await conn.execute(update(replies).where(replies.c.id == card.reply_id).values(hidden=True))
    return True


async def decide(
    conn: AsyncConnection, reply_id: int, outcome: ReportOutcome, *, decided_by: int, now: datetime
) -> ReportCard | None:
    """Close the open card of a reply, which is hidden no longer; None: there is none, or somebody was faster."""
    values = {"outcome": outcome, "decided_by": decided_by, "decided_at": now, **CARDS.next}
    query = update(report_cards).where(report_cards.c.reply_id == reply_id, CARDS.is_open).values(values)
    card = await CARDS.one(conn, query.returning(*report_cards.c))
    if card is not None:
        await conn.execute(update(replies).where(replies.c.id == reply_id, replies.c.hidden).values(hidden=False))
    return card


async def remove_again(conn: AsyncConnection, reply: Reply) -> list[ReportCard]:
    """A reply that was put back is removed once more: the reports were right."""
    return await _amend(conn, reply, ReportOutcome.RESTORED, ReportOutcome.REMOVED)


async def overturn(conn: AsyncConnection, reply: Reply) -> list[ReportCard]:
    """A removed reply was put back: reports that had led to it were not right after all."""
    return await _amend(conn, reply, ReportOutcome.REMOVED, ReportOutcome.RESTORED)


async def _amend(conn: AsyncConnection, reply: Reply, before: ReportOutcome, after: ReportOutcome) -> list[ReportCard]:
    same = (report_cards.c.reply_id == reply.id, report_cards.c.revision == reply.revision)
    amended = update(report_cards).where(*same, report_cards.c.outcome == before)
    values = {"outcome": after, **CARDS.next}
    return [_card(row) for row in await conn.execute(amended.values(values).returning(*report_cards.c))]
