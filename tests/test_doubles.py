"""Doubles: a copy that Discord posts late is found by its button and deleted; the first stays."""

from __future__ import annotations

import logging

import discord
import pytest

from bot.client import StandfirstClient
from bot.config import Config
from bot.errors import OutcomeUnknown, PostRefused
from bot.models import ReplyStatus, Webhook
from bot.services import doubles, replies
from bot.services.doubles import Seen
from bot.storage import tables, troubles, webhooks
from bot.troubles import TroubleKind
from tests.discussions import TITLE, given_article, given_published, reply_of
from tests.givens import ANN, ARTICLES, NOW, SERVER, THREAD, approve
from tests.givens import given_article as an_article
from tests.givens import given_published as a_published
from tests.givens import given_reply as a_reply
from tests.in_process import restart
from tests.world import labels, new_world, world

__all__ = ["new_world", "world"]  # fixtures

HOOK, COPY = 77, 500


def copy_late(world, reply_id: int = 1) -> int:
    """Discord carries a publication out once more, long after its answer was lost; gives the copy's id."""
    thread = world.channel(TITLE)
    first = next(m for m in thread.history() if "Reply" in labels(m))
    stored = world.env.backend.get_message(thread.id, first.id)
    components = _renamed(stored.components, reply_id)
    again = world.env.backend.create_message(
        thread.id, stored.author_id, webhook_id=stored.webhook_id, components=components, flags=stored.flags
    )
    return again.id


def _renamed(part, reply_id: int):
    if isinstance(part, list):
        return [_renamed(each, reply_id) for each in part]
    if isinstance(part, dict):
        return {name: _renamed(value, reply_id) for name, value in part.items()}
    return f"reply:answer:{reply_id}" if str(part).startswith("reply:answer:") else part


def ids(world) -> list[int]:
    return [message.id for message in world.channel(TITLE).history()]


async def all_doubles(world) -> list:
    async with world.db.read() as conn:
        query = tables.troubles.select().where(tables.troubles.c.kind == TroubleKind.DOUBLE)
        return list((await conn.execute(query)).all())


async def test_a_copy_that_appears_late_is_deleted_and_counted_and_the_first_stays(world):
    first = await given_published(world, await given_article(world))
    copy = copy_late(world)
    await world.env.advance_time(50)
    early = copy in ids(world)
    await world.env.advance_time(40)

    assert early
    assert first.id in ids(world)
    assert copy not in ids(world)
    (double,) = await all_doubles(world)
    assert (double.subject_id, double.mended_at is None) == (copy, False)


async def test_a_published_reply_that_stands_once_is_left_alone(world):
    first = await given_published(world, await given_article(world))
    await world.env.advance_time(90)

    assert first.id in ids(world)
    assert not await all_doubles(world)


async def test_a_message_of_our_webhook_that_is_no_reply_is_left_alone(world):
    await given_published(world, await given_article(world))
    stranger = copy_late(world, reply_id=987)
    await world.env.advance_time(90)

    assert stranger in ids(world)


async def test_a_copy_that_came_while_the_bot_was_away_is_found_at_its_start(world, tmp_path, monkeypatch):
    await given_published(world, await given_article(world))
    with monkeypatch.context() as away:
        away.setattr(world.client, "dispatch", lambda *_, **__: None)
        copy = copy_late(world)
    config = Config("token", "sqlite://", tmp_path, allow_private_addresses=False)
    await restart(world.env, StandfirstClient(config, world.db))

    await world.env.advance_time(90)

    assert copy not in ids(world)


async def test_of_two_copies_after_a_lost_answer_one_is_adopted_and_the_other_deleted(world, tmp_path):
    first = await given_published(world, await given_article(world))
    copy = copy_late(world)
    values = {"status": ReplyStatus.APPROVED, "message_id": None, "attempted_at": discord.utils.utcnow()}
    async with world.db.begin() as conn:
        await conn.execute(tables.replies.update().values(values))
    world.client.get_cog("Doubles").seen.clear()

    await world.env.advance_time(100)

    assert (await reply_of(world)).message_id == first.id
    assert first.id in ids(world)
    assert copy not in ids(world)


# The service, on both databases


class Acts:
    """What the message shows, and what is done to it."""

    def __init__(self, reply_id: int | None, failure: Exception | None = None) -> None:
        self.reply_id, self.failure = reply_id, failure
        self.deleted: list[int] = []

    async def read(self, _webhook: Webhook, _seen: Seen) -> int | None:
        return self.reply_id

    async def delete(self, seen: Seen, reply_id: int) -> None:
        assert reply_id == self.reply_id
        if self.failure is not None:
            raise self.failure
        self.deleted.append(seen.message_id)


async def settle(db, acts: Acts, message_id: int = COPY) -> bool:
    seen = Seen(SERVER, THREAD, message_id, HOOK)
    return await doubles.settle(db, seen, now=NOW, read=acts.read, delete=acts.delete)


@pytest.fixture
async def article(db):
    async with db.begin() as conn:
        await webhooks.save(conn, Webhook(channel_id=ARTICLES, id=HOOK, token="t"))
    return await an_article(db)


async def open_doubles(db) -> list[int]:
    async with db.read() as conn:
        return [trouble.subject_id for trouble in await troubles.list_open(conn, SERVER)]


async def test_only_a_second_message_is_deleted(db, article, caplog):
    reply = await a_published(db, article, message=401)
    acts = Acts(reply.id)

    with caplog.at_level(logging.WARNING):
        done = [await settle(db, acts, message_id) for message_id in (401, COPY)]

    assert done == [True, True]
    assert acts.deleted == [COPY]
    assert await open_doubles(db) == []
    assert f"message {COPY} is deleted" in caplog.text


async def test_nothing_is_decided_while_a_reply_is_being_published_there(db, article):
    reply = await a_published(db, article, message=401)
    other = await approve(db, await a_reply(db, article, "On its way."))
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().where(tables.replies.c.id == other.id).values(attempted_at=NOW))
    acts = Acts(reply.id)

    assert await settle(db, acts) is False
    assert acts.deleted == []


async def test_a_message_of_a_reply_that_was_withdrawn_before_it_was_recorded_is_deleted(db, article):
    reply = await a_reply(db, article)
    await replies.withdraw(db, reply.id, author_id=ANN, now=NOW)
    acts = Acts(reply.id)

    assert await settle(db, acts)
    assert acts.deleted == [COPY]


@pytest.mark.parametrize("shown", [None, 987])
async def test_what_is_gone_or_shows_no_reply_of_this_discussion_is_left_alone(db, article, shown):
    acts = Acts(shown)

    assert article.id
    assert await settle(db, acts)
    assert acts.deleted == []


async def test_a_reply_adopted_while_its_message_was_read_stays(db, article):
    reply = await approve(db, await a_reply(db, article))
    acts = Acts(reply.id)

    async def read(*_):
        values = {"status": ReplyStatus.PUBLISHED, "message_id": COPY}
        async with db.begin() as conn:
            await conn.execute(tables.replies.update().values(values))
        return reply.id

    acts.read = read

    assert await settle(db, acts)
    assert acts.deleted == []


async def test_when_discord_refuses_to_delete_a_copy_the_moderators_are_told_and_it_is_tried_again(db, article):
    reply = await a_published(db, article, message=401)

    with pytest.raises(PostRefused):
        await settle(db, Acts(reply.id, PostRefused("no permission")))
    told = await open_doubles(db)
    with pytest.raises(OutcomeUnknown):
        await settle(db, Acts(reply.id, OutcomeUnknown("no answer")))
    await settle(db, Acts(reply.id))

    assert told == [COPY]
    assert await open_doubles(db) == []
