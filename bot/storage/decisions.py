"""Decisions: what a moderator decided about which revision of a reply."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import and_, exists, func, insert, or_, select, update

from bot.models import Action, Guideline, ReplyStatus, Request
from bot.storage import guidelines
from bot.storage.replies import reply_of
from bot.storage.tables import appeals, decisions, replies, revisions

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

LATE_DECISIONS = 100
FEWEST_DECISIONS = 5
SEVERE = 2  # the severity of a reply's flags

# A decision for which its author had waited since they sent the reply, also where an appeal has taken it back; not the
# one that upheld the appeal, which comes much later.
IS_FIRST = and_(
    decisions.c.revision == 1,
    decisions.c.action.not_in((Action.REMOVE.value, Action.APPROVE_BY_ROLE.value)),
    or_(decisions.c.undone_at.is_(None), exists().where(appeals.c.decision_id == decisions.c.id)),
    ~exists().where(appeals.c.reply_id == decisions.c.reply_id, appeals.c.decided_at == decisions.c.decided_at),
)


async def add(conn: AsyncConnection, reply: Reply, action: Action, *, now: datetime) -> None:
    """Write down a decision, with the words of the guideline on that day; `reply` is as it stands after it."""
    values = {
        "reply_id": reply.id,
        "revision": reply.revision,
        "action": action,
        "moderator_id": reply.author.id if action is Action.APPROVE_BY_ROLE else reply.decided_by,
        "guideline": reply.guideline,
        "wording_id": await guidelines.cite(conn, reply.server_id, reply.guideline, reply.author.language, now=now),
        "sentence": reply.sentence,
        "passages": json.dumps(reply.passages) if reply.passages else None,
        "decided_at": reply.decided_at,
    }
    await conn.execute(insert(decisions).values(values))


async def undo(conn: AsyncConnection, reply: Reply, action: Action, *, now: datetime) -> None:
    """Take a decision on this revision back; its row stays, and the same can be decided again.

    An approval may be one by its author's own role.
    """
    kinds = (action, Action.APPROVE_BY_ROLE) if action == Action.APPROVE else (action,)
    same = (decisions.c.reply_id == reply.id, decisions.c.revision == reply.revision, decisions.c.action.in_(kinds))
    await conn.execute(update(decisions).where(*same, decisions.c.undone_at.is_(None)).values(undone_at=now))


async def list_of(conn: AsyncConnection, reply_id: int) -> list[tuple[Action, int, int, Guideline | None]]:
    """(action, revision, moderator's id, guideline), oldest first; without those that were undone."""
    query = select(decisions).where(decisions.c.reply_id == reply_id, decisions.c.undone_at.is_(None))
    query = query.order_by(decisions.c.id)
    return [
        (Action(row.action), row.revision, row.moderator_id, Guideline(row.guideline) if row.guideline else None)
        for row in await conn.execute(query)
    ]


async def get_request(conn: AsyncConnection, reply: Reply) -> Request | None:
    """What was asked of the author last, about an earlier revision."""
    judged = (revisions.c.reply_id == decisions.c.reply_id) & (revisions.c.revision == decisions.c.revision)
    query = (
        select(decisions, revisions.c.text)
        .join(revisions, judged)
        .where(decisions.c.reply_id == reply.id, decisions.c.action == Action.REQUEST_CHANGES)
        .where(decisions.c.revision < reply.revision, decisions.c.undone_at.is_(None))
        .order_by(decisions.c.revision.desc())
        .limit(1)
    )
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        return None
    guideline = Guideline(row.guideline) if row.guideline else None
    passages = tuple(json.loads(row.passages or "[]"))
    return Request(row.moderator_id, row.sentence, row.revision, row.text, guideline, passages)


async def ask_again(conn: AsyncConnection, reply: Reply) -> Reply:
    """Have a reply that is held wait for its author's changes again, if that was asked of its present revision."""
    same = (decisions.c.reply_id == reply.id, decisions.c.revision == reply.revision)
    query = select(decisions).where(
        *same, decisions.c.action == Action.REQUEST_CHANGES, decisions.c.undone_at.is_(None)
    )
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        return reply
    changed = update(replies).where(replies.c.id == reply.id, replies.c.status == ReplyStatus.PENDING)
    changed = changed.values(
        status=ReplyStatus.CHANGES_REQUESTED,
        decided_by=row.moderator_id,
        decided_at=row.decided_at,
        guideline=row.guideline,
        sentence=row.sentence,
        passages=row.passages,
    )
    found = (await conn.execute(changed.returning(*replies.c))).one_or_none()
    return reply_of(found) if found else reply


async def get_usual_wait(conn: AsyncConnection, server_id: int) -> timedelta | None:
    """The median time from sending to the first decision, over the last 100 decisions; None below five of them."""
    query = (
        select(replies.c.submitted_at, decisions.c.decided_at)
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == server_id, IS_FIRST)
        .order_by(decisions.c.id.desc())
        .limit(LATE_DECISIONS)
    )
    waits = [row.decided_at - row.submitted_at for row in await conn.execute(query)]
    return median(waits) if len(waits) >= FEWEST_DECISIONS else None


async def count_severe(conn: AsyncConnection, server_id: int, moderator_id: int, *, since: datetime) -> int:
    """How many severe replies of the server this moderator has decided since then, each counted once."""
    query = (
        select(func.count(decisions.c.reply_id.distinct()))
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(decisions.c.moderator_id == moderator_id, decisions.c.decided_at >= since)
        .where(replies.c.server_id == server_id, replies.c.severity >= SEVERE)
    )
    return (await conn.execute(query)).scalar_one()
