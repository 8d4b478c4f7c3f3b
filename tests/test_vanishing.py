"""Things vanish: nothing is lost, the moderators are told once what to do, and work goes on when it is mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest
from simcord.backend import errors

from bot.client import StandfirstClient
from bot.demo.absence import begin_outage, end_outage, invite_bot, kick_bot
from bot.models import Action, ReplyStatus
from bot.permissions import INVITE
from bot.storage import audit, tables
from tests.discussions import TITLE, given_article, given_published, given_reply, last, reply_of, send
from tests.in_process import burst, restart
from tests.test_publishing import Network, network
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from tests.world import World

__all__ = ["Network", "network", "new_world", "world"]  # fixtures

HELP, MENDED = "I need your help", "This is mended"
LONG = 150  # seconds in which the sweep runs thirty times


def told(world: World) -> list[str]:
    """What the moderators were told of troubles, oldest first, as it reads now."""
    return [text(m) for m in world.review.history() if "trouble:" in str(m.components) or MENDED in text(m)]


def told_directly(person) -> list[str]:
    channel = person.user.dm_channel
    return [text(message) for message in channel.history()] if channel is not None else []


def published(world: World, title: str = TITLE) -> list[str]:
    return [text(m).splitlines()[0] for m in world.channel(title).history() if "Reply" in labels(m)]


async def pass_time(world: World, seconds: float = LONG) -> None:
    await world.env.advance_time(seconds)


async def delete_channel(world: World, channel_id: int) -> None:
    """With all that is in it, as Discord does."""
    backend = world.env.backend
    for thread in [c for c in backend.channels.values() if c.parent_id == channel_id and c.is_thread]:
        backend.channels.pop(thread.id)
        backend.get_guild(world.guild.id).thread_ids.remove(thread.id)
    for webhook in [hook for hook in backend.webhooks.values() if hook.channel_id == channel_id]:
        backend.delete_webhook(webhook.id)
    backend.delete_channel(channel_id)
    await world.env.advance_time(1)


# Webhook


async def test_a_webhook_deleted_by_hand_is_made_again_and_nobody_is_bothered(world):
    card = await given_article(world)
    await given_published(world, card, "One.")
    for webhook_id in list(world.env.backend.webhooks):
        world.env.backend.delete_webhook(webhook_id)

    await world.mira.click(await given_reply(world, card, "Two."), label="Approve")
    await pass_time(world)

    assert published(world) == ["One.", "Two."]
    assert told(world) == []


async def test_a_channel_with_no_room_for_a_webhook_is_told_once_and_publishing_goes_on_when_there_is_room(world):
    card = await given_article(world)
    backend = world.env.backend
    others = [backend.create_webhook(world.articles.id, f"other {n}", world.ada.id) for n in range(15)]

    await world.mira.click(await given_reply(world, card, "One."), label="Approve")
    await pass_time(world)
    before = told(world)
    backend.delete_webhook(others[0].id)
    await pass_time(world, 2)

    assert len(before) == 1
    assert "as many webhooks as Discord allows" in before[0]
    assert published(world) == ["One."]
    assert [MENDED in line for line in told(world)] == [True]


# Discussion and article


async def test_a_deleted_discussion_is_told_once_and_opened_again_with_every_reply_in_order(world):
    card = await given_article(world)
    for words in ("One.", "Two."):
        await given_published(world, card, words)
    world.env.backend.delete_channel(world.channel(TITLE).id)
    await pass_time(world, 5)
    await world.mira.click(await given_reply(world, card, "Three."), label="Approve")
    await pass_time(world)
    before, status = told(world), (await reply_of(world, 3)).status
    told_ann = len(told_directly(world.ann))

    message = next(m for m in world.review.history() if HELP in text(m))
    await world.mira.click(message, label="Open it again")
    await pass_time(world)

    assert len(before) == 1
    assert f"The discussion of the article “{TITLE}” was deleted" in before[0]
    assert status is ReplyStatus.APPROVED
    assert published(world) == ["One.", "Two.", "Three."]
    assert [MENDED in line for line in told(world)] == [True]
    assert [text(m).count(TITLE) for m in world.articles.history()] == [1]
    assert len(told_directly(world.ann)) == told_ann + 1  # of the third alone
    async with world.db.read() as conn:
        entries = await audit.list_all(conn, world.guild.id)
    assert [entry.action for entry in entries].count(Action.ARTICLE_POSTED_AGAIN) == 1
    await given_published(world, last(world.articles), "Four.")
    assert published(world)[-1] == "Four."


async def test_two_who_open_a_discussion_again_at_once_open_one(world):
    card = await given_article(world)
    await given_published(world, card, "One.")
    world.env.backend.delete_channel(world.channel(TITLE).id)
    await pass_time(world, 5)
    message = next(m for m in world.review.history() if HELP in text(m))

    presses = [(person, message, "trouble:again:1") for person in (world.mira, world.max)]
    answers = [said(answer) for answer in await burst(world.env, *presses)]
    await pass_time(world, 10)

    assert sorted("already being discussed" in answer for answer in answers) == [False, True]
    assert published(world) == ["One."]
    assert len([c for c in world.env.backend.channels.values() if c.name == TITLE]) == 1


async def test_a_deleted_article_card_is_told_once_and_posted_again_while_its_discussion_goes_on(world):
    card = await given_article(world)
    await given_published(world, card, "One.")
    thread = world.channel(TITLE)
    held = await given_reply(world, card, "Two.")
    world.env.backend.delete_message(world.articles.id, card.id)
    await pass_time(world)
    before, cards = told(world), world.articles.history()

    await world.mira.click(held, label="Approve")
    await world.max.click(next(m for m in world.review.history() if HELP in text(m)), label="Post it again")
    await pass_time(world, 10)

    assert cards == []
    assert len(before) == 1
    assert "The card of the article" in before[0]
    assert [MENDED in line for line in told(world)] == [True]
    assert f"<#{thread.id}>" in text(last(world.articles))
    await given_published(world, last(world.articles), "Three.")
    assert published(world) == ["One.", "Two.", "Three."]
    assert world.channel(TITLE).id == thread.id


async def test_a_review_card_deleted_by_hand_is_posted_again_at_once_and_one_decided_is_not(world):
    card = await given_article(world)
    await world.mira.click(await given_reply(world, card, "Decided."), label="Approve")
    held = await given_reply(world, card, "Held.")
    decided = next(m for m in world.review.history() if "Decided." in text(m))
    await pass_time(world, 5)

    for message in (held, decided):
        world.env.backend.delete_message(world.review.id, message.id)
    await pass_time(world, 5)

    assert [text(message).count("Held.") for message in world.review.history()] == [1]
    await world.mira.click(last(world.review), label="Approve")
    assert published(world) == ["Decided.", "Held."]


async def test_cards_deleted_while_the_bot_was_down_are_missed_at_the_next_start(world):
    card = await given_article(world)
    held = await given_reply(world, card, "Held.")
    await pass_time(world, 5)
    for channel, message in ((world.review, held), (world.articles, card)):
        world.env.backend.messages[channel.id].pop(message.id)  # nobody hears of it

    await restart(world.env, StandfirstClient(world.client.config, world.db))
    await pass_time(world, 6)

    assert [text(message).count("Held.") for message in world.review.history()].count(1) == 1
    assert ["The card of the article" in line for line in told(world)] == [True]


# Channels and roles


async def test_a_deleted_articles_channel_is_told_once_and_everything_appears_in_the_next_one(world):
    card = await given_article(world)
    await given_published(world, card, "One.")
    waiting = await given_reply(world, card, "Two.")
    await delete_channel(world, world.articles.id)
    await world.mira.click(waiting, label="Approve")
    await pass_time(world)
    before = told(world)

    new = world.guild.create_text_channel("news")
    await world.ada.slash(world.general, "setup", articles=new)
    await pass_time(world, 10)
    mended, lost = told(world)
    await world.mira.click(next(m for m in world.review.history() if HELP in text(m)), label="Open it again")
    await pass_time(world, 40)

    assert len(before) == 1
    assert "The channel for articles is gone" in before[0]
    assert (MENDED in mended, "The discussion of the article" in lost) == (True, True)
    assert published(world) == ["One.", "Two."]
    assert world.channel(TITLE)._channel.parent_id == new.id


async def test_an_article_that_could_not_be_posted_appears_in_the_channel_chosen_next(world):
    await delete_channel(world, world.articles.id)
    form = await world.ed.slash(world.general, "article write")
    preview = await world.ed.submit_modal(form, {"title": TITLE, "summary": "In short."})
    await world.ed.click(preview.response.message, label="Post")
    await pass_time(world)

    new = world.guild.create_text_channel("news")
    await world.ada.slash(world.general, "setup", articles=new)
    await pass_time(world, 10)

    assert [TITLE in text(message) for message in new.history()] == [True]


async def test_a_deleted_review_channel_is_told_to_who_set_up_and_the_cards_appear_in_the_next_one(world):
    card = await given_article(world)
    await given_reply(world, card, "Held.")
    await delete_channel(world, world.review.id)
    await pass_time(world)
    before = told_directly(world.ada)
    await send(world.ann, card, "Sent meanwhile.")

    new = world.guild.create_text_channel("desk")
    await world.ada.slash(world.general, "setup", review=new)
    await pass_time(world, 10)

    assert len(before) == 1
    assert "The channel for review is gone" in before[0]
    assert [MENDED in line for line in told_directly(world.ada)] == [True]
    assert [word for m in new.history() for word in ("Held.", "Sent meanwhile.") if word in text(m)] == [
        "Held.",
        "Sent meanwhile.",
    ]


@pytest.mark.parametrize(("role", "option"), [("Moderator", "moderators"), ("Editor", "editors")])
async def test_a_deleted_role_is_told_once_and_mended_by_choosing_another(world, role, option):
    world.env.backend.delete_role(world.guild.id, world.role(role))
    await pass_time(world)
    before = told(world)

    other = world.guild.create_role("Desk")
    await world.ada.slash(world.general, "setup", **{option: other})
    await pass_time(world, 10)

    assert len(before) == 1
    assert f"The role of {option} is gone" in before[0]
    assert [MENDED in line for line in told(world)] == [True]


# Permissions


async def test_a_permission_taken_from_the_bot_is_told_once_and_work_goes_on_when_it_is_given_back(world):
    card = await given_article(world)
    review = world.discord.get_channel(world.review.id)
    denied = discord.PermissionOverwrite(view_channel=True, send_messages=False)
    kept = review.overwrites_for(world.discord.me)
    await review.set_permissions(world.discord.me, overwrite=denied)
    await pass_time(world, 5)
    await send(world.ann, card, "Held.")
    requests = len(world.env.http_requests)
    await pass_time(world)
    before, tried = told_directly(world.ada), len(world.env.http_requests) - requests

    await review.set_permissions(world.discord.me, overwrite=kept)
    await pass_time(world, 5)

    assert len(before) == 1
    assert "I lack permissions in" in before[0]
    assert "Send Messages" in before[0]
    assert tried == 0
    assert "Held." in text(last(world.review))
    assert [MENDED in line for line in told_directly(world.ada)] == [True]


async def test_a_refusal_that_no_permission_explains_is_told_once_it_lasts_and_mended_by_the_act_that_succeeds(
    world, network
):
    network.fail("POST", f"/channels/{world.articles.id}/messages", errors.BackendError(403, 50013, "No"), times=4)
    form = await world.ed.slash(world.general, "article write")
    preview = await world.ed.submit_modal(form, {"title": TITLE, "summary": "In short."})
    await world.ed.click(preview.response.message, label="Post")
    await pass_time(world, 6)
    first = told(world)
    await pass_time(world, 70)
    before = told(world)
    await pass_time(world, 120)

    assert first == []
    assert len(before) == 1
    assert "though my permissions look right" in before[0]
    assert [MENDED in line for line in told(world)] == [True]
    assert TITLE in text(last(world.articles))


# A text that Discord refuses


async def test_a_text_that_discord_refuses_is_held_again_with_the_reason_and_blocks_nobody(world, network):
    card = await given_article(world)
    blocked = errors.BackendError(400, 200000, "Message was blocked by automatic moderation")
    first, second = await given_reply(world, card, "Blocked."), None
    network.fail("POST", "/webhooks/", blocked)
    await world.mira.click(first, label="Approve")
    second = await given_reply(world, card, "Fine.")
    await world.mira.click(second, label="Approve")
    await pass_time(world)
    before = told(world)
    review = next(m for m in world.review.history() if "**#1**" in text(m))

    assert published(world) == ["Fine."]
    assert len(before) == 1
    assert "Discord refuses to publish #1" in before[0]
    assert "blocked by automatic moderation" in text(review)
    assert labels(review) == ["Approve", "Reject", "Request changes", "More"]

    await world.max.click(review, label="Approve")
    await pass_time(world, 10)

    assert published(world) == ["Fine.", "Blocked."]
    assert [MENDED in line for line in told(world)] == [True]


# The whole server


async def test_a_bot_that_was_removed_tries_nothing_and_goes_on_when_it_is_invited_back(world):
    card = await given_article(world)
    held = await given_reply(world, card, "One.")
    await world.mira.click(held, label="Approve")
    await given_reply(world, card, "Two.")
    async with world.db.begin() as conn:
        await conn.execute(
            tables.replies.update().where(tables.replies.c.number == 2).values(status="approved", approval=99)
        )
    guild = kick_bot(world.env.backend, world.guild.id)
    requests = len(world.env.http_requests)
    await pass_time(world)
    tried = len(world.env.http_requests) - requests

    invite_bot(world.env.backend, guild)
    await pass_time(world, 5)

    assert tried == 0
    assert published(world) == ["One.", "Two."]
    assert told(world) == []


async def test_an_outage_is_waited_for_in_silence(world, caplog):
    card = await given_article(world)
    await given_reply(world, card, "One.")
    begin_outage(world.env.backend, world.guild.id)
    await pass_time(world, 5)
    async with world.db.begin() as conn:
        await conn.execute(tables.replies.update().values(status="approved", approval=99))
    requests = len(world.env.http_requests)
    await pass_time(world)
    tried = len(world.env.http_requests) - requests

    end_outage(world.env.backend, world.guild.id)
    await pass_time(world, 5)

    assert tried == 0
    assert [record for record in caplog.records if record.name == "bot.sweep"] == []
    assert published(world) == ["One."]


# Check


async def test_who_was_told_directly_can_press_check_there(world):
    await delete_channel(world, world.review.id)
    world.env.backend.delete_role(world.guild.id, world.role("Editor"))
    await pass_time(world, 5)
    first = told_directly(world.ada)
    await pass_time(world, 40)

    answer = await world.ada.user.click(world.ada.user.dm_channel.history()[0], label="Check")

    assert len(first) == 1  # direct messages go out ten seconds apart
    assert len(told_directly(world.ada)) == 2
    assert "Not mended yet" in said(answer)


async def test_who_presses_check_is_told_how_it_stands_and_a_member_may_not(world):
    world.env.backend.delete_role(world.guild.id, world.role("Editor"))
    await pass_time(world, 5)
    message = next(m for m in world.review.history() if HELP in text(m))

    answer = await world.mira.click(message, label="Check")
    role = world.discord.get_role(world.role("Moderator"))
    world.bot_may(INVITE)

    assert "Not mended yet" in said(answer)
    assert role is not None
    assert len(told(world)) == 1
