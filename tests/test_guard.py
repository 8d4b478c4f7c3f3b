"""The seal guard: what administrators and other bots type where only the bot publishes is deleted or told of."""

from __future__ import annotations

import discord
import pytest
from simcord.backend.errors import BackendError

from bot.demo import repairs
from bot.models import Action, Webhook
from bot.services import guard, settings
from bot.services.guard import Verdict
from bot.storage import audit, webhooks
from tests.discussions import TITLE, given_article, given_published, last
from tests.givens import NOW, SERVER, THREAD
from tests.givens import given_article as an_article
from tests.givens import given_published as a_published
from tests.givens import given_server as a_server
from tests.world import new_world, text, world

__all__ = ["new_world", "world"]  # fixtures

ADMINISTRATOR = discord.Permissions(administrator=True)


@pytest.fixture
async def boss(world):
    """An administrator, whom Discord lets type everywhere."""
    role = world.guild.create_role("Bosses", permissions=ADMINISTRATOR)
    world.env.backend.add_member_role(world.guild.id, world.ada.id, role.id)
    await given_article(world)
    return world.ada


def ids(channel) -> list[int]:
    return [message.id for message in channel.history()]


def told(person) -> list[str]:
    channel = person.user.dm_channel
    return [text(message) for message in channel.history()] if channel else []


async def guarded(world) -> list[dict]:
    async with world.db.read() as conn:
        return [entry for entry in await audit.list_all(conn, world.guild.id) if entry.action is Action.GUARD]


async def choose(world, value: str) -> None:
    await world.ada.slash(world.general, "settings set", name="seal_guard", value=value)


async def test_what_an_administrator_types_is_deleted_and_they_are_told_privately_how_to_reply(world, boss):
    thread = world.channel(TITLE)
    for channel in (thread, world.articles):
        message = await boss.send(channel, "I can type here.")
        assert message.id not in ids(channel)

    assert len(told(boss)) == 1
    assert f"I have deleted what you typed in <#{thread.id}>" in told(boss)[0]
    assert "Join the conversation" in told(boss)[0]


async def test_each_deletion_is_in_the_audit_trail_without_the_text(world, boss):
    message = await boss.send(world.channel(TITLE), "A secret.")

    (entry,) = await guarded(world)
    assert (entry.actor_id, entry.subject_id) == (boss.id, message.id)
    assert "secret" not in entry.details


async def test_one_person_is_told_once_an_hour_and_two_people_ten_seconds_apart(world, boss):
    world.env.backend.add_member_role(world.guild.id, world.ann.id, world.role("Bosses"))
    for person in (boss, world.ann, boss, world.ann):
        await person.send(world.channel(TITLE), "Again.")
    early = len(told(boss)), len(told(world.ann))
    await world.env.advance_time(32)

    assert early == (1, 0)
    assert (len(told(boss)), len(told(world.ann))) == (1, 1)


async def test_who_takes_no_direct_messages_is_told_nothing_in_public(world, boss, caplog):
    repairs.world(world.env.backend).closed_dms.add(boss.id)
    before = [ids(channel) for channel in (world.articles, world.channel(TITLE), world.review)]
    await boss.send(world.channel(TITLE), "I can type here.")
    await world.env.advance_time(16)

    assert [ids(channel) for channel in (world.articles, world.channel(TITLE), world.review)] == before
    assert told(boss) == []
    assert "explanation" not in caplog.text


async def test_another_webhook_is_deleted_and_nobody_is_written_to(world, boss):
    hook = await world.client.get_channel(world.articles.id).create_webhook(name="Feed")
    theirs = world.env.backend.webhooks[hook.id]
    theirs.creator_id = boss.id
    before, calls = ids(world.channel(TITLE)), len(world.env.http_requests)
    await hook.send("News!", thread=discord.Object(world.channel(TITLE).id), wait=True)
    await world.env.advance_time(6)

    assert ids(world.channel(TITLE)) == before
    assert len(await guarded(world)) == 1
    assert not [call for call in world.env.http_requests[calls:] if call.path.startswith("/users/@me")]


async def test_what_the_bot_publishes_stays_also_before_it_is_recorded(world, boss):
    message = await given_published(world, last(world.articles))
    await world.env.advance_time(6)

    assert message.id in ids(world.channel(TITLE))
    assert await guarded(world) == []
    assert boss.id


async def test_elsewhere_everybody_may_type(world, boss):
    for channel in (world.general, world.review):
        message = await boss.send(channel, "Hello.")
        assert message.id in ids(channel)

    assert await guarded(world) == []


async def test_where_moderators_are_only_to_be_told_nothing_is_deleted(world, boss):
    await choose(world, "warn")
    thread = world.channel(TITLE)
    first = await boss.send(thread, "I can type here.")
    second = await boss.send(thread, "And here.")
    await world.env.advance_time(6)

    assert {first.id, second.id} <= set(ids(thread))
    lines = [text(message) for message in world.review.history()]
    assert [f"<@{boss.id}> typed in <#{thread.id}>" in line for line in lines] == [True]
    assert str(first.id) in lines[0]
    assert told(boss) == []


async def test_where_the_guard_is_off_nothing_happens(world, boss):
    await choose(world, "off")
    message = await boss.send(world.channel(TITLE), "I can type here.")
    await world.env.advance_time(6)

    assert message.id in ids(world.channel(TITLE))
    assert (await guarded(world), told(boss), ids(world.review)) == ([], [], [])


async def test_another_sealed_channel_is_guarded_as_soon_as_it_is_chosen_and_old_discussions_stay_so(world, boss):
    thread, old = world.channel(TITLE), world.articles
    news = world.guild.create_text_channel("news")
    await boss.send(old, "Now it is read where to look.")
    await boss.slash(world.general, "setup", articles=news)

    in_new, in_thread, in_old = [await boss.send(channel, "Hello.") for channel in (news, thread, old)]

    assert in_new.id not in ids(news)
    assert in_thread.id not in ids(thread)
    assert in_old.id in ids(old)


async def test_members_cannot_type_there_at_all(world, boss):
    with pytest.raises(BackendError):
        await world.ann.send(world.channel(TITLE), "Hello.")
    assert boss.id


@pytest.mark.parametrize("setting", ["delete", "warn", "off"])
async def test_what_is_recorded_or_came_by_one_of_our_webhooks_is_never_given_up(db, setting):
    await a_published(db, await an_article(db), message=401)
    async with db.begin() as conn:
        await webhooks.save(conn, Webhook(channel_id=201, id=77, token="t"))
        await webhooks.retire(conn, 77, now=NOW)
    await settings.change(db, SERVER, "seal_guard", setting, actor_id=1, now=NOW)

    async def judge(message_id: int, webhook_id: int | None) -> Verdict:
        return await guard.judge(db, SERVER, channel_id=THREAD, message_id=message_id, webhook_id=webhook_id)

    assert await judge(401, 55) is Verdict.OURS
    assert await judge(402, 77) is Verdict.OURS
    assert await judge(402, 55) is Verdict(setting)
    assert await judge(402, None) is Verdict(setting)


async def test_the_guard_writes_down_who_and_where(db):
    await a_server(db)
    await guard.record(db, SERVER, Verdict.DELETE, author_id=5, channel_id=6, message_id=7, now=NOW)

    async with db.read() as conn:
        entry = (await audit.list_all(conn, SERVER))[-1]
    assert (entry.action, entry.actor_id, entry.subject_id) == (Action.GUARD, 5, 7)
    assert entry.details == '{"channel_id": 6, "done": "delete"}'
