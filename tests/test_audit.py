"""The audit trail: whatever is done to an entry is found and named; admins read it in words and take copies of it."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
import random
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text as sql

from bot.i18n import ENGLISH, Language, languages
from bot.models import ABOUT_ARTICLE, ABOUT_REPLY, Action, Fault, Finding
from bot.services import audit
from bot.services.audit import Format
from bot.storage import Database, open_database, tables
from bot.storage import audit as stored
from bot.storage import servers as stored_servers
from bot.storage.database import open_to_read
from cogs.ui.deeds import DEEDS, circumstances, deed
from tests.givens import NOW, SERVER

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
        changed = value
        while changed == value or (column == "sequence" and changed in range(1, COUNT + 1)):  # no two of a number
            changed = value ^ (chance.randrange(1, 128) << 8 * chance.randrange(bits // 8))
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
            names = ", ".join(f":{name}" for name in COLUMNS)
            await run(db, f"INSERT INTO audit ({', '.join(COLUMNS)}) VALUES ({names})", **row)
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
            "INSERT INTO audit SELECT server_id, -7, at, 5, action, 6, details, digest FROM audit WHERE sequence = 7",
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
        "at = replace(at, ' ', 'T')",  # the same moment, written otherwise
        "at = 'soon'",
        "details = CAST(details AS BLOB)",
        "details = details || char(0)",
        "details = CAST(x'd0' || details AS TEXT)",
        "actor_id = 'somebody'",
        "actor_id = x'00'",
        "subject_id = x'00'",
    ],
)
async def test_what_sqlite_lets_a_column_hold_is_found_as_well(sqlite_db: Database, done: str) -> None:
    await given_trail(sqlite_db)
    await run(sqlite_db, f"UPDATE audit SET {done} WHERE sequence = 3")

    found = await audit.verify(sqlite_db, SERVER)

    assert (found.fault, found.sequence) == (Fault.CHANGED, "3")


@pytest.mark.parametrize("moment", ["infinity", "20000-01-01 00:00:00+00", "2026-05-04 12:30:02.000034+00 BC"])
async def test_a_moment_that_python_cannot_hold_is_found_as_well(postgres_url: str, moment: str) -> None:
    db = await open_database(postgres_url)
    await given_trail(db)
    await run(db, f"UPDATE audit SET at = '{moment}' WHERE sequence = 3")

    found = await audit.verify(db, SERVER)
    await db.close()

    assert (found.fault, found.sequence) == (Fault.CHANGED, "3")


async def test_one_changed_byte_in_the_file_itself_is_found_and_its_entry_is_named(sqlite_url: str) -> None:
    db = await open_database(sqlite_url)
    await given_trail(db)
    await db.close()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = await asyncio.to_thread(file.read_bytes)
    begin = whole.index(bytes([SERVER, 6]) + b"2026-05-04 12:30:05")  # where the values of entry 6 stand, and how long
    length = len(re.match(rb'.*?"}[0-9a-f]{64}', whole[begin:], re.DOTALL)[0])
    for place in (*range(begin, begin + 3), *range(begin + 3, begin + length, 7)):
        changed = bytearray(whole)
        changed[place] ^= 1
        await asyncio.to_thread(file.write_bytes, bytes(changed))

        db = await open_to_read(sqlite_url)
        found = await audit.verify(db, SERVER)
        await db.close()

        assert found.sequence == "6", (place - begin, found)


async def test_a_trail_that_grows_while_it_is_verified_is_right(db: Database) -> None:
    await given_trail(db, 150)

    async def grow() -> None:
        for _ in range(10):
            await given_trail(db, 5)

    growing = asyncio.create_task(grow())
    found = [await audit.verify(db, SERVER) for _ in range(10)]
    await growing

    assert {finding.fault for finding in found} == {None}
    assert (await audit.verify(db, SERVER)).right == 200


async def test_thousands_of_entries_are_verified_while_others_have_their_turn(db: Database) -> None:
    await given_long_trail(db, 10_000)
    worst, is_over = 0.0, False

    async def others() -> None:
        nonlocal worst
        while not is_over:
            before = time.thread_time()  # of the loop's thread alone: other processes do not count
            await asyncio.sleep(0)
            worst = max(worst, time.thread_time() - before)

    waiting = asyncio.create_task(others())
    found = await audit.verify(db, SERVER)
    is_over = True
    await waiting

    assert found.right == 10_000
    assert worst < 0.1  # of about half a second, and what others of this process leave to be collected


async def given_long_trail(db: Database, count: int) -> None:
    """Entries that are written all at once."""
    rows, previous = [], ""
    for n in range(1, count + 1):
        body = [SERVER, n, NOW.isoformat(), 5, "submit", n, "{}"]
        previous = stored.digest(previous, body)
        values = dict(zip(COLUMNS, [SERVER, n, NOW, 5, "submit", n, "{}", previous], strict=True))
        rows.append(values)
    async with db.begin() as conn:
        await stored_servers.ensure(conn, SERVER)
        await conn.execute(tables.audit.insert(), rows)
        end = {"audit_sequence": count, "audit_digest": previous}
        await conn.execute(tables.servers.update().where(tables.servers.c.id == SERVER).values(end))


async def copies(db: Database, form: Format, *, since: datetime | None = None, room: int = ROOM) -> list[Part]:
    later = NOW + timedelta(hours=1)
    exported = audit.export(db, SERVER, form, since=since, actor_id=7, now=later, room=room)
    return [part async for part in exported]


async def test_from_a_copy_in_json_lines_anybody_can_compute_the_digests(db: Database) -> None:
    await given_trail(db, 600)

    [part] = await copies(db, Format.JSON)

    entries = [json.loads(line) for line in part.content.decode().splitlines()]
    assert [entry["sequence"] for entry in entries] == list(range(1, 602))
    assert (part.first, part.last, part.is_last) == ("1", "601", True)
    assert entries[-1]["action"] == "audit_exported"  # who took it stands in it
    previous = ""
    for entry in entries:
        at = datetime.fromisoformat(entry["at"]).replace(tzinfo=UTC).isoformat()
        ids = {name: int(entry[name]) if entry[name] else None for name in ("server_id", "actor_id", "subject_id")}
        body = [ids["server_id"], entry["sequence"], at, ids["actor_id"], entry["action"], ids["subject_id"]]
        text = json.dumps([*body, entry["details"]], ensure_ascii=False)
        previous = hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
        assert entry["digest"] == previous


async def test_no_cell_of_a_copy_for_a_spreadsheet_is_a_formula(db: Database) -> None:
    await given_trail(db, 8)
    for sequence, sign in enumerate("=+-@\t\r", start=1):
        formula = f'{sign}HYPERLINK("http://x.example","y")'
        await run(db, "UPDATE audit SET details = :f WHERE sequence = :s", f=formula, s=sequence)

    [part] = await copies(db, Format.CSV)

    assert part.content.startswith(b"\xef\xbb\xbfsequence,at,")
    rows = list(csv.DictReader(io.StringIO(part.content.decode("utf-8-sig"), newline="")))
    assert [row["sequence"] for row in rows] == [str(n) for n in range(1, 10)]
    assert [row["details"][0] for row in rows] == ["'"] * 6 + ["{"] * 3
    assert [cell for row in rows for cell in row.values() if cell.startswith(tuple("=+-@\t\r"))] == []


@pytest.mark.parametrize("form", Format)
async def test_a_long_copy_comes_in_parts_that_fit_and_hold_everything_once(db: Database, form: Format) -> None:
    await given_trail(db, 30)

    parts = await copies(db, form, room=2000)

    assert len(parts) > 3
    assert max(len(part.content) for part in parts) <= 2000
    assert [part.is_last for part in parts] == [False] * (len(parts) - 1) + [True]
    numbers = []
    for part in parts:
        text = part.content.decode("utf-8-sig")
        rows = (
            csv.DictReader(io.StringIO(text, newline="")) if form is Format.CSV else map(json.loads, text.splitlines())
        )
        numbers += [int(row["sequence"]) for row in rows]
    assert numbers == list(range(1, 32))


async def test_a_copy_since_a_moment_begins_with_its_first_entry(db: Database) -> None:
    await given_trail(db)

    [part] = await copies(db, Format.JSON, since=NOW + timedelta(seconds=8))
    [later] = await copies(db, Format.JSON, since=NOW + timedelta(days=8))

    assert (part.first, part.last) == ("9", "13")
    assert (later.first, later.last) == ("14", "14")  # that one alone which says that it was taken


@pytest.mark.parametrize("language", languages(), ids=str)
def test_every_action_is_told_in_words_that_fit_a_choice_and_no_two_alike(language: Language) -> None:
    told = [deed(action, language) for action in Action]

    assert set(DEEDS) == set(Action)
    assert len(set(told)) == len(Action)
    assert [words for words in told if len(words) > 60] == []
    assert not ABOUT_REPLY & ABOUT_ARTICLE


@pytest.mark.parametrize(
    ("details", "english", "russian"),
    [
        ('{"guideline": "spam", "number": 5, "revision": 1, "sentence": "No *ads*"}', "spam · “No \\*ads\\*”", "спам"),
        ('{"revision": 3, "taken_from": 77}', "version 3 · <@77>", "версия 3 · <@77>"),
        ('{"setting": "reply_length", "value": 2000}', "**reply\\_length** · = 2000", "= 2000"),
        ('{"days": 3, "hours": 12}', "3 days · 12 hr", "12 ч"),
        ('{"agrees": false, "view": "reject"}', "differs from the first · Reply rejected", "Ответ отклонён"),
        ('{"since": "2026-05-04T00:00:00+00:00"}', "since <t:1777852800:d>", "с <t:1777852800:d>"),
        ('{"hours": "many", "new": {"a": 1}}', 'hours: many · new: {"a": 1}', "new"),
        (
            json.dumps({f"k{n}": "x" * 50 for n in range(90)}),
            " · ".join(f"k{n}: {'x' * 50}" for n in range(5)) + " · …",
            "…",
        ),
        ("no json @everyone", "no json @everyone", "no json"),
        ("[1]", "\\[1\\]", "1"),
        (None, "", ""),
    ],
)
def test_what_is_interesting_is_told_in_words(details: str | None, english: str, russian: str) -> None:
    assert circumstances(details, ENGLISH) == english
    assert russian in circumstances(details, Language("ru"))
