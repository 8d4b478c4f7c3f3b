"""The database keeps what it was given, and says in one sentence why it cannot be opened."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.storage.tables import articles, servers

if TYPE_CHECKING:
    from bot.storage import Database


async def add_server(db: Database, id: int) -> None:
    async with db.begin() as conn:
        await conn.execute(servers.insert().values(id=id))


async def count_servers(db: Database) -> int:
    async with db.read() as conn:
        return await conn.scalar(select(func.count()).select_from(servers)) or 0


async def test_what_is_written_can_be_read(db):
    await add_server(db, 1)

    assert await count_servers(db) == 1


async def test_twenty_writers_at_once_wait_for_each_other(db):
    await asyncio.gather(*(add_server(db, id) for id in range(1, 21)))

    assert await count_servers(db) == 20
