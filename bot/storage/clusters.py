"""Clusters: held replies that are near-identical; the card of the first, the root, stands for its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from bot.models import Reply, ReplyStatus
from bot.storage.claims import is_free_for
from bot.storage.opinions import is_considered
from bot.storage.replies import reply_of
from bot.storage.tables import IN_QUEUE, replies

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST_COPIES = 500  # that are read at once
HELD = replies.c.status == ReplyStatus.PENDING
ALONE: dict[str, Any] = {"copy_of_id": None, "card_version": replies.c.card_version + 1}


async def find_root(conn: AsyncConnection, article_id: int, alike: Collection[int]) -> int | None:
    """Return the root of the cluster that one of these replies belongs to, or that held reply itself; None: none is."""
    query = (
        select(func.coalesce(replies.c.copy_of_id, replies.c.id))
        .where(replies.c.id.in_(alike), replies.c.article_id == article_id, HELD)
        .order_by(replies.c.id)
        .limit(1)
    )
    root_id: int | None = (await conn.execute(query)).scalar_one_or_none()
    return root_id


async def list_copies(conn: AsyncConnection, root_id: int) -> list[Reply]:
    """The held replies for which this one's card stands, oldest first."""
    query = select(replies).where(replies.c.copy_of_id == root_id, HELD).order_by(replies.c.id).limit(MOST_COPIES)
    return [reply_of(row) for row in await conn.execute(query)]


async def list_closable(
    conn: AsyncConnection, copies: Collection[Reply], *, moderator_id: int, now: datetime
) -> list[Reply]:
    """Those of the copies that can be closed with others: still held, no other moderator has them, nor do two look."""
    theirs = (HELD, is_free_for(moderator_id, now), ~is_considered())
    query = select(replies).where(replies.c.id.in_([copy.id for copy in copies]), *theirs)
    found = {row.id: reply_of(row) for row in await conn.execute(query)}
    return [found[copy.id] for copy in copies if copy.id in found]


async def stand_alone(conn: AsyncConnection, copies: Collection[Reply]) -> int:
    """Give each of them that is still held a card of its own; gives how many those are."""
    held = (replies.c.id.in_([copy.id for copy in copies]), HELD)
    return (await conn.execute(update(replies).where(*held).values(ALONE))).rowcount


async def list_authors(conn: AsyncConnection, root_id: int) -> list[int]:
    """Likewise their authors' ids, one for each copy."""
    query = select(replies.c.author_id).where(replies.c.copy_of_id == root_id, HELD).limit(MOST_COPIES)
    return list((await conn.execute(query)).scalars())


async def promote(conn: AsyncConnection, root_id: int, *, but: Collection[int] = ()) -> None:
    """Give the first copy a card of its own, which then stands for the others; those in `but` stay copies of the root.

    It does nothing when there are no copies.
    """
    others = (replies.c.copy_of_id == root_id, HELD, replies.c.id.not_in(but))
    first = (await conn.execute(select(func.min(replies.c.id)).where(*others))).scalar_one()
    if first is None:
        return
    await conn.execute(update(replies).where(*others, replies.c.id != first).values(copy_of_id=first))
    await conn.execute(update(replies).where(replies.c.id == first).values(ALONE))


async def leave(conn: AsyncConnection, reply: Reply) -> None:
    """Settle the cluster of a reply that is held no longer: its copies get a card, and its root has one copy fewer.

    A duplicate goes on saying of what.
    """
    await promote(conn, reply.id)
    if reply.copy_of_id is not None and reply.status is not ReplyStatus.DUPLICATE:
        await conn.execute(update(replies).where(replies.c.id == reply.id).values(copy_of_id=None))
        await redraw(conn, reply.copy_of_id)


async def redraw(conn: AsyncConnection, root_id: int) -> None:
    """Have the card of a root drawn again: it says how many copies there are."""
    changed = update(replies).where(replies.c.id == root_id).values(card_version=replies.c.card_version + 1)
    await conn.execute(changed)


async def redraw_all(conn: AsyncConnection, article_id: int) -> None:
    """Likewise the cards of all roots on an article that have copies."""
    copies = replies.alias()
    roots = select(copies.c.copy_of_id).where(
        copies.c.article_id == article_id, copies.c.status == ReplyStatus.PENDING, copies.c.copy_of_id.is_not(None)
    )
    is_root = (replies.c.article_id == article_id, IN_QUEUE, replies.c.id.in_(roots))
    await conn.execute(update(replies).where(*is_root).values(card_version=replies.c.card_version + 1))
