"""The audit trail: appended, never changed; each entry's digest covers the one before it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, cast, func, insert, not_, select, union, update

from bot.models import ABOUT_REPLY, Action, AuditEntry, ReplyStatus, StoredEntry
from bot.storage.servers import ensure
from bot.storage.tables import audit, replies, servers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import AuditFilter

BATCH = 100  # rows that are read at a time; others have their turn in between
LOWEST = -(2**31)  # of the column, whatever somebody wrote into it
KINDS = {"at": "text", "action": "text", "details": "text", "digest": "text"}  # as SQLite names them; others: integer


async def append(
    conn: AsyncConnection,
    server_id: int,
    action: Action,
    *,
    actor_id: int,
    at: datetime,
    subject_id: int | None = None,
    **details: object,
) -> AuditEntry:
    """Write down who did what; others who append wait for the end of the transaction, so the chain has no forks."""
    sequence, previous = await _next(conn, server_id)
    text = json.dumps(details, ensure_ascii=False, sort_keys=True)
    body = [server_id, sequence, at.astimezone(UTC).isoformat(), actor_id, action, subject_id, text]
    entry = AuditEntry(server_id, sequence, at, actor_id, action, subject_id, text, digest(previous, body))
    await conn.execute(
        insert(audit).values(
            server_id=server_id,
            sequence=sequence,
            at=at,
            actor_id=actor_id,
            action=action,
            subject_id=subject_id,
            details=text,
            digest=entry.digest,
        )
    )
    await conn.execute(update(servers).where(servers.c.id == server_id).values(audit_digest=entry.digest))
    return entry


def digest(previous: str, body: list[Any]) -> str:
    """SHA-256 over the digest before and the entry's own values, as hexadecimal."""
    return hashlib.sha256(f"{previous}\n{json.dumps(body, ensure_ascii=False)}".encode()).hexdigest()


async def list_all(conn: AsyncConnection, server_id: int) -> list[AuditEntry]:
    """Every entry of a server, oldest first."""
    rows = await conn.execute(select(audit).where(audit.c.server_id == server_id).order_by(audit.c.sequence))
    return [_entry(row) for row in rows]


async def get_last_actor(conn: AsyncConnection, server_id: int, action: Action) -> int | None:
    """Who did this last in the server."""
    query = (
        select(audit.c.actor_id)
        .where(audit.c.server_id == server_id, audit.c.action == action)
        .order_by(audit.c.sequence.desc())
        .limit(1)
    )
    actor: int | None = (await conn.execute(query)).scalar_one_or_none()
    return actor


async def list_page(
    conn: AsyncConnection, server_id: int, wanted: AuditFilter, *, before: int | None = None, limit: int
) -> list[StoredEntry]:
    """Entries of a server before that number, newest first; None: the newest of all."""
    query = _chosen(conn, server_id, wanted).order_by(audit.c.sequence.desc()).limit(limit)
    rows = await conn.execute(query.where(audit.c.sequence < before) if before is not None else query)
    return [_stored(conn, row) for row in rows]


async def list_after(
    conn: AsyncConnection, server_id: int, wanted: AuditFilter, after: int, *, until: int | None = None, limit: int
) -> list[StoredEntry]:
    """Entries of a server after that number, up to the number `until`, oldest first."""
    query = _chosen(conn, server_id, wanted).where(audit.c.sequence > after).order_by(audit.c.sequence).limit(limit)
    rows = await conn.execute(query.where(audit.c.sequence <= until) if until is not None else query)
    return [_stored(conn, row) for row in rows]


async def get_first_since(conn: AsyncConnection, server_id: int, since: datetime) -> int | None:
    """The number of the first entry that was written then or later."""
    query = select(func.min(audit.c.sequence)).where(audit.c.server_id == server_id, audit.c.at >= since)
    first: int | None = (await conn.execute(query)).scalar_one()
    return first


async def get_end(conn: AsyncConnection, server_id: int) -> tuple[int, str]:
    """How many entries the server remembers to have written, and the digest of the last."""
    query = select(servers.c.audit_sequence, servers.c.audit_digest).where(servers.c.id == server_id)
    row = (await conn.execute(query)).one_or_none()
    return (row.audit_sequence, row.audit_digest) if row else (0, "")


async def list_servers(conn: AsyncConnection) -> list[int]:
    """Every server that has entries, or should have."""
    found = await conn.execute(union(select(servers.c.id), select(audit.c.server_id)))
    return sorted(server_id for server_id in found.scalars() if isinstance(server_id, int))


async def read_chain(conn: AsyncConnection, server_id: int) -> AsyncGenerator[StoredEntry, None]:
    """A server's whole trail in order; others have their turn in between.

    The sums keep the database from its index: that holds copies of both columns, and would hide what was done to them.
    """
    query = select(*_as_stored(conn)).where(audit.c.server_id + 0 == server_id).order_by(audit.c.sequence + 0)
    async with conn.stream(query) as result:
        async for rows in result.partitions(BATCH):
            await asyncio.sleep(0)
            for row in rows:
                yield _stored(conn, row)


def _chosen(conn: AsyncConnection, server_id: int, wanted: AuditFilter) -> Any:
    query = select(*_as_stored(conn)).where(audit.c.server_id == server_id)
    if wanted.actor_id is not None:
        query = query.where(audit.c.actor_id == wanted.actor_id)
        if wanted.is_blind:
            own = (replies.c.author_id == wanted.actor_id, replies.c.status == ReplyStatus.PENDING)
            held = audit.c.subject_id.in_(select(replies.c.id).where(*own))
            query = query.where(not_(and_(audit.c.action.in_(ABOUT_REPLY), held)))
    if wanted.action is not None:
        query = query.where(audit.c.action == wanted.action)
    if wanted.reply_id is not None:
        query = query.where(audit.c.subject_id == wanted.reply_id, audit.c.action.in_(ABOUT_REPLY))
    return query


def _as_stored(conn: AsyncConnection) -> list[ColumnElement[Any]]:
    """Every column as a text that can be read whatever stands in it: on SQLite "kind:hexadecimal"."""
    if conn.dialect.name == "sqlite":
        return [
            (func.typeof(column, type_=Text) + ":" + func.hex(column, type_=Text)).label(column.name)
            for column in audit.c
        ]
    moment = func.to_char(func.timezone("UTC", audit.c.at), "YYYY-MM-DD HH24:MI:SS.US AD", type_=Text)
    return [
        (func.replace(moment, " AD", "") if column is audit.c.at else cast(column, Text)).label(column.name)
        for column in audit.c
    ]


def _stored(conn: AsyncConnection, row: Any) -> StoredEntry:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name
    if conn.dialect.name != "sqlite":
        return StoredEntry(**values)
    is_sound = True
    for name, value in values.items():
        kind, _, digits = value.partition(":")
        raw = bytes.fromhex(digits)
        text = raw.decode(errors="backslashreplace")
        values[name] = text if kind != "null" else None
        is_sound &= kind == KINDS.get(name, "integer") or (kind == "null" and name == "subject_id")
        is_sound &= text.encode() == raw
    return StoredEntry(**values, is_sound=is_sound)


async def _next(conn: AsyncConnection, server_id: int) -> tuple[int, str]:
    await ensure(conn, server_id)
    counted = (
        update(servers)
        .where(servers.c.id == server_id)
        .values(audit_sequence=servers.c.audit_sequence + 1)
        .returning(servers.c.audit_sequence, servers.c.audit_digest)
    )
    row = (await conn.execute(counted)).one()
    return row.audit_sequence, row.audit_digest


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        server_id=row.server_id,
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        action=Action(row.action),
        subject_id=row.subject_id,
        details=row.details,
        digest=row.digest,
    )
