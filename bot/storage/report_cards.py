"""The cards of reports: one that is open for each reply, posted, drawn again and decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, select, update

from bot.models import UPHELD, ReportCard, ReportOutcome
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import REPORT_DUE, REPORT_OUTDATED, replies, report_cards, servers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

WITHOUT_MESSAGE = {"message_id": None, "shows": None, "attempted_at": None, "lease_until": None}
_OPEN = report_cards.c.decided_at.is_(None)
_NEXT = {"version": report_cards.c.version + 1}


async def open_for(conn: AsyncConnection, reply: Reply, *, now: datetime) -> ReportCard:
    """The card on which reports about the reply are gathered until they are decided; it is drawn again."""
    values = {"server_id": reply.server_id, "reply_id": reply.id, "revision": reply.revision, "opened_at": now}
    new = insert(conn, report_cards).values(values).on_conflict_do_nothing().returning(*report_cards.c)
    row = (await conn.execute(new)).one_or_none()
    if row is None:
        same = update(report_cards).where(report_cards.c.reply_id == reply.id, _OPEN).values(_NEXT)
        row = (await conn.execute(same.returning(*report_cards.c))).one()
    return _card(row)


async def get(conn: AsyncConnection, card_id: int) -> ReportCard | None:
    """The card."""
    return await _one(conn, select(report_cards).where(report_cards.c.id == card_id))


async def get_latest(conn: AsyncConnection, reply: Reply) -> ReportCard | None:
    """The newest card about this revision, open or decided."""
    same = (report_cards.c.reply_id == reply.id, report_cards.c.revision == reply.revision)
    return await _one(conn, select(report_cards).where(*same).order_by(report_cards.c.id.desc()).limit(1))


async def lease(conn: AsyncConnection, card_id: int, *, now: datetime) -> tuple[ReportCard, datetime | None] | None:
    """Take a card to post it, with the time that was tried first and not recorded."""
    row = await leases.take(conn, report_cards, card_id, REPORT_DUE, now=now)
    if row is None:
        return None
    first = update(report_cards).where(report_cards.c.id == card_id).values(attempted_at=row.attempted_at or now)
    return _card((await conn.execute(first.returning(*report_cards.c))).one()), row.attempted_at


async def lease_edit(conn: AsyncConnection, card_id: int, *, now: datetime) -> ReportCard | None:
    """Take a card that is out of date to draw it again; nothing counts as shown until that is recorded."""
    row = await leases.take(conn, report_cards, card_id, REPORT_OUTDATED, now=now)
    if row is None:
        return None
    await conn.execute(update(report_cards).where(report_cards.c.id == card_id).values(shows=None))
    return _card(row)


async def record(conn: AsyncConnection, card: ReportCard, message_id: int, *, shows: int | None) -> None:
    """Remember the message; `shows` is the version it was drawn for, None when nobody knows."""
    channel = select(servers.c.review_channel_id).where(servers.c.id == card.server_id).scalar_subquery()
    values = {"message_id": message_id, "shows": shows, "attempted_at": None, "channel_id": channel}
    await leases.release(conn, report_cards, card.id, until=None, **values)


async def record_edit(conn: AsyncConnection, card: ReportCard) -> None:
    """Remember that the card was drawn for `card`."""
    await leases.release(conn, report_cards, card.id, until=None, shows=card.version)


async def forget(conn: AsyncConnection, card: ReportCard) -> None:
    """Its message is gone: an open card gets a new one, a decided one needs none."""
    await conn.execute(update(report_cards).where(report_cards.c.id == card.id).values(WITHOUT_MESSAGE))


async def list_messages(conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> list[int]:
    """Those of the messages that are cards of reports."""
    cards = (report_cards.c.server_id == server_id, report_cards.c.message_id.in_(list(message_ids)))
    return list((await conn.execute(select(report_cards.c.message_id).where(*cards))).scalars())


async def forget_messages(conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> None:
    """Likewise for these messages."""
    are_gone = (report_cards.c.server_id == server_id, report_cards.c.message_id.in_(list(message_ids)))
    await conn.execute(update(report_cards).where(*are_gone).values(WITHOUT_MESSAGE))


async def move(conn: AsyncConnection, server_id: int) -> None:
    """Post the open cards of a server anew, since there is another review channel."""
    here = (report_cards.c.server_id == server_id, _OPEN, report_cards.c.message_id.is_not(None))
    await conn.execute(update(report_cards).where(*here).values(WITHOUT_MESSAGE))


async def put_off(conn: AsyncConnection, card_id: int, *, until: datetime | None, forget: bool = False) -> None:
    """Let go of a card until then; `forget` when it certainly was not posted."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, report_cards, card_id, until=until, **values)


async def hide(conn: AsyncConnection, card: ReportCard, *, now: datetime, is_trial: bool) -> bool:
    """Hide the reply until its reports are decided, or note that it would be; False: that was done before."""
    column = "would_hide_at" if is_trial else "hidden_at"
    first = (report_cards.c.id == card.id, _OPEN, report_cards.c[column].is_(None))
    hidden = update(report_cards).where(*first).values({column: now, **_NEXT}).returning(report_cards.c.id)
    if (await conn.execute(hidden)).one_or_none() is None:
        return False
    if not is_trial:
        await conn.execute(update(replies).where(replies.c.id == card.reply_id).values(hidden=True))
    return True


async def decide(
    conn: AsyncConnection, reply_id: int, outcome: ReportOutcome, *, decided_by: int, now: datetime
) -> ReportCard | None:
    """Close the open card of a reply, which is hidden no longer; None: there is none, or somebody was faster."""
    values = {"outcome": outcome, "decided_by": decided_by, "decided_at": now, **_NEXT}
    query = update(report_cards).where(report_cards.c.reply_id == reply_id, _OPEN).values(values)
    card = await _one(conn, query.returning(*report_cards.c))
    if card is not None:
        await conn.execute(update(replies).where(replies.c.id == reply_id, replies.c.hidden).values(hidden=False))
    return card


async def overturn(conn: AsyncConnection, reply: Reply) -> None:
    """A removed reply was put back: reports that had led to it were not right after all."""
    same = (report_cards.c.reply_id == reply.id, report_cards.c.revision == reply.revision)
    upheld = and_(*same, report_cards.c.outcome.in_([*UPHELD]))
    await conn.execute(update(report_cards).where(upheld).values(outcome=ReportOutcome.KEPT, **_NEXT))


async def _one(conn: AsyncConnection, query: Any) -> ReportCard | None:
    row = (await conn.execute(query)).one_or_none()
    return _card(row) if row else None


def _card(row: Row[Any]) -> ReportCard:
    return ReportCard(
        id=row.id,
        server_id=row.server_id,
        reply_id=row.reply_id,
        revision=row.revision,
        opened_at=row.opened_at,
        version=row.version,
        channel_id=row.channel_id,
        message_id=row.message_id,
        attempted_at=row.attempted_at,
        hidden_at=row.hidden_at,
        would_hide_at=row.would_hide_at,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        outcome=ReportOutcome(row.outcome) if row.outcome else None,
    )
