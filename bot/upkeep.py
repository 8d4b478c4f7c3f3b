"""What the process does for its database while the bot runs: a backup a day, and trying again after an outage."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import DatabaseUnusable
from bot.storage import backups, memory
from bot.storage.address import sqlite_file
from bot.sweep import attempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.config import Config
    from bot.storage import Database

log = logging.getLogger(__name__)

HOUR = 2  # of the machine's own time: the daily backup is made after it
LOOK_SECONDS = 60
RETRY = timedelta(minutes=10)

WRITTEN = "written"  # under this name the memory holds when it was last tried whether the database works again


class Upkeep:
    """Looks once a minute at what is to be done. Nothing that fails here disturbs the bot."""

    def __init__(self, config: Config, db: Database, *, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._keep = config.backups
        self._file = sqlite_file(config.database_url)
        self._folder = config.data_folder / backups.FOLDER
        self._retry_at: datetime | None = None
        self._told = ""  # why the last backup failed

    async def look(self) -> None:
        """Do what is due."""
        if self._db.outages.reason is not None:
            await attempt("trying again", self._try_again())
        if self._keep and self._file is not None:
            now = self._clock()
            if is_backup_due(backups.get_last_daily(self._folder, now), now):
                await self._back_up(self._file, now)

    async def _try_again(self) -> None:
        """Write something, so that the end of an outage is noticed when nobody else writes."""
        async with self._db.begin() as conn:
            await memory.put(conn, WRITTEN, self._clock().isoformat())

    async def _back_up(self, file: Path, now: datetime) -> None:
        if self._retry_at is not None and now < self._retry_at <= now + RETRY:
            return
        self._retry_at = now + RETRY
        try:
            await asyncio.to_thread(backups.make_daily, file, self._folder, keep=self._keep, now=now)
        except DatabaseUnusable as error:
            if str(error) != self._told:
                log.error("no backup could be made, tried again every few minutes: %s", error)  # noqa: TRY400 - one line
            self._told = str(error)
        else:
            log.info("backed up into %s", self._folder)
            self._told, self._retry_at = "", None


def is_backup_due(last: datetime | None, now: datetime) -> bool:
    """Tell whether none has been made since the last time that the clock struck HOUR."""
    local = now.astimezone()
    struck = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    struck = struck if struck <= local else struck - timedelta(days=1)
    return last is None or last < struck


@asynccontextmanager
async def keeping_up(config: Config, db: Database) -> AsyncIterator[None]:
    """Look every minute, from the beginning to the end."""
    upkeep = Upkeep(config, db, clock=lambda: datetime.now(UTC))

    async def run() -> None:
        while True:
            await attempt("upkeep", upkeep.look())
            await asyncio.sleep(LOOK_SECONDS)

    task = asyncio.create_task(run(), name="upkeep")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
