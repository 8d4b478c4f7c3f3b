"""Appeals: one for each decision against a reply, until another moderator decides it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, exists, func, or_, select, update

from bot.models import Action, Appeal, AppealOutcome, Grounds, Guideline, ReplyStatus
from bot.storage.inserts import insert
from bot.storage.matters import Matters, columns_of
from bot.storage.replies import reply_of
from bot.storage.tables import APPEAL_DUE, APPEAL_OUTDATED, appeals, decisions, replies, report_cards

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

# What was decided against a reply, in the state that it led to.
_AGAINST = or_(
    and_(replies.c.status == ReplyStatus.REJECTED, decisions.c.action == Action.REJECT.value),
    and_(replies.c.status == ReplyStatus.REMOVED, decisions.c.action == Action.REMOVE.value),
)
_IN_FORCE = and_(
    decisions.c.reply_id == replies.c.id,
    decisions.c.revision == replies.c.revision,
    decisions.c.undone_at.is_(None),
    _AGAINST,
)


def appeal_of(row: Row[Any]) -> Appeal:
    """The appeal in a row of this table."""
    return Appeal(
        **columns_of(row),
        decision_id=row.decision_id,
        action=Action(row.action),
        first_moderator_id=row.first_moderator_id,
        guideline=Guideline(row.guideline) if row.guideline else None,
        reasons=row.reasons,
        outcome=AppealOutcome(row.outcome) if row.outcome else None,
        sentence=row.sentence,
    )


APPEALS = Matters(appeals, due=APPEAL_DUE, outdated=APPEAL_OUTDATED, read=appeal_of)


async def add(conn: AsyncConnection, reply: Reply, *, reasons: str, now: datetime) -> Appeal | None:
    """Object to what was decided against a reply; None: nothing was, or that was objected to before."""
    against = select(decisions).join(replies, _IN_FORCE).where(replies.c.id == reply.id)
    decision = (await conn.execute(against)).one_or_none()
    if decision is None:
        return None
    new = insert(conn, appeals).values(
        server_id=reply.server_id,
        reply_id=reply.id,
        revision=reply.revision,
        decision_id=decision.id,
        action=decision.action,
        first_moderator_id=decision.moderator_id,
        guideline=decision.guideline,
        reasons=reasons,
        opened_at=now,
    )
    appeal = await APPEALS.one(conn, new.on_conflict_do_nothing().returning(*appeals.c))
    if appeal is not None:
        await _veil(conn, appeal)
    return appeal


async def get_latest(conn: AsyncConnection, reply: Reply) -> Appeal | None:
    """The newest appeal about this revision, open or decided."""
    same = (appeals.c.reply_id == reply.id, appeals.c.revision == reply.revision)
    return await APPEALS.one(conn, select(appeals).where(*same).order_by(appeals.c.id.desc()).limit(1))


async def get_of_decision(conn: AsyncConnection, reply: Reply) -> tuple[bool, Appeal | None]:
    """Tell whether a decision against the reply is in force, with the appeal against it."""
    query = (
        select(decisions.c.id.label("against_id"), appeals)
        .select_from(decisions)
        .join(replies, _IN_FORCE)
        .outerjoin(appeals, appeals.c.decision_id == decisions.c.id)
        .where(replies.c.id == reply.id)
    )
    row = (await conn.execute(query)).one_or_none()
    if row is None:
        return False, None
    return True, appeal_of(row) if row.decision_id is not None else None


async def is_upheld_by(conn: AsyncConnection, reply: Reply) -> bool:
    """Tell whether the decision that is in force upheld an appeal."""
    appeal = await get_latest(conn, reply)
    return appeal is not None and appeal.outcome is AppealOutcome.UPHELD and appeal.decided_at == reply.decided_at


async def get_grounds(conn: AsyncConnection, appeal: Appeal) -> Grounds:
    """Why the decision was taken that is objected to."""
    row = (await conn.execute(select(decisions).where(decisions.c.id == appeal.decision_id))).one()
    return Grounds(appeal.guideline, tuple(json.loads(row.passages or "[]")), row.sentence)


async def list_appealable(conn: AsyncConnection, server_id: int, author_id: int, *, limit: int) -> list[Reply]:
    """An author's replies of which the decision can be objected to, newest first."""
    query = (
        select(replies)
        .join(decisions, _IN_FORCE)
        .outerjoin(appeals, appeals.c.decision_id == decisions.c.id)
        .where(replies.c.server_id == server_id, replies.c.author_id == author_id, appeals.c.id.is_(None))
        .order_by(replies.c.id.desc())
        .limit(limit)
    )
    return [reply_of(row) for row in await conn.execute(query)]


async def count_open(conn: AsyncConnection, server_id: int, author_id: int) -> int:
    """How many appeals of an author wait for a decision in this server."""
    query = (
        select(func.count())
        .select_from(appeals.join(replies, replies.c.id == appeals.c.reply_id))
        .where(appeals.c.server_id == server_id, replies.c.author_id == author_id, APPEALS.is_open)
    )
    return (await conn.execute(query)).scalar_one()


async def decide(
    conn: AsyncConnection,
    reply_id: int,
    outcome: AppealOutcome,
    *,
    decided_by: int,
    now: datetime,
    appeal_id: int | None = None,
    sentence: str | None = None,
) -> Appeal | None:
    """Close the open appeal about a reply, or the one named; None: it is not open, or somebody was faster."""
    values = {"outcome": outcome, "decided_by": decided_by, "decided_at": now, "sentence": sentence}
    query = update(appeals).where(appeals.c.reply_id == reply_id, APPEALS.is_open).values(values | APPEALS.next)
    if appeal_id is not None:
        query = query.where(appeals.c.id == appeal_id)
    appeal = await APPEALS.one(conn, query.returning(*appeals.c))
    if appeal is not None:
        await _veil(conn, appeal)
    return appeal


async def count_decided(
    conn: AsyncConnection, server_id: int, *, since: datetime
) -> dict[Guideline | None, tuple[int, int]]:
    """The guideline of the decision, None for one without → how many appeals were decided, and how many upheld."""
    is_upheld = case((appeals.c.outcome == AppealOutcome.UPHELD, 1), else_=0)
    query = (
        select(appeals.c.guideline, func.count(), func.sum(is_upheld))
        .where(appeals.c.server_id == server_id, appeals.c.decided_at >= since)
        .where(appeals.c.outcome.in_([AppealOutcome.UPHELD, AppealOutcome.DISMISSED]))
        .group_by(appeals.c.guideline)
    )
    counted = {Guideline(row[0]) if row[0] else None: (row[1], int(row[2])) for row in await conn.execute(query)}
    return dict(sorted(counted.items(), key=lambda item: (-item[1][0], item[0] or "")))


async def _veil(conn: AsyncConnection, appeal: Appeal) -> None:
    """Draw the cards on which the reply was decided again: they name who did, or no longer.

    So do those of what was decided of its author in the same act, as by a ban: they would name the same moderator.
    """
    against = select(decisions.c.decided_at).where(decisions.c.id == appeal.decision_id).scalar_subquery()
    act = (decisions.c.moderator_id == appeal.first_moderator_id, decisions.c.decided_at == against)
    author = select(replies.c.author_id).where(replies.c.id == appeal.reply_id).scalar_subquery()
    decided = (
        select(decisions.c.reply_id)
        .join(replies, replies.c.id == decisions.c.reply_id)
        .where(replies.c.server_id == appeal.server_id, replies.c.author_id == author, *act)
    )
    open_ones = select(appeals.c.id).join(decisions, decisions.c.id == appeals.c.decision_id)
    is_open = exists(open_ones.where(appeals.c.reply_id.in_(decided), APPEALS.is_open, *act))
    again = {"appealed": is_open, "card_version": replies.c.card_version + 1}
    await conn.execute(update(replies).where(replies.c.id.in_(decided)).values(again))
    of_them = (report_cards.c.reply_id.in_(decided), report_cards.c.decided_at.is_not(None))
    await conn.execute(update(report_cards).where(*of_them).values(version=report_cards.c.version + 1))
