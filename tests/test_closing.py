"""Open discussions never stay archived; closed ones take no replies, get a last word and are locked."""

from __future__ import annotations

import asyncio

import pytest

from bot.client import StandfirstClient
from bot.config import Config
from bot.errors import AlreadyOpen, ArticleNotFound, DiscussionClosed, OutcomeUnknown, PostRefused
from bot.models import Action, ReplyStatus
from bot.services import discussions, replies, review
from bot.storage import audit, servers, tables
from bot.storage import discussions as stored_discussions
from tests.discussions import TITLE, given_article, given_published, given_reply, last, reply_of, send
from tests.givens import ANN, CLOCK, EDITOR, MODERATOR, NOW, SERVER, THREAD, a_draft, approve
from tests.givens import given_article as an_article
from tests.givens import given_published as a_published
from tests.givens import given_reply as a_reply
from tests.in_process import restart
from tests.world import new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

LOCKED = (True, True)
OPEN = (False, False)


def state(world, title: str = TITLE) -> tuple[bool, bool]:
    """(archived, locked)"""
    metadata = world.env.backend.get_channel(world.channel(title).id).thread_metadata
    return metadata.archived, metadata.locked


def change(world, **metadata) -> None:
    """Somebody else, or Discord, changes the thread."""
    world.env.backend.edit_channel(world.channel(TITLE).id, {}, thread_metadata=metadata)


async def close(world, typed: str = TITLE, who=None):
    return await (who or world.ed).slash(world.general, "article close", article=typed)


async def reopen(world, typed: str = TITLE):
    return await world.ed.slash(world.general, "article reopen", article=typed)


def last_words(world) -> list[str]:
    thread = world.channel(TITLE)
    return [text(message) for message in thread.history() if "discussion is closed" in text(message)]


def thread_edits(world) -> int:
    path = f"/channels/{world.channel(TITLE).id}"
    return sum((call.method, call.path) == ("PATCH", path) for call in world.env.http_requests)


async def test_a_discussion_that_is_archived_comes_back_at_once(world):
    await given_article(world)
    change(world, archived=True)
    await world.env.advance_time(0.1)

    assert state(world) == OPEN


async def test_a_discussion_that_somebody_locks_is_unlocked(world):
    await given_article(world)
    change(world, archived=True, locked=True)
    await world.env.advance_time(0.1)

    assert state(world) == OPEN


async def test_who_archives_it_again_and_again_is_followed_without_hurry(world):
    await given_article(world)
    for _ in range(10):
        change(world, archived=True)
        await world.env.advance_time(1)
    hurried = thread_edits(world)
    await world.env.advance_time(40)

    assert hurried == 1
    assert state(world) == OPEN


async def test_what_was_archived_while_the_bot_was_away_comes_back_when_it_starts(world, tmp_path):
    await given_article(world)
    world.env.backend.get_channel(world.channel(TITLE).id).thread_metadata.archived = True
    await restart(world.env, StandfirstClient(Config("token", "sqlite://", tmp_path, False), world.db))

    await world.env.advance_time(5)

    assert state(world) == OPEN


async def test_other_threads_are_none_of_our_business(world):
    await given_article(world)
    other = await world.client.get_channel(world.general.id).create_thread(name="Chat", type=None)
    world.env.backend.edit_channel(other.id, {}, thread_metadata={"archived": True})
    await world.env.advance_time(5)

    assert state(world, "Chat") == (True, False)


async def test_a_closed_discussion_takes_no_replies_gets_a_last_word_and_is_locked(world):
    card = await given_article(world)
    await given_published(world, card)

    answer = await close(world)
    await world.env.advance_time(6)

    assert f"Closed: <#{world.channel(TITLE).id}> takes no replies any more." in said(answer)
    assert state(world) == LOCKED
    assert last_words(world) == ["🔒 **This discussion is closed.**\n1 reply was published."]
    refused = await send_late(world, card)
    assert "This discussion is closed" in said(refused)


async def send_late(world, card):
    form = await world.ann.click(card, label="Join the conversation")
    return form if form.modal is None else await world.ann.submit_modal(form, {"text": "Too late."})


async def test_replies_that_are_held_are_still_decided_before_the_discussion_is_locked(world):
    card = await given_article(world)
    review_card = await given_reply(world, card)

    answer = await close(world)
    await world.env.advance_time(6)
    waiting = state(world), last_words(world)
    await world.mira.click(review_card, label="Approve")
    await world.env.advance_time(6)

    assert "1 reply is still held or on its way" in said(answer)
    assert waiting == (OPEN, [])
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
    assert state(world) == LOCKED
    assert last_words(world) == ["🔒 **This discussion is closed.**\n1 reply was published."]


async def test_a_closed_discussion_that_somebody_unlocks_is_locked_again_without_another_word(world):
    await given_article(world)
    await close(world)
    await world.env.advance_time(6)
    change(world, archived=False, locked=False)
    await world.env.advance_time(6)

    assert state(world) == LOCKED
    assert len(last_words(world)) == 1


async def test_a_discussion_that_is_opened_again_takes_replies_and_loses_its_last_word(world):
    card = await given_article(world)
    await close(world)
    await world.env.advance_time(6)

    answer = await reopen(world)
    await world.env.advance_time(6)

    assert f"Open again: <#{world.channel(TITLE).id}> takes replies." in said(answer)
    assert (state(world), last_words(world)) == (OPEN, [])
    await send(world.ann, card, "Once more.")
    assert "Once more." in text(last(world.review))


async def test_the_last_word_is_said_once_more_when_it_is_closed_once_more(world):
    await given_article(world)
    for act in (close, reopen, close):
        await act(world)
        await world.env.advance_time(1)

    assert len(last_words(world)) == 1
    assert state(world) == LOCKED


async def test_the_last_word_is_in_the_language_of_the_server(world):
    async with world.db.begin() as conn:
        await conn.execute(tables.servers.update().values(language="ru"))
    await given_article(world)
    await close(world)
    await world.env.advance_time(6)

    (message,) = [m for m in world.channel(TITLE).history() if text(m)]
    assert "Обсуждение закрыто" in text(message)


async def test_articles_are_offered_by_their_headlines_to_editors_alone(world):
    await given_article(world, title="Council votes for a garden")
    await given_article(world, title="Harbour freezes over")
    await close(world, "Harbour")

    async def offered(person, command, typed):
        found = await person.autocomplete(world.general, f"article {command}", "article", typed)
        return [choice["name"] for choice in found]

    assert await offered(world.ed, "close", "") == ["Council votes for a garden"]
    assert await offered(world.ed, "reopen", "freezes") == ["Harbour freezes over"]
    assert await offered(world.ann, "close", "") == []


async def test_who_is_no_editor_closes_nothing_and_what_does_not_exist_is_said(world):
    await given_article(world)

    refused = await close(world, who=world.ann)
    unknown = await close(world, "No such headline")
    forged = await close(world, "987654")

    assert "Only editors can do this." in said(refused)
    assert "Pick one from the list" in said(unknown)
    assert "no longer known here" in said(forged)
    assert state(world) == OPEN


# The services, on both databases


class Acts:
    """What is done in Discord, and in which order; the first times as often as said it fails."""

    def __init__(self, *failures: Exception) -> None:
        self.done: list[object] = []
        self.failures = list(failures)
        self.said = 900

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    async def open_thread(self, _article) -> None:
        self._fail()
        self.done.append("open")

    async def lock_thread(self, _article) -> None:
        self._fail()
        self.done.append("lock")

    async def say(self, _article, published, _since) -> int:
        self.said += 1
        self.done.append(("say", published))
        return self.said

    async def find(self, _article, _since) -> int | None:
        self.done.append("find")
        return 900

    async def unsay(self, _article, message_id) -> None:
        self.done.append(("unsay", message_id))


async def tend(db, article, acts, *, clock=CLOCK):
    return await discussions.tend(
        db,
        article.id,
        clock=clock,
        **{name: getattr(acts, name) for name in ("open_thread", "lock_thread", "say", "find", "unsay")},
    )


async def close_it(db, article, *, server_id: int = SERVER):
    return await discussions.close(db, article.id, server_id=server_id, editor_id=EDITOR, now=NOW)


async def reopen_it(db, article):
    return await discussions.reopen(db, article.id, server_id=SERVER, editor_id=EDITOR, now=NOW)


async def test_closing_is_written_into_the_audit_trail_and_done_once(db):
    article = await an_article(db)

    attempts = await asyncio.gather(*(close_it(db, article) for _ in range(5)), return_exceptions=True)
    await reopen_it(db, article)

    assert sum(isinstance(attempt, DiscussionClosed) for attempt in attempts) == 4
    async with db.read() as conn:
        entries = [entry.action for entry in await audit.list_all(conn, SERVER)]
    assert entries[-2:] == [Action.ARTICLE_CLOSED, Action.ARTICLE_REOPENED]
    assert entries.count(Action.ARTICLE_CLOSED) == 1


async def test_another_servers_article_cannot_be_closed(db):
    article = await an_article(db)

    with pytest.raises(ArticleNotFound):
        await close_it(db, article, server_id=999)
    with pytest.raises(AlreadyOpen):
        await reopen_it(db, article)


async def test_a_reply_sent_while_the_discussion_is_being_closed_waits_and_is_refused(db):
    article = await an_article(db)
    async with db.begin() as conn:
        await servers.hold(conn, SERVER)
        late = asyncio.create_task(replies.submit(db, a_draft(article), now=NOW))
        await asyncio.sleep(0.1)  # it may look, but not yet store
        await stored_discussions.close(conn, article.id, now=NOW)

    with pytest.raises(DiscussionClosed):
        await late


async def test_a_reply_that_was_given_back_comes_too_late_but_a_held_one_can_be_changed(db):
    article = await an_article(db)
    held, given_back = await a_reply(db, article, "Held."), await a_reply(db, article, "Given back.")
    await review.request_changes(
        db, given_back.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Shorter.", now=NOW
    )
    await close_it(db, article)

    with pytest.raises(DiscussionClosed):
        await replies.revise(db, given_back.id, "Shorter.", author_id=ANN, now=NOW)
    assert (await replies.revise(db, held.id, "Still held.", author_id=ANN, now=NOW)).reply.revision == 2


async def test_the_thread_is_locked_only_when_nothing_can_appear_in_it_any_more(db):
    article, acts = await an_article(db), Acts()
    await a_published(db, article)
    held = await a_reply(db, article, "Held.")
    await close_it(db, article)

    await tend(db, article, acts)
    await approve(db, held)
    await tend(db, article, acts)
    before = list(acts.done)
    await db_withdraw(db, held)
    await tend(db, article, acts)
    await tend(db, article, acts)

    assert before == []
    assert acts.done == [("say", 1), "lock"]


async def db_withdraw(db, reply) -> None:
    await replies.withdraw(db, reply.id, author_id=ANN, now=NOW)


async def test_a_last_word_whose_answer_was_lost_is_looked_for_before_it_is_said_again(db):
    article = await an_article(db)
    await close_it(db, article)
    lost = Acts()

    async def say(*_):
        raise TimeoutError

    lost.say = say
    with pytest.raises(OutcomeUnknown):
        await tend(db, article, lost)
    acts = Acts()
    await tend(db, article, acts, clock=later)

    assert acts.done == ["find", "lock"]


async def test_a_lost_last_word_is_taken_back_when_the_discussion_is_opened_again_meanwhile(db):
    article = await an_article(db)
    await close_it(db, article)
    lost = Acts()

    async def say(*_):
        raise TimeoutError

    lost.say = say
    with pytest.raises(OutcomeUnknown):
        await tend(db, article, lost)
    await reopen_it(db, article)
    acts = Acts()
    await tend(db, article, acts, clock=later)

    assert acts.done == ["open", "find", ("unsay", 900)]


def later():
    return NOW.replace(minute=NOW.minute + 1)


async def test_a_lock_that_discord_refuses_is_tried_again_without_a_second_last_word(db):
    article, acts = await an_article(db), Acts(PostRefused("no permission"))
    await close_it(db, article)

    with pytest.raises(PostRefused):
        await tend(db, article, acts)
    await tend(db, article, acts, clock=later)

    assert acts.done == [("say", 0), "lock"]


async def test_threads_changed_unseen_are_found_by_comparing_them_all(db):
    article, acts = await an_article(db), Acts()

    as_it_should_be = await discussions.compare(db, SERVER, fine={THREAD}, active={THREAD})
    lost = await discussions.compare(db, SERVER, fine=set(), active=set())
    await tend(db, article, acts)
    await close_it(db, article)
    await tend(db, article, acts, clock=later)
    quiet = await discussions.compare(db, 999, fine=set(), active={THREAD})
    stray = await discussions.compare(db, SERVER, fine=set(), active={THREAD})

    assert (as_it_should_be, lost, stray, quiet) == (False, True, True, False)
    assert acts.done == ["open", ("say", 0), "lock"]
