"""Puts a backup in the place of the database, which is kept."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import DatabaseUnusable
from bot.storage import backups
from bot.storage.address import read_address, sqlite_file
from bot.storage.database import open_database

if TYPE_CHECKING:
    from pathlib import Path


async def restore(url: str, backup: Path, *, folder: Path) -> Path | None:
    """Bring a copy of the backup up to date, then let it take the database's place while nobody uses that.

    Returns where in `folder` the database before it is kept; None: there was none. Raises DatabaseUnusable, and
    everything is as it was then.
    """
    file = sqlite_file(url)
    if file is None:
        raise DatabaseUnusable("The database is on PostgreSQL: restore it with pg_restore.")
    part = file.with_name(f"{file.name}.restored")
    backups.remove(part)  # of a process that was killed
    try:
        await asyncio.to_thread(_take, backup, part)
        address = read_address(url).set(database=str(part))
        await (await open_database(address.render_as_string(hide_password=False), folder=folder)).close()
        return await asyncio.to_thread(backups.put_in_place, part, file, folder / backups.FOLDER)
    finally:
        backups.remove(part)


def _take(backup: Path, part: Path) -> None:
    if not backup.is_file():
        raise DatabaseUnusable(f"There is no backup {backup}.")
    backups.write_copy(backup, part)
    backups.check_ours(part)
