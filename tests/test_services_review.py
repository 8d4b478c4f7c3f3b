"""Moderators decide: one decision a reply, the right one told who was faster, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.errors import AlreadyDecided, DecidedByYou, NotPublished, OwnReply, ReplyNotFound, StaleRevision, UserError
from bot.models import Action, Guideline, NoticeKind, Reply, ReplyStatus
from bot.services import removals, replies, review, settings
from bot.storage import Database, audit, decisions, tables
from tests.givens import (
    ANN,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    approve,
    given_article,
    given_published,
    given_reply,
)


async def reject(db: Database, reply: Reply, *, moderator: int = MODERATOR, revision: int | None = 1) -> Reply:
    return await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=moderator,
        revision=revision,
        guideline=Guideline.PERSONAL_ATTACK,
        sentence="Speak about the matter.",
        now=NOW,
    )


async def decisions_of(db: Database, reply: Reply) -> list[tuple[Action, int]]:
    async with db.read() as conn:
        return [(action, moderator) for action, _, moderator, _ in await decisions.list_of(conn, reply.id)]


async def notices_of(db: Database, reply: Reply) -> list[str]:
    query = select(tables.notices.c.kind).where(tables.notices.c.reply_id == reply.id)
    async with db.read() as conn:
        return list((await conn.execute(query)).scalars())


async def test_an_approval_is_one_decision_and_one_audit_entry_and_tells_nobody_yet(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    approved = await approve(db, reply)

    assert (approved.status, approved.decided_by) == (ReplyStatus.APPROVED, MODERATOR)
    assert await decisions_of(db, reply) == [(Action.APPROVE, MODERATOR)]
    assert await notices_of(db, reply) == []
    async with db.read() as conn:
        entry = (await audit.list_all(conn, SERVER))[-1]
    assert (entry.action, entry.actor_id, entry.subject_id) == (Action.APPROVE, MODERATOR, reply.id)


async def test_a_rejection_names_the_guideline_and_tells_the_author(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    rejected = await reject(db, reply)

    assert (rejected.status, rejected.guideline) == (ReplyStatus.REJECTED, Guideline.PERSONAL_ATTACK)
    assert rejected.sentence == "Speak about the matter."
    assert await notices_of(db, reply) == [NoticeKind.REJECTED]


async def test_authors_are_told_nothing_where_the_setting_is_off(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await settings.change(db, SERVER, "notify_author", "off", actor_id=1, now=NOW)

    await reject(db, reply)

    assert await notices_of(db, reply) == []


async def test_of_twenty_decisions_at_the_same_instant_one_counts_and_the_others_learn_who_was_faster(
    db: Database,
) -> None:
    reply = await given_reply(db, await given_article(db))
    presses = [
        reject(db, reply, moderator=moderator) if moderator % 2 else approve(db, reply, moderator=moderator)
        for moderator in range(500, 520)
    ]

    results = await asyncio.gather(*presses, return_exceptions=True)

    winners = [result for result in results if isinstance(result, Reply)]
    losers = [result for result in results if isinstance(result, AlreadyDecided)]
    assert (len(winners), len(losers)) == (1, 19)
    assert len(await decisions_of(db, reply)) == 1
    assert all(f"<@{winners[0].decided_by}> was faster" in str(loser) for loser in losers)


async def test_a_rejection_pressed_six_times_at_once_tells_the_author_once(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    await asyncio.gather(*(reject(db, reply) for _ in range(6)))

    assert await decisions_of(db, reply) == [(Action.REJECT, MODERATOR)]
    assert await notices_of(db, reply) == [NoticeKind.REJECTED]


async def test_who_decides_otherwise_what_they_have_decided_is_told_so(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await approve(db, reply)

    with pytest.raises(DecidedByYou, match="You have decided #1 before"):
        await reject(db, reply, moderator=MODERATOR)


async def test_pressing_approve_twice_is_one_decision_and_no_error(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    first, second = await approve(db, reply), await approve(db, reply)

    assert second.status == first.status == ReplyStatus.APPROVED
    assert await decisions_of(db, reply) == [(Action.APPROVE, MODERATOR)]


async def test_a_second_decision_of_another_kind_is_refused(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await approve(db, reply)

    with pytest.raises(AlreadyDecided):
        await reject(db, reply)

    assert await decisions_of(db, reply) == [(Action.APPROVE, MODERATOR)]


async def test_a_decision_on_a_revision_that_is_no_longer_the_latest_is_refused(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    revised = (await replies.revise(db, reply.id, "Another point.", author_id=ANN, now=NOW)).reply

    with pytest.raises(StaleRevision) as caught:
        await approve(db, reply, revision=1)

    assert caught.value.reply == revised
    assert await decisions_of(db, reply) == []
    assert (await approve(db, reply, revision=2)).status == ReplyStatus.APPROVED


async def test_nobody_decides_their_own_reply(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    with pytest.raises(OwnReply):
        await approve(db, reply, moderator=ANN)
    with pytest.raises(OwnReply):
        await reject(db, reply, moderator=ANN)

    assert await decisions_of(db, reply) == []


async def test_a_moderator_of_one_server_never_touches_another(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    with pytest.raises(ReplyNotFound):
        await review.approve(db, reply.id, server_id=101, moderator_id=MODERATOR, revision=1, now=NOW)

    assert await decisions_of(db, reply) == []


async def test_changes_can_be_requested_again_after_a_revision(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    for revision, text in ((1, "Two."), (2, "Three.")):
        asked = await review.request_changes(
            db,
            reply.id,
            server_id=SERVER,
            moderator_id=MODERATOR,
            revision=revision,
            sentence="Please explain.",
            now=NOW,
        )
        assert asked.status == ReplyStatus.CHANGES_REQUESTED
        assert await notices_of(db, reply) == [NoticeKind.CHANGES_REQUESTED]
        await replies.revise(db, reply.id, text, author_id=ANN, now=NOW)

    assert await decisions_of(db, reply) == [(Action.REQUEST_CHANGES, MODERATOR)] * 2
    assert await notices_of(db, reply) == []  # it has been done


async def test_a_published_reply_can_be_removed_once(db: Database) -> None:
    reply = await given_published(db, await given_article(db))

    removed = await removals.remove(
        db, reply.id, server_id=SERVER, moderator_id=OTHER_MODERATOR, sentence=None, now=NOW
    )

    assert (removed.status, removed.message_id) == (ReplyStatus.REMOVED, 401)
    assert await notices_of(db, reply) == [NoticeKind.PUBLISHED, NoticeKind.REMOVED]
    with pytest.raises(NotPublished):
        await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)


async def test_a_held_reply_cannot_be_removed(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    with pytest.raises(NotPublished):
        await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)


async def test_every_entry_of_the_audit_trail_hashes_the_one_before(db: Database) -> None:
    article = await given_article(db)
    await asyncio.gather(*(given_reply(db, article, f"Point {number}.") for number in range(10)))

    async with db.read() as conn:
        entries = await audit.list_all(conn, SERVER)

    previous = ""
    for position, entry in enumerate(entries, start=1):
        body = [SERVER, position, NOW.isoformat(), entry.actor_id, entry.action, entry.subject_id, entry.details]
        previous = audit.digest(previous, body)
        assert entry.digest == previous
    assert len(entries) == 12


@pytest.mark.parametrize("own", ["revise", "withdraw"])
async def test_an_author_and_a_moderator_at_the_same_instant_never_wait_for_each_other(db: Database, own: str) -> None:
    article = await given_article(db)
    for number in range(12):
        reply = await given_reply(db, article, f"Point {number}.")
        act = (
            replies.revise(db, reply.id, f"Point {number}, revised.", author_id=ANN, now=NOW)
            if own == "revise"
            else replies.withdraw(db, reply.id, author_id=ANN, now=NOW)
        )

        results = await asyncio.gather(act, approve(db, reply), return_exceptions=True)

        refused = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(error, UserError) for error in refused), refused
