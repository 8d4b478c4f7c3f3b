"""Appeals: one for each decision, decided once by another moderator, and what follows, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.errors import (
    AlreadyAppealed,
    AlreadyDecided,
    ApprovedOnAppeal,
    DecisionAppealed,
    NoAppealOpen,
    NothingToAppeal,
    NotYourReply,
    OwnReply,
    ReplyNotFound,
    ReportedByYou,
    TextEmpty,
    TextTooLong,
    TooManyOpenAppeals,
)
from bot.models import Action, Appeal, AppealOutcome, Guideline, NoticeKind, Pick, Reply, ReplyStatus, SanctionKind
from bot.services import (
    appeals,
    bulk,
    discussions,
    matters,
    opinions,
    removals,
    replies,
    review,
    sanctions,
    servers,
    settings,
    stats,
    strikes,
)
from bot.services import appearances as letters
from bot.storage import Database, audit, sweep, tables
from bot.storage import appeals as stored
from bot.storage import decisions as stored_decisions
from bot.storage import replies as stored_replies
from bot.storage import sanctions as stored_sanctions
from tests.givens import (
    ANN,
    BORIS,
    CLOCK,
    EDITOR,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
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
    from bot.models import Appealed

LATER = NOW + timedelta(hours=3)
THIRD_MODERATOR = 14


async def reject(db: Database, reply: Reply, *, moderator: int = MODERATOR, guideline: str = "spam") -> Reply:
    about = {"revision": reply.revision, "guideline": guideline, "sentence": None, "now": NOW}
    return await review.reject(db, reply.id, server_id=SERVER, moderator_id=moderator, **about)


async def remove(db: Database, reply: Reply, *, moderator: int = MODERATOR, guideline: str | None = None) -> Reply:
    who = {"server_id": SERVER, "moderator_id": moderator, "now": NOW}
    return await removals.remove(db, reply.id, sentence=None, guideline=guideline, **who)


async def given_rejected(db: Database, text: str = "A fair point.") -> Reply:
    return await reject(db, await given_reply(db, await given_article(db), text))


async def given_removed(db: Database) -> Reply:
    return await remove(db, await given_published(db, await given_article(db)))


async def appeal(db: Database, reply: Reply, reasons: str = "It is no advertisement.", *, by: int = ANN) -> Appeal:
    return await appeals.appeal(db, reply.id, reasons, author_id=by, now=NOW)


async def uphold(db: Database, opened: Appeal, *, moderator: int = OTHER_MODERATOR, sentence: str = "") -> Appeal:
    who = {"server_id": SERVER, "moderator_id": moderator, "now": LATER}
    return (await appeals.uphold(db, opened.reply_id, opened.id, sentence=sentence, **who))[1]


async def dismiss(db: Database, opened: Appeal, *, moderator: int = OTHER_MODERATOR, sentence: str = "") -> Appeal:
    who = {"server_id": SERVER, "moderator_id": moderator, "now": LATER}
    return (await appeals.dismiss(db, opened.reply_id, opened.id, sentence=sentence, **who))[1]


async def now_of(db: Database, reply: Reply) -> Reply:
    return (await replies.receipt(db, reply.id)).reply


async def told(db: Database, member: int = ANN) -> list[str]:
    notices = tables.notices.c
    async with db.read() as conn:
        return list((await conn.execute(select(notices.kind).where(notices.member_id == member))).scalars())


async def trail(db: Database) -> list[Action]:
    async with db.read() as conn:
        return [entry.action for entry in await audit.list_all(conn, SERVER)]


async def due(db: Database, kind: str) -> list[int]:
    async with db.read() as conn:
        return await sweep.list_due(conn, kind, LATER)


# Who may appeal about what


async def test_an_appeal_is_stored_with_its_reasons_and_a_card_is_due(db: Database) -> None:
    reply = await given_rejected(db)

    opened = await appeal(db, reply, " \x00 It is no advertisement. ")

    assert (opened.reasons, opened.guideline, opened.action) == ("It is no advertisement.", "spam", Action.REJECT)
    assert opened.first_moderator_id == MODERATOR
    assert await due(db, "appeal") == [opened.id]
    assert (await trail(db))[-1] is Action.APPEAL
    receipt = await replies.receipt(db, reply.id)
    assert (receipt.may_appeal, receipt.appeal, receipt.reply.appealed) == (False, opened, True)


async def test_only_the_author_appeals_and_only_about_what_was_decided_against_them(db: Database) -> None:
    article = await given_article(db)
    held, published = await given_reply(db, article, "Held."), await given_published(db, article)
    rejected = await reject(db, await given_reply(db, article, "Rejected."))

    with pytest.raises(ReplyNotFound):
        await appeals.appeal(db, 10**6, "Why?", author_id=ANN, now=NOW)
    with pytest.raises(NotYourReply):
        await appeal(db, rejected, by=BORIS)
    for each in (held, published):
        with pytest.raises(NothingToAppeal):
            await appeal(db, each)
    for empty in ("", " \u200b "):
        with pytest.raises(TextEmpty):
            await appeal(db, rejected, empty)
    with pytest.raises(TextTooLong):
        await appeal(db, rejected, "x" * 1001)
    async with db.read() as conn:
        offered = await stored.list_appealable(conn, SERVER, ANN, limit=10)
    assert [each.id for each in offered] == [rejected.id]
    assert [(await replies.receipt(db, each.id)).may_appeal for each in (held, published, rejected)] == [
        False,
        False,
        True,
    ]


async def test_of_twenty_appeals_at_once_one_is_stored(db: Database) -> None:
    reply = await given_rejected(db)

    results = await asyncio.gather(*(appeal(db, reply) for _ in range(20)), return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyAppealed"] * 19 + ["Appeal"]
    assert (await trail(db)).count(Action.APPEAL) == 1


async def test_who_is_banned_can_appeal_and_who_appeals_a_lot_is_asked_to_wait(db: Database) -> None:
    article = await given_article(db)
    rejected = [await reject(db, await given_reply(db, article, f"Point {n}.")) for n in range(11)]
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    await sanctions.impose(db, ANN, SanctionKind.BAN, **who)

    opened = [await appeal(db, each) for each in rejected[:10]]
    with pytest.raises(TooManyOpenAppeals):
        await appeal(db, rejected[10])
    await dismiss(db, opened[0])

    assert (await appeal(db, rejected[10])).outcome is None


# Upheld


async def test_an_upheld_rejection_is_published_at_once_and_its_author_told_with_the_sentence(db: Database) -> None:
    reply = await given_rejected(db)
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    opened, thread = await appeal(db, reply), Thread({})

    decided = await uphold(db, opened, sentence="You are right.")
    await thread.sweep(db, later=LATER - NOW)

    current = await now_of(db, reply)
    assert (decided.outcome, decided.sentence, decided.decided_by) == ("upheld", "You are right.", OTHER_MODERATOR)
    assert (current.status, current.decided_by, current.guideline) == (ReplyStatus.PUBLISHED, OTHER_MODERATOR, None)
    assert thread.messages == {500: "text"}
    assert not current.appealed
    assert NoticeKind.APPEAL_UPHELD in await told(db)
    assert NoticeKind.REJECTED not in await told(db)  # it had not left, and holds no more
    assert (await trail(db))[-3:] == [Action.APPEAL_UPHELD, Action.APPROVE, Action.PUBLISH]
    async with db.read() as conn:
        assert [each[:3] for each in await stored_decisions.list_of(conn, reply.id)] == [
            (Action.APPROVE, 1, OTHER_MODERATOR)
        ]


async def test_an_upheld_removal_puts_the_reply_back_and_reports_were_not_right(db: Database) -> None:
    reply, thread = await given_published(db, await given_article(db)), Thread()
    await report(db, reply)
    await remove(db, reply, guideline="spam")
    await thread.sweep(db)
    buried = dict(thread.messages)

    await uphold(db, await appeal(db, reply))
    await thread.sweep(db, later=LATER - NOW)

    assert buried == {401: "tombstone"}
    assert thread.messages == {401: "text"}
    current = await now_of(db, reply)
    assert (current.status, current.decided_by) == (ReplyStatus.PUBLISHED, MODERATOR)  # whose approval it was
    assert await told(db) == [NoticeKind.PUBLISHED, NoticeKind.APPEAL_UPHELD]
    async with db.read() as conn:
        outcome = (await conn.execute(select(tables.report_cards.c.outcome))).scalar_one()
    assert outcome == "restored"


async def test_upholding_lifts_the_strike_and_what_followed_from_it_but_nothing_else(db: Database) -> None:
    article = await given_article(db)
    one, two = [await reject(db, await given_reply(db, article, text)) for text in ("One.", "Two.")]
    await settings.change(db, SERVER, "ladder", "2 in 30 days: timeout 1 day", actor_id=1, now=NOW)
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    await sanctions.impose(db, ANN, SanctionKind.PAUSE, length=timedelta(days=9), **who)
    for each in (one, two):
        _, followed = await strikes.give(db, ANN, guideline="spam", reply_id=each.id, **who)

    await uphold(db, await appeal(db, two))

    async with db.read() as conn:
        left = await stored_sanctions.list_in_force(conn, SERVER, ANN, LATER)
        lifted = await stored_sanctions.get(conn, followed[0].id)
        struck = (await conn.execute(select(tables.strikes.c.reply_id, tables.strikes.c.lifted_by))).all()
    assert [each.kind for each in left] == [SanctionKind.PAUSE]
    assert lifted is not None
    assert (lifted.lifted_by, lifted.discord) == (OTHER_MODERATOR, "lift")
    assert sorted(struck) == [(one.id, None), (two.id, OTHER_MODERATOR)]
    assert NoticeKind.STRIKE_LIFTED in await told(db)


async def test_what_was_approved_on_appeal_cannot_be_undone_and_waits_with_other_letters(db: Database) -> None:
    article = await given_article(db)
    reply = await reject(db, await given_reply(db, article))
    await letters.set_letters(db, article.id, server_id=SERVER, editor_id=EDITOR, minutes=60, now=NOW)

    await uphold(db, await appeal(db, reply))

    assert (await now_of(db, reply)).appears_at == NOW.replace(hour=16, minute=0)
    for moderator in (OTHER_MODERATOR, THIRD_MODERATOR):
        with pytest.raises(ApprovedOnAppeal):
            await review.undo(db, reply.id, server_id=SERVER, moderator_id=moderator, now=LATER)
    with pytest.raises(DecisionAppealed):
        await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=LATER)


async def test_an_upheld_reply_appears_in_a_discussion_that_is_closed_meanwhile(db: Database) -> None:
    article = await given_article(db)
    reply, thread = await reject(db, await given_reply(db, article)), Thread({})
    await discussions.close(db, article.id, server_id=SERVER, editor_id=EDITOR, now=NOW)

    await uphold(db, await appeal(db, reply))
    await thread.sweep(db, later=LATER - NOW)

    assert thread.messages == {500: "text"}


# Dismissed, decided once, or settled otherwise


async def test_a_dismissed_appeal_leaves_the_decision_for_good_and_its_author_is_told(db: Database) -> None:
    reply = await given_rejected(db)

    decided = await dismiss(db, await appeal(db, reply), sentence="It was one.")

    assert (decided.outcome, decided.sentence) == (AppealOutcome.DISMISSED, "It was one.")
    current = await now_of(db, reply)
    assert (current.status, current.decided_by, current.appealed) == (ReplyStatus.REJECTED, MODERATOR, False)
    assert await told(db) == [NoticeKind.APPEAL_DISMISSED]
    assert (await trail(db))[-1] is Action.APPEAL_DISMISSED
    with pytest.raises(AlreadyAppealed) as caught:
        await appeal(db, reply)
    assert "dismissed" in str(caught.value)


async def test_a_reply_removed_once_more_after_an_upheld_appeal_can_be_appealed_again(db: Database) -> None:
    reply = await given_removed(db)
    await uphold(db, await appeal(db, reply))

    await remove(db, reply, moderator=THIRD_MODERATOR)

    again = await appeal(db, reply)
    assert (again.first_moderator_id, again.outcome) == (THIRD_MODERATOR, None)


async def test_of_twenty_moderators_who_decide_an_appeal_at_once_one_does(db: Database) -> None:
    reply = await given_rejected(db)
    opened = await appeal(db, reply)
    acts = [(uphold, dismiss)[n % 2](db, opened, moderator=100 + n) for n in range(20)]

    results = await asyncio.gather(*acts, return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["Appeal"] + ["NoAppealOpen"] * 19
    (decided,) = [result for result in results if isinstance(result, Appeal)]
    is_upheld = decided.outcome is AppealOutcome.UPHELD
    assert (await now_of(db, reply)).status is (ReplyStatus.APPROVED if is_upheld else ReplyStatus.REJECTED)
    assert len([kind for kind in await told(db) if "appeal" in kind]) == 1


async def test_an_appeal_is_closed_when_its_reply_is_restored_otherwise(db: Database) -> None:
    reply = await given_removed(db)
    opened = await appeal(db, reply)
    who = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": LATER}

    await removals.restore(db, reply.id, sentence=None, **who)

    with pytest.raises(NoAppealOpen):
        await dismiss(db, opened)
    async with db.read() as conn:
        closed = await stored.APPEALS.get(conn, opened.id)
    assert closed is not None
    assert closed.outcome is AppealOutcome.SETTLED
    assert not (await now_of(db, reply)).appealed
    assert await due(db, "appeal") == []


async def test_an_appeal_is_closed_when_a_bulk_rejection_is_undone(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await settings.change(db, SERVER, "grace_time", "600", actor_id=1, now=NOW)
    async with db.begin() as conn:
        await stored_replies.record_card_shown(conn, reply.id, shows=reply.card_key, now=NOW)
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    made, _, _ = await bulk.preview(db, Pick(), Action.REJECT, guideline="spam", **who)
    await bulk.carry_out(db, made.id, **who)
    opened = await appeal(db, reply)

    await bulk.undo(db, made.id, **who)

    assert (await now_of(db, reply)).status is ReplyStatus.PENDING
    assert not (await now_of(db, reply)).appealed
    with pytest.raises(NoAppealOpen):
        await uphold(db, opened)


# Who decides


async def test_nobody_decides_an_appeal_against_their_decision_about_their_reply_or_one_they_reported(
    db: Database,
) -> None:
    reply = await given_published(db, await given_article(db))
    await report(db, reply, by=THIRD_MODERATOR)
    await remove(db, reply)
    opened = await appeal(db, reply)

    for act in (uphold, dismiss):
        with pytest.raises(DecisionAppealed):
            await act(db, opened, moderator=MODERATOR)
        with pytest.raises(ReportedByYou):
            await act(db, opened, moderator=THIRD_MODERATOR)
        with pytest.raises(OwnReply):
            await act(db, opened, moderator=ANN)
    with pytest.raises(DecisionAppealed):
        await appeals.require_open(db, reply.id, opened.id, server_id=SERVER, moderator_id=MODERATOR)
    with pytest.raises(DecisionAppealed):
        await removals.restore(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)
    with pytest.raises(ReplyNotFound):
        await appeals.uphold(
            db, reply.id, opened.id, server_id=101, moderator_id=OTHER_MODERATOR, sentence=None, now=NOW
        )


async def test_who_had_advised_the_rejection_as_a_second_opinion_does_not_decide_either(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    about = {"revision": 1, "view": "reject", "guideline": "spam", "sentence": None}
    await opinions.ask(db, reply.id, server_id=SERVER, moderator_id=THIRD_MODERATOR, now=NOW, **about)
    await reject(db, reply)
    opened = await appeal(db, reply)

    for moderator in (MODERATOR, THIRD_MODERATOR):
        with pytest.raises(DecisionAppealed):
            await uphold(db, opened, moderator=moderator)

    assert (await uphold(db, opened)).outcome is AppealOutcome.UPHELD


async def test_the_only_moderator_decides_it_which_is_known_and_logged(db: Database) -> None:
    reply = await given_rejected(db)
    opened = await appeal(db, reply)
    await settings.change(db, SERVER, "only_moderator", "on", actor_id=1, now=NOW)

    decided = await dismiss(db, opened, moderator=MODERATOR)

    assert decided.is_by_same
    assert (await trail(db))[-2:] == [Action.ONLY_MODERATOR, Action.APPEAL_DISMISSED]


async def test_whoever_decides_too_late_is_not_told_who_decided_while_the_appeal_is_open(db: Database) -> None:
    reply = await given_rejected(db)
    opened = await appeal(db, reply)

    with pytest.raises(AlreadyDecided) as blind:
        await approve(db, reply, moderator=OTHER_MODERATOR)
    await dismiss(db, opened)
    with pytest.raises(AlreadyDecided) as after:
        await approve(db, reply, moderator=OTHER_MODERATOR)

    assert str(blind.value).startswith("Another moderator was faster")
    assert f"<@{MODERATOR}>" in str(after.value)


# The card and the figures


async def test_a_card_is_drawn_again_when_decided_found_after_a_loss_and_moved_with_the_channel(db: Database) -> None:
    server, reply = await given_server(db), await given_rejected(db)
    opened = await appeal(db, reply)
    drawn: list[object] = []

    async def send(appealed: Appealed) -> int:
        drawn.append(appealed.grounds.guideline)
        return 900

    async def edit(appealed: Appealed) -> bool:
        drawn.append(appealed.card.outcome)
        return True

    await matters.post(db, appeals.KIND, opened.id, clock=CLOCK, send=send, find=nothing_found)
    before = await due(db, "appeal")
    await servers.set_up(db, replace(server, review_channel_id=203), actor_id=1, now=NOW)
    moved = await due(db, "appeal")
    await matters.post(db, appeals.KIND, opened.id, clock=CLOCK, send=send, find=nothing_found)
    await uphold(db, opened)
    outdated = await due(db, "outdated appeal")
    await matters.refresh(db, appeals.KIND, opened.id, clock=CLOCK, edit=edit)

    assert (before, moved, outdated) == ([], [opened.id], [opened.id])
    assert drawn == ["spam", "spam", AppealOutcome.UPHELD]
    assert await due(db, "outdated appeal") == []


async def test_the_share_upheld_is_counted_by_guideline(db: Database) -> None:
    article = await given_article(db)
    texts = {"One.": "spam", "Two.": "spam", "Three.": "spam", "Four.": "obscenity"}
    rejected = [await reject(db, await given_reply(db, article, text), guideline=rule) for text, rule in texts.items()]
    removed = await remove(db, await given_published(db, article))
    opened = [await appeal(db, each) for each in (*rejected, removed)]
    before = (await stats.moderation(db, SERVER, now=LATER))[0]
    for each, act in zip(opened, (uphold, dismiss, dismiss, uphold, uphold), strict=True):
        await act(db, each)

    after = (await stats.moderation(db, SERVER, now=LATER))[0]

    assert before.appeals == {}
    assert after.appeals == {Guideline.SPAM: (3, 1), None: (1, 1), Guideline.OBSCENITY: (1, 1)}


async def test_an_appeal_changes_nothing_about_how_long_authors_usually_wait(db: Database) -> None:
    opened = await appeal(db, await given_rejected(db))
    before = (await stats.moderation(db, SERVER, now=LATER))[0].usual_wait

    await uphold(db, opened)

    assert before == (await stats.moderation(db, SERVER, now=LATER))[0].usual_wait == timedelta()
