"""Review cards: every reply that no moderator approved gets one, and it shows how the reply stands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from bot.models import Case, ReplyStatus
from bot.services.errands import Clock, putting_off
from bot.storage import cases, publishing
from bot.storage.appeals import APPEALS
from bot.storage.report_cards import CARDS

if TYPE_CHECKING:
    from bot.storage import Database

Post = Callable[[Case], Awaitable[int]]
# The card of an earlier attempt, looked for from that time on; it is not the message named, which it replaces.
Find = Callable[[Case, datetime, int | None], Awaitable[int | None]]
Delete = Callable[[Case, int, int], Awaitable[None]]  # channel's id, message's id
Edit = Callable[[Case], Awaitable[bool]]  # False: the card is gone
MATTERS = (CARDS, APPEALS)  # what else has a card in the review channel


async def post(db: Database, reply_id: int, *, clock: Clock, send: Post, find: Find) -> int | None:
    """Post the card of a reply that is held, or approved by its author's own role.

    The one of an attempt that died before it was recorded is adopted.
    An adopted card may show an older state, so it is drawn again; a reply that is decided meanwhile gets no new one.
    None when no card is due or somebody else is at it.
    """
    async with db.begin() as conn:
        leased = await publishing.lease_card(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
        replaced = await publishing.get_superseded_card(conn, reply_id)
        if leased is None or case is None:
            return None
    _, tried_at = leased

    sent = found = None
    is_due = case.reply.status == ReplyStatus.PENDING or case.reply.by_role
    # Where Discord refuses to look, only a card that is due is worth another attempt.
    async with putting_off(db, clock, publishing.put_off_card, reply_id, tried=tried_at is not None and is_due):
        if tried_at is not None:
            found = await find(case, tried_at, replaced[1] if replaced else None)
        if found is None and is_due:
            sent = await send(case)
    async with db.begin() as conn:
        if message_id := found or sent:
            await publishing.record_card(conn, case.reply, message_id, shows=case.reply.card_key if sent else None)
        else:
            await publishing.put_off_card(conn, reply_id, until=None, forget=True)
    return message_id


async def refresh(db: Database, reply_id: int, *, clock: Clock, edit: Edit) -> None:
    """Draw a card again that no longer shows how its reply stands.

    An edit whose answer is lost may still be carried out, over what somebody's press has drawn by then. So nothing
    counts as shown as long as an edit is under way, and the card is drawn once more after that.
    """
    async with db.begin() as conn:
        is_leased = await publishing.lease_card_edit(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
    if not is_leased or case is None:
        return
    async with putting_off(db, clock, publishing.put_off_card_edit, reply_id):
        is_there = await edit(case)
    async with db.begin() as conn:
        if is_there:
            await publishing.record_card_edit(conn, case.reply)
        else:
            await publishing.forget_card(conn, case.reply)


async def forget(db: Database, server_id: int, message_ids: Collection[int]) -> bool:
    """Cards were deleted by hand: held replies and open reports get new ones at once. True when any was a card."""
    async with db.read() as conn:
        cards = await publishing.list_cards(conn, server_id, message_ids)
        of_matters = {rows: await rows.list_messages(conn, server_id, message_ids) for rows in MATTERS}
    if cards:
        async with db.begin() as conn:
            await publishing.forget_cards(conn, server_id, cards)
    for rows, found in of_matters.items():
        if found:
            async with db.begin() as conn:
                await rows.forget_messages(conn, server_id, found)
    return bool(cards or any(of_matters.values()))


async def discard(db: Database, reply_id: int, *, clock: Clock, delete: Delete) -> None:
    """Delete a card that another has replaced. Safe to run twice, so it takes no lease."""
    async with db.read() as conn:
        case = await cases.get(conn, reply_id)
        card = await publishing.get_superseded_card(conn, reply_id)
    if case is not None and card is not None:
        async with putting_off(db, clock, publishing.put_off_card_edit, reply_id):
            await delete(case, *card)
        async with db.begin() as conn:
            await publishing.forget_superseded_card(conn, reply_id, card[1])
