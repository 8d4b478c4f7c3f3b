"""Brings the tables up to date in a process of its own, so that the memory this takes (8 MiB) is given back."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.storage import migrations
from bot.storage.address import read_address
from bot.storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path


async def upgrade_apart(url: str, *, folder: Path) -> None:
    """Migrate when there is something to migrate. Raises what `open_database` raises."""
    if not await _is_up_to_date(url):
        # Spawned, not forked: the other process shares neither event loop nor connections with this one.
        with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
            await asyncio.get_running_loop().run_in_executor(pool, _open_once, url, folder)


async def _is_up_to_date(url: str) -> bool:
    try:
        engine = create_async_engine(read_address(url))
        try:
            async with engine.connect() as conn:
                return await conn.run_sync(migrations.get_revision) == migrations.HEAD
        finally:
            await engine.dispose()
    except (ImportError, OSError, SQLAlchemyError):
        return False  # the other process says what is wrong


def _open_once(url: str, folder: Path) -> None:
    async def open_and_close() -> None:
        await (await open_database(url, folder=folder)).close()

    asyncio.run(open_and_close())
