"""The queue of held replies: what comes next for a moderator, its pages, how many wait.

Every query reads an index of `tables/due.py` from a place in it and stops after a few rows, so that none takes longer
when more replies are held.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, false, func, null, or_, select, tuple_, union_all

from bot.models import COUNTED, SEVERE, Filter, Left
from bot.storage.claims import is_free_for
from bot.storage.opinions import asked_by, disputed_for
from bot.storage.replies import MOST_TURNS, TURN, reply_of
from bot.storage.skips import skipped_lately
from bot.storage.tables import IN_QUEUE, articles, replies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Select, Subquery
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply
    from bot.settings import Settings

SEVERITIES = (0, 1, 2)
# What the setting `severe_order` means: groups of severities, each in the order of time, one after the other.
GROUPS = {"first": ((2,), (0, 1)), "last": ((0, 1), (2,)), "time": (SEVERITIES,)}
_parents = replies.alias("parents")
_PLACE = (replies.c.queued_at, replies.c.id)
_JUDGED = tuple_(replies.c.id, replies.c.revision)


async def get_next(
    conn: AsyncConnection,
    server_id: int,
    moderator_id: int,
    wanted: Filter,
    *,
    rules: Settings,
    is_senior: bool = False,
    now: datetime,
) -> int | None:
    """The id of the reply that this moderator should decide now: what they have claimed, then what nobody has."""
    shown = [~reason for reason in _reasons(server_id, moderator_id, rules, is_senior=is_senior, now=now).values()]
    claimed = (_severities(wanted), replace(wanted, mine=True))
    others = [] if wanted.mine else [(group, wanted) for group in _groups(rules.severe_order, wanted)]
    for severities, part in (claimed, *others):
        where = _where(server_id, moderator_id, part, now)
        found = (await conn.execute(_in_order([*where, *shown], part, severities, limit=1))).first()
        if found is not None:
            return int(found.id)
    return None


async def list_page(
    conn: AsyncConnection,
    server_id: int,
    moderator_id: int,
    wanted: Filter,
    *,
    now: datetime,
    limit: int,
    after: Reply | None = None,
    before: Reply | None = None,
) -> list[Reply]:
    """Held replies by their time in the queue, the earliest first; those next to a reply, after or before it."""
    where = _where(server_id, moderator_id, wanted, now, is_bounded=before is not None)
    for edge, is_beyond in ((after, tuple_(*_PLACE).__gt__), (before, tuple_(*_PLACE).__lt__)):
        if edge is not None:
            where.append(is_beyond(tuple_(edge.queued_at, edge.id)))
    query = _in_order(where, wanted, _severities(wanted), limit=limit, backwards=before is not None)
    found = await conn.execute(query)
    rows = await conn.execute(select(replies).where(replies.c.id.in_([row.id for row in found])).order_by(*_PLACE))
    return [reply_of(row) for row in rows]


async def count_held(conn: AsyncConnection, server_id: int) -> int:
    """How many replies wait in the whole server, up to `COUNTED`."""
    some = _some([IN_QUEUE, replies.c.server_id == server_id], Filter(), replies.c.id)
    return (await conn.execute(select(func.count()).select_from(some))).scalar_one()


async def count_ahead(conn: AsyncConnection, reply: Reply) -> int:
    """How many held replies of the server come before this one, up to `COUNTED`."""
    ahead = tuple_(*_PLACE) < tuple_(reply.queued_at, reply.id)
    some = _some([IN_QUEUE, replies.c.server_id == reply.server_id, ahead], Filter(), replies.c.id)
    return (await conn.execute(select(func.count()).select_from(some))).scalar_one()


async def count_left(
    conn: AsyncConnection,
    server_id: int,
    moderator_id: int,
    wanted: Filter,
    *,
    rules: Settings,
    is_senior: bool = False,
    now: datetime,
) -> Left:
    """What is held and not shown to this moderator, by why; for when nothing else is left."""
    reasons = _reasons(server_id, moderator_id, rules, is_senior=is_senior, now=now)
    reason = case(*((condition, name) for name, condition in reasons.items()))
    kept = _some(_where(server_id, moderator_id, wanted, now), wanted, reason.label("reason"))
    query = select(kept.c.reason, func.count()).where(kept.c.reason.is_not(None)).group_by(kept.c.reason)
    return Left(**{row[0]: row[1] for row in await conn.execute(query)})


async def list_articles(conn: AsyncConnection, server_id: int, typed: str, *, limit: int = 25) -> list[tuple[int, str]]:
    """(id, title) of articles with held replies whose title holds what was typed, newest first."""
    held = select(replies.c.id).where(IN_QUEUE, replies.c.article_id == articles.c.id)
    query = (
        select(articles.c.id, articles.c.title)
        .where(articles.c.server_id == server_id, held.exists())
        .where(articles.c.title.icontains(typed.strip(), autoescape=True))
        .order_by(articles.c.id.desc())
        .limit(limit)
    )
    return [(row.id, row.title) for row in await conn.execute(query)]


def _some(where: Sequence[ColumnElement[bool]], wanted: Filter, column: ColumnElement[Any]) -> Subquery:
    """Some of these, in the order of the index that the filter has chosen: a database then stops after them."""
    if wanted.minutes or not _severities(wanted):
        return _in_order(where, wanted, _severities(wanted), limit=COUNTED, columns=(column,)).subquery()
    order = _PLACE if _is_plain(wanted, _severities(wanted)) else (replies.c.severity, *_PLACE)
    lowest, highest = min(_severities(wanted)), max(_severities(wanted))
    kept = [*where, *([replies.c.severity >= lowest] if lowest else [])]
    kept += [replies.c.severity <= highest] if highest < SEVERE else []
    return select(column).where(*kept).order_by(*order).limit(COUNTED).subquery()


def _where(
    server_id: int, moderator_id: int, wanted: Filter, now: datetime, *, is_bounded: bool = False
) -> list[ColumnElement[bool]]:
    """The conditions of a filter. The first that an index begins with chooses it, and is written as equal to a column.

    `is_bounded` says that the place in the queue is bounded from above anyway.
    """
    where = [IN_QUEUE, replies.c.server_id == server_id]
    keys: list[tuple[Column[Any], Any]] = []
    if wanted.mine:
        keys.append((replies.c.claimed_by, moderator_id))
        where += [replies.c.claimed_until > now, _beside(replies.c.severity).in_(_severities(wanted))]
    keys += [(replies.c.article_id, wanted.article_id)] if wanted.article_id is not None else []
    keys += [(replies.c.voice, 0)] if wanted.first_voices else []
    keys += [(replies.c.author_language, wanted.language)] if wanted.language is not None else []
    where += [column == value if place == 0 else _beside(column) == value for place, (column, value) in enumerate(keys)]
    if wanted.minutes:
        since = now - timedelta(minutes=wanted.minutes)
        where.append(replies.c.submitted_at <= since)
        where += [] if is_bounded else [replies.c.queued_at <= since + MOST_TURNS * TURN]
    return where


def _beside(column: Column[Any]) -> ColumnElement[Any]:
    """The column as it is, so that no index is chosen for it."""
    return func.coalesce(column, null())


def _reasons(
    server_id: int, moderator_id: int, rules: Settings, *, is_senior: bool, now: datetime
) -> dict[str, ColumnElement[bool]]:
    """Why a held reply is not shown to this moderator, by the names of `Left`; the first that holds counts.

    What does not depend on the reply is asked once, however many stretches of an index are read.
    """
    parent = select(_parents.c.author_id).where(_parents.c.id == replies.c.parent_id).scalar_subquery()
    is_own = or_(replies.c.author_id == moderator_id, func.coalesce(parent, 0) == moderator_id)
    may_settle = is_senior or rules.senior_role_id is None
    asked = asked_by(moderator_id).cte("asked")
    disputed = disputed_for(server_id, moderator_id, may_settle=may_settle, now=now).cte("disputed")
    skipped = skipped_lately(moderator_id, now).cte("skipped")
    return {
        "own": false() if rules.only_moderator else is_own,
        "asked": _JUDGED.in_(select(asked)),
        "disputed": _JUDGED.in_(select(disputed)),
        "claimed": ~is_free_for(moderator_id, now),
        "skipped": replies.c.id.in_(select(skipped)),
    }


def _groups(order: str, wanted: Filter) -> list[tuple[int, ...]]:
    kept = {severity for severity in SEVERITIES if severity or not wanted.flagged}
    kept -= {SEVERE} if wanted.calm else set()
    groups = (tuple(severity for severity in group if severity in kept) for group in GROUPS[order])
    return [group for group in groups if group]


def _severities(wanted: Filter) -> tuple[int, ...]:
    return next(iter(_groups("time", wanted)), ())


def _in_order(
    where: Iterable[ColumnElement[bool]],
    wanted: Filter,
    severities: tuple[int, ...],
    *,
    limit: int,
    backwards: bool = False,
    columns: tuple[ColumnElement[Any], ...] = (),
) -> Select[Any]:
    """Read the first rows of each severity, which is one stretch of an index, and put them in the order of time."""
    place = [column.desc() for column in _PLACE] if backwards else list(_PLACE)
    first = select(*_PLACE, *columns).where(*where).order_by(*place).limit(limit)
    if _is_plain(wanted, severities):
        return first
    parts = [first.where(replies.c.severity == severity).subquery().select() for severity in severities]
    together = union_all(*parts).subquery() if parts else first.where(replies.c.id < 0).subquery()
    order = (together.c.queued_at, together.c.id)
    return select(together).order_by(*(column.desc() if backwards else column for column in order)).limit(limit)


def _is_plain(wanted: Filter, severities: tuple[int, ...]) -> bool:
    """Tell whether the filter's index has no severity before the time."""
    is_narrow = wanted.article_id is not None or wanted.language is not None or wanted.first_voices
    return wanted.mine or (severities == SEVERITIES and not is_narrow)
