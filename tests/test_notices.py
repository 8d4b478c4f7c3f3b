"""Direct messages are few and far between, and what is not sent is still to be read, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import discord
import pytest
from sqlalchemy import select

from bot.models import NoticeKind, NoticeStatus
from bot.services import notices, removals, replies, review
from bot.storage import Database, direct_messages, tables
from bot.storage import notices as stored
from tests.discussions import given_article as given_card
from tests.discussions import given_published as given_message
from tests.givens import ANN, BORIS, MODERATOR, NOW, SERVER, given_article, given_published, given_reply
from tests.world import new_world, said, world

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Case, Notice

__all__ = ["new_world", "world"]  # fixtures

GAP, DAY = direct_messages.GAP, direct_messages.DAY


async def add(db: Database, *kinds: NoticeKind, now: datetime = NOW) -> list[int]:
    """Have the author of one reply told these things; the ids, in this order."""
    reply = await given_published(db, await given_article(db))
    async with db.begin() as conn:
        await conn.execute(tables.notices.delete())
        for kind in kinds:
            await stored.add(conn, reply, kind, now=now)
        return list((await conn.execute(tables.notices.select().order_by(tables.notices.c.id))).scalars())


async def send_next(db: Database, now: datetime, *, a_day: int = 100) -> tuple[int | None, NoticeStatus | None]:
    """What the sweep does when it looks: the notice, and what became of it."""
    notice_id, when = await notices.find_next(db, a_day=a_day, now=now)
    if notice_id is None or when > now:
        return None, None
    return notice_id, await notices.send(db, notice_id, a_day=a_day, clock=lambda: now, deliver=deliver)


async def deliver(_notice: Notice, _case: Case) -> bool:
    return True


async def test_what_an_author_must_answer_goes_out_before_what_they_can_see(db: Database) -> None:
    published, rejected, changes = await add(
        db, NoticeKind.PUBLISHED, NoticeKind.REJECTED, NoticeKind.CHANGES_REQUESTED
    )

    sent = [await send_next(db, NOW + n * GAP) for n in range(4)]

    done = NoticeStatus.SENT
    assert sent == [(rejected, done), (changes, done), (published, done), (None, None)]


async def test_the_next_one_waits_for_ten_seconds_also_after_a_restart(db: Database) -> None:
    _, second = await add(db, NoticeKind.REJECTED, NoticeKind.REJECTED)
    await send_next(db, NOW)

    early = await send_next(db, NOW + GAP - timedelta(seconds=1))
    refused = await notices.send(db, second, a_day=100, clock=lambda: NOW, deliver=deliver)
    when = (await notices.find_next(db, a_day=100, now=NOW))[1]

    assert (early, refused, when) == ((None, None), None, NOW + GAP)
    assert await send_next(db, NOW + GAP) == (second, NoticeStatus.SENT)


async def test_beyond_the_days_number_they_wait_and_after_a_day_they_count_as_refused(db: Database) -> None:
    ids = await add(db, *[NoticeKind.REJECTED] * 4)
    for n in range(2):
        await send_next(db, NOW + n * GAP, a_day=2)

    waiting = await notices.find_next(db, a_day=2, now=NOW + 2 * GAP)
    the_day_after = [await send_next(db, NOW + DAY + n * GAP, a_day=2) for n in range(3)]

    assert waiting == (ids[2], NOW + DAY)
    refused = NoticeStatus.REFUSED
    assert the_day_after == [(ids[2], refused), (ids[3], refused), (None, None)]
    async with db.read() as conn:
        assert len(await stored.list_refused(conn, SERVER, ANN)) == 2


async def test_of_twenty_who_want_to_write_at_the_same_moment_one_may(db: Database) -> None:
    turns = await asyncio.gather(*(notices.take_turn(db, a_day=100, now=NOW) for _ in range(20)))

    assert sum(turns) == 1
    assert not await notices.take_turn(db, a_day=100, now=NOW + timedelta(seconds=9))
    assert await notices.take_turn(db, a_day=100, now=NOW + GAP)


async def test_what_the_next_decision_or_revision_makes_out_of_date_is_not_told_any_more(db: Database) -> None:
    article = await given_article(db)
    removed, asked = await given_published(db, article), await given_reply(db, article, "Which one?", author=BORIS)
    about = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}

    await removals.remove(db, removed.id, sentence="Bad.", guideline="spam", **about)
    await removals.restore(db, removed.id, sentence="Sorry.", **about)
    await review.request_changes(db, asked.id, revision=1, sentence="Be kind.", **about)
    await replies.revise(db, asked.id, "This one.", author_id=BORIS, now=NOW)

    async with db.read() as conn:
        waiting = (
            await conn.execute(select(tables.notices.c.kind).where(tables.notices.c.status == "waiting"))
        ).scalars()
        assert sorted(waiting) == [NoticeKind.PUBLISHED, NoticeKind.RESTORED]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1)], ids=str)
async def test_a_clock_that_was_ahead_stops_no_direct_message(db: Database, step: timedelta) -> None:
    await notices.take_turn(db, a_day=1, now=NOW + step)

    assert await notices.take_turn(db, a_day=1, now=NOW)


async def test_a_notice_that_came_too_late_is_shown_with_the_members_own_replies(world) -> None:
    card = await given_card(world)
    world.client.sweep.notices_a_day = 1
    for words in ("First.", "Second."):
        await given_message(world, card, words)

    before = said(await world.ann.slash(world.general, "my replies"))
    async with world.db.begin() as conn:
        await conn.execute(tables.notices.update().values(created_at=discord.utils.utcnow() - DAY))
    await world.env.advance_time(6)
    after = said(await world.ann.slash(world.general, "my replies"))

    assert len(world.ann.user.dm_channel.history()) == 1
    assert ("did not let me tell you" in before, "did not let me tell you" in after) == (False, True)
