"""Troubles: what a person has to mend before Standfirst can go on, and whether the moderators know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select, update

from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import TROUBLE_DUE, troubles
from bot.troubles import Trouble, TroubleKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

OPEN, MENDED = "open", "mended"


async def add(
    conn: AsyncConnection,
    server_id: int,
    kind: TroubleKind,
    *,
    subject_id: int,
    details: Mapping[str, object],
    now: datetime,
) -> Trouble | None:
    """Write a trouble down; None when it is known and not mended yet."""
    values = {"server_id": server_id, "kind": kind, "subject_id": subject_id, "noticed_at": now}
    new = (
        insert(conn, troubles)
        .values(values | {"details": json.dumps(dict(details), ensure_ascii=False)})
        .on_conflict_do_nothing()
        .returning(*troubles.c)
    )
    row = (await conn.execute(new)).one_or_none()
    return _trouble(row) if row else None


async def mend(
    conn: AsyncConnection, server_id: int, kind: TroubleKind, *, subject_id: int | None = None, now: datetime
) -> list[Trouble]:
    """Close the open troubles of a kind, of one subject or of all, and return them."""
    mended = (
        update(troubles)
        .where(troubles.c.server_id == server_id, troubles.c.kind == kind, troubles.c.mended_at.is_(None))
        .values(mended_at=now)
        .returning(*troubles.c)
    )
    if subject_id is not None:
        mended = mended.where(troubles.c.subject_id == subject_id)
    return [_trouble(row) for row in await conn.execute(mended)]


async def list_open(conn: AsyncConnection, server_id: int | None = None) -> list[Trouble]:
    """What is not mended, of one server or of all, oldest first."""
    query = select(troubles).where(troubles.c.mended_at.is_(None)).order_by(troubles.c.id)
    if server_id is not None:
        query = query.where(troubles.c.server_id == server_id)
    return [_trouble(row) for row in await conn.execute(query)]


async def get(conn: AsyncConnection, trouble_id: int) -> Trouble | None:
    """The trouble."""
    row = (await conn.execute(select(troubles).where(troubles.c.id == trouble_id))).one_or_none()
    return _trouble(row) if row else None


async def get_open(conn: AsyncConnection, server_id: int, kind: TroubleKind, subject_id: int) -> Trouble | None:
    """The trouble of this kind with this subject, if it is not mended."""
    query = select(troubles).where(
        troubles.c.server_id == server_id,
        troubles.c.kind == kind,
        troubles.c.subject_id == subject_id,
        troubles.c.mended_at.is_(None),
    )
    row = (await conn.execute(query)).one_or_none()
    return _trouble(row) if row else None


def hinders(table: Table, subject: ColumnElement[int], *kinds: TroubleKind) -> ColumnElement[bool]:
    """The condition that an open trouble of a row's server, of such a kind and with this subject, stops its work."""
    return (
        exists()
        .where(troubles.c.server_id == table.c.server_id, troubles.c.mended_at.is_(None))
        .where(troubles.c.subject_id == subject, troubles.c.kind.in_(kinds))
        .correlate(table)
    )


async def lease(conn: AsyncConnection, trouble_id: int, *, now: datetime) -> tuple[Trouble, datetime | None] | None:
    """Take a trouble to tell the moderators, with the time that was tried first and not recorded."""
    row = await leases.take(conn, troubles, trouble_id, TROUBLE_DUE, now=now)
    if row is None:
        return None
    first = row.attempted_at or now
    await conn.execute(update(troubles).where(troubles.c.id == trouble_id).values(attempted_at=first))
    return _trouble(row), row.attempted_at


async def record(conn: AsyncConnection, trouble: Trouble, *, channel_id: int | None, message_id: int | None) -> None:
    """Remember what the moderators were told, and where; None: nobody could be told."""
    shows = OPEN if trouble.mended_at is None else MENDED
    values = {"shows": shows, "channel_id": channel_id, "message_id": message_id, "attempted_at": None}
    await leases.release(conn, troubles, trouble.id, until=None, **values)


async def put_off(conn: AsyncConnection, trouble_id: int, *, until: datetime, forget: bool = False) -> None:
    """Let go of a trouble until then; `forget` when the moderators certainly were not told."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, troubles, trouble_id, until=until, **values)


def _trouble(row: Row[Any]) -> Trouble:
    return Trouble(
        id=row.id,
        server_id=row.server_id,
        kind=TroubleKind(row.kind),
        subject_id=row.subject_id,
        details=json.loads(row.details),
        noticed_at=row.noticed_at,
        mended_at=row.mended_at,
        channel_id=row.channel_id,
        message_id=row.message_id,
    )
