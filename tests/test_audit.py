"""The audit trail: whatever is done to an entry is found and named; admins read it in words and take copies of it."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text as sql

from bot.i18n import languages
from bot.models import ABOUT_ARTICLE, ABOUT_REPLY, Action, Fault, Finding
from bot.services import audit
from bot.services.audit import Format
from bot.storage import Database
from bot.storage import audit as stored
from tests.givens import ANN, MODERATOR, NOW, SERVER

if TYPE_CHECKING:
    from bot.services.audit import Part

COUNT = 12
COLUMNS = ("server_id", "sequence", "at", "actor_id", "action", "subject_id", "details", "digest")
DISCORD_ID = 1_134_567_890_123_456_789
ROOM = 10**6


async def given_trail(db: Database, count: int = COUNT, server_id: int = SERVER) -> None:
    """Entries of every shape, at different moments."""
    for n in range(count):
        async with db.begin() as conn:
            await stored.append(
                conn,
                server_id,
                list(Action)[n % len(Action)],
                actor_id=DISCORD_ID + n,
                at=NOW + timedelta(seconds=n, microseconds=n * 17),
                subject_id=n + 40 if n % 4 else None,
                number=n,
                sentence=f'Ждите «{n}»\n"now"',
            )


async def run(db: Database, statement: str, **values: Any) -> None:
    """What somebody does who can write into the database, and minds no constraint."""
    async with db.begin() as conn:
        await conn.execute(sql(statement), values)


def is_sqlite(db: Database) -> bool:
    return "sqlite" in str(type(db.outages)).lower()


async def lift_constraints(db: Database) -> None:
    """Let a server's id be changed to that of no server."""
    if not is_sqlite(db):
        await run(db, "ALTER TABLE audit DROP CONSTRAINT fk_audit_server_id")
        return
    async with db._writer.connect() as conn:
        await conn.exec_driver_sql("COMMIT")
        await conn.exec_driver_sql("PRAGMA foreign_keys=OFF")


async def change_a_byte(db: Database, column: str, sequence: int, chance: random.Random) -> None:
    """Change one byte of what stands there into another one."""
    async with db.read() as conn:
        row = (await conn.execute(sql(f"SELECT {column} FROM audit WHERE sequence = :s"), {"s": sequence})).one()
    value, where = row[0], "WHERE sequence = :at"
    if isinstance(value, datetime):
        changed: object = value + timedelta(microseconds=chance.choice([1, 256, 65536, 2**24, -1]))
    elif isinstance(value, int):
        bits = 63 if column in ("server_id", "actor_id", "subject_id") else 31
        changed = value ^ (chance.randrange(1, 128) << 8 * chance.randrange(bits // 8 or 1))
    elif is_sqlite(db):
        raw = bytearray(value.encode())
        raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
        await run(db, f"UPDATE audit SET {column} = CAST(:raw AS TEXT) {where}", raw=bytes(raw), at=sequence)
        return
    else:
        place = chance.randrange(len(value))
        other = chance.choice([letter for letter in "aZ0 .-й" if letter != value[place]])
        changed = value[:place] + other + value[place + 1 :]
    await run(db, f"UPDATE audit SET {column} = :changed {where}", changed=changed, at=sequence)


@pytest.mark.parametrize("column", COLUMNS)
async def test_one_changed_byte_of_any_column_is_found_and_its_entry_is_named(db: Database, column: str) -> None:
    chance = random.Random(column)
    await given_trail(db)
    await lift_constraints(db)
    assert await audit.verify(db, SERVER) == Finding(COUNT, (await end(db))[1])
    for _ in range(20):
        sequence = chance.choice([n for n in range(1, COUNT + 1) if column != "subject_id" or n % 4 != 1])
        async with db.read() as conn:
            kept = (await conn.execute(sql("SELECT * FROM audit ORDER BY sequence"))).mappings().all()
        await change_a_byte(db, column, sequence, chance)

        found = await audit.verify(db, SERVER)

        assert (found.fault is not None, found.sequence, found.right) == (True, str(sequence), sequence - 1), found
        await run(db, "DELETE FROM audit")
        for row in kept:
            names = ", ".join(f":{name}" for name in row)
            await run(db, f"INSERT INTO audit ({', '.join(row)}) VALUES ({names})", **row)
        assert (await audit.verify(db, SERVER)).fault is None


async def end(db: Database) -> tuple[int, str]:
    async with db.read() as conn:
        return await stored.get_end(conn, SERVER)


@pytest.mark.parametrize(
    ("done", "fault", "named"),
    [
        ("DELETE FROM audit WHERE sequence = 5", Fault.MISSING, "5"),
        ("DELETE FROM audit WHERE sequence = 1", Fault.MISSING, "1"),
        ("DELETE FROM audit WHERE sequence > 9", Fault.CUT, "10"),
        ("DELETE FROM audit", Fault.CUT, "1"),
        ("UPDATE audit SET sequence = 99 WHERE sequence = 4", Fault.MISSING, "4"),
        ("UPDATE audit SET sequence = 0 WHERE sequence = 4", Fault.MISSING, "4"),
        ("UPDATE audit SET sequence = -3 WHERE sequence = 12", Fault.CUT, "12"),
        ("UPDATE servers SET audit_sequence = 11", Fault.ADDED, "12"),
        ("UPDATE servers SET audit_digest = 'other'", Fault.REWRITTEN, "12"),
        ("UPDATE audit SET subject_id = 0 WHERE sequence = 1", Fault.CHANGED, "1"),
        ("UPDATE audit SET details = details || ' ' WHERE sequence = 7", Fault.CHANGED, "7"),
        ("UPDATE audit SET digest = upper(digest) WHERE sequence = 7", Fault.CHANGED, "7"),
        (
            "INSERT INTO audit SELECT server_id, -7, at, actor_id, action, subject_id, details, digest FROM audit"
            " WHERE sequence = 7",
            Fault.MISPLACED,
            "-7",
        ),
    ],
)
async def test_whatever_else_is_done_to_a_trail_is_told_apart(
    db: Database, done: str, fault: Fault, named: str
) -> None:
    await given_trail(db)
    await run(db, done)

    found = await audit.verify(db, SERVER)

    assert (found.fault, found.sequence) == (fault, named)


async def test_two_entries_that_change_places_are_found(db: Database) -> None:
    await given_trail(db)
    for before, after in ((5, 90), (6, 5), (90, 6)):
        await run(db, f"UPDATE audit SET sequence = {after} WHERE sequence = {before}")

    found = await audit.verify(db, SERVER)

    assert (found.fault, found.sequence) == (Fault.CHANGED, "5")


@pytest.mark.parametrize(
    "done",
    [
        "UPDATE audit SET at = replace(at, ' ', 'T') WHERE sequence = 3",  # the same moment, written otherwise
        "UPDATE audit SET at = 'soon' WHERE sequence = 3",
        "UPDATE audit SET at = NULLIF(1, 2) || '' WHERE sequence = 3 AND 0 OR sequence = 3 AND (SELECT 0) IS NULL",
        "UPDATE audit SET details = CAST(details AS BLOB) WHERE sequence = 3",
        "UPDATE audit SET details = details || char(0) WHERE sequence = 3",
        "UPDATE audit SET details = CAST(x'd0' || details AS TEXT) WHERE sequence = 3",
        "UPDATE audit SET actor_id = 'somebody' WHERE sequence = 3",
        "UPDATE audit SET actor_id = actor_id + 0.5 WHERE sequence = 3",
        "UPDATE audit SET subject_id = x'00' WHERE sequence = 3",
    ],
)
async def test_what_sqlite_lets_a_column_hold_is_found_as_well(sqlite_db: Database, done: str) -> None:
    await given_trail(sqlite_db)
    if "NULLIF" in done:
        done = "UPDATE audit SET action = '' WHERE sequence = 3"
    await run(sqlite_db, done)

    found = await audit.verify(sqlite_db, SERVER)

    assert (found.fault, found.sequence) == (Fault.CHANGED, "3")


@pytest.mark.parametrize("moment", ["infinity", "20000-01-01 00:00:00+00", "2026-05-04 12:30:02.000034+00 BC"])
async def test_a_moment_that_python_cannot_hold_is_found_as_well(postgres_url: str, moment: str) -> None:
    from bot.storage import open_database  # noqa: PLC0415

    db = await open_database(postgres_url)
    await given_trail(db)
    await run(db, f"UPDATE audit SET at = '{moment}' WHERE sequence = 3")

    found = await audit.verify(db, SERVER)
    await db.close()

    assert (found.fault, found.sequence) == (Fault.CHANGED, "3")
