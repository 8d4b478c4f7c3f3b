"""Servers: what `/setup` chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from bot.models import Server
from bot.storage.inserts import insert
from bot.storage.tables import servers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

CHOSEN = ("articles_channel_id", "review_channel_id", "moderator_role_id", "editor_role_id", "language")


async def get(conn: AsyncConnection, server_id: int) -> Server:
    """The server as chosen so far; one never seen before has chosen nothing."""
    row = (await conn.execute(select(servers).where(servers.c.id == server_id))).one_or_none()
    return _server(row) if row else Server(id=server_id)


async def save(conn: AsyncConnection, server: Server) -> None:
    """Remember what was chosen."""
    await ensure(conn, server.id)
    chosen = {name: getattr(server, name) for name in CHOSEN}
    await conn.execute(update(servers).where(servers.c.id == server.id).values(chosen))


async def ensure(conn: AsyncConnection, server_id: int) -> None:
    """Have a row for the server. Safe to call twice, and by two at once."""
    await conn.execute(insert(conn, servers).values(id=server_id).on_conflict_do_nothing())


async def hold(conn: AsyncConnection, server_id: int) -> None:
    """Have others who count, append or hold in this server wait for the end of the transaction."""
    await ensure(conn, server_id)
    await conn.execute(update(servers).where(servers.c.id == server_id).values(id=servers.c.id))


async def set_away(conn: AsyncConnection, server_id: int, *, since: datetime | None) -> bool:
    """Remember from when on the bot does not see the server, or that it does again (None); True when that is new."""
    is_away = servers.c.away_since.is_not(None)
    changed = (
        update(servers)
        .where(servers.c.id == server_id, is_away if since is None else ~is_away)
        .values(away_since=since)
        .returning(servers.c.id)
    )
    return (await conn.execute(changed)).one_or_none() is not None


async def list_present(conn: AsyncConnection) -> list[int]:
    """The ids of the servers that the bot sees, as far as is known."""
    return list((await conn.execute(select(servers.c.id).where(servers.c.away_since.is_(None)))).scalars())


async def list_away(conn: AsyncConnection) -> list[int]:
    """The ids of the servers that the bot does not see."""
    return list((await conn.execute(select(servers.c.id).where(servers.c.away_since.is_not(None)))).scalars())


async def next_reply_number(conn: AsyncConnection, server_id: int) -> int:
    """Count one reply more; others who count wait for the end of the transaction, so numbers have no gaps."""
    counted = (
        update(servers)
        .where(servers.c.id == server_id)
        .values(last_reply_number=servers.c.last_reply_number + 1)
        .returning(servers.c.last_reply_number)
    )
    number: int = (await conn.execute(counted)).scalar_one()
    return number


def _server(row: Row[Any]) -> Server:
    return Server(id=row.id, **{name: row._mapping[name] for name in CHOSEN})  # noqa: SLF001 - SQLAlchemy's public name
