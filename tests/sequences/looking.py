"""What stands in the database, read past the storage: a driver, plain SQL, and nothing of ours in between."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import asyncpg

from bot.storage.tables import metadata

if TYPE_CHECKING:
    from asyncio import Runner
    from collections.abc import Callable

TABLES = [table.name for table in reversed(metadata.sorted_tables)]  # those that refer to others first
KEPT = ("servers", "articles", "audit")  # of a server that is set up and has an article
COUNTED = [table.name for table in metadata.sorted_tables if "id" in table.c and not table.c.id.foreign_keys]
KEEP = [f"CREATE TABLE kept_{table} AS SELECT * FROM {table}" for table in KEPT]
AGAIN = [f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in KEPT]
QUERIES = {
    "replies": """SELECT id, status, revision, author_id, parent_id, message_id, hidden, copy_of_id
        FROM replies ORDER BY id""",
    "decisions": """SELECT id, reply_id, revision, action, moderator_id, undone_at IS NULL AS in_force
        FROM decisions ORDER BY id""",
    "strikes": """SELECT id, member_id, reply_id, lifted_at IS NULL AS in_force, given_at, expires_at
        FROM strikes ORDER BY id""",
    "sanctions": """SELECT id, member_id, moderator_id, kind, strike_id, trial, lifted_at IS NOT NULL AS lifted,
        acknowledged_at IS NOT NULL AS acknowledged, ends_at FROM sanctions ORDER BY id""",
    "notices": """SELECT id, reply_id, member_id, kind, status, lease_until IS NULL AS is_free
        FROM notices ORDER BY id""",
    "appeals": "SELECT id, reply_id, first_moderator_id, outcome FROM appeals ORDER BY id",
    "audit": "SELECT sequence, actor_id, action, subject_id, details FROM audit ORDER BY sequence",
}


class Seen(NamedTuple):
    """Everything that the diagram speaks of, at one moment."""

    replies: list[Any]
    decisions: list[Any]
    strikes: list[Any]
    sanctions: list[Any]
    notices: list[Any]
    appeals: list[Any]
    audit: list[Any]


class Sqlite:
    """A file of SQLite."""

    takes_turns = True  # whoever asks first writes first

    def __init__(self, url: str) -> None:
        self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        self._connection.execute("PRAGMA synchronous=OFF")
        self._connection.row_factory = self._named
        self._kinds: dict[tuple[str, ...], Callable[..., Any]] = {}

    def rows(self, query: str) -> list[Any]:
        return self._connection.execute(query).fetchall()

    async def fetch(self, query: str) -> list[Any]:
        return self.rows(query)

    def whole(self) -> list[Any]:
        return [self.rows(f"SELECT * FROM {table}") for table in TABLES]

    def run(self, statements: list[str]) -> None:
        self._connection.executescript("; ".join(["BEGIN IMMEDIATE", *statements, "COMMIT"]))

    def begin_anew(self) -> None:
        """Have nothing but what was kept."""
        self.run([*(f"DELETE FROM {table}" for table in TABLES), *AGAIN])

    def close(self) -> None:
        self._connection.close()

    def _named(self, cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Any:
        names = tuple(column[0] for column in cursor.description)
        if names not in self._kinds:
            self._kinds[names] = namedtuple("Row", names, rename=True)  # noqa: PYI024 - named by the query
        return self._kinds[names](*values)


class Postgres:
    """A database of PostgreSQL."""

    takes_turns = False

    def __init__(self, url: str, runner: Runner) -> None:
        self._run = runner.run
        self._connection = self._run(asyncpg.connect(url, record_class=Record))
        self._emptied = 0

    def rows(self, query: str) -> list[Any]:
        return self._run(self.fetch(query))

    async def fetch(self, query: str) -> list[Any]:
        return await self._connection.fetch(query)

    def whole(self) -> list[Any]:
        parts = [f"SELECT '{table}' AS t, row_to_json({table})::text AS r FROM {table}" for table in TABLES]
        return sorted(tuple(row) for row in self.rows(" UNION ALL ".join(parts)))

    def run(self, statements: list[str]) -> None:
        self._run(self._connection.execute("; ".join(statements)))

    def begin_anew(self) -> None:
        """Have nothing but what was kept, and count from 1, as SQLite does: what is run again finds the same ids."""
        self._emptied += 1
        if self._emptied % 50 == 0:  # what was only deleted takes room until it is vacuumed
            self.run([f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY CASCADE", *AGAIN])
            return
        counts = [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in COUNTED]
        self.run([*(f"DELETE FROM {table}" for table in TABLES), *counts, *AGAIN])

    def close(self) -> None:
        self._run(self._connection.close())


class Record(asyncpg.Record):
    """A row whose columns are attributes."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


def look(source: Sqlite | Postgres) -> Seen:
    """Read it all."""
    return Seen(**{name: source.rows(query) for name, query in QUERIES.items()})


def moment(stored: str | datetime | None) -> datetime | None:
    """A time as the driver gives it."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored
