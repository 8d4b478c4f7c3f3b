"""When a decision is taken back, so is what it led to: what its author was to be told, and the strike for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.models import Action, NoticeKind, NoticeStatus, Pick, ReplyStatus, SanctionKind
from bot.services import appeals, bulk, removals, reports, review, sanctions, settings, strikes
from bot.storage import Database, decisions, tables
from bot.storage import replies as stored_replies
from bot.storage import strikes as stored_strikes
from tests.givens import (
    ANN,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    given_article,
    given_published,
    given_reply,
)
from tests.test_removals import Thread

if TYPE_CHECKING:
    from bot.models import Reply, Sanction

WHO: dict[str, Any] = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
OTHER: dict[str, Any] = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": NOW}
IN_TIME = {**WHO, "now": NOW + timedelta(seconds=30)}


async def waiting(db: Database) -> list[NoticeKind]:
    """What Ann is yet to be told, but for penalties."""
    unsent = (tables.notices.c.status == NoticeStatus.WAITING, tables.notices.c.reply_id.is_not(None))
    async with db.read() as conn:
        query = select(tables.notices.c.kind).where(*unsent, tables.notices.c.kind != NoticeKind.PUBLISHED)
        return [NoticeKind(kind) for kind in (await conn.execute(query)).scalars()]


async def in_force(db: Database, reply: Reply) -> list[Action]:
    async with db.read() as conn:
        return [action for action, *_ in await decisions.list_of(conn, reply.id)]


async def now_of(db: Database, reply: Reply) -> Reply:
    async with db.read() as conn:
        found = await stored_replies.get(conn, reply.id)
    assert found is not None
    return found


async def given_restored_without_message(db: Database) -> Reply:
    """A reply that waits to be published anew, since its message was deleted when it was removed."""
    reply = await given_published(db, await given_article(db))
    await settings.change(db, SERVER, "tombstone", "off", actor_id=1, now=NOW)
    await removals.remove(db, reply.id, **WHO, sentence=None)
    await Thread().sweep(db)
    return await removals.restore(db, reply.id, **OTHER, sentence=None)


async def ban(db: Database) -> Sanction:
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    return await sanctions.impose(db, ANN, SanctionKind.BAN, **WHO)


async def given_asked(db: Database) -> Reply:
    """A reply whose author is to be told that it needs changes."""
    reply = await given_reply(db, await given_article(db))
    return await review.request_changes(db, reply.id, **WHO, revision=1, sentence="Shorter.")


async def test_nobody_is_told_that_a_reply_is_back_when_its_approval_is_undone(db: Database) -> None:
    reply = await given_restored_without_message(db)
    before = await waiting(db)

    await review.undo(db, reply.id, **OTHER)

    assert before == [NoticeKind.RESTORED]
    assert await waiting(db) == []


async def test_nobody_is_told_that_a_reply_is_back_when_discord_refuses_to_publish_it_anew(db: Database) -> None:
    reply = await given_restored_without_message(db)

    await review.send_back(db, reply.id, reason="Discord does not like it.", now=NOW)

    assert (await now_of(db, reply)).status is ReplyStatus.PENDING
    assert await waiting(db) == []


async def test_who_is_banned_is_not_asked_for_changes_any_more_and_is_when_the_ban_is_undone(db: Database) -> None:
    reply = await given_asked(db)
    banned = await ban(db)
    while_banned = await waiting(db)

    await sanctions.undo_ban(db, banned.id, **IN_TIME)

    assert while_banned == []
    assert (await now_of(db, reply)).status is ReplyStatus.CHANGES_REQUESTED
    assert await waiting(db) == [NoticeKind.CHANGES_REQUESTED]


async def test_who_was_told_of_a_request_before_a_ban_is_not_told_again_after_it(db: Database) -> None:
    await given_asked(db)
    async with db.begin() as conn:
        await conn.execute(tables.notices.update().values(status=NoticeStatus.SENT))
    banned = await ban(db)

    await sanctions.undo_ban(db, banned.id, **IN_TIME)

    assert await waiting(db) == []


async def test_a_strike_for_a_reply_rejected_with_others_is_lifted_when_that_is_undone(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    async with db.begin() as conn:
        await stored_replies.record_card_shown(conn, reply.id, shows=reply.card_key, now=NOW)
    made, _, _ = await bulk.preview(db, Pick(), Action.REJECT, **WHO, guideline="spam")
    await bulk.carry_out(db, made.id, **WHO)
    await strikes.give(db, ANN, **OTHER, guideline="spam", reply_id=reply.id)

    undone = await bulk.undo(db, made.id, **IN_TIME)

    async with db.read() as conn:
        assert undone == 1
        assert await stored_strikes.list_unlifted(conn, SERVER, ANN) == []


async def test_an_upheld_appeal_leaves_no_request_for_changes_in_force(db: Database) -> None:
    reply = await given_asked(db)
    await ban(db)
    opened = await appeals.appeal(db, reply.id, "It is fair.", author_id=ANN, now=NOW)

    await appeals.uphold(db, reply.id, opened.id, **OTHER, sentence=None)

    assert await in_force(db, reply) == [Action.APPROVE]


async def test_an_appeal_is_upheld_about_what_was_published_before_changes_were_asked_for(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await reports.request_changes(db, reply.id, **WHO, revision=1, sentence="Shorter.")
    await ban(db)
    opened = await appeals.appeal(db, reply.id, "It is fair.", author_id=ANN, now=NOW)

    await appeals.uphold(db, reply.id, opened.id, **OTHER, sentence=None)

    assert (await now_of(db, reply)).status is ReplyStatus.APPROVED
    assert await in_force(db, reply) == [Action.APPROVE]
