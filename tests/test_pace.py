"""Replies appear no faster than Discord allows in a channel, the earliest approval first, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.services import publishing
from bot.storage import Database, pace
from bot.storage import publishing as due
from tests.givens import ANN, BORIS, NOW, a_page, approve, given_article, given_reply, nothing_found

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Article, Case, Reply


def most(times: list[datetime], length: timedelta) -> int:
    """The largest number of these moments in any window of this length."""
    return max(sum(start <= moment < start + length for moment in times) for start in times)


@settings(deadline=None, max_examples=50)
@given(st.integers(), st.sampled_from([50, 500, 3000]))
def test_no_minute_and_no_two_seconds_ever_take_more_than_discord_allows(seed: int, longest: int) -> None:
    random = Random(seed)
    now, sent, arrived = NOW, [], []
    for _ in range(70):
        idle, way_there, way_back = (timedelta(milliseconds=random.randrange(longest)) for _ in range(3))
        free, when = pace.slots(sorted(sent, reverse=True), 0, now)
        while not free:
            assert when > now
            now = when
            free, when = pace.slots(sorted(sent, reverse=True), 0, now)
        arrived.append(now + way_there)
        now += way_there + way_back
        sent.append(now)
        now += idle

    assert most(arrived, timedelta(seconds=60)) <= 30
    assert most(arrived, timedelta(seconds=2)) <= 5


async def given_articles(db: Database, number: int) -> list[Article]:
    """As many discussions in one channel."""
    pages = [a_page(f"Article {n}", address=f"https://paper.example/{n}") for n in range(number)]
    return [await given_article(db, page=page) for page in pages]


class Thread:
    """Posts whatever it is given, and remembers it."""

    def __init__(self) -> None:
        self.ids = count(400)
        self.posted: list[int] = []

    async def post(self, case: Case) -> int:
        await asyncio.sleep(0)
        self.posted.append(case.reply.number)
        return next(self.ids)

    async def publish(self, db: Database, reply: Reply, now: datetime) -> Reply | None:
        return await publishing.publish(db, reply.id, clock=lambda: now, post=self.post, find=nothing_found)


async def ready(db: Database, now: datetime) -> tuple[list[int], datetime | None]:
    """The replies that may be published now, and when to look again."""
    async with db.read() as conn:
        waiting, later = await due.list_publishable(conn, now)
    return [each.reply_id for each in waiting], later


async def test_of_twenty_discussions_that_publish_at_once_a_channel_takes_five(db: Database) -> None:
    waiting = [await approve(db, await given_reply(db, article)) for article in await given_articles(db, 20)]
    thread = Thread()

    await asyncio.gather(*(thread.publish(db, reply, NOW) for reply in waiting for _ in range(2)))

    assert sorted(thread.posted) == [1, 2, 3, 4, 5]


async def test_the_thirtieth_reply_of_a_minute_waits_for_the_next_one(db: Database) -> None:
    article = await given_article(db)
    replies = [await approve(db, await given_reply(db, article, f"Point {n}.")) for n in range(30)]
    thread, now = Thread(), NOW
    for reply in replies:
        while await thread.publish(db, reply, now) is None and now < NOW + timedelta(seconds=50):
            now += timedelta(seconds=1)

    assert len(thread.posted) == 28
    assert await ready(db, now) == ([], NOW + timedelta(seconds=60))
    assert await ready(db, NOW + timedelta(seconds=60)) == ([replies[28].id], None)


async def test_the_earliest_approval_comes_first_in_whatever_discussion_it_is(db: Database) -> None:
    busy, quiet = await given_articles(db, 2)
    for n in range(4):
        reply = await approve(db, await given_reply(db, busy, f"Point {n}."))
        await Thread().publish(db, reply, NOW)
    in_quiet = await approve(db, await given_reply(db, quiet, "From the other discussion.", author=ANN))
    in_busy = await approve(db, await given_reply(db, busy, "One more.", author=BORIS))

    assert await ready(db, NOW) == ([in_quiet.id], None)
    assert await Thread().publish(db, in_busy, NOW) is None


async def test_what_is_posted_again_in_a_new_discussion_counts_like_what_is_posted_first(db: Database) -> None:
    article = await given_article(db)
    replies = [await approve(db, await given_reply(db, article, f"Point {n}.")) for n in range(6)]
    for reply in replies:
        await Thread().publish(db, reply, NOW + timedelta(minutes=reply.number))
    async with db.begin() as conn:
        await due.publish_again(conn, article.id)
    later, thread = NOW + timedelta(hours=1), Thread()

    for reply in replies:
        await thread.publish(db, reply, later)

    assert thread.posted == [1, 2, 3, 4, 5]
    assert await ready(db, later) == ([], later + timedelta(seconds=2.2))


async def test_what_is_under_way_counts_until_its_outcome_is_known(db: Database) -> None:
    articles = await given_articles(db, 6)
    replies = [await approve(db, await given_reply(db, article)) for article in articles]
    async with db.begin() as conn:
        for reply in replies[:5]:
            assert await due.lease_publication(conn, reply.id, now=NOW) is False

    assert await ready(db, NOW + timedelta(seconds=10)) == ([], NOW + timedelta(seconds=12.2))


async def test_what_a_wrong_clock_wrote_down_stops_nothing(db: Database) -> None:
    article = await given_article(db)
    for n in range(5):
        reply = await approve(db, await given_reply(db, article, f"Point {n}."))
        await Thread().publish(db, reply, NOW)
    reply = await approve(db, await given_reply(db, article, "After the clock was set back."))

    for back in (timedelta(hours=1), timedelta(days=1)):
        assert await ready(db, NOW - back) == ([reply.id], None)
    assert await ready(db, NOW + timedelta(seconds=2)) == ([], NOW + timedelta(seconds=2.2))
