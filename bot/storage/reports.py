"""Reports: members' complaints about published replies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, select

from bot.models import STANDS, UPHELD, Accuracy, Guideline, Report, ReportOutcome
from bot.storage.inserts import insert
from bot.storage.tables import report_cards, reports

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply, ReportCard


async def add(
    conn: AsyncConnection, reply: Reply, card: ReportCard, *, reporter_id: int, now: datetime, **values: Any
) -> Report | None:
    """Store a report; None when this person has reported this revision before."""
    new = insert(conn, reports).values(
        server_id=reply.server_id,
        reply_id=reply.id,
        revision=reply.revision,
        card_id=card.id,
        reporter_id=reporter_id,
        created_at=now,
        **values,
    )
    row = (await conn.execute(new.on_conflict_do_nothing().returning(*reports.c))).one_or_none()
    return report_of(row) if row else None


async def get_of(conn: AsyncConnection, reply: Reply, reporter_id: int) -> tuple[Report, ReportOutcome | None] | None:
    """What this person has said about this revision, and what became of it; None: nothing."""
    query = (
        select(reports, report_cards.c.outcome)
        .outerjoin(report_cards, report_cards.c.id == reports.c.card_id)
        .where(reports.c.reply_id == reply.id, reports.c.revision == reply.revision)
        .where(reports.c.reporter_id == reporter_id)
    )
    row = (await conn.execute(query)).one_or_none()
    return (report_of(row), ReportOutcome(row.outcome) if row.outcome else None) if row else None


async def has_open(conn: AsyncConnection, reply_id: int, reporter_id: int) -> bool:
    """Tell whether this person has reported the reply and that is not decided yet."""
    query = (
        select(reports.c.id)
        .join(report_cards, report_cards.c.id == reports.c.card_id)
        .where(reports.c.reply_id == reply_id, reports.c.reporter_id == reporter_id)
        .where(report_cards.c.decided_at.is_(None))
        .limit(1)
    )
    return (await conn.execute(query)).one_or_none() is not None


async def list_of(conn: AsyncConnection, card_id: int, *, limit: int) -> list[Report]:
    """The reports on a card, the first one first."""
    query = select(reports).where(reports.c.card_id == card_id).order_by(reports.c.id).limit(limit)
    return [report_of(row) for row in await conn.execute(query)]


async def list_reporters(conn: AsyncConnection, card_id: int) -> list[int]:
    """The ids of all who reported it, the first one first."""
    query = select(reports.c.reporter_id).where(reports.c.card_id == card_id).order_by(reports.c.id)
    return list((await conn.execute(query)).scalars())


async def count_of(conn: AsyncConnection, card_id: int, *, only_independent: bool = False) -> int:
    """How many reports are on a card: each is another member's."""
    query = select(func.count()).select_from(reports).where(reports.c.card_id == card_id)
    if only_independent:
        query = query.where(reports.c.is_independent)
    return (await conn.execute(query)).scalar_one()


async def count_open(conn: AsyncConnection, server_id: int, reporter_id: int) -> int:
    """How many reports of a member wait for a decision in this server."""
    query = (
        select(func.count())
        .select_from(reports.join(report_cards, report_cards.c.id == reports.c.card_id))
        .where(reports.c.server_id == server_id, reports.c.reporter_id == reporter_id)
        .where(report_cards.c.decided_at.is_(None))
    )
    return (await conn.execute(query)).scalar_one()


async def count_since(conn: AsyncConnection, server_id: int, reporter_id: int, since: datetime) -> int:
    """How many replies a member has reported in this server since then."""
    mine = (reports.c.server_id == server_id, reports.c.reporter_id == reporter_id, reports.c.created_at > since)
    return (await conn.execute(select(func.count()).select_from(reports).where(*mine))).scalar_one()


async def get_accuracy(
    conn: AsyncConnection, server_id: int, reporter_ids: Collection[int], *, beside: int
) -> dict[int, Accuracy]:
    """How earlier reports of these members were decided, without those on one card; who has none is left out."""
    is_right = report_cards.c.outcome.in_([*UPHELD])
    query = (
        select(reports.c.reporter_id, func.count(), func.sum(case((is_right, 1), else_=0)))
        .join(report_cards, report_cards.c.id == reports.c.card_id)
        .where(reports.c.server_id == server_id, reports.c.reporter_id.in_(list(reporter_ids)))
        .where(report_cards.c.id != beside)
        .where(report_cards.c.outcome.in_([*UPHELD, *STANDS]))
        .group_by(reports.c.reporter_id)
    )
    return {row[0]: Accuracy(row[1], int(row[2])) for row in await conn.execute(query)}


def report_of(row: Row[Any]) -> Report:
    """The report in a row of this table."""
    return Report(
        id=row.id,
        server_id=row.server_id,
        reply_id=row.reply_id,
        reporter_id=row.reporter_id,
        created_at=row.created_at,
        card_id=row.card_id,
        guideline=Guideline(row.guideline) if row.guideline else None,
        sentence=row.sentence,
    )
