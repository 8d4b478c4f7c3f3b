"""Guideline cards: the message in which a server's guidelines stand, one a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.models import GuidelineCard
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import GUIDELINES_DUE, guideline_cards

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

IN_USE = guideline_cards.c.replaced_at.is_(None)


async def get(conn: AsyncConnection, server_id: int) -> GuidelineCard | None:
    """The server's card, posted or to be posted."""
    query = select(guideline_cards).where(guideline_cards.c.server_id == server_id, IN_USE)
    row = (await conn.execute(query)).one_or_none()
    return _card(row) if row else None


async def get_by_id(conn: AsyncConnection, card_id: int) -> GuidelineCard | None:
    """Any card, also one that was replaced."""
    row = (await conn.execute(select(guideline_cards).where(guideline_cards.c.id == card_id))).one_or_none()
    return _card(row) if row else None


async def add(conn: AsyncConnection, server_id: int, channel_id: int, *, now: datetime) -> None:
    """Have a card posted in this channel; what stood elsewhere is deleted. The caller holds the server."""
    await replace(conn, server_id, now=now)
    values = {"server_id": server_id, "channel_id": channel_id, "posted_at": now}
    await conn.execute(insert(conn, guideline_cards).values(values))


async def replace(conn: AsyncConnection, server_id: int, *, now: datetime) -> None:
    """Have the server's card deleted, if it has one."""
    mine = update(guideline_cards).where(guideline_cards.c.server_id == server_id, IN_USE)
    await conn.execute(mine.values(replaced_at=now))


async def lease(conn: AsyncConnection, card_id: int, *, now: datetime) -> tuple[GuidelineCard, bool] | None:
    """Take a card to bring it up to date, and whether it was sent before and that is not recorded."""
    row = await leases.take(conn, guideline_cards, card_id, GUIDELINES_DUE, now=now)
    if row is None:
        return None
    is_new = row.message_id is None and row.replaced_at is None
    attempted = update(guideline_cards).where(guideline_cards.c.id == card_id)
    attempted = attempted.values(attempted_at=(row.attempted_at or now) if is_new else row.attempted_at)
    row_now = (await conn.execute(attempted.returning(*guideline_cards.c))).one()
    return _card(row_now), row.attempted_at is not None


async def record(conn: AsyncConnection, card_id: int, message_id: int | None, *, shows: int | None) -> None:
    """Remember which message it is and for which version it was drawn; None: there is no message."""
    values = {"message_id": message_id, "shows": shows, "attempted_at": None}
    await leases.release(conn, guideline_cards, card_id, until=None, **values)


async def record_edit(conn: AsyncConnection, card: GuidelineCard, *, is_there: bool) -> None:
    """Remember for which version a card was drawn again, or that it has to be posted again; it may be gone by now."""
    values = {"shows": card.version} if is_there else {"message_id": None, "shows": None}
    same = (guideline_cards.c.id == card.id, guideline_cards.c.message_id == card.message_id)
    await conn.execute(update(guideline_cards).where(*same).values(values))
    await leases.release(conn, guideline_cards, card.id, until=None)


async def drop(conn: AsyncConnection, card_id: int, *, now: datetime) -> None:
    """Forget a card whose channel is gone: nothing is left to be done about it."""
    values = {"message_id": None, "attempted_at": None, "replaced_at": now}
    await leases.release(conn, guideline_cards, card_id, until=None, **values)


async def put_off(conn: AsyncConnection, card_id: int, *, until: datetime, forget: bool = False) -> None:
    """Let go of a card until then; `forget` when it certainly was not posted."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, guideline_cards, card_id, until=until, **values)


async def forget(conn: AsyncConnection, server_id: int, message_ids: Collection[int]) -> bool:
    """Have the card posted again when it is among these messages, which were deleted; True when it was."""
    gone = (
        update(guideline_cards)
        .where(guideline_cards.c.server_id == server_id, guideline_cards.c.message_id.in_(message_ids))
        .values(message_id=None, shows=None, attempted_at=None)
        .returning(guideline_cards.c.id)
    )
    return (await conn.execute(gone)).first() is not None


def _card(row: Row[Any]) -> GuidelineCard:
    return GuidelineCard(
        id=row.id,
        server_id=row.server_id,
        channel_id=row.channel_id,
        message_id=row.message_id,
        version=row.version,
        shows=row.shows,
        posted_at=row.posted_at,
        attempted_at=row.attempted_at,
        replaced_at=row.replaced_at,
    )
