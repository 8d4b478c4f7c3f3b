"""The audit trail: appended, never changed; each entry's digest covers the one before it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.models import Action, AuditEntry
from bot.storage.servers import ensure
from bot.storage.tables import audit, servers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection


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
    body = [server_id, sequence, at.isoformat(), actor_id, action, subject_id, text]
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
