"""Removals: a moderator takes a published reply out of its discussion, or puts it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.errors import NotPublished, NotRemoved
from bot.models import Action, AppealOutcome, Case, NoticeKind, Picked, Reply, ReplyStatus
from bot.services import decisions, notices, reasons, report_cards, strikes
from bot.services.errands import Clock, putting_off
from bot.storage import appeals, cases, removals, replies, settings
from bot.storage import decisions as stored

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Connection, Database

# Each may run twice. An edit gives False when the message is gone or cannot be edited any more.
Edit = Callable[[Case], Awaitable[bool]]
Delete = Callable[[Reply, int], Awaitable[None]]  # with the id of the thread


async def remove(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    sentence: str | None,
    now: datetime,
    guideline: str | None = None,
    picked: Picked = reasons.NOTHING_PICKED,
) -> Reply:
    """Take a published reply out of the thread; the sweep sees to its message.

    Raises ReplyNotFound, OwnReply, NotPublished, GuidelineUnknown, PhraseUnknown or TextTooLong.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reason = await reasons.complete(conn, before, guideline=guideline, sentence=sentence, picked=picked)
        reply = await replies.decide(
            conn,
            reply_id,
            expected=ReplyStatus.PUBLISHED,
            revision=before.revision,
            status=ReplyStatus.REMOVED,
            decided_by=moderator_id,
            decided_at=now,
            **reason,
        )
        if reply is None:
            raise NotPublished(number=f"#{before.number}", status=before.status)
        await decisions.record(conn, reply, Action.REMOVE, moderator_id=moderator_id, now=now)
    return reply


async def restore(
    db: Database, reply_id: int, *, server_id: int, moderator_id: int, sentence: str | None, now: datetime
) -> Reply:
    """Put a removed reply back; the sweep sees to its message, and its author is told.

    `sentence` says why, to the author and in the audit. Raises ReplyNotFound, OwnReply, NotRemoved or TextTooLong.
    """
    sentence = decisions.read_sentence(sentence)
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        await appeals.decide(conn, reply_id, AppealOutcome.SETTLED, decided_by=moderator_id, now=now)
        reply = await reinstate(conn, before, moderator_id=moderator_id, sentence=sentence, now=now)
        await notices.tell(conn, reply, NoticeKind.RESTORED, now=now)
    return reply


async def reinstate(
    conn: Connection, before: Reply, *, moderator_id: int, sentence: str | None, now: datetime
) -> Reply:
    """Take the removal back with all that followed from it, as part of a transaction. Raises NotRemoved."""
    reply = await removals.restore(conn, before.id, moderator_id=moderator_id, sentence=sentence, now=now)
    if reply is None:
        raise NotRemoved(number=f"#{before.number}", status=before.status)
    await stored.undo(conn, reply, Action.REMOVE, now=now)
    await report_cards.overturn(conn, reply, now=now)
    await decisions.write_down(conn, reply, Action.RESTORE, moderator_id=moderator_id, now=now)
    await strikes.lift_of_reply(conn, reply, moderator_id=moderator_id, now=now)
    return reply


async def take_down(db: Database, reply_id: int, *, clock: Clock, bury: Edit, delete: Delete) -> Reply | None:
    """Put a tombstone in the place of a removed reply's text, or delete its message, as the server's setting says.

    One that its author was asked to change leaves none: the new text appears in a message of its own.
    None when it is not due or somebody else is at it.
    """
    async with db.begin() as conn:
        reply = await removals.lease(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
        if reply is None or case is None or case.article.thread_id is None:
            return None
        is_removed = reply.status is ReplyStatus.REMOVED
        has_tombstone = is_removed and (await settings.load(conn, reply.server_id)).tombstone

    async with putting_off(db, clock, removals.put_off, reply_id):
        is_buried = has_tombstone and await bury(case)
        if not is_buried:
            await delete(reply, case.article.thread_id)
    async with db.begin() as conn:
        await (removals.record_burial if is_buried else removals.record_deletion)(conn, reply_id)
    return reply


async def put_back(db: Database, reply_id: int, *, clock: Clock, unearth: Edit, delete: Delete) -> Reply | None:
    """Put the text of a restored reply into its message again; where that cannot be, it is published anew.

    None when it is not due or somebody else is at it.
    """
    async with db.begin() as conn:
        reply = await removals.lease_restoration(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
        if reply is None or case is None or case.article.thread_id is None:
            return None

    is_there = reply.message_id is not None
    async with putting_off(db, clock, removals.put_off, reply_id):
        is_back = is_there and await unearth(case)
        if is_there and not is_back:
            await delete(reply, case.article.thread_id)
    async with db.begin() as conn:
        await (removals.record_restoration if is_back else removals.publish_anew)(conn, reply_id)
    return reply


async def hide(db: Database, reply_id: int, *, clock: Clock, veil: Edit, delete: Delete) -> Reply | None:
    """Put a line in the place of a published reply until its reports are decided; delete what cannot be edited.

    None when it is not due or somebody else is at it.
    """
    async with db.begin() as conn:
        reply = await removals.lease_hiding(conn, reply_id, now=clock())
        case = await cases.get(conn, reply_id)
        if reply is None or case is None or case.article.thread_id is None:
            return None

    is_there = reply.message_id is not None
    async with putting_off(db, clock, removals.put_off, reply_id):
        is_veiled = is_there and await veil(case)
        if is_there and not is_veiled:
            await delete(reply, case.article.thread_id)
    async with db.begin() as conn:
        await removals.record_hiding(conn, reply_id, is_there=is_veiled)
    return reply
