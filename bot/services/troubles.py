"""Troubles: what a person has to mend; the moderators are told once, and once more when it is mended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

from bot.models import ArticleStatus
from bot.services.errands import Clock, putting_off
from bot.storage import articles, servers, sweep, troubles
from bot.troubles import SEEN, Found, Trouble, TroubleKind

if TYPE_CHECKING:
    from bot.models import Article
    from bot.storage import Connection, Database

Message = tuple[int, int]  # channel's id, message's id
# Also when it is mended: then its message is brought up to date. None: there is nobody who could be told.
Send = Callable[[Trouble], Awaitable[Message | None]]
# The message of an earlier attempt, looked for from that time on.
Find = Callable[[Trouble, datetime], Awaitable[Message | None]]


async def notice(
    db: Database, server_id: int, kind: TroubleKind, *, subject_id: int, now: datetime, **details: object
) -> Trouble | None:
    """Write a trouble down; the sweep tells the moderators. None when it is known already. Safe to call often."""
    async with db.begin() as conn:
        await servers.ensure(conn, server_id)
        return await troubles.add(conn, server_id, kind, subject_id=subject_id, details=details, now=now)


async def mend(
    db: Database, server_id: int, kind: TroubleKind, *, subject_id: int | None = None, now: datetime
) -> list[Trouble]:
    """Close a trouble, or all of a kind, and let work go on at once; gives those that were open. Safe to call often."""
    async with db.begin() as conn:
        mended = await troubles.mend(conn, server_id, kind, subject_id=subject_id, now=now)
        if mended:
            await sweep.release(conn, server_id)
    return mended


async def retry(db: Database, server_id: int) -> None:
    """Let what was refused in a server be tried again at once."""
    async with db.begin() as conn:
        await sweep.release(conn, server_id)


async def compare(db: Database, server_id: int, seen: Collection[Found], *, now: datetime, new: bool = True) -> bool:
    """Write down what a look at a server shows, close what it no longer shows; True when something has changed.

    `new=False` only closes. Nothing is written when all is as it was, so this is cheap to call.
    """
    async with db.read() as conn:
        known = {(t.kind, t.subject_id) for t in await troubles.list_open(conn, server_id) if t.kind in SEEN}
    wrong = {(found.kind, found.subject_id): found for found in seen}
    appeared = wrong.keys() - known if new else set()
    over = known - wrong.keys()
    for key in appeared:
        found = wrong[key]
        await notice(db, server_id, found.kind, subject_id=found.subject_id, now=now, **found.details)
    for kind, subject_id in over:
        await mend(db, server_id, kind, subject_id=subject_id, now=now)
    return bool(appeared or over)


async def notice_thread_gone(
    db: Database, server_id: int, thread_id: int, *, now: datetime, waits: bool = False
) -> Trouble | None:
    """The discussion was deleted by hand; None when it is no article's, known, or closed while no reply `waits`."""

    async def find(conn: Connection) -> list[Article]:
        article = await articles.get_by_thread(conn, server_id, thread_id)
        return [article] if article is not None and (waits or article.status == ArticleStatus.OPEN) else []

    noticed = await _notice_of(db, TroubleKind.THREAD_GONE, find, now=now)
    return noticed[0] if noticed else None


async def notice_card_gone(
    db: Database, server_id: int, message_ids: Collection[int], *, now: datetime
) -> list[Trouble]:
    """Cards of articles were deleted by hand; one whose discussion is gone as well is told of once."""

    async def find(conn: Connection) -> list[Article]:
        return [
            article
            for article in await articles.list_by_cards(conn, server_id, message_ids)
            if await troubles.get_open(conn, server_id, TroubleKind.THREAD_GONE, article.id) is None
        ]

    return await _notice_of(db, TroubleKind.CARD_GONE, find, now=now)


async def tell(db: Database, trouble_id: int, *, clock: Clock, send: Send, find: Find) -> Trouble | None:
    """Tell the moderators of a trouble, or that it is mended; None when it is not due or somebody else is at it."""
    async with db.begin() as conn:
        leased = await troubles.lease(conn, trouble_id, now=clock())
    if leased is None:
        return None
    trouble, tried_at = leased

    async with putting_off(db, clock, troubles.put_off, trouble_id, tried=tried_at is not None):
        found = await find(trouble, tried_at) if tried_at and trouble.message_id is None else None
        channel_id, message_id = found or await send(trouble) or (None, None)
    async with db.begin() as conn:
        await troubles.record(conn, trouble, channel_id=channel_id, message_id=message_id)
    return trouble


async def _notice_of(
    db: Database, kind: TroubleKind, find: Callable[[Connection], Awaitable[list[Article]]], *, now: datetime
) -> list[Trouble]:
    """Look before anything is written, and again with it: the article may have been posted again meanwhile."""
    async with db.read() as conn:
        if not await find(conn):
            return []
    noticed: list[Trouble | None] = []
    async with db.begin() as conn:
        for article in await find(conn):
            about = {"title": article.page.title, "channel_id": article.channel_id}
            server_id, subject_id = article.server_id, article.id
            noticed += [await troubles.add(conn, server_id, kind, subject_id=subject_id, details=about, now=now)]
    return [trouble for trouble in noticed if trouble is not None]
