"""Reports: gathered, held against floods, decided once with whatever decides the reply, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.errors import (
    GuidelineUnknown,
    NoReportsOpen,
    NotPublished,
    OutcomeUnknown,
    OwnReply,
    OwnReplyReported,
    ReplyKept,
    ReportDecided,
    ReportedByYou,
    ReportsUpToNow,
    TooManyOpenReports,
)
from bot.models import Accuracy, Action, NoticeKind, Reply, ReplyStatus, ReportOutcome
from bot.services import matters, removals, replies, report_cards, reports, servers, settings
from bot.storage import Database, audit, sweep, tables
from bot.storage import report_cards as stored
from bot.storage import reports as stored_reports
from bot.storage.leases import SETTLE
from tests.givens import (
    ANN,
    BORIS,
    CLOCK,
    MODERATOR,
    NOW,
    SERVER,
    approve,
    given_article,
    given_published,
    given_reply,
    given_server,
    nothing_found,
    report,
)
from tests.test_removals import Thread

if TYPE_CHECKING:
    from bot.models import ReportCard, Reported

CHLOE, DAN, EVE = 23, 24, 25
BY_MODERATOR = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}


async def keep(db: Database, reply: Reply, *, moderator: int = MODERATOR) -> Reply:
    return await reports.keep(db, reply.id, server_id=SERVER, moderator_id=moderator, now=NOW)


async def ask(db: Database, reply: Reply) -> Reply:
    sentence = "Please be fair."
    return await reports.request_changes(db, reply.id, revision=reply.revision, sentence=sentence, **BY_MODERATOR)


async def remove(db: Database, reply: Reply, *, moderator: int = MODERATOR) -> Reply:
    return await removals.remove(db, reply.id, server_id=SERVER, moderator_id=moderator, sentence=None, now=NOW)


async def card_of(db: Database, reply: Reply) -> ReportCard:
    async with db.read() as conn:
        card = await stored.get_latest(conn, reply)
    assert card is not None
    return card


async def told(db: Database, member: int) -> list[str]:
    """What a member is told by direct message."""
    notices = tables.notices.c
    async with db.read() as conn:
        return list((await conn.execute(select(notices.kind).where(notices.member_id == member))).scalars())


async def trail(db: Database) -> list[Action]:
    async with db.read() as conn:
        return [entry.action for entry in await audit.list_all(conn, SERVER)]


async def due(db: Database, kind: str) -> list[int]:
    async with db.read() as conn:
        return await sweep.list_due(conn, kind, NOW)


async def now_of(db: Database, reply: Reply) -> Reply:
    return (await replies.receipt(db, reply.id)).reply


# Who may report what


async def test_a_report_is_stored_with_its_reason_on_one_open_card_for_the_reply(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    first = await report(db, reply, by=BORIS, guideline="hate_speech", sentence=" \x00 Read the end. ")
    second = await report(db, reply, by=CHLOE)

    assert (first.guideline, first.sentence) == ("hate_speech", "Read the end.")
    assert first.card_id == second.card_id
    assert (await card_of(db, reply)).version == 2
    assert (await trail(db))[-2:] == [Action.REPORT, Action.REPORT]
    assert await due(db, "report") == [first.card_id]


async def test_of_twenty_reports_by_one_person_at_once_one_is_stored(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    attempts = [report(db, reply) for _ in range(20)]

    results = await asyncio.gather(*attempts, return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyReported"] * 19 + ["Report"]


async def test_twenty_people_who_report_at_once_are_on_one_card(db: Database) -> None:
    reply = await given_published(db, await given_article(db))

    results = await asyncio.gather(*(report(db, reply, by=1000 + n) for n in range(20)))

    assert len({each.card_id for each in results}) == 1
    async with db.read() as conn:
        assert await stored_reports.count_of(conn, results[0].card_id or 0) == 20


async def test_nobody_reports_their_own_reply_or_one_that_is_not_published_or_under_no_guideline(db: Database) -> None:
    article = await given_article(db)
    reply, held = await given_published(db, article), await given_reply(db, article, "Held.")

    with pytest.raises(NotPublished):
        await report(db, held)
    with pytest.raises(OwnReplyReported):
        await report(db, reply, by=ANN)
    for guideline in ("", "politeness"):
        with pytest.raises(GuidelineUnknown):
            await report(db, reply, guideline=guideline)
    await remove(db, reply)
    with pytest.raises(NotPublished):
        await report(db, reply)


async def test_who_reports_a_lot_at_once_or_has_many_open_reports_is_asked_to_wait(db: Database) -> None:
    article = await given_article(db)
    published = [await given_reply(db, article, f"Point {n}.") for n in range(11)]
    async with db.begin() as conn:  # more than appear within a second
        await conn.execute(tables.replies.update().values(status=ReplyStatus.PUBLISHED, message_id=tables.replies.c.id))
    for each in published[:5]:
        await report(db, each)
    with pytest.raises(ReportsUpToNow):
        await report(db, published[5])
    for each in published[5:10]:
        await report(db, each, now=NOW + timedelta(minutes=11))
    with pytest.raises(TooManyOpenReports):
        await report(db, published[10], now=NOW + timedelta(hours=1))

    await keep(db, published[0])
    await report(db, published[10], now=NOW + timedelta(hours=1))


# What becomes of them


@pytest.mark.parametrize(
    ("decide", "outcome", "kind"),
    [
        (keep, ReportOutcome.KEPT, NoticeKind.REPORT_KEPT),
        (remove, ReportOutcome.REMOVED, NoticeKind.REPORT_UPHELD),
        (ask, ReportOutcome.CHANGES, NoticeKind.REPORT_CHANGES),
    ],
)
async def test_a_decision_closes_the_card_and_everybody_who_reported_is_told(
    db: Database, decide, outcome: ReportOutcome, kind: NoticeKind
) -> None:
    reply = await given_published(db, await given_article(db))
    for reporter in (BORIS, CHLOE):
        await report(db, reply, by=reporter)

    await decide(db, reply)

    card = await card_of(db, reply)
    assert (card.outcome, card.decided_by) == (outcome, MODERATOR)
    assert [await told(db, reporter) for reporter in (BORIS, CHLOE)] == [[kind]] * 2
    assert len(await told(db, ANN)) == (1 if kind is NoticeKind.REPORT_KEPT else 2)  # that it is published, and why not
    with pytest.raises(ReportDecided):
        await report(db, reply)


async def test_a_kept_text_cannot_be_reported_again_by_anybody_but_a_revised_one_can(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply)
    await keep(db, reply)
    with pytest.raises(ReplyKept):
        await report(db, reply, by=CHLOE)

    await ask(db, reply)
    assert (await card_of(db, reply)).outcome is ReportOutcome.KEPT  # decided once
    thread = Thread()
    await thread.sweep(db)
    await replies.revise(db, reply.id, "A fairer point.", author_id=ANN, now=NOW)
    await approve(db, await now_of(db, reply))
    await thread.sweep(db)

    assert (await report(db, await now_of(db, reply))).reply_id == reply.id


async def test_who_reported_what_was_removed_and_put_back_is_told_so_instead(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply)
    await remove(db, reply)
    removed = await told(db, BORIS)

    await removals.restore(db, reply.id, sentence=None, **BY_MODERATOR)

    card = await card_of(db, reply)
    assert (card.outcome, card.decided_by) == (ReportOutcome.RESTORED, MODERATOR)
    assert [removed, await told(db, BORIS)] == [[NoticeKind.REPORT_UPHELD], [NoticeKind.REPORT_RESTORED]]
    assert await due(db, "report") == []  # it was never posted
    with pytest.raises(ReportDecided, match="put it back since"):
        await report(db, reply)
    with pytest.raises(ReplyKept):
        await report(db, reply, by=CHLOE)
    await remove(db, reply)
    assert (await card_of(db, reply)).outcome is ReportOutcome.REMOVED
    assert await told(db, BORIS) == [NoticeKind.REPORT_UPHELD]


async def test_of_twenty_moderators_who_keep_at_once_one_decides_and_the_reporter_is_told_once(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply)

    results = await asyncio.gather(*(keep(db, reply) for _ in range(20)), return_exceptions=True)

    assert sum(isinstance(result, NoReportsOpen) for result in results) == 19
    assert await told(db, BORIS) == [NoticeKind.REPORT_KEPT]
    assert (await trail(db)).count(Action.REPORT_KEPT) == 1


async def test_a_reply_given_back_leaves_the_thread_before_its_revision_appears_anew(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await report(db, reply)
    await ask(db, reply)
    await replies.revise(db, reply.id, "A fairer point.", author_id=ANN, now=NOW)
    await approve(db, await now_of(db, reply))
    waiting = await due(db, "publication")

    await thread.sweep(db)

    assert waiting == []  # the old words still stand there
    assert thread.messages == {500: "text"}
    assert (await now_of(db, reply)).status is ReplyStatus.PUBLISHED


async def test_an_author_who_takes_a_reply_back_closes_the_reports_as_gone(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply)
    async with db.begin() as conn:  # its discussion was deleted
        await conn.execute(tables.replies.update().values(status=ReplyStatus.APPROVED, message_id=None))

    await replies.withdraw(db, reply.id, author_id=ANN, now=NOW)

    assert (await card_of(db, reply)).outcome is ReportOutcome.GONE
    assert await told(db, BORIS) == [NoticeKind.REPORT_GONE]


async def test_nobody_decides_what_they_wrote_or_reported_unless_they_are_alone_which_is_logged(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply, by=MODERATOR)
    for act in (keep, remove):
        with pytest.raises(ReportedByYou):
            await act(db, reply)
        with pytest.raises(OwnReply):
            await act(db, reply, moderator=ANN)
    with pytest.raises(ReportedByYou):
        await ask(db, reply)

    await settings.change(db, SERVER, "only_moderator", "on", actor_id=1, now=NOW)
    await keep(db, reply)

    assert (await trail(db))[-2:] == [Action.ONLY_MODERATOR, Action.REPORT_KEPT]


async def test_the_card_says_how_far_earlier_reports_of_each_were_right(db: Database) -> None:
    article = await given_article(db)
    one, two, three = [await given_published(db, article, f"Point {n}.", message=401 + n) for n in range(3)]
    for each in (one, two, three):
        await report(db, each)
    await report(db, three, by=CHLOE)
    await remove(db, one)
    await keep(db, two)

    async with db.read() as conn:
        shown = await report_cards.read(conn, await card_of(db, three))
    await removals.restore(db, one.id, sentence=None, **BY_MODERATOR)
    async with db.read() as conn:
        after = await stored_reports.get_accuracy(conn, SERVER, [BORIS], beside=0)

    assert shown is not None
    assert shown.accuracy == {BORIS: Accuracy(decided=2, upheld=1)}
    assert after == {BORIS: Accuracy(decided=2, upheld=0)}


# The card


async def test_a_card_whose_posting_was_lost_is_found_and_drawn_again_and_an_edit_is_repeated(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    card_id = (await report(db, reply)).card_id or 0
    posted: list[int] = []

    async def send(reported: Reported) -> int:
        posted.append(reported.count)
        raise OutcomeUnknown("lost")

    async def find(_reported: Reported) -> int | None:
        return 900 if posted else None

    async def edit(reported: Reported) -> bool:
        posted.append(reported.count)
        if len(posted) == 2:
            raise OutcomeUnknown("lost, too")
        return True

    with pytest.raises(OutcomeUnknown):
        await matters.post(db, report_cards.KIND, card_id, clock=CLOCK, send=send, find=find)
    await report(db, reply, by=CHLOE)
    await matters.post(db, report_cards.KIND, card_id, clock=lambda: NOW + SETTLE, send=send, find=find)
    with pytest.raises(OutcomeUnknown):
        await matters.refresh(db, report_cards.KIND, card_id, clock=CLOCK, edit=edit)
    for after in (SETTLE, 2 * SETTLE):
        await matters.refresh(db, report_cards.KIND, card_id, clock=lambda later=after: NOW + later, edit=edit)

    assert posted == [1, 2, 2]
    assert (await card_of(db, reply)).message_id == 900


async def test_reports_that_are_decided_before_their_card_is_posted_get_none(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply)
    await keep(db, reply)

    assert await due(db, "report") == []


async def test_an_open_card_is_posted_anew_where_reviewing_goes_on(db: Database) -> None:
    server, reply = await given_server(db), await given_published(db, await given_article(db))
    card_id = (await report(db, reply)).card_id or 0

    async def send(_reported: Reported) -> int:
        return 900

    await matters.post(db, report_cards.KIND, card_id, clock=CLOCK, send=send, find=nothing_found)
    before = await due(db, "report")
    await servers.set_up(db, replace(server, review_channel_id=203), actor_id=1, now=NOW)

    assert (before, await due(db, "report")) == ([], [card_id])


# Hiding


async def switch_on(db: Database, *, trial: str, after: str = "2") -> None:
    await settings.change(db, SERVER, "hide_after_reports", after, actor_id=1, now=NOW)
    await settings.change(db, SERVER, "hide_trial", trial, actor_id=1, now=NOW)


async def veil_all(db: Database, thread: Thread) -> None:
    async def veil(case) -> bool:
        return thread._edit(case, "hidden")

    for reply_id in await due(db, "hiding"):
        await removals.hide(db, reply_id, clock=CLOCK, veil=veil, delete=thread.delete)


@pytest.mark.parametrize("can_edit", [True, False])
async def test_enough_independent_reports_hide_a_reply_until_it_is_kept(db: Database, can_edit: bool) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread(can_edit=can_edit)
    await switch_on(db, trial="off")
    await report(db, reply, by=BORIS)
    await report(db, reply, by=DAN, joined_at=NOW - timedelta(days=6))
    await veil_all(db, thread)
    before = dict(thread.messages)
    await report(db, reply, by=CHLOE, joined_at=NOW - timedelta(days=8))
    await report(db, reply, by=EVE)
    await veil_all(db, thread)
    hidden = dict(thread.messages)

    await keep(db, reply)
    await veil_all(db, thread)
    await thread.sweep(db)

    assert before == {401: "text"}
    assert hidden == ({401: "hidden"} if can_edit else {})
    assert thread.messages == ({401: "text"} if can_edit else {500: "text"})
    assert (await trail(db)).count(Action.HIDE) == 1


async def test_in_trial_mode_it_is_only_written_down_once(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    await switch_on(db, trial="on")
    for reporter in (BORIS, CHLOE, DAN):
        await report(db, reply, by=reporter)

    card = await card_of(db, reply)
    assert (card.hidden_at, card.would_hide_at) == (None, NOW)
    assert await due(db, "hiding") == []
    assert not (await now_of(db, reply)).hidden
    assert (await trail(db)).count(Action.WOULD_HIDE) == 1


async def test_a_hidden_reply_that_is_removed_becomes_a_tombstone_and_restored_shows_its_text(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await switch_on(db, trial="off", after="1")
    await report(db, reply)
    await veil_all(db, thread)
    await remove(db, reply)
    await thread.sweep(db)
    buried = dict(thread.messages)

    await removals.restore(db, reply.id, sentence=None, **BY_MODERATOR)
    await thread.sweep(db)

    assert buried == {401: "tombstone"}
    assert thread.messages == {401: "text"}


async def test_a_reply_that_is_kept_while_it_is_being_hidden_stands_there_in_the_end(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await switch_on(db, trial="off", after="1")
    await report(db, reply)

    async def veil(case) -> bool:
        await keep(db, reply)
        return thread._edit(case, "hidden")

    await removals.hide(db, reply.id, clock=CLOCK, veil=veil, delete=thread.delete)
    await thread.sweep(db)

    assert thread.messages == {401: "text"}
