"""Publishing, cards and notices: leased, acted, recorded; exactly once whatever fails in between."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.errors import OutcomeUnknown, PostRefused
from bot.models import Action, Case, Guideline, NoticeKind, NoticeStatus, Reply, ReplyStatus, Request
from bot.services import cards, notices, publishing, removals, replies, review, servers, settings
from bot.services.errands import RETRY, Clock
from bot.storage import Database, audit, cases, direct_messages, leases, sweep
from bot.storage import notices as stored_notices
from bot.storage import publishing as due
from bot.storage import replies as stored
from tests.givens import (
    BORIS,
    CLOCK,
    MODERATOR,
    NOW,
    REVIEW,
    SERVER,
    THREAD,
    a_page,
    approve,
    given_article,
    given_published,
    given_reply,
    nothing_found,
)


@dataclass
class Thread:
    """A thread as Discord keeps it: what was posted, and how the next post fails."""

    messages: dict[int, int] = field(default_factory=dict)  # message's id → reply's id
    failure: Exception | None = None
    fails_after_the_effect: bool = False
    looked_after: list[int | None] = field(default_factory=list)

    async def post(self, case: Case) -> int:
        if self.failure and not self.fails_after_the_effect:
            raise self.failure
        message_id = 400 + len(self.messages) + 1
        self.messages[message_id] = case.reply.id
        if self.failure:
            raise self.failure
        return message_id

    async def find(self, case: Case, after: int | None) -> int | None:
        self.looked_after.append(after)
        return next((message for message, reply in self.messages.items() if reply == case.reply.id), None)


def at(moment: datetime) -> Clock:
    return lambda: moment


async def publish(db: Database, reply: Reply, thread: Thread, *, clock: Clock = CLOCK) -> Reply | None:
    return await publishing.publish(db, reply.id, clock=clock, post=thread.post, find=thread.find)


async def get(db: Database, reply: Reply) -> Reply:
    async with db.read() as conn:
        stored_reply = await stored.get(conn, reply.id)
    assert stored_reply is not None
    return stored_reply


async def waiting(db: Database, moment: datetime = NOW) -> list[tuple[int, int]]:
    async with db.read() as conn:
        return [waiting[:2] for waiting in await due.list_needing_publishing(conn, moment)]


async def test_an_approved_reply_is_published_recorded_and_told(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread()

    published = await publish(db, reply, thread)

    assert published is not None
    assert (published.status, published.message_id, published.attempted_at) == (ReplyStatus.PUBLISHED, 401, None)
    assert thread.looked_after == []
    async with db.read() as conn:
        assert (await audit.list_all(conn, SERVER))[-1].action == Action.PUBLISH
        assert len(await sweep.list_due(conn, "notice", NOW)) == 1


async def test_a_held_reply_is_never_published(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    thread = Thread()

    assert await publish(db, reply, thread) is None
    assert thread.messages == {}
    assert await waiting(db) == []


async def test_of_twenty_processes_one_publishes(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread()

    results = await asyncio.gather(*(publish(db, reply, thread) for _ in range(20)))

    assert list(thread.messages.values()) == [reply.id]
    assert sum(result is not None for result in results) == 1


async def test_a_lost_answer_is_looked_for_and_the_message_adopted(db: Database) -> None:
    article = await given_article(db)
    first = await given_published(db, article, "First.", message=399)
    reply = await approve(db, await given_reply(db, article, "Second."))
    thread = Thread(failure=OutcomeUnknown("reset"), fails_after_the_effect=True)
    with pytest.raises(OutcomeUnknown):
        await publish(db, reply, thread)
    thread.failure = None

    too_early = await publish(db, reply, thread, clock=at(NOW + leases.SETTLE - timedelta(seconds=1)))
    adopted = await publish(db, reply, thread, clock=at(NOW + leases.SETTLE))

    assert too_early is None
    assert adopted is not None
    assert adopted.message_id == 401
    assert list(thread.messages.values()) == [reply.id]
    assert thread.looked_after == [first.message_id]


async def test_a_post_that_never_arrived_is_posted_on_the_second_attempt(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread(failure=OutcomeUnknown("reset"))
    with pytest.raises(OutcomeUnknown):
        await publish(db, reply, thread)
    thread.failure = None

    published = await publish(db, reply, thread, clock=at(NOW + leases.SETTLE))

    assert published is not None
    assert list(thread.messages.values()) == [reply.id]
    assert thread.looked_after == [None]


async def test_a_refusal_is_tried_again_later_without_looking(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread(failure=PostRefused("missing permission"))
    with pytest.raises(PostRefused):
        await publish(db, reply, thread)
    thread.failure = None

    assert await waiting(db, NOW + RETRY - timedelta(seconds=1)) == []
    assert await publish(db, reply, thread, clock=at(NOW + RETRY)) is not None
    assert thread.looked_after == []


async def test_a_refusal_after_an_unknown_outcome_still_looks_the_next_time(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread(failure=OutcomeUnknown("reset"), fails_after_the_effect=True)
    with pytest.raises(OutcomeUnknown):
        await publish(db, reply, thread)

    async def refused(*_: object) -> int | None:
        raise PostRefused("no history")

    later = at(NOW + leases.SETTLE)
    with pytest.raises(PostRefused):
        await publishing.publish(db, reply.id, clock=later, post=thread.post, find=refused)
    thread.failure = None

    assert await publish(db, reply, thread, clock=at(NOW + leases.SETTLE + RETRY)) is not None
    assert list(thread.messages.values()) == [reply.id]


async def test_what_a_process_held_when_it_died_is_found_when_the_lease_has_run_out(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    async with db.begin() as conn:
        assert await due.lease_publication(conn, reply.id, now=NOW) is False
    thread = Thread(messages={401: reply.id})

    too_early = await publish(db, reply, thread, clock=at(NOW + leases.LEASE - timedelta(seconds=1)))
    adopted = await publish(db, reply, thread, clock=at(NOW + leases.LEASE))

    assert too_early is None
    assert adopted is not None
    assert adopted.message_id == 401


async def test_replies_of_a_thread_appear_one_at_a_time_in_the_order_of_approval(db: Database) -> None:
    article = await given_article(db)
    early = await given_reply(db, article, "Sent first.")
    late = await given_reply(db, article, "Sent second.", author=BORIS)
    await approve(db, late)
    await approve(db, early)

    assert await waiting(db) == [(late.id, THREAD)]
    thread = Thread()
    await publish(db, late, thread)
    assert await waiting(db) == [(early.id, THREAD)]


async def test_an_outstanding_publication_holds_up_its_own_thread_only(db: Database) -> None:
    here = await given_article(db)
    there = await given_article(db, page=a_page("Another", address="https://paper.example/other"))
    stuck = await approve(db, await given_reply(db, here, "Stuck."))
    await approve(db, await given_reply(db, here, "Behind it."))
    free = await approve(db, await given_reply(db, there, "Elsewhere."))
    with pytest.raises(OutcomeUnknown):
        await publish(db, stuck, Thread(failure=OutcomeUnknown("timeout")))

    assert [reply_id for reply_id, _ in await waiting(db)] == [free.id]


async def test_a_removed_reply_is_taken_down_once(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await settings.change(db, SERVER, "tombstone", "off", actor_id=1, now=NOW)
    await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)
    deleted: list[tuple[int | None, int]] = []

    async def delete(taken: Reply, thread_id: int) -> None:
        deleted.append((taken.message_id, thread_id))

    for _ in range(2):
        await removals.take_down(db, reply.id, clock=CLOCK, bury=nothing_found, delete=delete)

    assert deleted == [(401, THREAD)]
    assert (await get(db, reply)).status == ReplyStatus.REMOVED


async def test_every_held_reply_gets_one_card(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    sent: list[Case] = []

    async def send(case: Case) -> int:
        sent.append(case)
        return 501

    for _ in range(2):
        await cards.post(db, reply.id, clock=CLOCK, send=send, find=nothing_found)

    assert [case.reply.id for case in sent] == [reply.id]
    carded = await get(db, reply)
    assert (carded.card_message_id, carded.card_shows) == (501, "pending:1:0")


async def test_a_card_whose_answer_was_lost_is_looked_for(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    async def lose(_case: Case) -> int:
        raise OutcomeUnknown("reset")

    async def find(_case: Case, since: datetime, _replaced: int | None) -> int:
        assert since == NOW
        return 501

    with pytest.raises(OutcomeUnknown):
        await cards.post(db, reply.id, clock=CLOCK, send=lose, find=find)
    adopted = await cards.post(db, reply.id, clock=at(NOW + leases.SETTLE), send=lose, find=find)

    assert adopted == 501
    async with db.read() as conn:
        assert await sweep.list_due(conn, "outdated card", NOW) == [reply.id]  # it may show an older state


@pytest.mark.parametrize("posted", [501, None])
async def test_a_reply_withdrawn_while_its_cards_answer_was_lost_keeps_that_card_and_gets_no_other(
    db: Database, posted: int | None
) -> None:
    reply = await given_reply(db, await given_article(db))

    async def lose(_case: Case) -> int:
        raise OutcomeUnknown("reset")

    async def find(_case: Case, _since: datetime, _replaced: int | None) -> int | None:
        return posted

    with pytest.raises(OutcomeUnknown):
        await cards.post(db, reply.id, clock=CLOCK, send=lose, find=find)
    await replies.withdraw(db, reply.id, author_id=reply.author.id, now=NOW)
    async with db.read() as conn:
        assert await sweep.list_due(conn, "card", NOW + leases.SETTLE) == [reply.id]
    await cards.post(db, reply.id, clock=at(NOW + leases.SETTLE), send=lose, find=find)

    assert (await get(db, reply)).card_message_id == posted
    async with db.read() as conn:
        assert await sweep.list_due(conn, "card", NOW + leases.SETTLE) == []
        assert await sweep.list_due(conn, "outdated card", NOW) == ([reply.id] if posted else [])


async def test_a_decided_reply_is_not_held_up_by_a_review_channel_that_refuses_to_be_searched(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    async def lose(_case: Case) -> int:
        raise OutcomeUnknown("reset")

    async def refuse(*_: object) -> int:
        raise PostRefused("403")

    with pytest.raises(OutcomeUnknown):
        await cards.post(db, reply.id, clock=CLOCK, send=lose, find=refuse)
    await approve(db, reply)
    later = NOW + leases.SETTLE
    async with db.read() as conn:
        assert await sweep.list_due(conn, "card", later) == []
        assert await sweep.list_due(conn, "publication", later) == [reply.id]
    await publish(db, reply, Thread(), clock=at(later))
    with pytest.raises(PostRefused):
        await cards.post(db, reply.id, clock=at(later), send=lose, find=refuse)

    async with db.read() as conn:
        assert await sweep.list_due(conn, "card", later + RETRY) == []


async def test_a_card_is_drawn_again_when_its_reply_stands_differently(db: Database) -> None:
    reply = await given_carded(db)
    drawn: list[str] = []

    async def edit(case: Case) -> bool:
        drawn.append(case.reply.card_key)
        return True

    await cards.refresh(db, reply.id, clock=CLOCK, edit=edit)
    await review.request_changes(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Say who.", now=NOW
    )
    async with db.read() as conn:
        assert await sweep.list_due(conn, "outdated card", NOW) == [reply.id]
    for _ in range(2):
        await cards.refresh(db, reply.id, clock=CLOCK, edit=edit)

    assert drawn == ["changes_requested:1:0"]
    async with db.read() as conn:
        assert await sweep.list_due(conn, "outdated card", NOW) == []


async def test_a_card_is_drawn_once_more_when_a_lost_edit_may_come_over_what_a_press_has_drawn(db: Database) -> None:
    reply = await given_carded(db)
    await approve(db, reply)

    async def lose(_case: Case) -> bool:
        raise OutcomeUnknown("reset")

    with pytest.raises(OutcomeUnknown):
        await cards.refresh(db, reply.id, clock=CLOCK, edit=lose)
    async with db.begin() as conn:
        await stored.record_card_shown(conn, reply.id, shows="approved:1", now=NOW)

    async with db.read() as conn:
        later = NOW + sweep.CARD_PATIENCE + timedelta(seconds=1)
        assert await sweep.list_due(conn, "outdated card", later) == [reply.id]


async def test_a_start_does_not_hasten_the_next_edit_of_a_card_while_a_lost_one_may_still_come(db: Database) -> None:
    reply = await given_carded(db)
    await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=1,
        guideline=Guideline.SPAM,
        sentence=None,
        now=NOW,
    )

    async def lose(_case: Case) -> bool:
        raise OutcomeUnknown("reset")

    with pytest.raises(OutcomeUnknown):
        await cards.refresh(db, reply.id, clock=CLOCK, edit=lose)
    await servers.come_back(db, reply.server_id)

    async with db.read() as conn:
        assert await sweep.list_due(conn, "outdated card", NOW) == []
        assert await sweep.list_due(conn, "outdated card", NOW + leases.SETTLE) == [reply.id]


async def test_the_card_of_an_approved_reply_is_left_alone_until_one_edit_shows_that_it_is_published(
    db: Database,
) -> None:
    reply = await approve(db, await given_carded(db))

    async def outdated(moment: datetime) -> list[int]:
        async with db.read() as conn:
            return await sweep.list_due(conn, "outdated card", moment)

    assert await outdated(NOW + timedelta(minutes=8)) == []
    assert await outdated(NOW + sweep.CARD_PATIENCE + timedelta(seconds=1)) == [reply.id]
    assert await outdated(NOW - timedelta(hours=1)) == [reply.id]  # the clock was set back: nobody knows how long ago
    await publish(db, reply, Thread())
    assert await outdated(NOW) == [reply.id]


async def test_a_deleted_card_of_a_held_reply_is_posted_again(db: Database) -> None:
    reply = await given_carded(db)
    await replies.revise(db, reply.id, "Edited.", author_id=reply.author.id, now=NOW)

    async def gone(_case: Case) -> bool:
        return False

    await cards.refresh(db, reply.id, clock=CLOCK, edit=gone)

    async with db.read() as conn:
        assert await sweep.list_due(conn, "card", NOW) == [reply.id]


async def test_a_revision_after_a_request_gets_a_new_card_and_the_old_one_is_deleted_once(db: Database) -> None:
    reply = await given_carded(db)
    await review.request_changes(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Say who.", now=NOW
    )
    await replies.revise(db, reply.id, "The mayor said so.", author_id=reply.author.id, now=NOW)
    deleted: list[tuple[int, int]] = []

    async def delete(_case: Case, channel_id: int, message_id: int) -> None:
        deleted.append((channel_id, message_id))

    for _ in range(2):
        await cards.discard(db, reply.id, clock=CLOCK, delete=delete)

    assert deleted == [(REVIEW, 501)]
    async with db.read() as conn:
        assert await sweep.list_due(conn, "superseded card", NOW) == []
        assert await sweep.list_due(conn, "card", NOW) == [reply.id]
        case = await cases.get(conn, reply.id)
    assert case is not None
    assert case.request == Request(MODERATOR, "Say who.", 1, "A fair point.")


async def test_a_card_stays_when_the_one_before_it_is_not_deleted_yet(db: Database) -> None:
    reply = await given_carded(db)
    for revision, words in ((1, "The mayor said so."), (2, "The mayor said so on Monday.")):
        await review.request_changes(
            db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=revision, sentence="Say who.", now=NOW
        )
        await replies.revise(db, reply.id, words, author_id=reply.author.id, now=NOW)

    async with db.read() as conn:
        assert await due.get_superseded_card(conn, reply.id) == (REVIEW, 501)


async def test_a_notice_is_sent_once_and_a_refused_one_stays_to_be_read(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)
    async with db.read() as conn:
        first, second = await sweep.list_due(conn, "notice", NOW)
    delivered: list[str] = []

    async def deliver(notice: object, _case: Case) -> bool:
        delivered.append(notice.kind)  # type: ignore[attr-defined]
        return len(delivered) == 1

    times = [NOW, NOW, NOW + direct_messages.GAP]
    results = [
        await notices.send(db, notice_id, a_day=100, clock=at(moment), deliver=deliver)
        for notice_id, moment in zip((first, first, second), times, strict=True)
    ]

    assert results == [NoticeStatus.SENT, None, NoticeStatus.REFUSED]
    assert delivered == [NoticeKind.PUBLISHED, NoticeKind.REMOVED]
    async with db.read() as conn:
        assert [n.id for n in await stored_notices.list_refused(conn, SERVER, reply.author.id)] == [second]


async def given_carded(db: Database) -> Reply:
    reply = await given_reply(db, await given_article(db))

    async def send(_case: Case) -> int:
        return 501

    await cards.post(db, reply.id, clock=CLOCK, send=send, find=nothing_found)
    return reply
