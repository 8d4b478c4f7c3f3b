"""Bulletins: said once in the review channel, whatever fails in between, to exactly those who are on duty."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import OutcomeUnknown
from bot.services import bulletins, review, settings, shifts
from bot.storage import Database, sweep
from tests.discussions import given_article, given_reply, last, send
from tests.givens import ANN, BORIS, CLOCK, MODERATOR, NOW, SERVER, approve
from tests.givens import given_article as given_open_article
from tests.givens import given_reply as given_held
from tests.world import new_world, text, world

if TYPE_CHECKING:
    from bot.models import Bulletin, News

__all__ = ["new_world", "world"]  # fixtures

MORNING = datetime(2026, 5, 5, 8, 0, tzinfo=UTC)


@dataclass
class Channel:
    """The review channel: what was posted, and whether the answer to that is lost."""

    posted: list[tuple[int, News]] = field(default_factory=list)
    loses_the_answer: bool = False

    async def send(self, bulletin: Bulletin, news: News) -> int:
        self.posted.append((bulletin.id, news))
        if self.loses_the_answer:
            raise OutcomeUnknown("no answer")
        return 700 + len(self.posted)

    async def find(self, bulletin: Bulletin) -> int | None:
        return next((701 + n for n, (row_id, _) in enumerate(self.posted) if row_id == bulletin.id), None)

    @property
    def news(self) -> list[News]:
        return [news for _, news in self.posted]


async def tell_all(db: Database, channel: Channel, *, now: datetime = NOW) -> None:
    async with db.read() as conn:
        due = await sweep.list_due(conn, "bulletin", now)
    for bulletin_id in due:
        await bulletins.tell(db, bulletin_id, clock=lambda: now, send=channel.send, find=channel.find)


async def choose(db: Database, name: str, value: str) -> None:
    await settings.change(db, SERVER, name, value, actor_id=1, now=NOW)


async def test_a_backlog_is_told_once_by_whichever_process_comes_first(db: Database) -> None:
    article, channel = await given_open_article(db), Channel()
    await choose(db, "backlog_ping", "1")
    await given_held(db, article)
    await shifts.begin(db, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    telling = (bulletins.tell(db, 1, clock=CLOCK, send=channel.send, find=channel.find) for _ in range(10))
    await asyncio.gather(*telling)
    await tell_all(db, channel)

    [news] = channel.news
    assert (news.held, news.oldest_at) == (1, NOW)
    assert [shift.moderator_id for shift in news.duty.shifts] == [MODERATOR]


async def test_one_whose_answer_was_lost_is_found_and_not_posted_again(db: Database) -> None:
    article, channel = await given_open_article(db), Channel(loses_the_answer=True)
    await choose(db, "backlog_ping", "1")
    await given_held(db, article)

    with pytest.raises(OutcomeUnknown):
        await tell_all(db, channel)
    channel.loses_the_answer = False
    for minutes in (1, 2, 3):
        await tell_all(db, channel, now=NOW + timedelta(minutes=minutes))

    assert len(channel.posted) == 1


async def test_a_backlog_that_is_over_before_it_could_be_told_is_not_told(db: Database) -> None:
    article, channel = await given_open_article(db), Channel()
    await choose(db, "backlog_ping", "1")

    await approve(db, await given_held(db, article))
    await tell_all(db, channel)

    assert channel.posted == []


async def test_a_digest_tells_once_a_day_what_is_held_and_what_was_decided(db: Database) -> None:
    article, channel = await given_open_article(db), Channel()
    await choose(db, "digest", "08:00")
    await given_held(db, article, "Waits.")
    await approve(db, await given_held(db, article, "Fine."))
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW + timedelta(minutes=20)}
    refused = await given_held(db, article, "Buy now.", author=BORIS)
    await review.reject(db, refused.id, revision=1, guideline="spam", sentence=None, **who)

    for now in (MORNING - timedelta(minutes=1), MORNING, MORNING + timedelta(minutes=1)):
        await bulletins.plan_digests(db, now=now)
        await tell_all(db, channel, now=now)

    [news] = channel.news
    assert (news.held, news.approved, news.rejected, news.changes_requested) == (1, 1, 1, 0)
    assert news.usual_wait == timedelta(minutes=10)


async def test_a_day_without_anything_to_say_has_no_digest_and_a_late_one_is_left_out(db: Database) -> None:
    article, channel = await given_open_article(db), Channel()
    await choose(db, "digest", "08:00")
    await bulletins.plan_digests(db, now=MORNING)
    await tell_all(db, channel, now=MORNING)

    await given_held(db, article, author=ANN)
    next_day = MORNING + timedelta(days=1)
    await bulletins.plan_digests(db, now=MORNING + timedelta(hours=1))
    await bulletins.plan_digests(db, now=next_day + timedelta(hours=7))
    await tell_all(db, channel, now=next_day + timedelta(hours=7))
    nothing_yet = len(channel.posted)
    in_time = next_day + timedelta(days=1, hours=5)
    await bulletins.plan_digests(db, now=in_time)
    await tell_all(db, channel, now=in_time)

    assert nothing_yet == 0
    assert len(channel.posted) == 1


async def test_the_backlog_calls_exactly_who_is_on_duty_and_the_digest_nobody(world):
    card = await given_article(world)
    for name, value in (("backlog_ping", "2"), ("digest", "00:10")):
        await world.ada.slash(world.general, "settings set", name=name, value=value)
    await world.mira.slash(world.general, "review on")
    await given_reply(world, card, "One.")
    before = len(world.review.history())

    await send(world.boris, card, "Two.")
    await world.env.advance_time(5)
    called = next(m for m in world.review.history() if "**2** replies are held." in text(m))
    await send(world.ann, card, "Three.")
    await world.env.advance_time(15 * 60)
    digest = text(last(world.review))

    assert f"<@{world.mira.id}>" in text(called)
    stored = world.env.backend.get_message(called.channel.id, called.id)
    assert (stored.ping_user_ids, stored.ping_role_ids) == ([world.mira.id], [])
    assert len(world.review.history()) == before + 4  # two cards, what calls, the digest
    assert digest.startswith("**3** replies are held. The next one was sent <t:")
    assert f"On duty: <@{world.mira.id}>." in digest


async def test_the_role_is_called_when_the_schedule_says_that_somebody_should_be_there_and_else_nobody(world):
    card = await given_article(world)
    await world.ada.slash(world.general, "settings set", name="backlog_ping", value="1, 2")
    await send(world.ann, card, "One.")
    await world.env.advance_time(5)
    unscheduled = next(m for m in world.review.history() if "**1** reply is held." in text(m))
    await world.ada.slash(world.general, "settings set", name="schedule", value="daily 00:00-24:00")

    await send(world.boris, card, "Two.")
    await world.env.advance_time(5)

    scheduled = next(m for m in world.review.history() if "**2** replies are held." in text(m))
    assert "<@" not in text(unscheduled)
    assert f"<@&{world.role('Moderator')}>" in text(scheduled)
    stored = world.env.backend.get_message(scheduled.channel.id, scheduled.id).allowed_mentions
    assert list(stored.roles) == [world.role("Moderator")]
