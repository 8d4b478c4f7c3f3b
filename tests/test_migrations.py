"""The tables are brought up to date once, completely or not at all, and never without a copy."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import DatabaseUnusable
from bot.storage import migrations, open_database
from bot.storage.address import read_address
from bot.storage.tables import memory, metadata

COMMA = re.compile(r",\s+(?![^(]*\))")  # between two clauses, not inside the parentheses of one

STEP = '''"""A step of a later version."""
from alembic import op
import sqlalchemy as sa

revision = "9999"
down_revision = "{before}"


def upgrade():
    op.add_column("memory", sa.Column("note", sa.Text()))
    {then}
'''


@pytest.fixture
def add_step(tmp_path, monkeypatch):
    """Make this version know one step more."""

    def add(then: str = "pass") -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrations.FOLDER, folder)
        step = STEP.format(before=migrations.HEAD, then=then)
        (folder / "versions" / "9999_later.py").write_text(step, encoding="utf-8")
        monkeypatch.setattr(migrations, "FOLDER", folder)
        monkeypatch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "9999"))
        monkeypatch.setattr(migrations, "HEAD", "9999")

    return add


async def read_revision(url: str) -> tuple[str, list[str]]:
    """The step that a database is at, and the columns of one table."""
    db = await open_database(url)
    async with db.read() as conn:
        revision = await conn.scalar(text("SELECT version_num FROM alembic_version"))
        columns = await conn.run_sync(lambda connection: inspect(connection).get_columns("memory"))
    await db.close()
    return revision, [column["name"] for column in columns]


def describe(connection: Connection) -> dict[str, list[str]]:
    """The clauses of every CREATE statement, in an order of their own: a step adds its columns at the end."""
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND sql <> ''"))
    clauses = {name: COMMA.split(sql[sql.index("(") + 1 : sql.rindex(")")].strip()) for name, sql in rows}
    return {name: sorted(" ".join(clause.split()) for clause in parts) for name, parts in clauses.items()}


async def test_the_steps_make_exactly_the_tables_that_are_drawn(db):
    async with db.read() as conn:
        differences = await conn.run_sync(
            lambda connection: compare_metadata(MigrationContext.configure(connection), metadata)
        )

    assert differences == []


async def test_the_steps_and_the_drawing_give_the_same_file(sqlite_db):
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        drawn = describe(connection)
    engine.dispose()
    async with sqlite_db.read() as conn:
        migrated = await conn.run_sync(describe)

    assert migrated == drawn


def test_the_newest_step_is_found_without_alembic():
    with create_engine("sqlite://").connect() as connection:
        script = ScriptDirectory.from_config(migrations.config(connection))
    connection.engine.dispose()

    assert script.get_current_head() == migrations.HEAD


async def test_a_later_step_is_taken_and_recorded(database_url, add_step):
    add_step()

    assert await read_revision(database_url) == ("9999", ["name", "value", "note"])


async def test_a_step_that_fails_leaves_the_tables_as_they_were(database_url, add_step, monkeypatch):
    with monkeypatch.context() as later:
        add_step("op.execute('SELECT * FROM nowhere')")
        with pytest.raises(DatabaseUnusable) as refusal:
            await open_database(database_url)
        for name in ("FOLDER", "REVISIONS", "HEAD"):
            later.setattr(migrations, name, ORIGINAL[name])

        assert await read_revision(database_url) == (ORIGINAL["HEAD"], ["name", "value"])
    assert "\n" not in str(refusal.value)


ORIGINAL = {name: getattr(migrations, name) for name in ("FOLDER", "REVISIONS", "HEAD")}


async def test_a_file_is_copied_before_a_step_changes_it(sqlite_url, add_step):
    db = await open_database(sqlite_url)
    async with db.begin() as conn:
        await conn.execute(memory.insert().values(name="kept", value="yes"))
    await db.close()
    add_step()
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    await (await open_database(sqlite_url, folder=folder)).close()

    (copy,) = (folder / "backups").glob(f"standfirst-{ORIGINAL['HEAD']}-*.db")
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT * FROM memory").fetchall() == [("kept", "yes")]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(ORIGINAL["HEAD"],)]


async def test_nothing_is_copied_when_there_is_nothing_to_do(sqlite_url, tmp_path):
    for url in (sqlite_url, f"sqlite:///{tmp_path}/new.db"):
        await (await open_database(url, folder=tmp_path)).close()

    assert [path.name for path in tmp_path.iterdir()] == ["new.db"]


async def test_tables_of_a_newer_version_are_refused(database_url):
    db = await open_database(database_url)
    async with db.begin() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await db.close()

    with pytest.raises(DatabaseUnusable, match=r"newer Standfirst .* Install that version, or restore a backup"):
        await open_database(database_url)


async def test_reports_that_nobody_was_told_of_get_a_card_and_told_ones_stay_as_they_are(bare_url):
    now = "2026-05-04 12:30:00+00:00"
    url = read_address(bare_url)
    if url.database and url.drivername.startswith("sqlite"):
        Path(url.database).parent.mkdir()
    engine = create_async_engine(url)
    async with engine.begin() as conn:
        await conn.run_sync(lambda connection: migrations.upgrade(connection, "0004"))
        await conn.execute(text("INSERT INTO servers (id) VALUES (100)"))
        await conn.execute(
            text(
                "INSERT INTO articles (id, server_id, editor_id, status, title, summary, authors, created_at) "
                f"VALUES (1, 100, 1, 'open', 'A', 'B', '[]', '{now}')"
            )
        )
        for reply_id, status in ((1, "published"), (2, "published"), (3, "removed")):
            await conn.execute(
                text(
                    "INSERT INTO replies (id, server_id, number, article_id, author_id, author_name, author_language, "
                    "interaction_id, text, fingerprint, revision, status, submitted_at) VALUES "
                    f"({reply_id}, 100, {reply_id}, 1, 21, 'Ann', 'en', {reply_id}, 'x', 'f{reply_id}', 2, "
                    f"'{status}', '{now}')"
                )
            )
        for reply_id, reporter_id, message_id in ((1, 22, "NULL"), (1, 23, "900"), (2, 22, "901"), (3, 22, "NULL")):
            await conn.execute(
                text(
                    "INSERT INTO reports (server_id, reply_id, reporter_id, created_at, message_id) "
                    f"VALUES (100, {reply_id}, {reporter_id}, '{now}', {message_id})"
                )
            )
        await conn.run_sync(migrations.upgrade)
        cards = (await conn.execute(text("SELECT id, reply_id, revision, message_id FROM report_cards"))).all()
        stored = (await conn.execute(text("SELECT reply_id, revision, card_id FROM reports ORDER BY id"))).all()
    await engine.dispose()

    assert cards == [(1, 1, 2, None)]
    assert stored == [(1, 2, 1), (1, 2, 1), (2, 2, None), (3, 2, None)]


OPEN = """
import asyncio, sys
from alembic import command
from bot.storage import open_database

async def main():
    db = await open_database(sys.argv[1])
    await db.close()

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request, tmp_path):
    """The address of a database without any tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/standfirst.db"
    return request.getfixturevalue("make_postgres_url")(template="template1")


async def test_three_processes_that_start_at_once_make_the_tables_once(bare_url):
    pipe = asyncio.subprocess.PIPE
    program = (sys.executable, "-c", OPEN, bare_url)
    root = Path(__file__).parent.parent
    processes = [
        await asyncio.create_subprocess_exec(*program, cwd=root, stdin=pipe, stdout=pipe, stderr=pipe) for _ in range(3)
    ]
    for process in processes:
        await process.stdout.readline()
    ends = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))

    assert [errors.decode() for _, errors in ends] == [""] * 3
    assert await read_revision(bare_url) == (migrations.HEAD, ["name", "value"])
