"""The audit trail: whether it is what was written, and copies of it to take along."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.models import Action, AuditFilter, Fault, Finding
from bot.models.audit import whole
from bot.storage import audit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.models import StoredEntry
    from bot.storage import Connection, Database

COLUMNS = ("sequence", "at", "server_id", "actor_id", "action", "subject_id", "details", "digest")
READ_AT_ONCE = 500
MARK = "\ufeff"  # by which a spreadsheet knows that a file is UTF-8
DANGEROUS = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
)  # a spreadsheet takes a cell that begins with one of these for a formula

FAULTS = {
    Fault.CHANGED: N_("Entry {sequence} was changed."),
    Fault.MISSING: N_("Entry {sequence} is missing."),
    Fault.CUT: N_("Entry {sequence} and all that followed it are missing."),
    Fault.MISPLACED: N_("Entry {sequence} has a number that no entry can have."),
    Fault.ADDED: N_("Entry {sequence} was added by somebody else."),
    Fault.REWRITTEN: N_("Entry {sequence} is not the one that was written last: it or earlier ones were rewritten."),
}


class Format(StrEnum):
    """What a copy is written as."""

    JSON = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Part:
    """Some entries as a file."""

    content: bytes
    first: str  # the numbers of its first and last entry
    last: str
    is_last: bool


async def verify(db: Database, server_id: int) -> Finding:
    """Compare every entry of a server with its digest and the one before it; others have their turn in between."""
    async with db.read() as conn:
        return await _verify(conn, server_id)


async def verify_all(db: Database) -> list[tuple[int, Finding]]:
    """Likewise for every server."""
    async with db.read() as conn:
        return [(server_id, await _verify(conn, server_id)) for server_id in await audit.list_servers(conn)]


def explain(found: Finding) -> str:
    """Say on one line what came out; English, as all that is printed for operators."""
    if found.fault is not None:
        wrong = FAULTS[found.fault].format(sequence=found.sequence)
        return f"{wrong} {found.right} entries before it are right."
    return f"{found.right} entries are right; the last digest is {found.digest or 'none'}."


async def export(
    db: Database, server_id: int, form: Format, *, since: datetime | None, actor_id: int, now: datetime, room: int
) -> AsyncIterator[Part]:
    """Copy the entries from the first one since then on, in parts of so many bytes at most.

    That somebody takes a copy is written down first, and is the last entry of it.
    """
    async with db.begin() as conn:
        day = since.isoformat() if since else None
        own = await audit.append(
            conn, server_id, Action.AUDIT_EXPORTED, actor_id=actor_id, at=now, format=form, since=day
        )
        first = await audit.get_first_since(conn, server_id, since) if since else None
    after = audit.LOWEST if since is None else (first or own.sequence) - 1
    head = _head(form)
    content, numbers = bytearray(head), list[str]()
    async for entries in _read(db, server_id, after=after, until=own.sequence):
        for entry, line in zip(entries, await asyncio.to_thread(_lines, entries, form), strict=True):
            if numbers and len(content) + len(line) > room:
                yield Part(bytes(content), numbers[0], numbers[-1], is_last=False)
                content, numbers = bytearray(head), []
            content += line
            numbers = [*numbers[:1], entry.sequence or ""]
    yield Part(bytes(content), numbers[0], numbers[-1], is_last=True)


async def _read(db: Database, server_id: int, *, after: int, until: int) -> AsyncIterator[Sequence[StoredEntry]]:
    """Each batch in a transaction of its own: nobody waits until a file is sent, and entries never change."""
    while True:
        async with db.read() as conn:
            found = await audit.list_after(conn, server_id, AuditFilter(), after, until=until, limit=READ_AT_ONCE)
        if not found or found[-1].number is None:
            return
        yield found
        after = found[-1].number


def _head(form: Format) -> bytes:
    return (MARK + _row(COLUMNS)).encode() if form is Format.CSV else b""


def _lines(entries: Sequence[StoredEntry], form: Format) -> list[bytes]:
    write = _csv_line if form is Format.CSV else _json_line
    return [write(entry).encode() for entry in entries]


def _json_line(entry: StoredEntry) -> str:
    """Ids stay texts, as in all of Discord's own: many programs would round such large numbers."""
    values = {name: getattr(entry, name) for name in COLUMNS} | {"sequence": entry.number or entry.sequence}
    return json.dumps(values, ensure_ascii=False) + "\n"


def _csv_line(entry: StoredEntry) -> str:
    return _row([getattr(entry, name) or "" for name in COLUMNS])


def _row(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([f"'{cell}" if cell.startswith(DANGEROUS) else cell for cell in cells])
    return text.getvalue()


async def _verify(conn: Connection, server_id: int) -> Finding:
    count, digest = await audit.get_end(conn, server_id)
    right, previous, stray = 0, "", None
    async with aclosing(audit.read_chain(conn, server_id)) as entries:
        async for entry in entries:
            if entry.number is None or entry.number <= right:
                stray = stray or entry.sequence or "?"
                continue
            fault, named = _judge(entry, right + 1, count, previous)
            if fault is not None:
                return Finding(right, previous, fault, str(named))
            right, previous = right + 1, entry.digest or ""
    return _judge_end(Finding(right, previous), count, digest, stray)


def _judge(entry: StoredEntry, expected: int, count: int, previous: str) -> tuple[Fault | None, int]:
    """What is wrong with the entry that stands where `expected` should, and with which one."""
    number = entry.number or 0
    if expected > count:
        return Fault.ADDED, number
    if number > expected:
        return Fault.MISSING, expected
    is_right = entry.is_sound and entry.digest == _digest(entry, previous)
    return None if is_right else Fault.CHANGED, number


def _judge_end(read: Finding, count: int, digest: str, stray: str | None) -> Finding:
    if read.right < count:
        return Finding(read.right, read.digest, Fault.CUT, str(read.right + 1))
    if read.digest != digest:
        return Finding(read.right, read.digest, Fault.REWRITTEN, str(read.right))
    if stray is not None:
        return Finding(read.right, read.digest, Fault.MISPLACED, stray)
    return read


def _digest(entry: StoredEntry, previous: str) -> str | None:
    """The digest that the entry should have; None when it holds what was never written."""
    at = _moment(entry.at)
    numbers = [whole(text) for text in (entry.server_id, entry.sequence, entry.actor_id)]
    subject = whole(entry.subject_id)
    if at is None or None in numbers or (subject is None and entry.subject_id is not None):
        return None
    server_id, sequence, actor_id = numbers
    body = [server_id, sequence, at.isoformat(), actor_id, entry.action, subject, entry.details]
    return audit.digest(previous, body)


def _moment(text: str | None) -> datetime | None:
    """Read a moment as the database writes it, and no other way of writing the same one."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    is_usual = moment.tzinfo is None and moment.isoformat(sep=" ", timespec="microseconds") == text
    return moment.replace(tzinfo=UTC) if is_usual else None
