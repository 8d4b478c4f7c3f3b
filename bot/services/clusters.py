"""Clusters: near-identical held replies are decided together: one is approved, the others are closed as duplicates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import NotADuplicate, ReplyNotFound, UserError
from bot.models import Action, Reply, ReplyStatus
from bot.services import decisions, precedents
from bot.storage import clusters, replies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.storage import Connection, Database


async def approve_one(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    now: datetime,
    despite: bool = False,
) -> Reply:
    """Let the root of a cluster appear and close its copies as duplicates of it, all in one transaction.

    Where a second opinion on the root differs, its copies stay held with it. A copy that this moderator may not decide,
    such as their own, stays held and gets a card. Raises as `review.approve` does.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        await precedents.require(conn, before, Action.APPROVE, revision=revision, despite=despite)
        copies = await clusters.list_copies(conn, before.id)  # they have another root after the decision
        root = await decisions.decide(
            conn, before, Action.APPROVE, moderator_id=moderator_id, revision=revision, now=now
        )
        if root.status is ReplyStatus.APPROVED:
            await _close_copies(conn, root, copies, moderator_id=moderator_id, now=now)
        return root


async def _close_copies(
    conn: Connection, root: Reply, copies: Sequence[Reply], *, moderator_id: int, now: datetime
) -> None:
    for copy in _in_order(copies):
        try:
            before = await decisions.take(conn, copy.id, root.server_id, moderator_id)
        except UserError:  # it is not theirs to decide
            continue
        await decisions.decide(
            conn,
            before,
            Action.DUPLICATE,
            moderator_id=moderator_id,
            revision=before.revision,
            now=now,
            copy_of_id=root.id,
        )


def _in_order(copies: Sequence[Reply]) -> list[Reply]:
    """The first copy last: its card stands for the others once the root is decided, until they are."""
    return [*copies[1:], *copies[:1]]


async def close(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    original_id: int,
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
