"""Bulletins: what is said once in the review channel. The key makes it once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, literal, select, update

from bot.models import Bulletin, BulletinKind
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import BULLETIN_DUE, bulletins

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

UNSAID = 0  # in the place of a message's id: there was nothing to say, or another bulletin says it


async def add(
    conn: AsyncConnection,
    server_id: int,
    kind: BulletinKind,
    key: str,
    *,
    now: datetime,
    is_said: bool = True,
    **details: object,
) -> bool:
    """Have the moderators told; False when a bulletin of this kind has the key. `is_said=False` keeps the key alone."""
    values = {"server_id": server_id, "kind": kind, "key": key, "created_at": now, "details": json.dumps(details)}
    new = insert(conn, bulletins).values(values | {"message_id": None if is_said else UNSAID})
    added = await conn.execute(new.on_conflict_do_nothing().returning(bulletins.c.id))
    return added.one_or_none() is not None


async def has(conn: AsyncConnection, server_id: int, kind: BulletinKind, key: str) -> bool:
    """Tell whether there is one of this kind with the key."""
    query = select(bulletins.c.id).where(
        bulletins.c.server_id == server_id, bulletins.c.kind == kind, bulletins.c.key == key
    )
    return (await conn.execute(query)).one_or_none() is not None


async def get(conn: AsyncConnection, bulletin_id: int) -> Bulletin | None:
    """The bulletin."""
    row = (await conn.execute(select(bulletins).where(bulletins.c.id == bulletin_id))).one_or_none()
    return _bulletin(row) if row else None


async def list_steps(conn: AsyncConnection, server_id: int) -> set[int]:
    """The numbers of held replies of which the moderators know, since there have not been much fewer again."""
    query = select(bulletins.c.key).where(
        bulletins.c.server_id == server_id, bulletins.c.kind == BulletinKind.BACKLOG, ~bulletins.c.key.contains(":")
    )
    return {int(key) for key in (await conn.execute(query)).scalars()}


async def list_servers_with_steps(conn: AsyncConnection) -> list[int]:
    """The ids of servers whose moderators know of a backlog that is not over."""
    is_known = (bulletins.c.kind == BulletinKind.BACKLOG, ~bulletins.c.key.contains(":"))
    return list((await conn.execute(select(bulletins.c.server_id).distinct().where(*is_known))).scalars())


async def forget_step(conn: AsyncConnection, server_id: int, step: int) -> None:
    """Let the moderators be told once more when so many replies are held again."""
    same = (bulletins.c.kind == BulletinKind.BACKLOG, bulletins.c.key == str(step))
    past = literal(f"{step}:") + cast(bulletins.c.id, Text)
    await conn.execute(update(bulletins).where(bulletins.c.server_id == server_id, *same).values(key=past))


async def lease(conn: AsyncConnection, bulletin_id: int, *, now: datetime) -> tuple[Bulletin, bool] | None:
    """Take a bulletin to post it, and whether that was tried before and not recorded."""
    row = await leases.take(conn, bulletins, bulletin_id, BULLETIN_DUE, now=now)
    if row is None:
        return None
    first = row.attempted_at or now
    attempted = update(bulletins).where(bulletins.c.id == bulletin_id).values(attempted_at=first)
    return _bulletin((await conn.execute(attempted.returning(*bulletins.c))).one()), row.attempted_at is not None


async def record(conn: AsyncConnection, bulletin_id: int, message_id: int | None) -> None:
    """Remember the message; None: there was nothing to say."""
    values = {"message_id": message_id or UNSAID, "attempted_at": None}
    await leases.release(conn, bulletins, bulletin_id, until=None, **values)


async def put_off(conn: AsyncConnection, bulletin_id: int, *, until: datetime, forget: bool = False) -> None:
    """Let go of a bulletin until then; `forget` when it certainly was not posted."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, bulletins, bulletin_id, until=until, **values)


def _bulletin(row: Row[Any]) -> Bulletin:
    return Bulletin(
        id=row.id,
        server_id=row.server_id,
        kind=BulletinKind(row.kind),
        key=row.key,
        details=json.loads(row.details),
        created_at=row.created_at,
        attempted_at=row.attempted_at,
    )
