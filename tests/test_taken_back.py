"""When a decision is taken back, so is what it led to: what its author was to be told, and the strike for it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from bot.errors import GuidelineMissing
from bot.models import Action, NoticeKind, NoticeStatus, Pick, ReplyStatus, SanctionKind
from bot.services import appeals, bulk, removals, reports, review, sanctions, settings, strikes
from bot.storage import Database, decisions, penalties, tables
from bot.storage import notices as stored_notices
from bot.storage import replies as stored_replies
from bot.storage import sanctions as stored_sanctions
from bot.storage import strikes as stored_strikes
from tests.givens import (
    ANN,
    BORIS,
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
    from bot.models import Article, Reply, Sanction

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
    return await sanctions.impose(db, ANN, SanctionKind.BAN, **WHO, guideline="spam")


async def told(db: Database) -> list[NoticeKind]:
    """What Ann is yet to be told of penalties."""
    unsent = (tables.notices.c.status == NoticeStatus.WAITING, tables.notices.c.reply_id.is_(None))
    async with db.read() as conn:
        found = await conn.execute(select(tables.notices.c.kind).where(*unsent).order_by(tables.notices.c.id))
        return [NoticeKind(kind) for kind in found.scalars()]


async def have_left(db: Database, *, status: NoticeStatus = NoticeStatus.SENT) -> None:
    """Let all notices have left by now."""
    async with db.begin() as conn:
        await conn.execute(tables.notices.update().values(status=status))


async def given_rejected(db: Database, article: Article | None = None) -> Reply:
    reply = await given_reply(db, article or await given_article(db), "Vile.")
    return await review.reject(db, reply.id, **WHO, revision=1, guideline="spam", sentence=None)


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


async def test_what_a_ban_rejected_is_held_again_when_another_moderator_lifts_it_later(db: Database) -> None:
    held = await given_reply(db, await given_article(db))
    await ban(db)
    await have_left(db)

    count = await sanctions.lift(db, ANN, [SanctionKind.BAN], **{**OTHER, "now": NOW + timedelta(days=3)})

    assert count == 1
    assert (await now_of(db, held)).status is ReplyStatus.PENDING
    assert await in_force(db, held) == []
    async with db.read() as conn:
        notice = (await conn.execute(tables.notices.select().where(tables.notices.c.kind == NoticeKind.LIFTED))).one()
        penalty = await penalties.get(conn, await stored_notices.get(conn, notice.id))
    assert penalty is not None
    assert penalty.swept == (held.number,)


async def test_a_ban_that_rejects_something_names_a_guideline_and_another_need_not(db: Database) -> None:
    held = await given_reply(db, await given_article(db))

    with pytest.raises(GuidelineMissing):
        await sanctions.impose(db, ANN, SanctionKind.BAN, **WHO)
    await sanctions.impose(db, BORIS, SanctionKind.BAN, **WHO)

    assert (await now_of(db, held)).status is ReplyStatus.PENDING
    async with db.read() as conn:
        assert await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW) == []


async def test_a_reply_that_was_judged_on_appeal_stays_rejected_when_the_ban_is_lifted(db: Database) -> None:
    article = await given_article(db)
    judged, other = [await given_reply(db, article, text) for text in ("One.", "Two.")]
    await ban(db)
    opened = await appeals.appeal(db, judged.id, "It is fair.", author_id=ANN, now=NOW)
    await appeals.dismiss(db, judged.id, opened.id, **OTHER, sentence=None)

    await sanctions.lift(db, ANN, [SanctionKind.BAN], **OTHER)

    assert (await now_of(db, judged)).status is ReplyStatus.REJECTED
    assert (await now_of(db, other)).status is ReplyStatus.PENDING


async def test_an_upheld_appeal_frees_what_the_ban_rejected_to_which_the_reply_led(db: Database) -> None:
    article = await given_article(db)
    vile, held = await given_rejected(db, article), await given_reply(db, article, "Mild.")
    await settings.change(db, SERVER, "ladder", "1 in 9 days: ban", actor_id=1, now=NOW)
    await strikes.give(db, ANN, **WHO, guideline="spam", reply_id=vile.id)
    opened = await appeals.appeal(db, vile.id, "It is fair.", author_id=ANN, now=NOW)

    await appeals.uphold(db, vile.id, opened.id, **OTHER, sentence=None)

    assert (await now_of(db, held)).status is ReplyStatus.PENDING
    async with db.read() as conn:
        assert await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW) == []


async def test_an_upheld_appeal_ends_what_was_imposed_by_hand_or_outlived_its_strike(db: Database) -> None:
    vile = await given_rejected(db)
    await settings.change(db, SERVER, "ladder", "1 in 9 days: pause 2 days", actor_id=1, now=NOW)
    await strikes.give(db, ANN, **WHO, guideline="spam", reply_id=vile.id)
    await strikes.lift(db, ANN, **OTHER)
    await sanctions.impose(db, ANN, SanctionKind.WARNING, **WHO, reply_id=vile.id)
    await sanctions.impose(db, ANN, SanctionKind.PAUSE, **WHO, length=timedelta(days=1))
    opened = await appeals.appeal(db, vile.id, "It is fair.", author_id=ANN, now=NOW)

    await appeals.uphold(db, vile.id, opened.id, **OTHER, sentence=None)

    async with db.read() as conn:
        kept = await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW)
    assert [sanction.reply_id for sanction in kept] == [None]  # the other pause has nothing to do with it


async def test_an_undone_ban_of_the_ladder_takes_its_strike_back_and_tells_of_neither(db: Database) -> None:
    vile = await given_rejected(db)
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    await settings.change(db, SERVER, "ladder", "1 in 9 days: ban", actor_id=1, now=NOW)
    _, (banned,) = await strikes.give(db, ANN, **WHO, guideline="spam", reply_id=vile.id)

    await sanctions.undo_ban(db, banned.id, **IN_TIME)

    assert await told(db) == []
    async with db.read() as conn:
        assert await stored_strikes.list_unlifted(conn, SERVER, ANN) == []


async def test_what_could_not_be_told_of_a_sanction_waits_when_only_its_strike_is_lifted(db: Database) -> None:
    vile = await given_rejected(db)
    await settings.change(db, SERVER, "ladder", "1 in 9 days: pause 3 days", actor_id=1, now=NOW)
    await strikes.give(db, ANN, **WHO, guideline="spam", reply_id=vile.id)
    await have_left(db, status=NoticeStatus.REFUSED)

    await strikes.lift(db, ANN, **OTHER)

    async with db.read() as conn:
        untold, _ = await stored_notices.list_untold(conn, SERVER, ANN, limit=9)
        in_force = await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW)
    assert [each.kind for each in in_force] == [SanctionKind.PAUSE]
    assert NoticeKind.SANCTIONED in [notice.kind for notice in untold]
    assert await told(db) == []  # nor that the strike is lifted, of which they know nothing


async def test_an_undone_ban_of_the_ladder_says_how_many_are_held_again_and_names_what_stands(db: Database) -> None:
    article = await given_article(db)
    vile, held = await given_rejected(db, article), await given_reply(db, article, "Another.")
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    await settings.change(db, SERVER, "ladder", "1 in 9 days: ban", actor_id=1, now=NOW)
    _, (banned,) = await strikes.give(db, ANN, **WHO, guideline="spam", reply_id=vile.id)

    async with db.read() as conn:
        penalty = await penalties.complete(conn, sanction=banned)
    assert await sanctions.undo_ban(db, banned.id, **IN_TIME) == 1
    assert penalty.swept == (held.number,)
    assert (await now_of(db, held)).status is ReplyStatus.PENDING


async def test_who_could_not_be_told_of_a_pause_is_not_told_that_it_is_over(db: Database) -> None:
    await given_rejected(db)
    await sanctions.impose(db, ANN, SanctionKind.PAUSE, **WHO, length=timedelta(days=1))
    await have_left(db, status=NoticeStatus.REFUSED)

    await sanctions.lift(db, ANN, [SanctionKind.PAUSE], **OTHER)

    async with db.read() as conn:
        untold, _ = await stored_notices.list_untold(conn, SERVER, ANN, limit=9)
    assert await told(db) == []
    assert NoticeKind.SANCTIONED not in [notice.kind for notice in untold]
