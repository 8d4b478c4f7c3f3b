"""Many held replies at once: which of them a moderator can decide together, and what became of each."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, false, func, insert, literal, or_, select, update

from bot.models import (
    CHANGEABLE,
    Action,
    Bulk,
    Guideline,
    LeftOut,
    NoticeKind,
    NoticeStatus,
    Outcome,
    Pick,
    Reply,
    ReplyStatus,
    Tally,
)
from bot.storage.likenesses import contradicts
from bot.storage.opinions import is_considered
from bot.storage.replies import reply_of
from bot.storage.tables import CARD_KEY, IN_QUEUE, articles, bulk_items, bulks, notices, replies

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

# Its review card shows the text as it is now.
IS_SHOWN = func.coalesce(replies.c.card_shows == CARD_KEY, false())
SEVERE = 2
FAILURES_NAMED = 15


def _reason(action: Action, moderator_id: int, now: datetime) -> ColumnElement[Any]:
    """The LeftOut of a row; null: it can be decided so."""
    parent = replies.alias()
    answered = select(parent.c.author_id).where(parent.c.id == replies.c.parent_id).scalar_subquery()
    is_claimed = and_(replies.c.claimed_by != moderator_id, replies.c.claimed_until > now)
    return case(
        (replies.c.author_id == moderator_id, LeftOut.OWN.value),
        (answered == moderator_id, LeftOut.ANSWER.value),
        (is_considered(), LeftOut.CONSIDERED.value),
        (is_claimed, LeftOut.CLAIMED.value),
        (or_(replies.c.severity >= SEVERE, replies.c.blurred), LeftOut.SEVERE.value),
        (contradicts(action), LeftOut.CONTRARY.value),
        (~IS_SHOWN, LeftOut.UNSEEN.value),
        else_=None,
    )


async def count_left(
    conn: AsyncConnection, server_id: int, pick: Pick, *, action: Action, moderator_id: int, now: datetime
) -> dict[LeftOut, int]:
    """How many of those meant are left out, by reason."""
    reason = _reason(action, moderator_id, now).label("reason")
    found = select(reason).where(*_meant(server_id, pick, now)).subquery()
    query = select(found.c.reason, func.count()).where(found.c.reason.is_not(None)).group_by(found.c.reason)
    counts = {row[0]: row[1] for row in await conn.execute(query)}
    return {each: counts[each] for each in LeftOut if each in counts}


async def add(
    conn: AsyncConnection,
    server_id: int,
    pick: Pick,
    *,
    action: Action,
    moderator_id: int,
    now: datetime,
    **reason: Any,
) -> tuple[Bulk, int]:
    """Write down which replies, at which revision, are to be decided and how; gives how many those are."""
    new = insert(bulks).values(
        server_id=server_id, moderator_id=moderator_id, action=action, previewed_at=now, **reason
    )
    bulk = _bulk((await conn.execute(new.returning(*bulks.c))).one())
    named = select(literal(bulk.id), replies.c.id, replies.c.revision)
    named = named.where(*_meant(server_id, pick, now), _reason(action, moderator_id, now).is_(None))
    added = await conn.execute(insert(bulk_items).from_select(["bulk_id", "reply_id", "revision"], named))
    return bulk, added.rowcount


async def get(conn: AsyncConnection, bulk_id: int, *, server_id: int, moderator_id: int) -> Bulk | None:
    """What this moderator was shown in this server."""
    of_moderator = (bulks.c.server_id == server_id, bulks.c.moderator_id == moderator_id)
    row = (await conn.execute(select(bulks).where(bulks.c.id == bulk_id, *of_moderator))).one_or_none()
    return _bulk(row) if row else None


async def list_named(conn: AsyncConnection, bulk_id: int, *, limit: int, offset: int = 0) -> list[Reply]:
    """Those that the preview named, the longest waiting first."""
    query = select(replies).join(bulk_items, bulk_items.c.reply_id == replies.c.id)
    query = query.where(bulk_items.c.bulk_id == bulk_id).order_by(replies.c.id).limit(limit).offset(offset)
    return [reply_of(row) for row in await conn.execute(query)]


async def confirm(conn: AsyncConnection, bulk_id: int, *, now: datetime) -> Bulk:
    """Remember when it was confirmed first."""
    once = update(bulks).where(bulks.c.id == bulk_id)
    once = once.values(confirmed_at=func.coalesce(bulks.c.confirmed_at, now)).returning(*bulks.c)
    return _bulk((await conn.execute(once)).one())


async def list_with(
    conn: AsyncConnection, bulk: Bulk, outcome: Outcome | None, *, limit: int | None, now: datetime
) -> list[tuple[Reply, int, bool]]:
    """(reply as it is now, revision named, a reason to leave it out came up), the longest waiting first."""
    reason = _reason(bulk.action, bulk.moderator_id, now).label("reason")
    query = (
        select(*replies.c, bulk_items.c.revision.label("named"), reason)
        .join(bulk_items, bulk_items.c.reply_id == replies.c.id)
        .where(bulk_items.c.bulk_id == bulk.id, bulk_items.c.outcome.is_not_distinct_from(outcome))
        .order_by(bulk_items.c.reply_id)
        .limit(limit)
    )
    rows: Any = await conn.execute(query)
    return [(reply_of(row), row.named, row.reason is not None) for row in rows]


async def record(conn: AsyncConnection, bulk_id: int, reply_id: int, outcome: Outcome) -> None:
    """Remember what became of one."""
    item = (bulk_items.c.bulk_id == bulk_id, bulk_items.c.reply_id == reply_id)
    await conn.execute(update(bulk_items).where(*item).values(outcome=outcome))


async def tally(conn: AsyncConnection, bulk_id: int) -> Tally:
    """How far it has come."""
    items = bulk_items.c
    query = (
        select(items.outcome, replies.c.status, func.count())
        .join(replies, replies.c.id == items.reply_id)
        .where(items.bulk_id == bulk_id)
        .group_by(items.outcome, replies.c.status)
    )
    counts = {(row[0], row[1]): row[2] for row in await conn.execute(query)}

    def count(*outcomes: Outcome | None, status: ReplyStatus | None = None) -> int:
        return sum(n for (was, now), n in counts.items() if was in outcomes and status in (None, now))

    failures = (Outcome.DECIDED, Outcome.CHANGED, Outcome.LEFT_OUT, Outcome.LATE)
    failed = select(replies.c.number, items.outcome).join(replies, replies.c.id == items.reply_id)
    failed = failed.where(items.bulk_id == bulk_id, items.outcome.in_(failures))
    rows = await conn.execute(failed.order_by(replies.c.number).limit(FAILURES_NAMED))
    return Tally(
        named=sum(counts.values()),
        open=count(None),
        done=count(Outcome.DONE, Outcome.LATE),
        waiting=count(Outcome.DONE, status=ReplyStatus.APPROVED),
        published=count(Outcome.DONE, Outcome.LATE, status=ReplyStatus.PUBLISHED),
        undone=count(Outcome.UNDONE),
        failed=tuple((row.number, Outcome(row.outcome)) for row in rows),
        failures=count(*failures),
    )


async def list_held_of(conn: AsyncConnection, server_id: int, member_id: int, *, limit: int) -> list[Reply]:
    """What a member has on hold and no two moderators look at, the oldest first."""
    theirs = (replies.c.server_id == server_id, replies.c.author_id == member_id)
    query = select(replies).where(*theirs, replies.c.status.in_(CHANGEABLE), ~is_considered())
    return [reply_of(row) for row in await conn.execute(query.order_by(replies.c.id).limit(limit))]


async def add_done(conn: AsyncConnection, decided: Sequence[Reply], *, now: datetime, **values: Any) -> int:
    """Write down which replies were decided together; gives the bulk's id."""
    new = insert(bulks).values(previewed_at=now, confirmed_at=now, **values).returning(bulks.c.id)
    bulk_id: int = (await conn.execute(new)).scalar_one()
    items = [
        {"bulk_id": bulk_id, "reply_id": reply.id, "revision": reply.revision, "outcome": Outcome.DONE}
        for reply in decided
    ]
    await conn.execute(insert(bulk_items), items)
    return bulk_id


async def postpone(conn: AsyncConnection, bulk: Bulk, *, to: datetime, now: datetime) -> None:
    """Let what was decided with these and still waits for its time wait until then; letters appear when they would."""
    done = select(bulk_items.c.reply_id).where(bulk_items.c.bulk_id == bulk.id, bulk_items.c.outcome == Outcome.DONE)
    letters = select(articles.c.id).where(articles.c.letters_minutes.is_not(None))
    waiting = (replies.c.attempted_at.is_(None), replies.c.appears_at > now, replies.c.appears_at < to)
    later = {"appears_at": to, "card_version": replies.c.card_version + 1}
    query = update(replies).where(replies.c.id.in_(done), *_decided_with(bulk, ReplyStatus.APPROVED), *waiting)
    await conn.execute(query.where(replies.c.article_id.not_in(letters)).values(later))
    unsent = (notices.c.kind == NoticeKind.REJECTED, notices.c.status == NoticeStatus.WAITING)
    early = (notices.c.lease_until.is_(None), notices.c.leaves_at > now, notices.c.leaves_at < to)
    await conn.execute(update(notices).where(notices.c.reply_id.in_(done), *unsent, *early).values(leaves_at=to))


async def get_last_decided_at(conn: AsyncConnection, bulk: Bulk) -> datetime | None:
    """When the last of these was decided that still stands; None: none does."""
    done = (bulk_items.c.bulk_id == bulk.id, bulk_items.c.outcome == Outcome.DONE)
    query = select(func.max(replies.c.decided_at)).join(bulk_items, bulk_items.c.reply_id == replies.c.id)
    query = query.where(*done, replies.c.decided_by == bulk.moderator_id)
    when: datetime | None = (await conn.execute(query)).scalar_one()
    return when


async def undo_rejection(conn: AsyncConnection, bulk: Bulk, reply: Reply) -> Reply | None:
    """Hold a reply again that was rejected with these; None when it stands otherwise by now."""
    query = update(replies).where(replies.c.id == reply.id, *_decided_with(bulk, ReplyStatus.REJECTED))
    query = query.values(status=ReplyStatus.PENDING, decided_by=None, decided_at=None, guideline=None, sentence=None)
    row = (await conn.execute(query.returning(*replies.c))).one_or_none()
    return reply_of(row) if row else None


async def is_approved_with(conn: AsyncConnection, bulk: Bulk, reply: Reply) -> bool:
    """Tell whether a reply still waits to appear by this decision, and not by a later one."""
    query = select(replies.c.id).where(replies.c.id == reply.id, *_decided_with(bulk, ReplyStatus.APPROVED))
    return (await conn.execute(query)).one_or_none() is not None


async def list_articles(conn: AsyncConnection, server_id: int, typed: str, *, limit: int = 25) -> list[Any]:
    """(id, title, held) of articles with held replies whose title holds what was typed, the newest first."""
    held = func.count().label("held")
    query = (
        select(articles.c.id, articles.c.title, held)
        .join(replies, replies.c.article_id == articles.c.id)
        .where(replies.c.server_id == server_id, IN_QUEUE)
        .where(articles.c.title.icontains(typed.strip(), autoescape=True))
        .group_by(articles.c.id, articles.c.title)
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [tuple(row) for row in await conn.execute(query)]


def _decided_with(bulk: Bulk, status: ReplyStatus) -> tuple[ColumnElement[bool], ...]:
    by_this = (replies.c.decided_by == bulk.moderator_id, replies.c.decided_at >= bulk.confirmed_at)
    return replies.c.status == status, *by_this


def _meant(server_id: int, pick: Pick, now: datetime) -> list[ColumnElement[bool]]:
    conditions = [replies.c.server_id == server_id, IN_QUEUE]
    if pick.article_id is not None:
        conditions.append(replies.c.article_id == pick.article_id)
    if pick.language is not None:
        conditions.append(replies.c.author_language.istartswith(pick.language, autoescape=True))
    if pick.flagged is not None:
        conditions.append(replies.c.severity > 0 if pick.flagged else replies.c.severity == 0)
    if pick.waiting_minutes is not None:
        conditions.append(replies.c.submitted_at <= now - timedelta(minutes=pick.waiting_minutes))
    if pick.first_voices:
        conditions.append(replies.c.voice == 0)
    return conditions


def _bulk(row: Any) -> Bulk:
    return Bulk(
        id=row.id,
        server_id=row.server_id,
        moderator_id=row.moderator_id,
        action=Action(row.action),
        guideline=Guideline(row.guideline) if row.guideline else None,
        sentence=row.sentence,
        previewed_at=row.previewed_at,
        confirmed_at=row.confirmed_at,
    )
