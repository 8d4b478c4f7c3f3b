"""What was found out about a reply: its flags, and how near-identical ones were decided before."""

from __future__ import annotations

import pytest

from bot.errors import AgainstPrecedents
from bot.models import Case, Guideline, Reply, ReplyStatus
from bot.services import replies, review
from bot.storage import Database, cases, surroundings
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    SERVER,
    a_draft,
    approve,
    given_article,
    given_published,
    given_reply,
)

TEXT = "The mayor should answer us at last."  # too short to be collapsed with a changed one


async def case_of(db: Database, reply: Reply) -> Case:
    async with db.read() as conn:
        case = await cases.get(conn, reply.id)
    assert case is not None
    return case


async def reject(db: Database, reply: Reply, *, despite: bool = False) -> Reply:
    return await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=reply.revision,
        guideline=Guideline.PERSONAL_ATTACK,
        sentence=None,
        now=NOW,
        despite=despite,
    )


async def given_precedents(db: Database, *, rejected: int = 0, approved: int = 0) -> Reply:
    """A held reply after near-identical ones were decided, each by another author."""
    article = await given_article(db)
    for n in range(rejected + approved):
        reply = await given_reply(db, article, f"{TEXT} {'!' * n}", author=40 + n)
        await (reject(db, reply, despite=True) if n < rejected else approve_all_the_same(db, reply))
    return await given_reply(db, article, TEXT, author=ANN)


async def approve_all_the_same(db: Database, reply: Reply) -> Reply:
    return await review.approve(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=reply.revision, now=NOW, despite=True
    )


async def test_a_reply_is_held_with_its_flags_and_blurred_when_they_are_severe(db: Database) -> None:
    article = await given_article(db)
    mild = await given_reply(db, article, "You idiot, read it.", author=ANN)
    severe = await given_reply(db, article, "Fuck that, idiot.", author=BORIS)
    clean = await given_reply(db, article, "Read it, please.", author=31)

    assert [(each.severity, each.blurred) for each in (mild, severe, clean)] == [(1, False), (2, True), (0, False)]
    assert [flag.matched(severe.text) for flag in (await case_of(db, severe)).flags] == ["Fuck", "idiot"]


async def test_a_changed_text_is_looked_at_again(db: Database) -> None:
    reply = await given_reply(db, await given_article(db), "Fuck that.")

    changed = await replies.revise(db, reply.id, "Not that.", author_id=ANN, now=NOW)

    assert (changed.reply.severity, changed.reply.blurred) == (0, False)
    assert (await case_of(db, reply)).flags == ()


async def test_a_card_knows_how_near_identical_replies_were_decided(db: Database) -> None:
    reply = await given_precedents(db, rejected=1, approved=2)

    precedents = (await case_of(db, reply)).precedents

    assert [(each.number, each.status, each.guideline) for each in precedents] == [
        (3, ReplyStatus.APPROVED, None),
        (2, ReplyStatus.APPROVED, None),
        (1, ReplyStatus.REJECTED, Guideline.PERSONAL_ATTACK),
    ]


async def test_a_text_that_is_changed_to_something_else_has_those_precedents_no_longer(db: Database) -> None:
    reply = await given_precedents(db, rejected=3)

    await replies.revise(db, reply.id, "Gardens are fine.", author_id=ANN, now=NOW)

    assert (await case_of(db, reply)).precedents == ()


async def test_approving_what_was_rejected_three_times_asks_first_and_then_can_be_done(db: Database) -> None:
    reply = await given_precedents(db, rejected=3)

    with pytest.raises(AgainstPrecedents) as asked:
        await approve(db, reply)
    approved = await approve_all_the_same(db, reply)

    assert [each.number for each in asked.value.precedents] == [3, 2, 1]
    assert approved.status is ReplyStatus.APPROVED


async def test_rejecting_what_was_approved_three_times_asks_first_and_then_can_be_done(db: Database) -> None:
    reply = await given_precedents(db, approved=3)

    with pytest.raises(AgainstPrecedents):
        await reject(db, reply)

    assert (await reject(db, reply, despite=True)).status is ReplyStatus.REJECTED


@pytest.mark.parametrize(("rejected", "approved"), [(2, 0), (3, 3), (0, 4)])
async def test_few_precedents_and_such_as_disagree_are_no_obstacle(db: Database, rejected: int, approved: int) -> None:
    reply = await given_precedents(db, rejected=rejected, approved=approved)

    assert (await approve(db, reply)).status is ReplyStatus.APPROVED


async def test_pressing_approve_again_after_deciding_despite_precedents_asks_nothing(db: Database) -> None:
    reply = await given_precedents(db, rejected=3)
    await approve_all_the_same(db, reply)

    assert (await approve(db, reply)).status is ReplyStatus.APPROVED


async def test_the_record_says_under_which_guidelines_and_how_much_of_the_discussion_is_theirs(db: Database) -> None:
    article = await given_article(db)
    await reject(db, await given_reply(db, article, "One.", author=ANN))
    await given_reply(db, article, "Two.", author=ANN)
    await given_reply(db, article, "Other.", author=BORIS)
    reply = await given_reply(db, article, "Three.", author=ANN)

    record = (await case_of(db, reply)).record

    assert record.guidelines == ((Guideline.PERSONAL_ATTACK, 1),)
    assert (record.rejected, record.here, record.of) == (1, 2, 3)


async def test_around_a_reply_stand_what_its_parent_answers_and_what_was_published_beside_it(db: Database) -> None:
    article = await given_article(db)
    top = await given_published(db, article, "Top.", message=401)
    held = (await replies.submit(db, a_draft(article, "Parent.", author=BORIS, parent=top), now=NOW)).reply
    async with db.begin() as conn:  # as if it had been published
        await conn.exec_driver_sql(f"UPDATE replies SET status = 'published', message_id = 402 WHERE id = {held.id}")
    beside = (await replies.submit(db, a_draft(article, "Beside.", author=31, parent=top), now=NOW)).reply
    reply = (await replies.submit(db, a_draft(article, "Mine.", author=ANN, parent=held), now=NOW)).reply

    async with db.read() as conn:
        about = await surroundings.get(conn, reply.id)

    assert about is not None
    assert [each.text for each in about.around] == ["Top."]
    assert about.case.parent is not None
    assert about.case.parent.text == "Parent."
    assert [each.text for each, _ in about.earlier] == ["Top."]
    assert beside.status is ReplyStatus.PENDING
