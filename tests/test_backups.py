"""Backups are complete, checked and kept for as long as asked; a restored one takes the database's place as a whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.errors import DatabaseUnusable
from bot.storage import Database, backups, memory, migrations, open_database
from bot.storage.restoring import restore
from bot.upkeep import HOUR, Upkeep, is_backup_due

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


async def note(db: Database, words: str) -> None:
    async with db.begin() as conn:
        await memory.put(conn, "note", words)


def read_note(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT value FROM memory WHERE name = 'note'").fetchone()[0]


async def stored_note(url: str) -> str | None:
    db = await open_database(url)
    async with db.read() as conn:
        words = await memory.get(conn, "note")
    await db.close()
    return words


@pytest.fixture
def file(sqlite_url: str) -> Path:
    """The database's file, alone in its folder."""
    return Path(sqlite_url.removeprefix("sqlite:///"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_a_backup_made_while_the_bot_writes_holds_all_that_was_stored(sqlite_db, sqlite_url, tmp_path):
    await note(sqlite_db, "stored")
    async with sqlite_db.begin() as conn:
        await memory.put(conn, "note", "not stored yet")
        backups.back_up(sqlite_url, tmp_path / "copy.db")

    assert read_note(tmp_path / "copy.db") == "stored"
    assert names(tmp_path) == ["copy.db"]


async def test_a_backup_may_be_read_by_nobody_who_may_not_read_the_database(sqlite_url, file, tmp_path):
    file.chmod(0o600)
    backups.back_up(sqlite_url, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


async def test_a_backup_never_takes_the_place_of_a_file(sqlite_db, sqlite_url, tmp_path):
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")

    with pytest.raises(DatabaseUnusable, match=r"copy\.db exists already"):
        backups.back_up(sqlite_url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "mine"


async def test_a_backup_of_a_damaged_database_is_refused_and_leaves_nothing(sqlite_url, file, tmp_path):
    damage(file)

    with pytest.raises(DatabaseUnusable, match="is damaged"):
        backups.back_up(sqlite_url, tmp_path / "copy.db")
    assert names(tmp_path) == []


def damage(file: Path) -> None:
    """Overwrite the last page, which nothing reads that only looks at the tables' names."""
    with file.open("r+b") as stream:
        stream.seek(-4096, 2)
        stream.write(b"\x5a" * 4096)


async def test_a_backup_into_a_folder_that_cannot_be_made_is_one_sentence(sqlite_db, sqlite_url, tmp_path):
    (tmp_path / "folder").write_text("a file", encoding="utf-8")

    with pytest.raises(DatabaseUnusable, match="folder cannot be written"):
        backups.back_up(sqlite_url, tmp_path / "folder" / "copy.db")


async def test_a_database_that_is_not_there_is_not_backed_up_as_an_empty_one(tmp_path):
    with pytest.raises(DatabaseUnusable, match="There is no database"):
        backups.back_up(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert names(tmp_path) == []


async def test_a_restored_backup_takes_the_place_of_the_database_which_is_kept(sqlite_url, file, tmp_path):
    db = await open_database(sqlite_url)
    await note(db, "of the backup")
    backups.back_up(sqlite_url, tmp_path / "copy.db")
    await note(db, "written later")
    await db.close()

    aside = await restore(sqlite_url, tmp_path / "copy.db", folder=tmp_path)

    assert await stored_note(sqlite_url) == "of the backup"
    assert aside is not None
    assert read_note(aside) == "written later"
    assert names(file.parent) == [file.name]
    assert names(tmp_path) == ["backups", "copy.db"]


async def test_while_the_bot_has_the_database_open_nothing_is_restored(sqlite_db, sqlite_url, file, tmp_path):
    backups.back_up(sqlite_url, tmp_path / "copy.db")

    with pytest.raises(DatabaseUnusable, match=r"in use by another program\. Stop"):
        await restore(sqlite_url, tmp_path / "copy.db", folder=tmp_path)
    await note(sqlite_db, "the bot goes on")

    assert await stored_note(sqlite_url) == "the bot goes on"
    assert [name for name in names(file.parent) if "restored" in name] == []
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_bot_that_was_killed_leaves_nothing_that_spoils_a_restored_backup(sqlite_url, file, tmp_path):
    db = await open_database(sqlite_url)
    await note(db, "of the backup")
    backups.back_up(sqlite_url, tmp_path / "copy.db")
    await note(db, "only in the log beside the file")
    log = file.with_name(file.name + "-wal").read_bytes()
    await db.close()
    file.with_name(file.name + "-wal").write_bytes(log)

    aside = await restore(sqlite_url, tmp_path / "copy.db", folder=tmp_path)

    assert await stored_note(sqlite_url) == "of the backup"
    assert aside is not None
    assert read_note(aside) == "only in the log beside the file"


@pytest.mark.parametrize("spoil", [damage, lambda file: file.write_text("This is no database.\n" * 99)])
async def test_a_damaged_database_is_moved_aside_for_the_backup(sqlite_url, file, tmp_path, spoil):
    await (await open_database(sqlite_url)).close()
    backups.back_up(sqlite_url, tmp_path / "copy.db")
    spoil(file)
    file.with_name(file.name + "-wal").write_bytes(b"of the damaged one")

    aside = await restore(sqlite_url, tmp_path / "copy.db", folder=tmp_path)

    assert aside is not None
    assert aside.name.startswith("standfirst-damaged-")
    assert names(file.parent) == [file.name]
    await (await open_database(sqlite_url)).close()


async def test_a_backup_of_an_earlier_version_is_brought_up_to_date(sqlite_url, tmp_path):
    with closing(sqlite3.connect(tmp_path / "old.db")):
        pass
    await migrate_to(migrations.REVISIONS[0], tmp_path / "old.db")

    await restore(sqlite_url, tmp_path / "old.db", folder=tmp_path)

    db = await open_database(sqlite_url)
    async with db.read() as conn:
        assert await conn.run_sync(migrations.get_revision) == migrations.HEAD
    await db.close()


async def migrate_to(revision: str, path: Path) -> None:
    from sqlalchemy import create_engine  # noqa: PLC0415

    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.upgrade(connection, revision)
    engine.dispose()


NOT_OURS = {
    "text": (lambda path: path.write_text("This is no database.\n" * 99), "is not an SQLite database"),
    "damaged": (damage, "is damaged"),
    "newer": (lambda path: change(path, "UPDATE alembic_version SET version_num = '9999'"), "newer Standfirst"),
    "foreign": (lambda path: change(path, "DROP TABLE alembic_version"), "tables of another program"),
    "empty": (lambda path: (path.unlink(), change(path, "CREATE TABLE x (y)")), "holds nothing of Standfirst"),
    "none": (lambda path: path.unlink(), "There is no backup"),
}


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


@pytest.mark.parametrize("what", NOT_OURS)
async def test_what_is_no_sound_backup_of_ours_is_refused_and_the_database_stays(sqlite_url, file, tmp_path, what):
    db = await open_database(sqlite_url)
    await note(db, "kept")
    await db.close()
    copy = tmp_path / "copy.db"
    backups.back_up(sqlite_url, copy)
    spoil, sentence = NOT_OURS[what]
    spoil(copy)

    with pytest.raises(DatabaseUnusable, match=sentence):
        await restore(sqlite_url, copy, folder=tmp_path)
    assert await stored_note(sqlite_url) == "kept"
    assert names(file.parent) == [file.name]


def test_postgresql_is_left_to_its_own_programs(tmp_path):
    with pytest.raises(DatabaseUnusable, match="pg_dump"):
        backups.back_up("postgresql://host/database", tmp_path / "copy.db")


def at(day: int, hour: int) -> datetime:
    """A time on the machine's own clock."""
    return datetime(2026, 3, day, hour).astimezone()


@pytest.mark.parametrize(
    ("last", "now", "due"),
    [
        (None, at(4, 12), True),
        (at(4, HOUR), at(4, 12), False),
        (at(4, HOUR), at(5, HOUR - 1), False),
        (at(4, HOUR), at(5, HOUR), True),
        (at(3, 12), at(4, 12), True),
    ],
)
def test_a_backup_is_due_once_a_night_and_after_a_night_that_was_missed(last, now, due):
    assert is_backup_due(last, now) is due


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def make_upkeep(db: Database, url: str, folder: Path, clock: Clock, *, keep: int = 3) -> Upkeep:
    config = Config("", url, folder, allow_private_addresses=False, backups=keep)
    return Upkeep(config, db, clock=clock)


async def test_each_night_the_newest_backups_are_kept_and_others_left_alone(sqlite_db, sqlite_url, tmp_path):
    clock, folder = Clock(), tmp_path / "backups"
    folder.mkdir()
    (folder / "standfirst-0001-20200101T000000000000Z.db").write_text("of a migration", encoding="utf-8")
    upkeep = make_upkeep(sqlite_db, sqlite_url, tmp_path, clock)
    for day in range(5):
        clock.now = NOON + timedelta(days=day)
        await note(sqlite_db, f"day {day}")
        await upkeep.look()
        await upkeep.look()

    daily = [path for _, path in backups.list_daily(folder)]
    assert [read_note(path) for path in daily] == ["day 2", "day 3", "day 4"]
    assert len(names(folder)) == 4


async def test_backups_that_are_switched_off_are_not_made(sqlite_db, sqlite_url, tmp_path):
    await make_upkeep(sqlite_db, sqlite_url, tmp_path, Clock(), keep=0).look()

    assert names(tmp_path) == []


@pytest.mark.logs_errors
async def test_a_backup_that_fails_is_told_once_and_tried_again(sqlite_db, sqlite_url, tmp_path, logged_errors):
    clock = Clock()
    upkeep = make_upkeep(sqlite_db, sqlite_url, tmp_path, clock)
    (tmp_path / "backups").write_text("a file where the folder should be", encoding="utf-8")
    for minute in range(30):
        clock.now = NOON + timedelta(minutes=minute)
        await upkeep.look()
    (tmp_path / "backups").unlink()
    clock.now = NOON + timedelta(minutes=40)
    await upkeep.look()

    assert [record.exc_info for record in logged_errors] == [None]
    assert "no backup could be made" in logged_errors[0].getMessage()
    assert len(backups.list_daily(tmp_path / "backups")) == 1


async def test_where_there_are_backups_a_missing_database_is_not_begun_anew(sqlite_url, file, tmp_path):
    backups.make_daily(file, tmp_path / "backups", keep=7, now=datetime.now(UTC))
    file.unlink()

    with pytest.raises(DatabaseUnusable, match="there are backups of it"):
        await open_database(sqlite_url, folder=tmp_path)

    assert not file.exists()
