"""Matters: the cards on which moderators decide reports and appeals are posted once, and show how each stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.models.matters import Shown
from bot.services.errands import Clock, putting_off

if TYPE_CHECKING:
    from bot.storage import Connection, Database
    from bot.storage.matters import Matters

AShown = TypeVar("AShown", bound=Shown)

Post = Callable[[AShown], Awaitable[int]]
Find = Callable[[AShown], Awaitable[int | None]]  # the message that an earlier attempt left behind
Edit = Callable[[AShown], Awaitable[bool]]  # False: the message is gone


@dataclass(frozen=True, slots=True)
class Kind(Generic[AShown]):
    """One kind: where its rows are, and all that a card of it shows; None when the reply or its article is gone."""

    rows: Matters[Any]
    read: Callable[[Connection, Any], Awaitable[AShown | None]]


async def post(
    db: Database, kind: Kind[AShown], card_id: int, *, clock: Clock, send: Post[AShown], find: Find[AShown]
) -> int | None:
    """Post a card, or adopt the one of an attempt that died before it was recorded.

    None when it is not due or somebody else is at it.
    """
    rows = kind.rows
    async with db.begin() as conn:
        leased = await rows.lease(conn, card_id, now=clock())
        shown = await kind.read(conn, leased[0]) if leased else None
        if leased is None or shown is None:
            return None
    card, tried_at = leased

    sent = found = None
    is_open = card.decided_at is None
    # Where Discord refuses to look, only what is open is worth another attempt.
    async with putting_off(db, clock, rows.put_off, card_id, tried=tried_at is not None and is_open):
        if tried_at is not None:
            found = await find(shown)
        if found is None and is_open:
            sent = await send(shown)
    async with db.begin() as conn:
        if message_id := found or sent:
            await rows.record(conn, card, message_id, shows=card.version if sent else None)
        else:
            await rows.put_off(conn, card_id, until=None, forget=True)
    return message_id


async def refresh(db: Database, kind: Kind[AShown], card_id: int, *, clock: Clock, edit: Edit[AShown]) -> None:
    """Draw a card again when something on it has changed, or it was decided."""
    rows = kind.rows
    async with db.begin() as conn:
        card = await rows.lease_edit(conn, card_id, now=clock())
        shown = await kind.read(conn, card) if card else None
        if card is None or shown is None:
            return
    async with putting_off(db, clock, rows.put_off, card_id):
        is_there = await edit(shown)
    async with db.begin() as conn:
        await (rows.record_edit if is_there else rows.forget)(conn, card)
