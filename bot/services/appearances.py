"""Appearances: when an approved reply appears, by itself after the grace time, or together with others as letters."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import ArticleNotFound
from bot.models import Action, Article
from bot.storage import appearances, articles, audit, servers, settings

if TYPE_CHECKING:
    from bot.models import Reply
    from bot.storage import Connection, Database

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


async def schedule(conn: Connection, reply: Reply, *, sequence: int, now: datetime, can_be_undone: bool = True) -> None:
    """Say when a reply appears that is approved just now, and after which others: part of that transaction.

    `sequence` is that of its audit entry. No later change of a setting has an effect on it.
    """
    grace = await get_grace(conn, reply.server_id) if can_be_undone else timedelta()
    article = await articles.get(conn, reply.article_id)
    minutes = article.letters_minutes if article else None
    if minutes is None:
        appears_at = now + grace if grace else None
        await appearances.schedule(conn, reply.id, approval=sequence, appears_at=appears_at)
        return
    appears_at = next_batch_at(now + grace, minutes)
    # Who pressed a moment earlier may come a moment later: no batch begins while a later one waits before it.
    until = appears_at + timedelta(minutes=minutes)
    latest = await appearances.get_latest_at(conn, reply.article_id, after=appears_at, until=until)
    appears_at = latest or appears_at
    await appearances.schedule(conn, reply.id, approval=sequence, appears_at=appears_at)
    await _shuffle(conn, reply, appears_at)


async def set_letters(
    db: Database, article_id: int, *, server_id: int, editor_id: int, minutes: int, now: datetime
) -> tuple[Article, int]:
    """Let approved replies of an article appear together every so many minutes; 0: each by itself again.

    What waits already appears no later than it would now; gives how many replies that hastens. Raises ArticleNotFound.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if await articles.get(conn, article_id, server_id=server_id) is None:
            raise ArticleNotFound
        article = await articles.set_letters(conn, article_id, minutes or None)
        grace = await get_grace(conn, server_id)
        hastened = 0
        if not minutes:  # only those that were approved within the grace time wait for its end
            hastened = await appearances.bring_forward(conn, article_id, to=now, decided_before=now - grace)
        to = next_batch_at(now + grace, minutes) if minutes else now + grace
        hastened += await appearances.bring_forward(conn, article_id, to=to)
        await audit.append(
            conn, server_id, Action.LETTERS, actor_id=editor_id, at=now, subject_id=article_id, minutes=minutes
        )
    return article, hastened


async def get_grace(conn: Connection, server_id: int) -> timedelta:
    """How long an approval can be undone in a server before anything of it is seen."""
    return timedelta(seconds=(await settings.load(conn, server_id)).grace_time)


def next_batch_at(earliest: datetime, minutes: int) -> datetime:
    """The first multiple of so many minutes, counted from the beginning of 1970 in UTC, that is not before then."""
    every = timedelta(minutes=minutes)
    return BEGINNING - (BEGINNING - earliest) // every * every


async def _shuffle(conn: Connection, reply: Reply, appears_at: datetime) -> None:
    """Let the newest of a batch change places with one of the batch, itself included, each with the same chance.

    Done as each joins, this leaves every order equally likely: the shuffle of Fisher and Yates from the inside out
    (Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm P, run forwards). One that is taken
    back before leaves the others in a random order.
    """
    batch = await appearances.list_batch(conn, reply.article_id, appears_at)
    newest = next(each for each in batch if each[0] == reply.id)
    await appearances.swap(conn, newest, secrets.choice(batch))
