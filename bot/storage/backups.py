"""Copies of the SQLite file: made while the bot runs, checked before they get their name, and put back."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import DatabaseUnusable
from bot.storage import migrations
from bot.storage.address import SQLITE_REASONS, explain_sqlite, sqlite_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = "backups"  # in the data folder
BUSY_SECONDS = 5  # how long a copy waits for another process that holds the file for a moment
IN_USE_SECONDS = 0.5  # likewise one that nobody else may have open: the bot holds it as long as it runs
STAMP = "%Y%m%dT%H%M%S%fZ"  # UTC
DAILY = re.compile(r"standfirst-daily-(\d{8}T\d{12}Z)\.db")
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file
BUSY = {5, 6}  # SQLITE_BUSY, SQLITE_LOCKED: the driver would wait for ever


def back_up(url: str, target: Path) -> None:
    """Copy the database that the address names into a new file. Raises DatabaseUnusable, and leaves nothing then."""
    file = sqlite_file(url)
    if file is None:
        raise DatabaseUnusable("The database is on PostgreSQL: back it up with pg_dump.")
    if not file.is_file():
        raise DatabaseUnusable(f"There is no database {file} to back up.")
    check_ours(file)
    write_copy(file, target)


def write_copy(file: Path, target: Path, *, alone: bool = False) -> None:
    """Copy what is committed, check the copy, and only then give it its name; nothing is left when that fails.

    `alone`: nobody else may have the file open, and nobody can open it meanwhile. Raises DatabaseUnusable.
    """
    if target.exists():
        raise DatabaseUnusable(f"{target} exists already. Name another file.")
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove(part)
        _copy(file, part, alone=alone)
        shutil.copymode(file, part)  # it holds what the file holds
        _settle(part, target)
    except (OSError, sqlite3.Error) as error:
        raise explain_sqlite(error, target) from error
    finally:
        with suppress(OSError):
            remove(part)


def check_ours(file: Path) -> None:
    """Raise DatabaseUnusable unless the file holds the tables of Standfirst, of this version or an earlier one."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            if migrations.check_revision(connection) is None:
                raise DatabaseUnusable(f"{file} holds nothing of Standfirst.")
    except SQLAlchemyError as error:
        raise explain_sqlite(error, file) from error


def before_migration(file: Path, folder: Path, revision: str) -> None:
    """Keep the tables as they are at this revision; the caller holds the right to write."""
    write_copy(file, folder / f"standfirst-{revision}-{datetime.now(UTC).strftime(STAMP)}.db")


def make_daily(file: Path, folder: Path, *, keep: int, now: datetime) -> None:
    """Make a copy, then delete the oldest of its kind until `keep` are left.

    Raises DatabaseUnusable, also when the copy would leave the database itself too little room.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.glob("standfirst-daily-*.part*"):  # of a process that was killed
            path.unlink()
        if shutil.disk_usage(folder).free < 2 * file.stat().st_size:
            raise DatabaseUnusable(SQLITE_REASONS["SQLITE_FULL"].format(file=folder))
        write_copy(file, folder / f"standfirst-daily-{now.astimezone(UTC).strftime(STAMP)}.db")
        for _, path in list_daily(folder)[:-keep]:
            path.unlink()
    except OSError as error:
        raise explain_sqlite(error, folder) from error


def list_daily(folder: Path) -> list[tuple[datetime, Path]]:
    """When each daily copy was made, oldest first."""
    found = [(DAILY.fullmatch(path.name), path) for path in folder.glob("standfirst-daily-*.db")]
    return sorted((datetime.strptime(match[1], STAMP).replace(tzinfo=UTC), path) for match, path in found if match)


def get_last_daily(folder: Path, now: datetime) -> datetime | None:
    """When the newest daily copy was made; one that is still to come was made by a wrong clock and does not count."""
    made = [at for at, _ in list_daily(folder) if at <= now]
    return made[-1] if made else None


def put_in_place(part: Path, file: Path, folder: Path) -> Path | None:
    """Put a checked copy in the place of the database; tell where the one before it has been kept in `folder`.

    Raises DatabaseUnusable when the database is in use.
    """
    aside = _put_aside(file, folder) if file.exists() else None
    remove(*_beside(file))
    part.replace(file)
    _fsync(file.parent)
    return aside


def remove(*files: Path) -> None:
    """Delete files with what SQLite keeps beside them."""
    for file in files:
        for path in (file, *_beside(file)):
            path.unlink(missing_ok=True)


def _put_aside(file: Path, folder: Path) -> Path:
    stamp = datetime.now(UTC).strftime(STAMP)
    aside = folder / f"standfirst-before-restore-{stamp}.db"
    try:
        write_copy(file, aside, alone=True)
    except DatabaseUnusable as error:
        if not error.is_damaged:
            raise
        aside = folder / f"standfirst-damaged-{stamp}.db"
        for path in (file, *_beside(file)):
            if path.exists():
                shutil.move(path, f"{aside}{path.name.removeprefix(file.name)}")
    return aside


def _copy(file: Path, part: Path, *, alone: bool) -> None:
    def progress(status: int, _remaining: int, _total: int) -> None:
        if status in BUSY:
            raise DatabaseUnusable(SQLITE_REASONS["SQLITE_BUSY"].format(file=file))

    try:
        source = sqlite3.connect(
            f"file:{quote(str(file.absolute()))}?mode=rw", uri=True, timeout=IN_USE_SECONDS if alone else BUSY_SECONDS
        )
        with closing(source), closing(sqlite3.connect(part)) as copy:
            if alone:
                source.execute("PRAGMA locking_mode=EXCLUSIVE")
                source.execute("PRAGMA journal_mode=DELETE")  # refused as long as anybody has the file open
                source.execute("BEGIN EXCLUSIVE")
                source.execute("COMMIT")
            source.backup(copy, progress=progress)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete in itself
            problem = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        is_of_source = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CANTOPEN", "SQLITE_BUSY"))
        unusable = explain_sqlite(error, file)
        if is_of_source or unusable.is_damaged:
            raise unusable from error
        raise
    if problem != "ok":
        damaged = DatabaseUnusable(SQLITE_REASONS["SQLITE_CORRUPT"].format(file=file))
        damaged.is_damaged = True
        raise damaged


def _settle(part: Path, target: Path) -> None:
    """Make sure that the copy is on disk before it has its name."""
    _fsync(part)
    part.rename(target)
    _fsync(target.parent)


def _fsync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(file: Path) -> Iterable[Path]:
    return [file.with_name(file.name + ending) for ending in BESIDE]
