"""What the process remembers between two starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.storage.inserts import insert
from bot.storage.tables import memory

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get(conn: AsyncConnection, name: str) -> str | None:
    """The value put last under this name."""
    value: str | None = (await conn.execute(select(memory.c.value).where(memory.c.name == name))).scalar_one_or_none()
    return value


async def put(conn: AsyncConnection, name: str, value: str) -> None:
    """Remember a value in the place of an earlier one."""
    new = insert(conn, memory).values(name=name, value=value)
    await conn.execute(new.on_conflict_do_update(index_elements=["name"], set_={"value": new.excluded.value}))


async def hold(conn: AsyncConnection, name: str, value: str) -> None:
    """Have others who hold this name wait for the end of the transaction; remember `value` when there is none yet."""
    await conn.execute(insert(conn, memory).values(name=name, value=value).on_conflict_do_nothing())
    await conn.execute(update(memory).where(memory.c.name == name).values(name=memory.c.name))
