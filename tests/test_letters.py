"""Letters: the approved replies of an article appear together every so many minutes, in an order left to chance."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from bot.errors import ArticleNotFound, ParentNotPublished
from bot.models import Action, Article, Reply, ReplyStatus
from bot.services import appearances, replies, review
from bot.storage import Database, audit
from bot.storage import appearances as stored
from bot.storage import publishing as due
from bot.storage import settings as stored_settings
from tests.discussions import TITLE, last, reply_of, send
from tests.discussions import given_article as given_card
from tests.discussions import given_reply as given_review_card
from tests.givens import (
    BORIS,
    EDITOR,
    MODERATOR,
    NOW,
    SERVER,
    a_draft,
    approve,
    given_article,
    given_published,
    given_reply,
)
from tests.test_grace import publish
from tests.world import World, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

BATCH_AT = NOW + timedelta(minutes=30)  # NOW is half past twelve


async def set_letters(db: Database, article: Article, minutes: int = 60) -> int:
    _, hastened = await appearances.set_letters(
        db, article.id, server_id=article.server_id, editor_id=EDITOR, minutes=minutes, now=NOW
    )
    return hastened


async def get(db: Database, reply: Reply) -> Reply:
    return (await replies.receipt(db, reply.id)).reply


async def order(db: Database, article: Article, appears_at: datetime = BATCH_AT) -> list[int]:
    async with db.read() as conn:
        return [reply_id for reply_id, _ in await stored.list_batch(conn, article.id, appears_at)]


async def first_waiting(db: Database, moment: datetime) -> list[int]:
    async with db.read() as conn:
        return [each.reply_id for each in await due.list_needing_publishing(conn, moment)]


def test_the_batches_are_the_multiples_of_the_minutes_in_utc() -> None:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)

    assert appearances.next_batch_at(noon, 30) == noon
    assert appearances.next_batch_at(noon + timedelta(seconds=1), 30) == noon + timedelta(minutes=30)
    assert appearances.next_batch_at(noon + timedelta(minutes=59), 1440) == datetime(2026, 5, 5, tzinfo=UTC)


async def test_approved_replies_wait_for_the_next_batch_and_appear_one_after_the_other(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    approved = [await approve(db, await given_reply(db, article, f"Point {n}.")) for n in range(3)]

    assert [(await get(db, reply)).appears_at for reply in approved] == [BATCH_AT] * 3
    assert await first_waiting(db, BATCH_AT - timedelta(seconds=1)) == []
    shuffled, appeared = await order(db, article), []
    while waiting := await first_waiting(db, BATCH_AT):
        appeared += waiting
        await publish(db, await get(db, next(r for r in approved if r.id == waiting[0])), BATCH_AT)
        await db_pause(db)
    assert appeared == shuffled
    assert sorted(appeared) == [reply.id for reply in approved]


async def db_pause(db: Database) -> None:
    """Forget the pace: this test is about the order."""
    async with db.begin() as conn:
        await conn.execute(due.replies.update().values(published_at=NOW - timedelta(hours=1)))


async def test_the_grace_time_is_kept_so_that_a_late_approval_appears_with_the_next_batch(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    async with db.begin() as conn:
        await stored_settings.put(conn, SERVER, "grace_time", 10)
    reply = await given_reply(db, article)
    late = BATCH_AT - timedelta(seconds=5)

    await review.approve(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, now=late)

    assert (await get(db, reply)).appears_at == BATCH_AT + timedelta(hours=1)


async def test_who_pressed_before_the_batch_but_came_after_one_of_the_next_appears_with_that_one(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    first, second = [await given_reply(db, article, words) for words in ("Pressed later.", "Pressed earlier.")]
    after, before = BATCH_AT + timedelta(seconds=1), BATCH_AT - timedelta(seconds=1)

    for reply, moment in ((first, after), (second, before)):
        await review.approve(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, now=moment)

    assert (await get(db, second)).appears_at == (await get(db, first)).appears_at


async def test_every_order_of_a_batch_is_equally_likely(sqlite_db: Database) -> None:
    article = await given_article(sqlite_db)
    await set_letters(sqlite_db, article)
    batch = [await given_reply(sqlite_db, article, f"Point {n}.") for n in range(3)]
    seen: Counter[tuple[int, ...]] = Counter()
    for _ in range(360):
        for reply in batch:
            await approve(sqlite_db, reply)
        seen[tuple(await order(sqlite_db, article))] += 1
        for reply in batch:
            await review.undo(sqlite_db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    expected = 360 / 6
    distance = sum((seen[each] - expected) ** 2 / expected for each in permutations(reply.id for reply in batch))
    assert distance < 30  # chi squared with five degrees of freedom: more than that by chance in 1 of 67,000 runs


async def test_an_answer_cannot_appear_before_what_it_answers(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    parent = await approve(db, await given_reply(db, article))

    with pytest.raises(ParentNotPublished):
        await replies.submit(db, a_draft(article, "I agree.", author=BORIS, parent=parent), now=NOW)


async def test_turning_it_off_lets_what_waits_appear_at_once_and_is_in_the_audit(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    reply = await approve(db, await given_reply(db, article))

    hastened = await set_letters(db, article, 0)

    assert hastened == 1
    assert await first_waiting(db, NOW) == [reply.id]
    async with db.read() as conn:
        trail = [entry for entry in await audit.list_all(conn, SERVER) if entry.action is Action.LETTERS]
    assert [(entry.actor_id, entry.details) for entry in trail] == [
        (EDITOR, '{"minutes": 60}'),
        (EDITOR, '{"minutes": 0}'),
    ]


async def test_shorter_intervals_hasten_what_waits_and_longer_ones_do_not_hold_it_up(db: Database) -> None:
    article = await given_article(db)
    await set_letters(db, article)
    reply = await approve(db, await given_reply(db, article))

    await set_letters(db, article, 1440)
    longer = (await get(db, reply)).appears_at
    await set_letters(db, article, 15)

    assert longer == BATCH_AT
    assert (await get(db, reply)).appears_at == NOW


async def test_what_is_published_already_is_left_alone_and_so_is_another_servers_article(db: Database) -> None:
    article = await given_article(db)
    reply = await given_published(db, article)

    assert await set_letters(db, article) == 0
    assert (await get(db, reply)).status is ReplyStatus.PUBLISHED
    with pytest.raises(ArticleNotFound):
        await appearances.set_letters(db, article.id, server_id=999, editor_id=EDITOR, minutes=5, now=NOW)


async def test_an_editor_has_replies_appear_together_and_everybody_is_told(world: World) -> None:
    card = await given_card(world)
    chosen = await world.ed.autocomplete(world.general, "article letters", "article", "garden")
    told = await world.ed.slash(world.general, "article letters", article=chosen[0]["value"], minutes=10)
    refused = await world.ann.slash(world.general, "article letters", article=chosen[0]["value"], minutes=0)
    await world.env.advance_time(1)  # the simulation begins at midnight, where a batch appears
    receipt = await send(world.boris, card, "Ещё одно мнение.")
    await world.mira.click(last(world.review), label="Approve")
    shown = text(last(world.review))
    await world.mira.click(await given_review_card(world, card), label="Approve")
    await world.env.advance_time(1)
    early = [(await reply_of(world, number)).status for number in (1, 2)]

    off = await world.ed.slash(world.general, "article letters", article=TITLE, minutes=0)
    await world.env.advance_time(1)

    assert "together, at intervals of 10 minutes" in said(told)
    assert "Only editors" in said(refused)
    assert "вместе" in said(receipt)
    assert "together with others" in shown
    assert early == [ReplyStatus.APPROVED] * 2
    assert "2 that were waiting appear now" in said(off)
    assert [(await reply_of(world, number)).status for number in (1, 2)] == [ReplyStatus.PUBLISHED] * 2
