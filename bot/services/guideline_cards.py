"""Guideline cards: the guidelines stand in a channel, once, and as they are now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING

from bot.guidelines import Book
from bot.models import Action, GuidelineCard
from bot.services.errands import Clock, putting_off
from bot.storage import audit, guideline_cards, guidelines, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

Send = Callable[[GuidelineCard, Book], Awaitable[int | None]]  # None: the channel is gone
Find = Callable[[GuidelineCard], Awaitable[int | None]]  # the message of an earlier attempt
Edit = Callable[[GuidelineCard, Book], Awaitable[bool]]  # False: the message is gone
Delete = Callable[[GuidelineCard, int], Awaitable[None]]


async def post(db: Database, server_id: int, channel_id: int, *, admin_id: int, now: datetime) -> None:
    """Have the guidelines stand in this channel; where they stood before they are deleted. Safe to call twice."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        card = await guideline_cards.get(conn, server_id)
        if card is None or card.channel_id != channel_id:
            await guideline_cards.add(conn, server_id, channel_id, now=now)
        else:
            await guidelines.outdate_card(conn, server_id)
        about = {"channel_id": channel_id}
        await audit.append(conn, server_id, Action.GUIDELINES_POSTED, actor_id=admin_id, at=now, **about)


async def tend(db: Database, card_id: int, *, clock: Clock, send: Send, find: Find, edit: Edit, delete: Delete) -> None:
    """Post a card, bring it up to date, or delete one that another has replaced.

    What an attempt that died has posted is found and taken; a card that was deleted by hand is posted again.
    """
    async with db.begin() as conn:
        leased = await guideline_cards.lease(conn, card_id, now=clock())
        if leased is None:
            return
        card, tried = leased
        book = await guidelines.load(conn, card.server_id)
    is_there, found, sent = False, None, None
    async with putting_off(db, clock, guideline_cards.put_off, card_id, tried=tried):
        if card.message_id is not None and card.replaced_at is None:
            is_there = await edit(card, book)
        else:
            found = card.message_id or (await find(card) if tried else None)
            if found is not None and card.replaced_at is not None:
                await delete(card, found)
            is_due = found is None and card.replaced_at is None
            sent = await send(card, book) if is_due else None
    async with db.begin() as conn:
        if card.replaced_at is not None:
            await guideline_cards.record(conn, card_id, None, shows=None)
        elif card.message_id is not None:
            await guideline_cards.record_edit(conn, card, is_there=is_there)
        elif found is None and sent is None:
            await guideline_cards.drop(conn, card_id, now=clock())
        else:  # one that was found may show an older state
            await guideline_cards.record(conn, card_id, found or sent, shows=card.version if sent else None)


async def forget(db: Database, server_id: int, message_ids: Collection[int]) -> bool:
    """Have the card posted again when it was deleted by hand; True when it is one of these messages."""
    async with db.read() as conn:
        card = await guideline_cards.get(conn, server_id)
    if card is None or card.message_id not in message_ids:
        return False
    async with db.begin() as conn:
        return await guideline_cards.forget(conn, server_id, message_ids)


async def abandon(db: Database, server_id: int, *, now: datetime) -> bool:
    """Forget the card of a server whose channel is gone; True when there was one."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        card = await guideline_cards.get(conn, server_id)
        if card is not None:
            await guideline_cards.drop(conn, card.id, now=now)
    return card is not None
