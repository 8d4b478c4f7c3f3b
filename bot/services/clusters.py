"""Clusters: near-identical held replies are decided together: one is approved, the others are closed as duplicates."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import NotADuplicate, OwnReply, ReplyNotFound
from bot.models import Action, Reply, ReplyStatus
from bot.services import decisions, guards, precedents
from bot.storage import clusters, replies, servers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.storage import Connection, Database

BATCH = 25  # copies closed in one transaction: others wait for its end


async def approve_one(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    is_senior: bool = False,
    now: datetime,
    despite: bool = False,
) -> tuple[Reply, int]:
    """Let the root of a cluster appear and close its copies as duplicates of it, so many in one transaction.

    When the process dies between two, the rest stay held, and the card of one of them stands for them.

    Gives the root, and how many copies stay held, each with a card of its own: those that this moderator may not
    decide, that another one has, or of which a second opinion is asked. Where a second opinion on the root differs, all
    stay as they are. Raises as `review.approve` does.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        await precedents.require(conn, before, Action.APPROVE, revision=revision, despite=despite)
        copies = await clusters.list_copies(conn, before.id)  # they have another root after the decision
        root = await decisions.decide(
            conn,
            before,
            Action.APPROVE,
            moderator_id=moderator_id,
            revision=revision,
            is_senior=is_senior,
            now=now,
        )
        if root.status is not ReplyStatus.APPROVED:
            return root, 0
        # The first copy last: its card stands for the others from now on, until they are closed.
        copies = [*copies[1:], *copies[:1]]
        left = await _close_copies(conn, root, copies[:BATCH], moderator_id=moderator_id, now=now)
    for start in range(BATCH, len(copies), BATCH):
        some = copies[start : start + BATCH]
        left += await _close_more(db, root, some, moderator_id=moderator_id, now=now)
    return root, left


async def _close_more(db: Database, root: Reply, copies: Sequence[Reply], *, moderator_id: int, now: datetime) -> int:
    """Close further ones, unless the root was taken back meanwhile; they stay held with their card then."""
    async with db.begin() as conn:
        await servers.hold(conn, root.server_id)
        current = await replies.get(conn, root.id)
        if current is None or not (current.status is ReplyStatus.APPROVED or current.status is ReplyStatus.PUBLISHED):
            return 0
        return await _close_copies(conn, root, copies, moderator_id=moderator_id, now=now)


async def _close_copies(
    conn: Connection, root: Reply, copies: Sequence[Reply], *, moderator_id: int, now: datetime
) -> int:
    """Close those that can be; gives how many stay held."""
    closable = await clusters.list_closable(conn, copies, moderator_id=moderator_id, now=now)
    for copy in closable:
        with suppress(OwnReply):  # it is not theirs to decide
            await guards.require_unconcerned(conn, copy, moderator_id)
            await decisions.decide(
                conn,
                copy,
                Action.DUPLICATE,
                moderator_id=moderator_id,
                revision=copy.revision,
                now=now,
                copy_of_id=root.id,
            )
    return await clusters.stand_alone(conn, copies)


async def close(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    original_id: int,
    is_senior: bool = False,
    now: datetime,
) -> Reply:
    """Close a held reply as a duplicate of another one of the server.

    Raises ReplyNotFound, NotADuplicate when it would be one of itself, and as `review.approve` does.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        original_id = await _origin(conn, before, original_id)
        if before.copy_of_id is not None:
            await clusters.redraw(conn, before.copy_of_id)
        return await decisions.decide(
            conn,
            before,
            Action.DUPLICATE,
            moderator_id=moderator_id,
            revision=revision,
            is_senior=is_senior,
            now=now,
            copy_of_id=original_id,
        )


async def _origin(conn: Connection, reply: Reply, original_id: int) -> int:
    """Return what the original is itself a duplicate of, if it is one."""
    original = await replies.get(conn, original_id, server_id=reply.server_id)
    if original is None:
        raise ReplyNotFound
    if original.status is ReplyStatus.DUPLICATE and original.copy_of_id is not None:
        original_id = original.copy_of_id
    if original_id == reply.id:
        raise NotADuplicate(number=f"#{reply.number}")
    return original_id
