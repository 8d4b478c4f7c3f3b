"""Claims: a moderator has a held reply open for a decision; others wait, or take it over knowingly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import AlreadyDecided, Claimed
from bot.models import CLAIM, Action, ReplyStatus
from bot.services import decisions
from bot.storage import claims, opinions, replies
from bot.storage.audit import append

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply
    from bot.storage import Connection, Database


async def claim(
    db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime, by_hand: bool = False
) -> Reply:
    """Give a held reply to a moderator who opens it. Raises ReplyNotFound, OwnReply, AlreadyDecided or Claimed.

    What a moderator claims `by_hand` stands in the audit; that they opened it does not.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        shown = await opinions.as_shown(conn, before, moderator_id)
        if shown is not before:  # it is shown to nobody else
            return replace(shown, claimed_by=moderator_id, claimed_until=now + CLAIM)
        reply = await _hold(conn, before, moderator_id, now=now)
        if by_hand and before.claimant(now) is None:
            await _write_down(conn, reply, Action.CLAIM, moderator_id, now=now, taken_from=None)
        return reply


async def take_over(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Give it to a moderator though another has it. Raises ReplyNotFound, OwnReply or AlreadyDecided."""
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reply = await claims.take(conn, reply_id, moderator_id, now=now, over=True)
        if reply is None:
            raise AlreadyDecided(before)
        holder = before.claimant(now)
        if holder != moderator_id:
            await _write_down(conn, reply, Action.CLAIM, moderator_id, now=now, taken_from=holder)
        return reply


async def release(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Let others decide it. Raises ReplyNotFound, AlreadyDecided or Claimed; one that is free stays so."""
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        shown = await opinions.as_shown(conn, before, moderator_id)
        if shown.status is not ReplyStatus.PENDING:
            raise AlreadyDecided(before)
        _require_free(before, moderator_id, now=now)
        reply = await claims.release(conn, reply_id, moderator_id, now=now)
        if reply is not None:
            await _write_down(conn, reply, Action.RELEASE, moderator_id, now=now)
        return reply or shown


async def _hold(conn: Connection, reply: Reply, moderator_id: int, *, now: datetime) -> Reply:
    claimed = await claims.take(conn, reply.id, moderator_id, now=now, over=False)
    if claimed is None:
        current = await replies.get(conn, reply.id) or reply
        _require_free(current, moderator_id, now=now)
        raise AlreadyDecided(current)
    return claimed


def _require_free(reply: Reply, moderator_id: int, *, now: datetime) -> None:
    if reply.claimant(now) not in {None, moderator_id}:
        raise Claimed(reply)


async def _write_down(
    conn: Connection, reply: Reply, action: Action, moderator_id: int, *, now: datetime, **details: object
) -> None:
    await append(
        conn,
        reply.server_id,
        action,
        actor_id=moderator_id,
        at=now,
        subject_id=reply.id,
        number=reply.number,
        revision=reply.revision,
        **details,
    )
