"""What a review card shows beside the text and the status: who changes it has the card drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.models import ReplyStatus
from bot.storage.tables import replies

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def outdate(conn: AsyncConnection, reply_id: int) -> None:
    """Have the sweep draw the reply's card again."""
    await _outdate(conn, replies.c.id == reply_id)


async def outdate_held(conn: AsyncConnection, server_id: int) -> None:
    """Have the sweep draw the cards of all held replies of a server again."""
    await _outdate(conn, replies.c.server_id == server_id, replies.c.status == ReplyStatus.PENDING)


async def outdate_of(conn: AsyncConnection, server_id: int, member_id: int) -> None:
    """Have the sweep draw the cards of a member's held replies again."""
    whose = (replies.c.server_id == server_id, replies.c.author_id == member_id)
    await _outdate(conn, *whose, replies.c.status == ReplyStatus.PENDING)


async def set_blurred(conn: AsyncConnection, reply_id: int, *, is_blurred: bool) -> None:
    """Hide the text on the card until it is tapped, or no longer."""
    await _outdate(conn, replies.c.id == reply_id, replies.c.blurred != is_blurred, blurred=is_blurred)


async def _outdate(conn: AsyncConnection, *which: object, **values: object) -> None:
    changed = update(replies).where(*which)  # type: ignore[arg-type]
    await conn.execute(changed.values(card_version=replies.c.card_version + 1, **values))
