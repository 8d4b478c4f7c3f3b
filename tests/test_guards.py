"""Guards: nobody decides what concerns them; where there is one moderator alone, each time is logged."""

from __future__ import annotations

import pytest

from bot.errors import OwnReply, ReplyToYou
from bot.models import Action, Filter, Left, Pick, Reply, ReplyStatus
from bot.services import bulk, queue, removals, replies, settings
from bot.services.remarks import CONCERNED, remark_on
from bot.storage import Database, audit
from bot.storage import replies as stored_replies
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    SERVER,
    a_draft,
    a_page,
    approve,
    given_article,
    given_published,
    given_reply,
)


async def given_answer(db: Database) -> Reply:
    """Boris answers what Ann has published."""
    article = await given_article(db)
    parent = await given_published(db, article)
    return (await replies.submit(db, a_draft(article, "I disagree.", author=BORIS, parent=parent), now=NOW)).reply


async def test_nobody_decides_a_reply_that_answers_theirs(db: Database) -> None:
    answer = await given_answer(db)

    with pytest.raises(ReplyToYou) as caught:
        await approve(db, answer, moderator=ANN)

    assert "Ask another moderator" in str(caught.value)
    assert "only_moderator" in str(caught.value)
    assert (await approve(db, answer)).status is ReplyStatus.APPROVED


async def test_nobody_removes_their_own_reply_from_a_report_about_it(db: Database) -> None:
    reply = await given_published(db, await given_article(db))

    with pytest.raises(OwnReply):
        await removals.remove(db, reply.id, server_id=SERVER, moderator_id=ANN, sentence=None, now=NOW)


async def test_the_only_moderator_decides_what_concerns_them_is_told_and_it_is_logged(db: Database) -> None:
    answer = await given_answer(db)
    await settings.change(db, SERVER, "only_moderator", "on", actor_id=1, now=NOW)

    decided = await approve(db, answer, moderator=ANN)

    assert decided.status is ReplyStatus.APPROVED
    assert await remark_on(db, decided, moderator_id=ANN, now=NOW) == CONCERNED
    async with db.read() as conn:
        entries = [entry for entry in await audit.list_all(conn, SERVER) if entry.action is Action.ONLY_MODERATOR]
    assert [(entry.actor_id, entry.subject_id) for entry in entries] == [(ANN, answer.id)]
    assert '"decision": "approve"' in entries[0].details


async def test_the_only_moderator_is_given_on_the_desk_what_concerns_them(db: Database) -> None:
    answer = await given_answer(db)
    own = await given_reply(db, await given_article(db, page=a_page(address=None)), "My own.")
    who = {"server_id": SERVER, "moderator_id": ANN, "now": NOW}
    before = await queue.open_next(db, Filter(), **who)
    left = await queue.count_left(db, Filter(), **who)
    await settings.change(db, SERVER, "only_moderator", "on", actor_id=1, now=NOW)

    first = await queue.open_next(db, Filter(), **who)
    second = await queue.open_next(db, Filter(), skipping=answer.id, **who)

    assert (before, left) == (None, Left(own=2))
    assert [reply and reply.id for reply in (first, second)] == [answer.id, own.id]
    assert await queue.count_left(db, Filter(), **who) == Left(skipped=1)


async def test_who_decides_what_does_not_concern_them_is_told_and_logged_nothing(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    await settings.change(db, SERVER, "only_moderator", "on", actor_id=1, now=NOW)

    decided = await approve(db, reply)

    assert await remark_on(db, decided, moderator_id=MODERATOR, now=NOW) is None
    async with db.read() as conn:
        assert Action.ONLY_MODERATOR not in [entry.action for entry in await audit.list_all(conn, SERVER)]


async def test_many_at_once_leave_out_what_answers_the_moderator(db: Database) -> None:
    answer = await given_answer(db)
    async with db.begin() as conn:
        await stored_replies.record_card_shown(conn, answer.id, shows=answer.card_key, now=NOW)
    about = {"server_id": SERVER, "guideline": None, "sentence": None, "now": NOW}

    named = [(await bulk.preview(db, Pick(), Action.APPROVE, moderator_id=who, **about))[1] for who in (ANN, MODERATOR)]

    assert named == [0, 1]
