"""Bans: the banned member's held replies are rejected together, and held again when the ban is lifted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import GuidelineMissing
from bot.models import Action, ReplyStatus
from bot.services import bulk, decisions, guards
from bot.storage import bulk as stored_bulk
from bot.storage import replies, sanctions, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply, Sanction
    from bot.storage import Connection

MOST = 200  # replies of one member that are rejected at once


async def sweep(conn: Connection, ban: Sanction, *, now: datetime) -> Sanction:
    """Reject what the member has on hold, as part of the transaction that bans; one bulk says which.

    The member is told of the ban, not of each reply. What answers the moderator stays held for another one, and so
    does what two moderators look at. Raises GuidelineMissing: a rejection cites one.
    """
    is_only = (await settings.load(conn, ban.server_id)).only_moderator
    rejected: list[Reply] = []
    for reply in await stored_bulk.list_held_of(conn, ban.server_id, ban.member_id, limit=MOST):
        if is_only or await guards.find_concern(conn, reply, ban.moderator_id) is None:
            rejected += await _reject(conn, ban, reply, now=now)
    if not rejected:
        return ban
    reason = {"action": Action.REJECT, "guideline": ban.guideline, "sentence": ban.sentence}
    who = {"server_id": ban.server_id, "moderator_id": ban.moderator_id}
    bulk_id = await stored_bulk.add_done(conn, rejected, now=now, **who, **reason)
    await sanctions.name_bulk(conn, ban.id, bulk_id)
    return replace(ban, bulk_id=bulk_id)


async def hold_again(conn: Connection, ban: Sanction, *, moderator_id: int, now: datetime) -> int:
    """Hold the replies again that a ban rejected, as part of the transaction that lifts it; gives how many."""
    if ban.bulk_id is None:
        return 0
    who = {"server_id": ban.server_id, "moderator_id": ban.moderator_id}
    rejected = await stored_bulk.get(conn, ban.bulk_id, **who)
    return await bulk.hold_again(conn, rejected, moderator_id=moderator_id, now=now) if rejected is not None else 0


async def _reject(conn: Connection, ban: Sanction, reply: Reply, *, now: datetime) -> list[Reply]:
    if ban.guideline is None:
        raise GuidelineMissing
    decided = await replies.decide(
        conn,
        reply.id,
        expected=reply.status,
        revision=reply.revision,
        status=ReplyStatus.REJECTED,
        decided_by=ban.moderator_id,
        decided_at=now,
        guideline=ban.guideline,
        sentence=ban.sentence,
    )
    if decided is None:
        return []
    await decisions.record(conn, decided, Action.REJECT, moderator_id=ban.moderator_id, now=now, is_told=False)
    return [decided]
