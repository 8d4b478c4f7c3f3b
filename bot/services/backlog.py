"""The backlog: moderators are told when many replies are held, and an article with too many takes no new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.models import Action, BulletinKind
from bot.storage import audit, backlog, bulletins, servers, settings

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.models import Reply
    from bot.storage import Connection, Database


async def follow(conn: Connection, reply: Reply, *, now: datetime) -> None:
    """Draw the consequences, in the transaction that holds a reply or lets go of it; the server is held by then."""
    chosen = await settings.load(conn, reply.server_id)
    await _follow_article(conn, reply.server_id, reply.article_id, limit=chosen.backlog_limit, now=now)
    await _follow_server(conn, reply.server_id, chosen.backlog_steps, now=now)


async def adjust(conn: Connection, server_id: int, *, now: datetime) -> None:
    """Draw the consequences for a whole server, as after another limit was chosen; the server is held by then."""
    chosen = await settings.load(conn, server_id)
    for article_id in await backlog.list_affected(conn, server_id, limit=chosen.backlog_limit):
        await _follow_article(conn, server_id, article_id, limit=chosen.backlog_limit, now=now)
    await _follow_server(conn, server_id, chosen.backlog_steps, now=now)


async def tend(db: Database, *, now: datetime) -> None:
    """Look again where many were held, in case a reply was let go of in a way that nobody followed."""
    async with db.read() as conn:
        full = {server_id for server_id, _ in await backlog.list_full(conn)}
        known = {*full, *await bulletins.list_servers_with_steps(conn)}
    for server_id in sorted(known):
        async with db.begin() as conn:
            await servers.hold(conn, server_id)
            await adjust(conn, server_id, now=now)


async def _follow_article(conn: Connection, server_id: int, article_id: int, *, limit: int, now: datetime) -> None:
    """Close an article to new replies at the limit, and open it again when a fifth of that is decided."""
    held = await backlog.count_on(conn, article_id, limit=limit) if limit else 0
    about: dict[str, Any] = {"actor_id": 0, "at": now, "subject_id": article_id, "held": held, "limit": limit}
    if limit and held >= limit:
        if await backlog.fill(conn, article_id, now=now):
            entry = await audit.append(conn, server_id, Action.ARTICLE_FULL, **about)
            key, kind = f"{article_id}:{entry.sequence}", BulletinKind.FULL
            await bulletins.add(conn, server_id, kind, key, now=now, article_id=article_id, limit=limit)
    elif (held * 5 < limit * 4 or not limit) and await backlog.free(conn, article_id):
        await audit.append(conn, server_id, Action.ARTICLE_FREE, **about)


async def _follow_server(conn: Connection, server_id: int, steps: Collection[int], *, now: datetime) -> None:
    """Tell of the highest step reached, once until fewer than half as many are held."""
    known = await bulletins.list_steps(conn, server_id)
    highest = max([*steps, *known], default=0)
    held = await backlog.count_held(conn, server_id, limit=highest) if highest else 0
    for step in known:
        if held * 2 < step:
            await bulletins.forget_step(conn, server_id, step)
    reached = [step for step in steps if step <= held and step not in known]
    for step in reached:
        is_said = step == max(reached)
        await bulletins.add(conn, server_id, BulletinKind.BACKLOG, str(step), now=now, is_said=is_said, step=step)
