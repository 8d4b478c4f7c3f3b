"""Troubles: what a person has to mend; the moderators are told once, and once more when it is mended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.services.errands import Clock, putting_off
from bot.storage import servers, troubles
from bot.troubles import Trouble, TroubleKind

if TYPE_CHECKING:
    from bot.storage import Database

Message = tuple[int, int]  # channel's id, message's id
Send = Callable[[Trouble], Awaitable[Message]]  # also when it is mended: then its message is brought up to date
# The message of an earlier attempt, looked for from that time on.
Find = Callable[[Trouble, datetime], Awaitable[Message | None]]


async def notice(
    db: Database, server_id: int, kind: TroubleKind, *, subject_id: int, now: datetime, **details: object
) -> Trouble | None:
    """Write a trouble down; the sweep tells the moderators. None when it is known already. Safe to call often."""
    async with db.begin() as conn:
        await servers.ensure(conn, server_id)
        return await troubles.add(conn, server_id, kind, subject_id=subject_id, details=details, now=now)


async def mend(
    db: Database, server_id: int, kind: TroubleKind, *, subject_id: int | None = None, now: datetime
) -> list[Trouble]:
    """Close a trouble, or all of a kind; gives those that were open. Safe to call often."""
    async with db.begin() as conn:
        return await troubles.mend(conn, server_id, kind, subject_id=subject_id, now=now)


async def tell(db: Database, trouble_id: int, *, clock: Clock, send: Send, find: Find) -> Trouble | None:
    """Tell the moderators of a trouble, or that it is mended; None when it is not due or somebody else is at it."""
    async with db.begin() as conn:
        leased = await troubles.lease(conn, trouble_id, now=clock())
    if leased is None:
        return None
    trouble, tried_at = leased

    async with putting_off(db, clock, troubles.put_off, trouble_id, tried=tried_at is not None):
        found = await find(trouble, tried_at) if tried_at and trouble.message_id is None else None
        channel_id, message_id = found or await send(trouble)
    async with db.begin() as conn:
        await troubles.record(conn, trouble, channel_id=channel_id, message_id=message_id)
    return trouble
