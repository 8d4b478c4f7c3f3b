"""Settings: one JSON value per server and name; what is not stored has its default."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.settings import BY_NAME, Settings, Value
from bot.storage.inserts import insert
from bot.storage.tables import settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def load(conn: AsyncConnection, server_id: int) -> Settings:
    """All settings of a server. A name that this version does not know is passed over."""
    rows = await conn.execute(select(settings.c.name, settings.c.value).where(settings.c.server_id == server_id))
    return Settings(**{row.name: json.loads(row.value) for row in rows if row.name in BY_NAME})


async def put(conn: AsyncConnection, server_id: int, name: str, value: Value) -> None:
    """Store a value in the place of an earlier one."""
    new = insert(conn, settings).values(server_id=server_id, name=name, value=json.dumps(value))
    await conn.execute(
        new.on_conflict_do_update(index_elements=["server_id", "name"], set_={"value": new.excluded.value})
    )


async def remove(conn: AsyncConnection, server_id: int, name: str) -> None:
    """Go back to the default."""
    await conn.execute(delete(settings).where(settings.c.server_id == server_id, settings.c.name == name))
