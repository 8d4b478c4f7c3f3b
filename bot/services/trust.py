"""Trust: which badge a reply bears, and the replies of staff that need not wait where the server says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import SEVERE, Action, Badge, ReplyStatus
from bot.services import appearances, backlog, precedents
from bot.storage import audit, authors, clusters, decisions, likenesses, replies, settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.models import Draft, Flag, Reply
    from bot.storage import Connection


async def get_badge(conn: Connection, draft: Draft) -> Badge | None:
    """What readers are told about the author; who wrote the article is that first, whatever else they are."""
    if await authors.is_linked(conn, draft.article_id, draft.author.id):
        return Badge.AUTHOR
    return Badge.STAFF if draft.is_staff else None


async def approve_by_role(
    conn: Connection, reply: Reply, flags: Iterable[Flag], *, is_staff: bool, now: datetime
) -> Reply:
    """Approve a reply that was stored just now, by its author's own role, where the server has staff not wait.

    It stays held as everybody's does when it has a severe flag, when a check failed, or when moderators have refused
    near-identical ones. No moderator is said to have decided it, and neither statistics nor precedents count it.
    """
    if not is_staff or not (await settings.load(conn, reply.server_id)).publish_staff or not _are_harmless(flags):
        return reply
    if precedents.against(await likenesses.list_precedents(conn, reply.id), Action.APPROVE):
        return reply
    approved = await replies.decide(
        conn,
        reply.id,
        expected=ReplyStatus.PENDING,
        revision=reply.revision,
        status=ReplyStatus.APPROVED,
        decided_at=now,
        by_role=True,
    )
    if approved is None:
        return reply
    await decisions.add(conn, approved, Action.APPROVE_BY_ROLE, now=now)
    await clusters.leave(conn, approved)
    entry = await audit.append(
        conn,
        approved.server_id,
        Action.APPROVE_BY_ROLE,
        actor_id=approved.author.id,
        at=now,
        subject_id=approved.id,
        number=approved.number,
        revision=approved.revision,
    )
    await backlog.follow(conn, approved, now=now)
    await appearances.schedule(conn, approved, sequence=entry.sequence, now=now)
    return await replies.get(conn, approved.id) or approved


def _are_harmless(flags: Iterable[Flag]) -> bool:
    """Tell whether no check is sure, and none has failed."""
    return all(flag.guideline is not None and flag.severity < SEVERE for flag in flags)
