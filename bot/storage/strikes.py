"""Strikes: who has which, and how long they count."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.models import Guideline, Strike
from bot.storage.inserts import insert
from bot.storage.tables import strikes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


async def add(conn: AsyncConnection, *, passages: Sequence[str], **values: Any) -> Strike | None:
    """Keep a strike; None when the reply it is about has led to one that is in force."""
    kept = json.dumps(list(passages), ensure_ascii=False) if passages else None
    new = insert(conn, strikes).values(passages=kept, **values).on_conflict_do_nothing().returning(*strikes.c)
    row = (await conn.execute(new)).one_or_none()
    return strike_of(row) if row else None


async def get(conn: AsyncConnection, strike_id: int) -> Strike | None:
    """The strike, whatever became of it."""
    row = (await conn.execute(select(strikes).where(strikes.c.id == strike_id))).one_or_none()
    return strike_of(row) if row else None


async def list_unlifted(
    conn: AsyncConnection, server_id: int, member_id: int, *, since: datetime | None = None
) -> list[Strike]:
    """A member's strikes that were not lifted, the newest first; with `since` only those not expired then."""
    query = select(strikes).where(strikes.c.server_id == server_id, strikes.c.member_id == member_id)
    query = query.where(strikes.c.lifted_at.is_(None))
    if since is not None:
        query = query.where(strikes.c.expires_at > since)
    return [strike_of(row) for row in await conn.execute(query.order_by(strikes.c.id.desc()))]


async def list_of_reply(conn: AsyncConnection, reply_id: int) -> list[Strike]:
    """The strikes that a reply has led to, the lifted ones too; the oldest first."""
    query = select(strikes).where(strikes.c.reply_id == reply_id).order_by(strikes.c.id)
    return [strike_of(row) for row in await conn.execute(query)]


async def lift(conn: AsyncConnection, strike_id: int, *, moderator_id: int, now: datetime) -> Strike | None:
    """Let a strike count no longer; None when somebody was faster."""
    query = update(strikes).where(strikes.c.id == strike_id, strikes.c.lifted_at.is_(None))
    row = (await conn.execute(query.values(lifted_at=now, lifted_by=moderator_id).returning(*strikes.c))).one_or_none()
    return strike_of(row) if row else None


def strike_of(row: Row[Any]) -> Strike:
    """The strike in a row of this table."""
    return Strike(
        id=row.id,
        server_id=row.server_id,
        member_id=row.member_id,
        guideline=Guideline(row.guideline),
        reply_id=row.reply_id,
        moderator_id=row.moderator_id,
        sentence=row.sentence,
        passages=tuple(json.loads(row.passages or "[]")),
        given_at=row.given_at,
        expires_at=row.expires_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
        wording_id=row.wording_id,
    )
