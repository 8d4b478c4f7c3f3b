"""After Approve a reply waits for the grace time: nobody sees it or is told, and the approval can be undone."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.client import StandfirstClient
from bot.models import Action, ReplyStatus
from bot.services import publishing, review, settings
from bot.storage import Database, appearances, audit, sweep
from bot.storage import publishing as due
from bot.storage import settings as stored_settings
from tests.discussions import TITLE, last, reply_of
from tests.discussions import given_article as given_card
from tests.discussions import given_reply as given_review_card
from tests.givens import BORIS, MODERATOR, NOW, SERVER, approve, given_article, given_reply, nothing_found
from tests.in_process import restart
from tests.world import World, labels, new_world, text, world

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply

__all__ = ["new_world", "world"]  # fixtures

GRACE = timedelta(seconds=10)
TICK = timedelta(seconds=1)


async def set_grace(db: Database, seconds: int, server_id: int = SERVER) -> None:
    async with db.begin() as conn:
        await stored_settings.put(conn, server_id, "grace_time", seconds)


async def publish(db: Database, reply: Reply, moment: datetime) -> Reply | None:
    async def post(_case: object) -> int:
        return 400 + reply.id

    return await publishing.publish(db, reply.id, clock=lambda: moment, post=post, find=nothing_found)


async def given_approved(db: Database, text: str = "A fair point.") -> Reply:
    article = await given_article(db)
    await set_grace(db, 10)
    return await approve(db, await given_reply(db, article, text))


async def waiting(db: Database, moment: datetime) -> list[int]:
    async with db.read() as conn:
        return [each.reply_id for each in await due.list_needing_publishing(conn, moment)]


async def test_nothing_is_published_or_told_before_the_grace_time_is_over_from_whichever_process(db: Database) -> None:
    reply = await given_approved(db)
    early = NOW + GRACE - TICK

    too_early = await asyncio.gather(*(publish(db, reply, early) for _ in range(5)))
    async with db.read() as conn:
        told = await sweep.list_due(conn, "notice", early)
        seen = await sweep.look(conn, early)
        next_at = await appearances.get_next_at(conn, early)
    published = await publish(db, reply, NOW + GRACE)

    assert too_early == [None] * 5
    assert (told, next_at) == ([], NOW + GRACE)
    assert "publication" not in seen
    assert published is not None
    assert published.status is ReplyStatus.PUBLISHED


async def test_what_is_undone_within_the_grace_time_never_appears(db: Database) -> None:
    reply = await given_approved(db)

    undone = await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW + GRACE - TICK)

    assert (undone.status, undone.appears_at) == (ReplyStatus.PENDING, None)
    assert await publish(db, reply, NOW + 2 * GRACE) is None
    async with db.read() as conn:
        assert (await audit.list_all(conn, SERVER))[-1].action is Action.UNDO


async def test_who_was_approved_first_appears_first_and_others_wait_for_it(db: Database) -> None:
    article = await given_article(db)
    await set_grace(db, 60)
    first = await approve(db, await given_reply(db, article, "First."))
    await set_grace(db, 0)
    second = await approve(db, await given_reply(db, article, "Second.", author=BORIS))

    assert await waiting(db, NOW + timedelta(seconds=59)) == []
    assert await waiting(db, NOW + timedelta(seconds=60)) == [first.id]
    await publish(db, first, NOW + timedelta(seconds=60))
    assert await waiting(db, NOW + timedelta(seconds=60)) == [second.id]


async def test_a_changed_setting_does_not_affect_what_is_approved_already(db: Database) -> None:
    reply = await given_approved(db)

    await settings.change(db, SERVER, "grace_time", "600", actor_id=1, now=NOW)

    assert await waiting(db, NOW + GRACE) == [reply.id]


async def test_a_clock_that_was_set_back_holds_nothing_up_for_longer_than_the_longest_grace_time(db: Database) -> None:
    reply = await given_approved(db)

    assert await waiting(db, NOW - timedelta(hours=1)) == [reply.id]


async def test_the_card_says_when_it_appears_and_offers_undo_until_then(world: World) -> None:
    await set_grace(world.db, 30, world.guild.id)
    card = await given_review_card(world, await given_card(world))
    world.client.get_cog("Publishing").tick.cancel()  # the sweep wakes itself

    await world.mira.click(card, label="Approve")
    shown, offered = text(last(world.review)), labels(last(world.review))
    await world.env.advance_time(28)
    early = [message for message in world.channel(TITLE).history() if message.webhook_id]
    told = world.ann.user.dm_channel.history()
    await world.env.advance_time(4)

    assert "Appears <t:" in shown
    assert offered == ["Undo"]
    assert early == []
    assert told == []
    assert text(last(world.channel(TITLE))).startswith("A fair point.")


async def test_the_grace_time_goes_on_over_a_restart(world: World) -> None:
    await set_grace(world.db, 30, world.guild.id)
    card = await given_review_card(world, await given_card(world))
    await world.mira.click(card, label="Approve")

    await restart(world.env, StandfirstClient(world.client.config, world.db))
    await world.env.advance_time(20)
    early = (await reply_of(world)).status
    await world.env.advance_time(12)

    assert early is ReplyStatus.APPROVED
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
