"""Removals: what the message of a removed reply shows in its place, and the way back.

`message_shows` is None while a message shows its reply's text, TOMBSTONE once that was replaced, HIDDEN while open
reports hide it, and UNSURE from the moment an edit or a deletion of it may be under way: whatever is decided meanwhile,
the row is looked at again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, func, select, update

from bot.models import Action, Reply, ReplyStatus
from bot.storage import leases
from bot.storage.replies import UNDECIDED, reply_of
from bot.storage.tables import HIDING_DUE, REMOVAL_DUE, RESTORATION_DUE, decisions, replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

TOMBSTONE = "tombstone"
HIDDEN = "hidden"
UNSURE = "unsure"

_SHOWN = and_(replies.c.status == ReplyStatus.PUBLISHED, ~replies.c.hidden)


async def lease(conn: AsyncConnection, reply_id: int, *, now: datetime) -> Reply | None:
    """Take a removed reply to delete its message or to bury it; None when that is not due or somebody is at it."""
    return await _take(conn, reply_id, REMOVAL_DUE, now=now)


async def lease_restoration(conn: AsyncConnection, reply_id: int, *, now: datetime) -> Reply | None:
    """Take a restored reply to put its text back; None likewise."""
    return await _take(conn, reply_id, RESTORATION_DUE, now=now)


async def lease_hiding(conn: AsyncConnection, reply_id: int, *, now: datetime) -> Reply | None:
    """Take a published reply to hide it from readers; None likewise."""
    return await _take(conn, reply_id, HIDING_DUE, now=now)


async def record_burial(conn: AsyncConnection, reply_id: int) -> None:
    """Remember that a tombstone stands there, unless the reply was restored meanwhile."""
    await _record(conn, reply_id, replies.c.status == ReplyStatus.REMOVED, message_shows=TOMBSTONE)


async def record_deletion(conn: AsyncConnection, reply_id: int) -> None:
    """Remember that the message is gone, unless the reply was restored meanwhile."""
    unless = replies.c.status != ReplyStatus.PUBLISHED
    await _record(conn, reply_id, unless, message_id=None, message_shows=None)


async def record_restoration(conn: AsyncConnection, reply_id: int) -> None:
    """Remember that the text stands there again, unless the reply was removed or hidden once more meanwhile."""
    await _record(conn, reply_id, _SHOWN, message_shows=None)


async def publish_anew(conn: AsyncConnection, reply_id: int) -> None:
    """The message of a restored reply is gone: it is due for publication, in its old place among those that wait."""
    anew = {"status": ReplyStatus.APPROVED, "message_id": None, "message_shows": None, "attempted_at": None}
    await _record(conn, reply_id, _SHOWN, **anew)


async def record_hiding(conn: AsyncConnection, reply_id: int, *, is_there: bool) -> None:
    """Remember that readers do not see it, unless it was decided meanwhile; its message may be gone altogether."""
    gone = {} if is_there else {"message_id": None}
    unless = and_(replies.c.status == ReplyStatus.PUBLISHED, replies.c.hidden)
    await _record(conn, reply_id, unless, message_shows=HIDDEN, **gone)


async def put_off(conn: AsyncConnection, reply_id: int, *, until: datetime) -> None:
    """Let go of a reply until then."""
    await leases.release(conn, replies, reply_id, until=until)


async def restore(
    conn: AsyncConnection, reply_id: int, *, moderator_id: int, sentence: str | None, now: datetime
) -> Reply | None:
    """Make a removed reply visible again: published while its message is there, else approved; None: not removed.

    Whose approval it was it keeps; without one who restores it answers for it.
    """
    is_there = replies.c.message_id.is_not(None)
    approval = (
        decisions.c.reply_id == reply_id,
        decisions.c.action == Action.APPROVE.value,
        decisions.c.undone_at.is_(None),
    )
    newest = decisions.c.id.desc()
    by = select(decisions.c.moderator_id).where(*approval).order_by(newest).limit(1).scalar_subquery()
    at = select(decisions.c.decided_at).where(*approval).order_by(newest).limit(1).scalar_subquery()
    decided = {
        "decided_by": func.coalesce(by, moderator_id),
        "decided_at": func.coalesce(at, now),
        "sentence": sentence,
    }
    query = (
        update(replies)
        .where(replies.c.id == reply_id, replies.c.status == ReplyStatus.REMOVED)
        .values(status=case((is_there, ReplyStatus.PUBLISHED.value), else_=ReplyStatus.APPROVED.value))
        .values(attempted_at=None, **UNDECIDED | decided)
        .returning(*replies.c)
    )
    row = (await conn.execute(query)).one_or_none()
    return reply_of(row) if row else None


async def _take(conn: AsyncConnection, reply_id: int, due: ColumnElement[bool], *, now: datetime) -> Reply | None:
    row = await leases.take(conn, replies, reply_id, due, now=now)
    if row is None:
        return None
    await conn.execute(update(replies).where(replies.c.id == reply_id).values(message_shows=UNSURE))
    return reply_of(row)


async def _record(conn: AsyncConnection, reply_id: int, expected: ColumnElement[bool], **values: object) -> None:
    await leases.release(conn, replies, reply_id, until=None)
    await conn.execute(update(replies).where(replies.c.id == reply_id, expected).values(values))
