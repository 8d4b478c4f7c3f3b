"""Phrases: sentences that the moderators of a server have saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from bot.models import Phrase
from bot.storage.inserts import insert
from bot.storage.tables import phrases

if TYPE_CHECKING:
    from typing import Any

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add(conn: AsyncConnection, server_id: int, phrase: Phrase) -> bool:
    """Save a phrase; False when the server has one of this name."""
    new = (
        insert(conn, phrases)
        .values(
            server_id=server_id,
            name=phrase.name,
            text=phrase.text,
            moderator_id=phrase.moderator_id,
            saved_at=phrase.saved_at,
        )
        .on_conflict_do_nothing()
        .returning(phrases.c.id)
    )
    return (await conn.execute(new)).one_or_none() is not None


async def remove(conn: AsyncConnection, server_id: int, name: str) -> Phrase | None:
    """Forget a phrase; None when there is none of this name."""
    gone = delete(phrases).where(phrases.c.server_id == server_id, phrases.c.name == name).returning(*phrases.c)
    row = (await conn.execute(gone)).one_or_none()
    return _phrase(row) if row else None


async def get(conn: AsyncConnection, server_id: int, name: str) -> Phrase | None:
    """The phrase of this name."""
    query = select(phrases).where(phrases.c.server_id == server_id, phrases.c.name == name)
    row = (await conn.execute(query)).one_or_none()
    return _phrase(row) if row else None


async def list_of(
    conn: AsyncConnection, server_id: int, *, typed: str = "", limit: int = 25, offset: int = 0
) -> list[Phrase]:
    """The server's phrases by name; only those whose name or text holds what was typed."""
    query = select(phrases).where(phrases.c.server_id == server_id)
    if typed:
        holds = phrases.c.name.contains(typed, autoescape=True) | phrases.c.text.icontains(typed, autoescape=True)
        query = query.where(holds)
    query = query.order_by(phrases.c.name).limit(limit).offset(offset)
    return [_phrase(row) for row in await conn.execute(query)]


async def count(conn: AsyncConnection, server_id: int) -> int:
    """How many the server has."""
    query = select(func.count()).select_from(phrases).where(phrases.c.server_id == server_id)
    return (await conn.execute(query)).scalar_one()


def _phrase(row: Row[Any]) -> Phrase:
    return Phrase(row.name, row.text, row.moderator_id, row.saved_at)
