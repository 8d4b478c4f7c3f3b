"""The clock of the machine jumps while the bot works: nothing is lost, doubled, forgotten or held up for long."""

from __future__ import annotations

from datetime import datetime, timedelta

import discord
import pytest

from bot.errors import OutcomeUnknown
from bot.models import NoticeStatus, ReplyStatus
from bot.services import articles, cards, matters, notices, publishing, report_cards, troubles
from bot.services.errands import RETRY
from bot.storage import direct_messages, leases, sweep
from bot.troubles import TroubleKind
from tests.discussions import TITLE, given_reply, last, reply_of
from tests.discussions import given_article as given_card
from tests.givens import (
    NOW,
    SERVER,
    a_page,
    approve,
    given_article,
    given_published,
    given_server,
    report,
)
from tests.givens import given_reply as given_held
from tests.test_publishing import FakeResponse, network
from tests.world import new_world, text, world

__all__ = ["network", "new_world", "world"]  # fixtures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = [HOUR, -HOUR, DAY, -DAY]
LATER = max(leases.LEASE, leases.SETTLE, RETRY)  # by then every errand is tried again


class Clock:
    """Jumps once, when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Place:
    """Where an errand leaves one message: the first answer is lost, and the clock jumps over it."""

    def __init__(self, clock: Clock, step: timedelta) -> None:
        self.clock = clock
        self.step = step
        self.messages = 0

    async def post(self, *_: object) -> int:
        self.messages += 1
        if self.messages == 1:
            self.clock.now += self.step
            raise OutcomeUnknown("lost")
        return 500

    async def find(self, *_: object) -> int | None:
        return 500 if self.messages else None

    async def find_message(self, *_: object) -> tuple[int, int] | None:
        return (201, 500) if self.messages else None

    async def tell(self, *_: object) -> tuple[int, int]:
        return 201, await self.post()


async def due(db, kind: str, now: datetime) -> list[int]:
    async with db.read() as conn:
        return await sweep.list_due(conn, kind, now)


@pytest.mark.parametrize(
    ("during", "afterwards"),
    [(HOUR, timedelta()), (-HOUR, timedelta()), (timedelta(), HOUR), (timedelta(), -HOUR), (timedelta(), -DAY)],
    ids=str,
)
@pytest.mark.parametrize("kind", ["publication", "card", "article", "trouble", "report"])
async def test_a_jump_between_an_act_and_its_record_leads_to_one_message_soon_after(db, during, afterwards, kind):
    clock = Clock()
    place = Place(clock, during)
    act = await ERRANDS[kind](db, clock, place)
    with pytest.raises(OutcomeUnknown):
        await act()

    clock.now += LATER + afterwards
    await act()

    assert place.messages == 1
    if kind != "trouble":
        assert await due(db, kind, clock.now) == []
    assert await act() is None


async def a_publication(db, clock, place):
    reply = await approve(db, await given_held(db, await given_article(db)))
    return lambda: publishing.publish(db, reply.id, clock=clock, post=place.post, find=place.find)


async def a_card(db, clock, place):
    reply = await given_held(db, await given_article(db))
    return lambda: cards.post(db, reply.id, clock=clock, send=place.post, find=place.find)


async def an_article(db, clock, place):
    await given_server(db)
    draft = await articles.draft(db, a_page(), server_id=SERVER, editor_id=11, now=NOW)
    await articles.post(db, draft.id, server_id=SERVER, editor_id=11, now=NOW)

    async def make_thread(article) -> int:
        return article.card_message_id

    return lambda: articles.publish(
        db, draft.id, clock=clock, send_card=place.post, find_card=place.find, make_thread=make_thread
    )


async def a_trouble(db, clock, place):
    await given_server(db)
    trouble = await troubles.notice(db, SERVER, next(iter(TroubleKind)), subject_id=1, now=NOW)
    return lambda: troubles.tell(db, trouble.id, clock=clock, send=place.tell, find=place.find_message)


async def a_report(db, clock, place):
    reply = await given_published(db, await given_article(db))
    stored = await report(db, reply)
    return lambda: matters.post(db, report_cards.KIND, stored.card_id, clock=clock, send=place.post, find=place.find)


ERRANDS = {
    "publication": a_publication,
    "card": a_card,
    "article": an_article,
    "trouble": a_trouble,
    "report": a_report,
}


@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_a_jump_holds_up_no_direct_message_for_more_than_ten_seconds(db, step):
    article = await given_article(db)
    for message in (401, 402):
        await given_published(db, article, f"Point {message}.", message=message)
    clock = Clock()
    (first, second), told = await due(db, "notice", NOW), []

    async def deliver(notice, _case) -> bool:
        told.append(notice.id)
        clock.now += step
        return True

    await notices.send(db, first, a_day=100, clock=clock, deliver=deliver)
    clock.now += direct_messages.GAP
    status = await notices.send(db, second, a_day=100, clock=clock, deliver=deliver)

    # After a day's jump it counts as a day old: `/my replies` shows it instead.
    assert status == (NoticeStatus.REFUSED if step == DAY else NoticeStatus.SENT)
    assert told == ([first] if step == DAY else [first, second])


def set_clock(world, step: timedelta) -> None:
    """Set the clock of the machine by so much; Discord's clock goes on as before."""
    world.client.sweep.clock._wall = lambda: discord.utils.utcnow() + step


@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_after_a_jump_publishing_rests_for_a_minute_and_then_goes_on_in_order(world, step):
    card = await given_card(world)
    await world.mira.click(await given_reply(world, card, "Before."), label="Approve")

    set_clock(world, step)
    for words in ("After one.", "After two."):
        await world.mira.click(await given_reply(world, card, words), label="Approve")
    rested = (await reply_of(world, 2)).status
    await world.env.advance_time(55)
    still = (await reply_of(world, 2)).status
    await world.env.advance_time(6)

    assert (rested, still) == (ReplyStatus.APPROVED, ReplyStatus.APPROVED)
    published = [text(message).splitlines()[0] for message in world.channel(TITLE).history() if message.webhook_id]
    assert published == ["Before.", "After one.", "After two."]


@pytest.mark.parametrize("step", STEPS, ids=str)
async def test_cards_and_direct_messages_go_on_after_a_jump(world, step):
    card = await given_card(world)
    set_clock(world, step)

    await world.mira.click(await given_reply(world, card), label="Approve")
    await world.env.advance_time(75)

    assert "published" in text(last(world.review))
    told = world.ann.user.dm_channel.history()
    assert [("is published" in text(message)) for message in told] == [True]


async def test_a_card_is_found_again_although_our_clock_was_hours_ahead_of_discords(world, network):
    card = await given_card(world)
    set_clock(world, timedelta(hours=3))
    place = f"/channels/{world.review.id}/messages"
    network.fail("POST", place, discord.HTTPException(FakeResponse(), "lost"), after=True)

    await world.ann.submit_modal(await world.ann.click(card, label="Join the conversation"), {"text": "A fair point."})
    await world.env.advance_time(75)

    assert [request for request in network.requests if request[0] == "POST" and place in request[1]] == [
        ("POST", place)
    ]
    assert (await reply_of(world)).card_message_id == last(world.review).id
