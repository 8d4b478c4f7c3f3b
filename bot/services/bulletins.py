"""Bulletins: what is said once in the review channel, as things stand when it is said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.models import Action, Bulletin, BulletinKind, News
from bot.schedule import OFF, last_time
from bot.services.errands import Clock, putting_off
from bot.storage import articles, backlog, bulletins, digests, servers, settings, shifts

if TYPE_CHECKING:
    from bot.storage import Connection, Database

LATEST = timedelta(hours=6)  # a digest that could not be posted for so long is left out
DAY = timedelta(days=1)
MOST_COUNTED = 10_000  # held replies: beyond that it is "more than"

Send = Callable[[Bulletin, News], Awaitable[int]]
Find = Callable[[Bulletin], Awaitable[int | None]]  # the message of an earlier attempt


async def tell(db: Database, bulletin_id: int, *, clock: Clock, send: Send, find: Find) -> int | None:
    """Post a bulletin; None when it is not due, somebody else is at it, or there is nothing to say any more."""
    async with db.begin() as conn:
        leased = await bulletins.lease(conn, bulletin_id, now=clock())
        if leased is None:
            return None
        bulletin, tried = leased
        news = await _gather(conn, bulletin, now=clock())

    async with putting_off(db, clock, bulletins.put_off, bulletin_id, tried=tried):
        message_id = await find(bulletin) if tried else None
        if message_id is None and news is not None:
            message_id = await send(bulletin, news)
    async with db.begin() as conn:
        await bulletins.record(conn, bulletin_id, message_id)
    return message_id


async def plan_digests(db: Database, *, now: datetime) -> None:
    """Have the digest posted in each server whose time for it has come. Cheap to call often."""
    async with db.read() as conn:
        chosen = {server_id: await settings.load(conn, server_id) for server_id in await digests.list_servers(conn)}
    for server_id, each in chosen.items():
        if each.digest == OFF:
            continue
        due = last_time(each.digest, each.time_zone, now)
        if now - due < LATEST:
            await _plan_digest(db, server_id, key=f"{due.date()}", due=due, now=now)


async def _plan_digest(db: Database, server_id: int, *, key: str, due: datetime, now: datetime) -> None:
    async with db.read() as conn:
        if await bulletins.has(conn, server_id, BulletinKind.DIGEST, key):
            return
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        await bulletins.add(conn, server_id, BulletinKind.DIGEST, key, now=now, due=due.isoformat())


async def _gather(conn: Connection, bulletin: Bulletin, *, now: datetime) -> News | None:
    """Return what is to be said now; None: nothing any more."""
    held = await backlog.count_held(conn, bulletin.server_id, limit=MOST_COUNTED + 1)
    news: dict[str, Any] = {
        "held": min(held, MOST_COUNTED),
        "is_more": held > MOST_COUNTED,
        "oldest_at": await backlog.get_oldest(conn, bulletin.server_id),
        "duty": await shifts.get_duty(conn, bulletin.server_id, now=now),
    }
    if bulletin.kind is BulletinKind.BACKLOG:
        return News(**news) if held * 2 >= bulletin.details["step"] else None
    if bulletin.kind is BulletinKind.FULL:
        article = await articles.get(conn, bulletin.details["article_id"])
        is_full = article is not None and article.full_at is not None
        return News(**news, article=article, limit=bulletin.details["limit"]) if is_full else None
    decided = await _count_day(conn, bulletin, now=now)
    return News(**news, **decided) if decided and (held or any(decided.values())) else None


async def _count_day(conn: Connection, bulletin: Bulletin, *, now: datetime) -> dict[str, Any] | None:
    """Return what was decided in the day before a digest; None when it is too late to tell."""
    due = datetime.fromisoformat(bulletin.details["due"])
    if now - due >= LATEST:
        return None
    day: dict[str, Any] = {"since": due - DAY, "until": due}
    decided = await digests.count_decided(conn, bulletin.server_id, **day)
    return {
        "approved": decided.get(Action.APPROVE, 0),
        "rejected": decided.get(Action.REJECT, 0),
        "changes_requested": decided.get(Action.REQUEST_CHANGES, 0),
        "usual_wait": await digests.get_wait(conn, bulletin.server_id, **day),
    }
