"""Reasons: an author is told the guideline, the very words that a decision is about, and a moderator's sentence."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import (
    GuidelineUnknown,
    PhraseTaken,
    PhraseUnknown,
    PlaceholderUnknown,
    StaleRevision,
    TextEmpty,
    TextTooLong,
)
from bot.models import CLAIM, Action, Guideline, Phrase, Picked, ReplyStatus
from bot.services import phrases, removals, replies, review
from bot.storage import audit, cases
from bot.storage import decisions as stored_decisions
from bot.storage import phrases as stored_phrases
from bot.storage import replies as stored_replies
from tests.givens import ANN, MODERATOR, NOW, OTHER_MODERATOR, SERVER, given_article, given_published, given_reply

TEXT = "A garden is fine. You fools! It will cost us dearly."
LATER = NOW + timedelta(hours=1)


async def reject(db, reply, *, sentence=None, guideline="personal_attack", **picked):
    return await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=picked.pop("revision", 1),
        guideline=guideline,
        sentence=sentence,
        now=NOW,
        picked=Picked(**picked),
    )


async def ask(db, reply, *, sentence="Please be kind.", guideline="disrespect", revision=1, **picked):
    return await review.request_changes(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=revision,
        guideline=guideline,
        sentence=sentence,
        now=NOW,
        picked=Picked(**picked),
    )


async def save(db, name="tone", text="Dear {author}, {number} goes against: {guideline}."):
    return await phrases.save(db, SERVER, name=name, text=text, moderator_id=MODERATOR, now=NOW)


async def test_a_rejection_keeps_the_words_that_were_ticked_in_the_order_of_the_text(db):
    reply = await given_reply(db, await given_article(db), TEXT)

    rejected = await reject(db, reply, passages=(2, 1, 1, 99))

    assert rejected.passages == ("You fools!", "It will cost us dearly.")
    async with db.read() as conn:
        assert (await stored_replies.get(conn, reply.id)).passages == rejected.passages
        entries = await audit.list_all(conn, SERVER)
    assert "You fools!" in entries[-1].details


async def test_passages_of_a_text_that_has_changed_are_refused(db):
    reply = await given_reply(db, await given_article(db), TEXT)
    await replies.revise(db, reply.id, "Another text.", author_id=ANN, now=NOW)

    with pytest.raises(StaleRevision):
        await reject(db, reply, passages=(1,))


async def test_what_was_asked_is_kept_with_the_text_judged_however_often_the_author_edits(db):
    reply = await given_reply(db, await given_article(db), TEXT)
    await ask(db, reply, passages=(1,))
    await replies.revise(db, reply.id, "A garden is fine.", author_id=ANN, now=LATER)
    twice = (await replies.revise(db, reply.id, "A garden is nice.", author_id=ANN, now=LATER)).reply

    async with db.read() as conn:
        request = (await cases.get(conn, reply.id)).request

    assert (twice.status, twice.passages, twice.guideline) == (ReplyStatus.PENDING, (), None)
    assert (request.revision, request.text, request.passages) == (1, TEXT, ("You fools!",))
    assert (request.guideline, request.sentence) == (Guideline.DISRESPECT, "Please be kind.")


async def test_a_revised_reply_keeps_its_place_and_goes_to_who_asked_first(db):
    reply = await given_reply(db, await given_article(db), TEXT)
    await ask(db, reply)

    revised = (await replies.revise(db, reply.id, "A garden is fine.", author_id=ANN, now=LATER)).reply

    assert revised.queued_at == reply.queued_at
    assert (revised.claimed_by, revised.claimed_until) == (MODERATOR, LATER + CLAIM)


async def test_an_edit_that_nobody_asked_for_claims_nothing(db):
    reply = await given_reply(db, await given_article(db), TEXT)

    revised = (await replies.revise(db, reply.id, "A garden is fine.", author_id=ANN, now=LATER)).reply

    assert revised.claimed_by is None


@pytest.mark.parametrize("decide", [reject, ask])
async def test_an_unknown_guideline_is_refused(db, decide):
    reply = await given_reply(db, await given_article(db), TEXT)

    for guideline in ("", "rudeness"):
        with pytest.raises(GuidelineUnknown):
            await decide(db, reply, guideline=guideline)


async def test_asking_for_changes_needs_a_sentence_or_a_phrase(db):
    article = await given_article(db)
    await save(db)
    one, two = await given_reply(db, article, TEXT), await given_reply(db, article, "Another.")

    with pytest.raises(TextEmpty):
        await ask(db, one, sentence=" ", passages=(1,))
    asked = await ask(db, two, sentence="", phrase="tone")

    assert asked.sentence == "Dear member 21, #2 goes against: disrespect."


async def test_a_phrase_is_filled_in_for_the_reply_and_the_sentence_follows(db):
    reply = await given_reply(db, await given_article(db), TEXT)
    await save(db, "Tone", "{author}, on {article} in {server}: {guideline}.")

    rejected = await reject(db, reply, sentence="Argue with the point.", phrase="TONE", server_name="{number}")

    words = "member 21, on Council votes for a garden in {number}: personal attack. Argue with the point."
    assert rejected.sentence == words


async def test_a_phrase_and_a_sentence_that_are_too_long_together_decide_nothing(db):
    reply = await given_reply(db, await given_article(db), TEXT)
    await save(db, text="x" * 300)

    with pytest.raises(TextTooLong):
        await reject(db, reply, sentence="y" * 200, phrase="tone")
    with pytest.raises(PhraseUnknown):
        await reject(db, reply, phrase="gone")

    async with db.read() as conn:
        assert (await stored_replies.get(conn, reply.id)).status == ReplyStatus.PENDING


async def test_a_removal_names_guideline_and_passages_when_the_moderator_does(db):
    reply = await given_published(db, await given_article(db), TEXT)

    removed = await removals.remove(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        sentence=None,
        now=NOW,
        guideline="personal_attack",
        picked=Picked(passages=(1,)),
    )

    assert (removed.guideline, removed.passages) == (Guideline.PERSONAL_ATTACK, ("You fools!",))
    async with db.read() as conn:
        actions = [action for action, *_ in await stored_decisions.list_of(conn, reply.id)]
    assert actions == [Action.APPROVE, Action.REMOVE]


async def test_of_twenty_phrases_saved_at_once_under_one_name_one_is_kept(db):
    await given_article(db)
    attempts = [save(db, name, f"Text {number}.") for number, name in enumerate(["Tone", " tone ", "TONE"] * 7)]

    results = await asyncio.gather(*attempts, return_exceptions=True)

    assert sum(isinstance(result, Phrase) for result in results) == 1
    assert all(isinstance(result, Phrase | PhraseTaken) for result in results)


async def test_the_phrases_of_another_server_are_not_seen(db):
    await given_article(db)
    await given_article(db, 200)
    await save(db)

    await phrases.save(db, 200, name="tone", text="Theirs.", moderator_id=OTHER_MODERATOR, now=NOW)

    async with db.read() as conn:
        assert [each.text for each in await stored_phrases.list_of(conn, 200)] == ["Theirs."]
        assert await stored_phrases.count(conn, 200) == 1


async def test_a_phrase_that_cannot_be_filled_in_is_refused_and_the_known_names_are_said(db):
    await given_article(db)

    for text in ("Dear {name}.", "Dear {}.", "Dear {Author}."):
        with pytest.raises(PlaceholderUnknown, match=r"\{author\}, \{article\}, \{guideline\}, \{number\}, \{server\}"):
            await save(db, text=text)
    with pytest.raises(TextTooLong):
        await save(db, text="x" * 501)
    with pytest.raises(TextEmpty):
        await save(db, name="\u200b")


async def test_a_removed_phrase_is_gone_and_both_acts_are_in_the_audit(db):
    await given_article(db)
    await save(db)

    await phrases.remove(db, SERVER, name="Tone", moderator_id=OTHER_MODERATOR, now=NOW)

    with pytest.raises(PhraseUnknown):
        await phrases.remove(db, SERVER, name="tone", moderator_id=MODERATOR, now=NOW)
    async with db.read() as conn:
        entries = await audit.list_all(conn, SERVER)
    assert [entry.action for entry in entries[-2:]] == [Action.PHRASE_SAVED, Action.PHRASE_REMOVED]
