"""What DATABASE_URL may say, and a sentence for each thing that can be wrong with it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import DatabaseUnusable

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
POSTGRES_OPTIONS = {"host", "port", "ssl", "target_session_attrs"}
PORTS = 65536
EXAMPLES = "sqlite:///data/standfirst.db or postgresql://name:password@host/database"

VAGUE = ("SQLITE_IOERR", "SQLITE_CANTOPEN")
NO_ROOM = 2**16  # bytes: what is beside the file in use takes half of that
DAMAGED = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}
# By SQLite's name for the error, up to the first part that matches.
SQLITE_REASONS = {
    "SQLITE_NOTADB": "{file} is not an SQLite database. Move it away, or name another file in DATABASE_URL.",
    "SQLITE_CORRUPT": "{file} is damaged. Restore a backup, with: standfirst db restore FILE",
    "SQLITE_CANTOPEN": "{file} cannot be opened. Check that its folder exists and may be written by this user.",
    "SQLITE_READONLY": "{file} cannot be written. Give this user the right to write it and its folder.",
    "SQLITE_BUSY": "{file} is in use by another program. Stop the other program.",
    "SQLITE_FULL": "The disk that holds {file} is full. Make room there.",
    "SQLITE_IOERR": "The disk reports an error with {file}. See that it works and that there is room on it.",
}

# By PostgreSQL's SQLSTATE.
POSTGRES_REASONS = {
    "28P01": "PostgreSQL at {host} does not accept the password of {user}. Correct it in DATABASE_URL.",
    "28000": "PostgreSQL at {host} does not let {user} in. Create that user, or correct DATABASE_URL.",
    "3D000": "PostgreSQL at {host} has no database {database}. Create it, or correct DATABASE_URL.",
    "42501": "PostgreSQL does not let {user} make tables in {database}. Make {user} the owner of that database.",
    "53300": "PostgreSQL at {host} has no free connection. Close some, or raise max_connections.",
    "53100": "The disk of PostgreSQL at {host} is full. Make room there.",
    "57P01": "PostgreSQL at {host} is stopping. Start it again.",
    "57P03": "PostgreSQL at {host} is starting or stopping. Try again in a moment.",
}


def read_address(text: str) -> URL:
    """Give the address with the driver that we use. A refusal does not quote it: it holds a password."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUnusable(f"DATABASE_URL cannot be read. It must look like {EXAMPLES}.") from None
    if url.drivername not in DRIVERS:
        raise DatabaseUnusable(f"DATABASE_URL names a database that Standfirst does not know. Use {EXAMPLES}.")
    url = url.set(drivername=DRIVERS[url.drivername])
    return _read_sqlite(url) if url.get_backend_name() == "sqlite" else _read_postgres(url)


def _read_sqlite(url: URL) -> URL:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise DatabaseUnusable("DATABASE_URL must name a file for SQLite, such as sqlite:///data/standfirst.db.")
    return url


def _read_postgres(url: URL) -> URL:
    if "@" in f"{url.host}{url.database}":
        raise DatabaseUnusable("The password in DATABASE_URL contains @. Write %40 in its place.")
    if url.port is not None and not 0 < url.port < PORTS:
        raise DatabaseUnusable("The port in DATABASE_URL must be a number from 1 to 65535.")
    if mode := url.query.get("sslmode"):  # what every other driver calls it
        url = url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    if unknown := set(url.query) - POSTGRES_OPTIONS:
        raise DatabaseUnusable(f"DATABASE_URL has an option that Standfirst does not know: remove {min(unknown)}.")
    return url


def sqlite_file(text: str) -> Path | None:
    """The file that the address names; None for PostgreSQL."""
    url = read_address(text)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def explain_sqlite(error: Exception, file: Path) -> DatabaseUnusable:
    """Translate what the driver or the file system says."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        name = _look_closer(getattr(cause, "sqlite_errorname", ""), file)
        for start, reason in SQLITE_REASONS.items():
            if name.startswith(start):
                unusable = DatabaseUnusable(reason.format(file=file))
                unusable.is_damaged = start in DAMAGED
                return unusable
        return DatabaseUnusable(f"{file} cannot be used ({cause}). Name another file in DATABASE_URL.")
    if isinstance(cause, OSError):
        place = cause.filename or file
        return DatabaseUnusable(
            f"{place} cannot be written ({cause.strerror}). Give this user the right to write there, "
            "or choose another folder; STANDFIRST_DATA names the bot's."
        )
    return DatabaseUnusable(f"{file} cannot be brought up to date ({type(cause).__name__}). Restore a backup.")


def _look_closer(name: str, file: Path) -> str:
    """Ask the file system as well: SQLite does not always find out why a file cannot be opened or written."""
    if not name.startswith(VAGUE):
        return name
    with suppress(OSError):
        if shutil.disk_usage(file.parent).free < NO_ROOM:
            return "SQLITE_FULL"
        if not os.access(file.parent, os.W_OK) or (file.is_file() and not os.access(file, os.W_OK)):
            return "SQLITE_READONLY"
    return name


def explain_postgres(error: Exception, url: URL) -> DatabaseUnusable:
    """Translate what the driver or the network says."""
    host = url.host or url.query.get("host") or "localhost"
    words = {"host": host, "user": url.username or "the user", "database": url.database or url.username}
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or "no code"
        reason = POSTGRES_REASONS.get(state)
        if reason is None:
            reason = f"PostgreSQL at {{host}} refused to work on {{database}} (SQLSTATE {state}). See its log."
        return DatabaseUnusable(reason.format(**words))
    if isinstance(error, TimeoutError):
        return DatabaseUnusable(f"PostgreSQL at {host} does not answer. Check the address and the network.")
    return DatabaseUnusable(f"PostgreSQL at {host} cannot be reached. Start it, or correct DATABASE_URL.")
