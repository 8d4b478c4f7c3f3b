"""Notes: what moderators wrote down about members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from bot.models import Note, ReplyStatus
from bot.storage.tables import notes, replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

LATEST = 3  # on a review card


async def add(
    conn: AsyncConnection,
    server_id: int,
    member_id: int,
    text: str,
    *,
    moderator_id: int,
    reply_id: int | None,
    now: datetime,
) -> Note:
    """Keep a note."""
    values = {"server_id": server_id, "member_id": member_id, "reply_id": reply_id, "moderator_id": moderator_id}
    new = insert(notes).values(values | {"text": text, "written_at": now}).returning(*notes.c)
    return note_of((await conn.execute(new)).one())


async def get(conn: AsyncConnection, note_id: int, *, server_id: int) -> Note | None:
    """The note; None too when it belongs to another server."""
    query = select(notes).where(notes.c.id == note_id, notes.c.server_id == server_id)
    row = (await conn.execute(query)).one_or_none()
    return note_of(row) if row else None


async def remove(conn: AsyncConnection, note_id: int) -> bool:
    """Forget a note; False when it is forgotten already."""
    return (
        await conn.execute(delete(notes).where(notes.c.id == note_id).returning(notes.c.id))
    ).one_or_none() is not None


async def list_latest(conn: AsyncConnection, server_id: int, member_id: int) -> tuple[Note, ...]:
    """The latest notes about a member, the newest first."""
    query = select(notes).where(notes.c.server_id == server_id, notes.c.member_id == member_id)
    return tuple(note_of(row) for row in await conn.execute(query.order_by(notes.c.id.desc()).limit(LATEST)))


async def redraw_cards(conn: AsyncConnection, server_id: int, member_id: int) -> None:
    """Have the cards of a member's held replies drawn again, since they show the latest notes."""
    held = (replies.c.server_id == server_id, replies.c.author_id == member_id)
    changed = update(replies).where(*held, replies.c.status == ReplyStatus.PENDING)
    await conn.execute(changed.values(card_version=replies.c.card_version + 1))


def note_of(row: Row[Any]) -> Note:
    """The note in a row of this table."""
    return Note(
        id=row.id,
        server_id=row.server_id,
        member_id=row.member_id,
        moderator_id=row.moderator_id,
        text=row.text,
        written_at=row.written_at,
        reply_id=row.reply_id,
    )
