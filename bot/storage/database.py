"""The database that DATABASE_URL names: how it is opened, and the transactions run on it."""

from __future__ import annotations

import asyncio
import sqlite3
from asyncio import Semaphore
from contextlib import asynccontextmanager, closing
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import DatabaseUnusable
from bot.storage import backups, migrations
from bot.storage.address import explain_postgres, explain_sqlite, read_address, sqlite_file
from bot.storage.outages import PostgresOutages, SqliteOutages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from sqlalchemy import URL, Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

    from bot.storage.outages import Outages

STARTING_SECONDS = 30  # how long a start waits for another process that writes
BUSY_SECONDS = 2  # how long a transaction does: whoever pressed a button must be answered within three seconds
CONNECT_SECONDS = 10  # how long PostgreSQL may take to answer at all
READERS = 4
POSTGRES_CONNECTIONS = 10
MIGRATION_LOCK = 0x5374616E64666972  # any fixed number: "Standfir"


class Database:
    """Transactions on SQLite or PostgreSQL, with the same meaning on both. They are never nested."""

    def __init__(
        self, writer: AsyncEngine, reader: AsyncEngine, outages: Outages, *, writing: Semaphore, reading: Semaphore
    ) -> None:
        self.outages = outages
        self._writer = writer
        self._reader = reader
        # Turns are taken here, one for each pooled connection: a task that is cancelled while it waits in
        # SQLAlchemy's pool (2.1.9) can take a connection with it for good, and SQLite's writer is the only one.
        self._writing = writing
        self._reading = reading

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Write: committed at the end, rolled back on an error. On SQLite one at a time, the others wait.

        Raises StorageFailed when the database is out of order, and nothing is written then.
        """
        asked_at = monotonic()
        async with self._writing:
            with self.outages.translating("write", asked_at):
                async with self._writer.begin() as conn:
                    yield conn

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Read: every query sees the database as it was at the first one. Writing is refused.

        Raises StorageFailed when the database is out of order.
        """
        asked_at = monotonic()
        async with self._reading:
            with self.outages.translating("read", asked_at):
                async with self._reader.connect() as conn:
                    yield conn

    async def check(self) -> None:
        """Raise DatabaseUnusable unless the tables can be read and are those of this version."""
        try:
            async with self._reader.connect() as conn:
                revision = await conn.run_sync(migrations.check_revision)
        except (DBAPIError, OSError) as error:
            raise self.outages.explain(error, "read") or error from error
        if revision != migrations.HEAD:
            raise DatabaseUnusable("The database is of an earlier version. Start the bot once to bring it up to date.")

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        await self._reader.dispose()
        await self._writer.dispose()


async def open_database(url: str, *, folder: Path | None = None) -> Database:
    """Open the database and bring its tables up to date.

    `folder` takes the backups that are made before an SQLite file is migrated; None: the folder of that file.
    Raises DatabaseUnusable with one sentence that says what to do; the password is never in it.
    """
    address = read_address(url)
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "")
        return await _open_sqlite(address, file, folder or file.parent)
    return await _open_postgres(address)


async def _open_sqlite(url: URL, file: Path, folder: Path) -> Database:
    try:
        await asyncio.to_thread(_prepare_file, file, folder)
        await _migrate_sqlite(url, file, folder)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        raise explain_sqlite(error, file) from error
    return await _checked(_sqlite(url, file))


async def open_to_read(url: str) -> Database:
    """Open the database as it is, beside the bot, and change nothing in it. Raises DatabaseUnusable."""
    address = read_address(url)
    file = sqlite_file(url)
    if file is None:
        return await _checked(_postgres(address))
    if not await asyncio.to_thread(file.is_file):
        raise DatabaseUnusable(f"There is no database {file}.")
    return await _checked(await asyncio.to_thread(_sqlite, address, file))


async def _checked(database: Database) -> Database:
    """Read once, which on SQLite shows that the file is in use: nobody restores a backup from now on."""
    try:
        await database.check()
    except BaseException:
        await database.close()
        raise
    return database


def _sqlite(url: URL, file: Path) -> Database:
    writer = _sqlite_engine(url, "BEGIN IMMEDIATE", "foreign_keys=ON")
    reader = _sqlite_engine(url, "BEGIN", "query_only=ON", connections=READERS)
    return Database(writer, reader, SqliteOutages(file), writing=Semaphore(1), reading=Semaphore(READERS))


def _prepare_file(file: Path, folder: Path) -> None:
    """Find out with the plain driver whether the file can be written: its errors are the clearest."""
    for path in (folder, file.parent):
        path.mkdir(parents=True, exist_ok=True)
    copies = folder / backups.FOLDER
    if not file.exists() and any(copies.glob("*.db")):  # it was moved or deleted: an empty one would hide that
        raise DatabaseUnusable(
            f"There is no database {file}, but there are backups of it in {copies}. Restore one with: standfirst db "
            "restore FILE; or move that folder away to begin anew."
        )
    with closing(sqlite3.connect(file, timeout=STARTING_SECONDS, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version={version}")  # changes nothing, but writes: a full disk shows here
        connection.execute("COMMIT")


def _sqlite_engine(
    url: URL, begin: str, pragma: str, *, connections: int = 1, busy_seconds: float | None = None
) -> AsyncEngine:
    """Make an engine whose transactions start with `begin`: SQLAlchemy's documented recipe for this driver."""
    engine = create_async_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        hide_parameters=True,  # an error ends in the log, and parameters hold replies
        connect_args={"timeout": busy_seconds or BUSY_SECONDS, "isolation_level": None},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


async def _migrate_sqlite(url: URL, file: Path, folder: Path) -> None:
    # Without foreign keys, as SQLite asks for when tables are copied; they are checked before the end.
    engine = _sqlite_engine(url, "BEGIN IMMEDIATE", "foreign_keys=OFF", busy_seconds=STARTING_SECONDS)
    try:
        async with engine.begin() as conn:
            await _migrate_file(conn, file, folder)
    finally:
        await engine.dispose()


async def _migrate_file(conn: AsyncConnection, file: Path, folder: Path) -> None:
    revision = await conn.run_sync(migrations.check_revision)
    if revision == migrations.HEAD:
        return
    if revision is not None:
        await asyncio.to_thread(backups.before_migration, file, folder / backups.FOLDER, revision)
    await conn.run_sync(migrations.upgrade)
    if (await conn.exec_driver_sql("PRAGMA foreign_key_check")).first():
        raise DatabaseUnusable(f"Rows in {file} refer to rows that are gone. Restore a backup from {folder}.")


async def _open_postgres(url: URL) -> Database:
    engine = _postgres_engine(url)
    try:
        await _migrate_postgres(engine)
    except (OSError, SQLAlchemyError) as error:
        raise explain_postgres(error, url) from error
    finally:
        await engine.dispose()
    return _postgres(url)


def _postgres(url: URL) -> Database:
    engine = _postgres_engine(url)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    turns = Semaphore(POSTGRES_CONNECTIONS)
    return Database(engine, reader, PostgresOutages(url), writing=turns, reading=turns)


def _postgres_engine(url: URL) -> AsyncEngine:
    try:
        return create_async_engine(
            url,
            pool_size=POSTGRES_CONNECTIONS,
            max_overflow=0,
            pool_pre_ping=True,  # the server may restart while the bot runs
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            connect_args={"timeout": CONNECT_SECONDS},
        )
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(
            "PostgreSQL needs the package asyncpg. Install it with: pip install 'standfirst[postgres]'"
        ) from error


async def _migrate_postgres(engine: AsyncEngine) -> None:
    async with engine.begin() as conn:
        # Another process that starts at the same time waits here, then finds the work done.
        await conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        if await conn.run_sync(migrations.check_revision) != migrations.HEAD:
            await conn.run_sync(migrations.upgrade)
