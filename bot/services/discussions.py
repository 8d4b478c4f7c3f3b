"""Discussions: an editor closes one or opens it again; the article's thread is brought to stand as the article does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from bot.errors import AlreadyOpen, ArticleNotFound, DiscussionClosed
from bot.models import Action, Article, ArticleStatus
from bot.services.errands import RETRY, Clock, putting_off
from bot.storage import articles, audit, discussions, servers

if TYPE_CHECKING:
    from bot.storage import Database
    from bot.storage.discussions import Task

Act = Callable[[Article], Awaitable[object]]
Say = Callable[[Article, int, datetime], Awaitable[int]]  # with the number of replies published, and the first attempt
# The last word of an earlier attempt, looked for from that time on.
Find = Callable[[Article, datetime], Awaitable[int | None]]
Unsay = Callable[[Article, int], Awaitable[object]]


async def close(db: Database, article_id: int, *, server_id: int, editor_id: int, now: datetime) -> tuple[Article, int]:
    """Take no replies any more; gives how many are still held or on their way, and may yet appear.

    The sweep says a last word and locks the thread when none is left. Raises ArticleNotFound or DiscussionClosed.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        before = await articles.get(conn, article_id, server_id=server_id)
        if before is None or before.thread_id is None:
            raise ArticleNotFound
        article = await discussions.close(conn, article_id, now=now)
        if article is None:
            raise DiscussionClosed
        await audit.append(conn, server_id, Action.ARTICLE_CLOSED, actor_id=editor_id, at=now, subject_id=article_id)
        return article, await discussions.count_coming(conn, article_id)


async def reopen(db: Database, article_id: int, *, server_id: int, editor_id: int, now: datetime) -> Article:
    """Take replies again; the sweep unlocks the thread. Raises ArticleNotFound or AlreadyOpen."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if await articles.get(conn, article_id, server_id=server_id) is None:
            raise ArticleNotFound
        article = await discussions.reopen(conn, article_id)
        if article is None:
            raise AlreadyOpen
        await audit.append(conn, server_id, Action.ARTICLE_REOPENED, actor_id=editor_id, at=now, subject_id=article_id)
    return article


async def tend(
    db: Database,
    article_id: int,
    *,
    clock: Clock,
    open_thread: Act,
    lock_thread: Act,
    say: Say,
    find: Find,
    unsay: Unsay,
) -> Article | None:
    """Open the thread and take the last word back, or say one, once, and lock; None when nothing is due.

    All acts but `say` may run twice.
    """
    async with db.begin() as conn:
        task = await discussions.lease(conn, article_id, now=clock())
    if task is None:
        return None
    async with putting_off(db, clock, articles.put_off, article_id, tried=task.is_retry):
        if task.article.status == ArticleStatus.OPEN:
            await open_thread(task.article)
            await _take_back(db, task, find, unsay)
        else:
            await _have_last_word(db, task, say, find)
            await lock_thread(task.article)
    # Who changes the thread again and again is not followed at once.
    until = clock() + RETRY if task.is_repair else None
    async with db.begin() as conn:
        await discussions.record_shown(conn, article_id, task.article.status, until=until)
    return task.article


async def look(db: Database, thread_id: int, *, archived: bool, locked: bool) -> bool:
    """Have a thread brought back that was changed by somebody else; True when it is to be."""
    async with db.read() as conn:
        article = await discussions.get_by_thread(conn, thread_id)
    if article is None or _is_as_it_should_be(article, archived=archived, locked=locked):
        return False
    async with db.begin() as conn:
        await discussions.doubt(conn, article.id)
    return True


async def compare(db: Database, server_id: int, *, fine: Collection[int], active: Collection[int]) -> bool:
    """Likewise for all threads of a server: `fine` ones are active and unlocked, `active` ones not in the archive."""
    async with db.begin() as conn:
        return await discussions.doubt_others(conn, server_id, fine=fine, active=active)


def _is_as_it_should_be(article: Article, *, archived: bool, locked: bool) -> bool:
    if article.status == ArticleStatus.OPEN:
        return not archived and not locked
    return archived and locked


async def _have_last_word(db: Database, task: Task, say: Say, find: Find) -> None:
    if task.last_word_id is not None:
        return
    found = await find(task.article, task.first_at) if task.is_retry else None
    message_id = found or await say(task.article, task.published, task.first_at)
    async with db.begin() as conn:
        await discussions.record_last_word(conn, task.article.id, message_id)


async def _take_back(db: Database, task: Task, find: Find, unsay: Unsay) -> None:
    message_id = task.last_word_id or (await find(task.article, task.first_at) if task.is_retry else None)
    if message_id is not None:
        await unsay(task.article, message_id)
    async with db.begin() as conn:
        await discussions.record_last_word(conn, task.article.id, None)
