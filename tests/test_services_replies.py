"""Members send, change and withdraw replies: what is stored, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import (
    ArticleNotFound,
    DiscussionClosed,
    DuplicateReply,
    NotHeld,
    NothingChanged,
    NotYourReply,
    ParentNotPublished,
    TextEmpty,
    TextTooLong,
)
from bot.models import Action, Guideline, Receipt, ReplyStatus
from bot.services import replies, review, settings
from bot.storage import Database, audit, publishing, revisions, tables
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
    given_server,
)


async def stored_texts(db: Database) -> list[str]:
    async with db.read() as conn:
        return list((await conn.execute(select(tables.replies.c.text))).scalars())


async def test_a_reply_is_held_with_its_audit_entry_and_revision(db: Database) -> None:
    article = await given_article(db)

    receipt = await replies.submit(db, a_draft(article, "  A fair point. "), now=NOW)

    assert receipt == Receipt(receipt.reply, ahead=0)
    assert receipt.reply.status == ReplyStatus.PENDING
    assert receipt.reply.text == "A fair point."
    async with db.read() as conn:
        assert await revisions.list_of(conn, receipt.reply.id) == [(1, "A fair point.", NOW)]
        entry = (await audit.list_all(conn, SERVER))[-1]
    assert (entry.action, entry.actor_id, entry.subject_id) == (Action.SUBMIT, ANN, receipt.reply.id)


async def test_the_receipt_says_how_long_it_usually_takes_once_five_were_decided(db: Database) -> None:
    article = await given_article(db)
    waits = []
    for minutes in (1, 2, 12, 40, 90):
        reply = await given_reply(db, article, f"Decided after {minutes} minutes.")
        waits.append((await replies.receipt(db, reply.id)).usual_wait)
        decided_at = NOW + timedelta(minutes=minutes)
        await review.approve(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, now=decided_at)

    receipt = await replies.submit(db, a_draft(article, "How long?"), now=NOW)

    assert waits == [None] * 5
    assert receipt.usual_wait == timedelta(minutes=12)


async def test_replies_are_numbered_per_server_and_the_receipt_counts_those_ahead(db: Database) -> None:
    here = await given_article(db)
    there = await given_article(db, 101)

    first = await replies.submit(db, a_draft(here, "One."), now=NOW)
    second = await replies.submit(db, a_draft(here, "Two."), now=NOW)
    elsewhere = await replies.submit(db, a_draft(there, "Three."), now=NOW)

    assert [(r.reply.number, r.ahead) for r in (first, second, elsewhere)] == [(1, 0), (2, 1), (1, 0)]


@pytest.mark.parametrize(
    "again",
    [
        "a FAIR point",
        "A  fair\npoint!!!",
        "A fa\u200bir po\u2060int.",
        "А fаir рoint.",  # Cyrillic А, а, р
        "Ａ ｆａｉｒ ｐｏｉｎｔ",
        "A fair p0int",
    ],
)
async def test_the_same_text_again_is_answered_with_the_first_reply(db: Database, again: str) -> None:
    article = await given_article(db)
    first = await given_reply(db, article, "A fair point.")

    with pytest.raises(DuplicateReply) as caught:
        await replies.submit(db, a_draft(article, again), now=NOW)

    assert caught.value.first == first
    assert await stored_texts(db) == ["A fair point."]


async def test_another_author_another_article_or_another_word_is_no_duplicate(db: Database) -> None:
    article = await given_article(db)
    other = await given_article(db, page=a_page("Another", address="https://paper.example/other"))
    await given_reply(db, article, "A fair point.")

    await given_reply(db, article, "A fair point.", author=BORIS)
    await given_reply(db, other, "A fair point.")
    await given_reply(db, article, "A fair paint.")

    assert len(await stored_texts(db)) == 4


async def test_a_number_may_be_used_by_the_next_reply_after_a_duplicate(db: Database) -> None:
    article = await given_article(db)
    await given_reply(db, article, "One.")
    with pytest.raises(DuplicateReply):
        await replies.submit(db, a_draft(article, "one"), now=NOW)

    assert (await given_reply(db, article, "Two.")).number == 2


async def test_the_same_reply_sent_twenty_times_at_once_is_stored_once(db: Database) -> None:
    article = await given_article(db)
    attempts = [replies.submit(db, a_draft(article), now=NOW) for _ in range(20)]

    results = await asyncio.gather(*attempts, return_exceptions=True)

    assert sum(isinstance(result, Receipt) for result in results) == 1
    assert sum(isinstance(result, DuplicateReply) for result in results) == 19
    assert await stored_texts(db) == ["A fair point."]


async def test_the_same_form_delivered_twice_gets_the_same_reply(db: Database) -> None:
    article = await given_article(db)
    draft = a_draft(article)
    first = await replies.submit(db, draft, now=NOW)

    with pytest.raises(DuplicateReply) as caught:
        await replies.submit(db, replace(draft, text="Something else"), now=NOW)

    assert caught.value.first == first.reply


async def test_a_withdrawn_reply_may_be_sent_again(db: Database) -> None:
    article = await given_article(db)
    first = await given_reply(db, article)
    await replies.withdraw(db, first.id, author_id=ANN, now=NOW)

    second = await given_reply(db, article)

    assert (second.number, second.status) == (2, ReplyStatus.PENDING)


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u200d\u2060", "\u202e\ufeff", "\u034f\ufe0f"])
async def test_a_text_in_which_nothing_can_be_seen_is_refused(db: Database, text: str) -> None:
    article = await given_article(db)

    with pytest.raises(TextEmpty):
        await replies.submit(db, a_draft(article, text), now=NOW)

    assert await stored_texts(db) == []


async def test_a_reply_may_be_as_long_as_the_setting_says(db: Database) -> None:
    article = await given_article(db)
    await settings.change(db, SERVER, "reply_length", "200", actor_id=1, now=NOW)
    await given_reply(db, article, "a" * 200)

    with pytest.raises(TextTooLong, match="201 characters; at most 200"):
        await replies.submit(db, a_draft(article, "b" * 201), now=NOW)

    assert await stored_texts(db) == ["a" * 200]


async def test_control_characters_and_halves_of_characters_are_left_out(db: Database) -> None:
    article = await given_article(db)

    reply = await given_reply(db, article, "A\x00 fair\ud83d point.\nSecond line.")

    assert reply.text == "A fair point.\nSecond line."


async def test_emoji_and_punctuation_alone_are_replies_of_their_own(db: Database) -> None:
    article = await given_article(db)

    for text in ("👍", "👎", "?", "!"):
        await given_reply(db, article, text)

    assert len(await stored_texts(db)) == 4


async def test_a_reply_to_an_article_that_is_unknown_here_or_a_draft_is_refused(db: Database) -> None:
    await given_server(db)
    elsewhere = await given_article(db, 101)

    for draft in (replace(a_draft(elsewhere), server_id=SERVER), replace(a_draft(elsewhere), article_id=999)):
        with pytest.raises(ArticleNotFound):
            await replies.submit(db, draft, now=NOW)

    assert await stored_texts(db) == []


async def test_a_closed_discussion_takes_no_reply(db: Database) -> None:
    article = await given_article(db)
    async with db.begin() as conn:
        await conn.execute(tables.articles.update().values(status="closed"))

    with pytest.raises(DiscussionClosed):
        await replies.submit(db, a_draft(article), now=NOW)

    assert await stored_texts(db) == []


async def test_only_a_published_reply_of_the_same_article_can_be_answered(db: Database) -> None:
    article = await given_article(db)
    other = await given_article(db, page=a_page("Another", address="https://paper.example/other"))
    held = await given_reply(db, article, "Held.", author=BORIS)
    published = await given_published(db, article, "Published.")

    answer = await replies.submit(db, a_draft(article, "Yes.", parent=published), now=NOW)

    assert answer.reply.parent_id == published.id
    for draft in (a_draft(article, "To a held one.", parent=held), a_draft(other, "Elsewhere.", parent=published)):
        with pytest.raises(ParentNotPublished):
            await replies.submit(db, draft, now=NOW)


async def test_a_reply_can_be_answered_as_soon_as_its_message_may_stand_in_the_thread(db: Database) -> None:
    article = await given_article(db)
    parent = await approve(db, await given_reply(db, article))
    with pytest.raises(ParentNotPublished):
        await replies.submit(db, a_draft(article, "Too early.", parent=parent), now=NOW)
    async with db.begin() as conn:
        await publishing.lease_publication(conn, parent.id, now=NOW)

    answer = await replies.submit(db, a_draft(article, "Seen it.", parent=parent), now=NOW)

    assert answer.reply.parent_id == parent.id


async def test_an_edited_reply_keeps_its_number_and_place_and_both_texts(db: Database) -> None:
    article = await given_article(db)
    first = await given_reply(db, article, "One.")
    await given_reply(db, article, "Two.", author=BORIS)

    receipt = await replies.revise(db, first.id, "One, better said.", author_id=ANN, now=NOW)

    assert (receipt.reply.number, receipt.reply.revision, receipt.ahead) == (1, 2, 0)
    assert receipt.reply.text == "One, better said."
    async with db.read() as conn:
        assert [text for _, text, _ in await revisions.list_of(conn, first.id)] == ["One.", "One, better said."]


async def test_saving_a_held_reply_unchanged_makes_no_revision(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article, "One.")

    receipt = await replies.revise(db, reply.id, " One. ", author_id=ANN, now=NOW)

    assert receipt.reply == reply


async def test_a_text_sent_back_as_it_was_after_a_request_is_refused(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article, "One.")
    await review.request_changes(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Explain.", now=NOW
    )

    with pytest.raises(NothingChanged):
        await replies.revise(db, reply.id, "One.", author_id=ANN, now=NOW)

    assert (await replies.receipt(db, reply.id)).reply.status == ReplyStatus.CHANGES_REQUESTED


async def test_an_edit_into_the_text_of_ones_other_reply_is_a_duplicate(db: Database) -> None:
    article = await given_article(db)
    first = await given_reply(db, article, "One.")
    second = await given_reply(db, article, "Two.")

    with pytest.raises(DuplicateReply) as caught:
        await replies.revise(db, second.id, "ONE", author_id=ANN, now=NOW)

    assert caught.value.first == first


async def test_a_revision_after_a_request_is_held_again_and_gets_a_new_card(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article)
    await review.request_changes(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Please be kind.", now=NOW
    )

    revised = (await replies.revise(db, reply.id, "A kind point.", author_id=ANN, now=NOW)).reply

    assert (revised.status, revised.revision, revised.card_message_id) == (ReplyStatus.PENDING, 2, None)
    assert (revised.decided_by, revised.sentence) == (None, None)


async def test_only_the_author_changes_or_withdraws_a_reply(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article)

    with pytest.raises(NotYourReply):
        await replies.revise(db, reply.id, "Mine now.", author_id=BORIS, now=NOW)
    with pytest.raises(NotYourReply):
        await replies.withdraw(db, reply.id, author_id=BORIS, now=NOW)

    assert await stored_texts(db) == ["A fair point."]


async def test_a_decided_reply_is_neither_changed_nor_withdrawn(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article)
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

    with pytest.raises(NotHeld):
        await replies.revise(db, reply.id, "Once more.", author_id=ANN, now=NOW)
    with pytest.raises(NotHeld):
        await replies.withdraw(db, reply.id, author_id=ANN, now=NOW)


async def test_an_approved_reply_is_withdrawn_only_before_it_is_on_its_way(db: Database) -> None:
    article = await given_article(db)
    first = await approve(db, await given_reply(db, article, "One."))
    second = await approve(db, await given_reply(db, article, "Two."))
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().where(tables.replies.c.id == second.id).values(attempted_at=NOW))

    withdrawn = await replies.withdraw(db, first.id, author_id=ANN, now=NOW)

    assert withdrawn.status == ReplyStatus.WITHDRAWN
    with pytest.raises(NotHeld):
        await replies.withdraw(db, second.id, author_id=ANN, now=NOW)
