"""The database keeps what it was given, and says in one sentence why it cannot be opened."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.errors import DatabaseUnusable
from bot.storage import Database, database, open_database
from bot.storage.tables import servers, settings

if TYPE_CHECKING:
    from pathlib import Path


async def add_server(db: Database, server_id: int) -> None:
    async with db.begin() as conn:
        await conn.execute(servers.insert().values(id=server_id))


async def count_servers(db: Database) -> int:
    async with db.read() as conn:
        return await conn.scalar(select(func.count()).select_from(servers)) or 0


async def test_what_is_written_is_there_after_a_restart(database_url):
    db = await open_database(database_url)
    await add_server(db, 1)
    await db.close()
    db = await open_database(database_url)

    assert await count_servers(db) == 1
    await db.close()


async def test_twenty_writers_at_once_wait_for_each_other_and_all_succeed(db):
    await asyncio.gather(*(add_server(db, number) for number in range(1, 21)))

    assert await count_servers(db) == 20


async def test_two_processes_that_write_the_same_file_wait_for_each_other(sqlite_url):
    first, second = await open_database(sqlite_url), await open_database(sqlite_url)
    await asyncio.gather(*(add_server((first, second)[number % 2], number) for number in range(20)))

    assert await count_servers(first) == 20
    await first.close()
    await second.close()


async def test_a_transaction_that_fails_leaves_nothing(db):
    async def fail() -> None:
        async with db.begin() as conn:
            await conn.execute(servers.insert().values(id=1))
            raise RuntimeError("after the first of two steps")

    with pytest.raises(RuntimeError):
        await fail()

    assert await count_servers(db) == 0


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_blocks_nobody(db):
    begun = asyncio.Event()

    async def write() -> None:
        async with db.begin() as conn:
            await conn.execute(servers.insert().values(id=1))
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add_server(db, 2)

    assert await count_servers(db) == 1


async def test_cancelling_at_any_moment_leaves_the_database_usable(db):
    tasks = [asyncio.create_task(add_server(db, number)) for number in range(1, 31)]
    for task in tasks[::2]:
        await asyncio.sleep(0.001)
        task.cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    await add_server(db, 100)

    assert [outcome for outcome in outcomes[1::2] if outcome is not None] == []
    assert await count_servers(db) >= 16


async def test_a_write_that_is_cancelled_in_the_middle_of_a_statement_lets_others_write(sqlite_db, sqlite_url):
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT i, i FROM n"

    async def write() -> None:
        async with sqlite_db.begin() as conn:
            await conn.execute(text(f"INSERT INTO memory (name, value) {count}"))

    for seconds in (0, 0.001, 0.01, 0.05):
        task = asyncio.create_task(write())
        await asyncio.sleep(seconds)  # at any moment
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), timeout=5)) as other:
            other.execute("BEGIN IMMEDIATE")

    async with sqlite_db.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM memory")) == 0


async def test_a_row_that_refers_to_nothing_is_refused(db):
    with pytest.raises(IntegrityError):
        async with db.begin() as conn:
            await conn.execute(settings.insert().values(server_id=404, name="notice", value='"hello"'))


async def test_a_reader_sees_one_moment(db):
    await add_server(db, 1)
    async with db.read() as conn:
        before = await conn.scalar(select(func.count()).select_from(servers))
        await add_server(db, 2)
        after = await conn.scalar(select(func.count()).select_from(servers))

    assert (before, after) == (1, 1)
    assert await count_servers(db) == 2


async def test_a_reader_cannot_write(db):
    with pytest.raises(DBAPIError, match=r"read-?only"):
        async with db.read() as conn:
            await conn.execute(servers.insert().values(id=1))


async def test_an_error_does_not_repeat_what_somebody_wrote(db):
    with pytest.raises(IntegrityError) as refusal:
        async with db.begin() as conn:
            await conn.execute(settings.insert().values(server_id=404, name="notice", value='"my secret"'))

    assert "my secret" not in str(refusal.value)


async def test_sqlite_loses_nothing_that_was_committed_when_the_power_fails(sqlite_db):
    async with sqlite_db.begin() as conn:
        pragmas = {
            name: await conn.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    full = 2
    assert pragmas == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "busy_timeout": 2_000}


async def test_closing_twice_is_safe_and_the_database_can_be_opened_again(db, database_url):
    await db.close()
    await db.close()

    again = await open_database(database_url)
    async with again.read() as conn:
        assert await conn.scalar(text("SELECT count(*) FROM replies")) == 0
    await again.close()


REFUSED = {
    "mysql://name:very-secret@host/database": "does not know. Use sqlite:///data/standfirst.db or postgresql://",
    "very-secret": "cannot be read. It must look like sqlite:///",
    "postgresql://name:very-secret@host:port/database": "cannot be read",
    "postgresql://name:very@secret@host/database": "Write %40 in its place",
    "postgresql://name:very-secret@host/database?foo=1": "remove foo",
    "postgresql://name:very-secret@127.0.0.1:1/database": "127.0.0.1 cannot be reached. Start it, or correct",
    "postgres://name:very-secret@no-such-host.invalid/database": "no-such-host.invalid cannot be reached",
    "sqlite://": "must name a file",
    "sqlite+aiosqlite:///:memory:": "must name a file",
}


@pytest.mark.parametrize("url", REFUSED)
async def test_an_address_that_leads_nowhere_is_refused_without_repeating_the_password(url):
    with pytest.raises(DatabaseUnusable) as refusal:
        await open_database(url)

    assert REFUSED[url] in str(refusal.value)
    assert "secret" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_without_its_driver_postgresql_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "asyncpg", None)

    with pytest.raises(DatabaseUnusable, match=r"pip install 'standfirst\[postgres\]'"):
        await open_database("postgresql://host/database")


async def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(database, "CONNECT_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(DatabaseUnusable, match="does not answer"):
            await open_database(f"postgresql://name@127.0.0.1:{port}/database")


def make_text_file(path: Path) -> None:
    path.write_text("This is not a database.\n" * 100, encoding="utf-8")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_foreign_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE settings (name TEXT)")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (make_text_file, "is not an SQLite database. Move it away, or name another file"),
        (make_folder, "cannot be opened. Check that its folder exists"),
        (make_foreign_tables, "holds the tables of another program"),
    ],
)
async def test_a_file_that_is_not_ours_is_refused_and_left_alone(tmp_path, make, sentence):
    path = tmp_path / "standfirst.db"
    make(path)
    with pytest.raises(DatabaseUnusable, match=sentence):
        await open_database(f"sqlite:///{path}")

    assert path.exists()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")

    with pytest.raises(DatabaseUnusable, match=r"data cannot be written .* STANDFIRST_DATA"):
        await open_database(f"sqlite:///{tmp_path}/data/standfirst.db")


async def test_a_file_that_another_program_holds_is_refused(sqlite_url, monkeypatch):
    monkeypatch.setattr(database, "STARTING_SECONDS", 0.1)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        connection.execute("BEGIN IMMEDIATE")

        with pytest.raises(DatabaseUnusable, match="in use by another program"):
            await open_database(sqlite_url)


async def test_the_postgresql_sentences_name_who_and_where(postgres_server, run_sql):
    run_sql(
        postgres_server.format("postgres"),
        "CREATE ROLE guarded LOGIN PASSWORD 'right'",
        "CREATE ROLE guest LOGIN",
        "CREATE DATABASE guarded",
    )
    sentences = {}
    for user, name in (
        ("guarded:wrong", "guarded"),
        ("nobody:wrong", "guarded"),
        ("guest", "missing"),
        ("guest", "guarded"),
    ):
        url = postgres_server.replace("postgres:@", f"{user}@").format(name)
        with pytest.raises(DatabaseUnusable) as refusal:
            await open_database(url)
        sentences[f"{user}/{name}"] = str(refusal.value)

    assert "does not accept the password of guarded" in sentences["guarded:wrong/guarded"]
    assert "does not let nobody in" in sentences["nobody:wrong/guarded"]
    assert "has no database missing" in sentences["guest/missing"]
    assert "does not let guest make tables in guarded" in sentences["guest/guarded"]
    assert "wrong" not in "".join(sentences.values())
