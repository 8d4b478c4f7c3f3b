"""The queue gives each moderator the right reply next, and never the same one to two of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, select, update

from bot.errors import AlreadyDecided, Claimed
from bot.models import COUNTED, Filter, Left, Reply, ReplyStatus
from bot.services import claims, queue, replies, review
from bot.storage import decisions, settings, skips, tables
from bot.storage import queue as stored_queue
from bot.storage import replies as stored_replies
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    a_draft,
    a_page,
    given_article,
    given_published,
    given_reply,
)

if TYPE_CHECKING:
    from bot.storage import Database

MODERATORS = range(1000, 1020)


async def next_for(
    db: Database, moderator: int = MODERATOR, wanted: Filter | None = None, **about: Any
) -> Reply | None:
    about = {"now": NOW} | about
    return await queue.open_next(db, wanted or Filter(), server_id=SERVER, moderator_id=moderator, **about)


async def mark(db: Database, reply: Reply, **values: Any) -> None:
    async with db.begin() as conn:
        await conn.execute(update(tables.replies).where(tables.replies.c.id == reply.id).values(**values))


async def given_many(db: Database, count: int) -> list[Reply]:
    """So many held replies of different people, stored at once."""
    first = await given_reply(db, await given_article(db), "Point 0.")
    async with db.begin() as conn:
        row = (await conn.execute(select(tables.replies).where(tables.replies.c.id == first.id))).one()
        copies = [
            dict(row._mapping)
            | {"id": first.id + n, "number": 1 + n, "author_id": 2000 + n, "interaction_id": 10**6 + n}
            for n in range(1, count)
        ]
        await conn.execute(insert(tables.replies), copies)
        rows = await conn.execute(select(tables.replies).order_by(tables.replies.c.id))
        return [stored_replies.reply_of(row) for row in rows]


async def numbers(db: Database, wanted: Filter | None = None) -> list[int | None]:
    """The replies that a moderator is shown, one after the other, each skipped."""
    found: list[int | None] = []
    skipping = None
    while (reply := await next_for(db, wanted=wanted, skipping=skipping)) is not None:
        found.append(reply.number)
        skipping = reply.id
    return found


async def test_the_longest_wait_comes_first_and_a_first_voice_before_a_second(db: Database) -> None:
    article = await given_article(db)
    for text, author in (("One.", ANN), ("Two.", ANN), ("Three.", BORIS)):
        await given_reply(db, article, text, author=author)

    assert await numbers(db) == [1, 3, 2]


@pytest.mark.parametrize(("order", "expected"), [("time", [1, 2, 3]), ("first", [2, 1, 3]), ("last", [1, 3, 2])])
async def test_severe_ones_stand_where_the_setting_says(db: Database, order: str, expected: list[int]) -> None:
    article = await given_article(db)
    held = [await given_reply(db, article, f"Point {n}.", author=1 + n) for n in range(3)]
    await mark(db, held[1], severity=2)
    async with db.begin() as conn:
        await settings.put(conn, SERVER, "severe_order", order)

    assert await numbers(db) == expected
    async with db.begin() as conn:
        await skips.forget(conn, MODERATOR)
    assert await numbers(db, Filter(article_id=article.id)) == expected


async def test_two_who_ask_at_once_are_given_two_replies(db: Database) -> None:
    article = await given_article(db)
    for n in range(20):
        await given_reply(db, article, f"Point {n}.", author=1 + n)

    given = await asyncio.gather(*(next_for(db, moderator) for moderator in MODERATORS))

    assert sorted(reply.number for reply in given if reply) == list(range(1, 21))


async def test_what_a_moderator_has_open_comes_again_until_they_decide_or_skip_it(db: Database) -> None:
    article = await given_article(db)
    for n in range(2):
        await given_reply(db, article, f"Point {n}.", author=1 + n)

    first, again = await next_for(db), await next_for(db)
    assert first is not None
    skipped = await next_for(db, skipping=first.id)
    other = await next_for(db, OTHER_MODERATOR)

    assert again == first
    assert [reply and reply.number for reply in (first, skipped, other)] == [1, 2, 1]


@pytest.mark.parametrize("wanted", [Filter(calm=True), Filter(calm=True, mine=True)])
async def test_in_the_calm_part_one_has_no_severe_reply_open_either(db: Database, wanted: Filter) -> None:
    article = await given_article(db)
    severe, calm = [await given_reply(db, article, f"Point {n}.", author=1 + n) for n in range(2)]
    await mark(db, severe, severity=2)
    opened = await next_for(db)
    await claims.claim(db, calm.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    shown = await next_for(db, wanted=wanted)

    assert [reply and reply.number for reply in (opened, shown)] == [1, 2]
    async with db.read() as conn:
        page = await stored_queue.list_page(conn, SERVER, MODERATOR, wanted, now=NOW, limit=9)
    assert [reply.number for reply in page] == [2]


async def test_among_flagged_ones_no_other_that_one_has_open_is_shown(db: Database) -> None:
    article = await given_article(db)
    _, flagged = [await given_reply(db, article, f"Point {n}.", author=1 + n) for n in range(2)]
    await mark(db, flagged, severity=1)
    opened = await next_for(db)

    shown = await next_for(db, wanted=Filter(flagged=True))

    assert [reply and reply.number for reply in (opened, shown)] == [1, 2]


async def test_what_was_skipped_comes_back_after_half_an_hour_or_at_once_when_asked(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    assert await next_for(db, skipping=reply.id) is None
    assert await next_for(db, now=NOW + timedelta(minutes=31)) is not None
    assert await next_for(db, skipping=reply.id, now=NOW + timedelta(minutes=32)) is None
    await queue.begin_again(db, moderator_id=MODERATOR)
    assert await next_for(db, now=NOW + timedelta(minutes=33)) is not None


async def test_ones_own_reply_and_an_answer_to_it_are_for_others_and_counted(db: Database) -> None:
    article = await given_article(db)
    own = await given_published(db, article, "Said by a moderator.")
    await mark(db, own, author_id=OTHER_MODERATOR)
    await replies.submit(db, a_draft(article, "An answer.", author=BORIS, parent=own), now=NOW)
    await given_reply(db, article, "My own.", author=OTHER_MODERATOR)
    taken = await given_reply(db, article, "Open elsewhere.")
    skipped = await given_reply(db, article, "Not now.", author=BORIS)
    await claims.claim(db, taken.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    nothing = await next_for(db, OTHER_MODERATOR, skipping=skipped.id)
    left = await queue.count_left(db, Filter(), server_id=SERVER, moderator_id=OTHER_MODERATOR, now=NOW)

    assert nothing is None
    assert left == Left(skipped=1, claimed=1, own=2)


async def test_each_filter_shows_its_part_of_the_queue(db: Database) -> None:
    garden = await given_article(db)
    other = await given_article(db, page=a_page("Another", address="https://paper.example/other"))
    held = [await given_reply(db, garden, f"Point {n}.", author=1 + n) for n in range(4)]
    await given_reply(db, other, "Elsewhere.", author=9)
    await given_reply(db, garden, "Once more.", author=1)
    await mark(db, held[1], author_language="ru", severity=1)
    await mark(db, held[2], severity=2)
    early = NOW - timedelta(hours=2)
    await mark(db, held[3], submitted_at=early, queued_at=early)

    expected = {
        Filter(article_id=other.id): [5],
        Filter(language="ru"): [2],
        Filter(flagged=True): [2, 3],
        Filter(calm=True): [4, 1, 2, 5, 6],
        Filter(minutes=60): [4],
        Filter(first_voices=True): [4, 1, 2, 3, 5],
        Filter(flagged=True, language="ru", article_id=garden.id): [2],
        Filter(mine=True): [],
        Filter(flagged=True, minutes=60): [],
    }
    async with db.read() as conn:
        pages = {
            wanted: await stored_queue.list_page(conn, SERVER, MODERATOR, wanted, now=NOW, limit=9)
            for wanted in expected
        }
    assert {wanted: [reply.number for reply in page] for wanted, page in pages.items()} == expected
    for wanted, found in expected.items():
        assert await numbers(db, wanted) == found
        async with db.begin() as conn:
            await skips.forget(conn, MODERATOR)


@pytest.mark.parametrize("wanted", [Filter(), Filter(article_id=1), Filter(first_voices=True)])
async def test_pages_follow_each_other_in_both_directions_without_gaps(db: Database, wanted: Filter) -> None:
    article = await given_article(db)
    held = [await given_reply(db, article, f"Point {n}.", author=1 + n) for n in range(7)]
    for reply in held[::2]:
        await mark(db, reply, severity=1)
    about = {"now": NOW, "limit": 3}

    async with db.read() as conn:
        first = await stored_queue.list_page(conn, SERVER, MODERATOR, wanted, **about)
        second = await stored_queue.list_page(conn, SERVER, MODERATOR, wanted, after=first[-1], **about)
        back = await stored_queue.list_page(conn, SERVER, MODERATOR, wanted, before=second[0], **about)

    assert [reply.number for reply in (*first, *second)] == [1, 2, 3, 4, 5, 6]
    assert back == first


async def test_a_receipt_counts_no_further_than_it_says(db: Database) -> None:
    article = await given_article(db)
    for n in range(COUNTED + 3):
        last = await given_reply(db, article, f"Point {n}.", author=1 + n)

    assert (await replies.receipt(db, last.id)).ahead == COUNTED


async def test_a_filter_survives_the_way_through_a_button() -> None:
    wanted = Filter(2**40, "es-419", 10_080, flagged=True, first_voices=False, mine=True, calm=True)

    assert Filter.decode(*wanted.encode()) == wanted
    assert Filter.decode(0, 2**63 - 1, 2**63 - 1, 2**63 - 16) == Filter(minutes=525_600)
    assert len("desk:before:" + ":".join(map(str, (2**63 - 1, *wanted.encode())))) <= 100


async def test_of_twenty_moderators_who_press_at_random_each_reply_gets_one_decision_and_each_a_true_answer(
    db: Database,
) -> None:
    held = await given_many(db, 200)
    dice = Random(4)
    told: list[tuple[int, int, str, int]] = []

    async def press(moderator: int, reply: Reply) -> None:
        about = {"server_id": SERVER, "moderator_id": moderator, "now": NOW}
        act = dice.choice(("approve", "reject", "claim"))
        try:
            if act == "approve":
                await review.approve(db, reply.id, revision=1, **about)
            elif act == "reject":
                await review.reject(db, reply.id, revision=1, guideline="spam", sentence=None, **about)
            else:
                await claims.claim(db, reply.id, **about)
            told.append((reply.id, moderator, act, moderator))
        except AlreadyDecided as error:
            told.append((reply.id, moderator, "already", error.reply.decided_by or 0))
        except Claimed as error:
            told.append((reply.id, moderator, "claimed", error.reply.claimed_by or 0))

    async def work(moderator: int) -> None:
        for reply in dice.sample(held, 20):
            await press(moderator, reply)

    await asyncio.gather(*map(work, MODERATORS))

    async with db.read() as conn:
        decided = {reply.id: await decisions.list_of(conn, reply.id) for reply in held}
        states = [await stored_replies.get(conn, reply.id) for reply in held]
    assert all(len(decided[state.id]) == (state.status is not ReplyStatus.PENDING) for state in states if state)
    by = {reply_id: each[0][2] for reply_id, each in decided.items() if each}
    claimers = {(reply_id, moderator) for reply_id, moderator, what, _ in told if what == "claim"}
    assert all(by[reply_id] == moderator for reply_id, moderator, what, _ in told if what in {"approve", "reject"})
    assert all(by[reply_id] == other for reply_id, _, what, other in told if what == "already")
    assert all((reply_id, other) in claimers for reply_id, _, what, other in told if what == "claimed")
    assert all(by.get(reply_id, moderator) == moderator for reply_id, moderator in claimers)
    assert {"approve", "reject", "claim", "already", "claimed"} == {what for _, _, what, _ in told}
