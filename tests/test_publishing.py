"""The sweep in Discord: under whose name, by which webhook, and what happens when Discord refuses."""

from __future__ import annotations

import discord
import pytest
from simcord.backend import errors
from simcord.http import router

from bot.demo import repairs
from bot.models import NoticeStatus, ReplyStatus, Webhook
from bot.storage import tables, webhooks
from tests.discussions import TITLE, given_article, given_published, given_reply, last, reply_of, report, send
from tests.world import labels, new_world, text, world

__all__ = ["new_world", "world"]  # fixtures


class Network:
    """Requests that fail: before or after Discord carried them out, as often as said."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str, Exception, bool]] = []
        self.requests: list[tuple[str, str]] = []

    def fail(self, method: str, part: str, error: Exception, *, after: bool = False, times: int = 1) -> None:
        self.faults += [(method, part, error, after)] * times


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    dispatch = router.dispatch

    def faulty(backend, method, path, *values, **options):
        network.requests.append((method, path))
        fault = next((fault for fault in network.faults if fault[0] == method and fault[1] in path), None)
        if fault is None:
            return dispatch(backend, method, path, *values, **options)
        network.faults.remove(fault)
        if fault[3]:
            dispatch(backend, method, path, *values, **options)
        raise fault[2]

    monkeypatch.setattr(router, "dispatch", faulty)
    return network


def delete_webhooks(world) -> None:
    for webhook_id in list(world.env.backend.webhooks):
        world.env.backend.delete_webhook(webhook_id)


async def notices_waiting(world) -> bool:
    async with world.db.read() as conn:
        kept = (await conn.execute(tables.notices.select())).all()
    return any(notice.status == NoticeStatus.WAITING for notice in kept)


async def test_a_reply_appears_under_its_authors_name_and_picture(world):
    message = await given_published(world, await given_article(world))

    assert message.author.display_name == "Ann"
    stored = world.env.backend.get_message(message.channel.id, message.id)
    assert stored.author_avatar == (await reply_of(world)).author.avatar_url


async def test_a_name_that_discord_refuses_all_the_same_is_replaced_by_a_neutral_one(world, network):
    card = await given_article(world)
    refusal = errors.BackendError(400, 50035, "Invalid Form Body: username: Username cannot contain that")
    network.fail("POST", "/webhooks/", refusal)

    message = await given_published(world, card)

    assert message.author.display_name == "Member"


async def test_an_author_is_told_in_their_own_language(world):
    card = await given_article(world)
    await send(world.boris, card, "Согласен.")

    await world.mira.click(last(world.review), label="Approve")

    assert "опубликован" in text(world.boris.user.dm_channel.history()[-1])


async def test_direct_messages_go_out_ten_seconds_apart(world):
    card = await given_article(world)
    for person in (world.ann, world.boris):
        await send(person, card, f"From {person.id}.")
        await world.mira.click(last(world.review), label="Approve")

    first = len(world.ann.user.dm_channel.history()), len(world.boris.user.dm_channel.history())
    await world.env.advance_time(9)
    early = len(world.boris.user.dm_channel.history())
    await world.env.advance_time(2)

    assert (first, early, len(world.boris.user.dm_channel.history())) == ((1, 0), 0, 1)


async def test_a_direct_message_that_is_refused_for_good_holds_up_nobody_else(world, network):
    card = await given_article(world)
    network.fail("POST", "/users/@me/channels", errors.BackendError(400, 50033, "Invalid Recipient(s)"))
    for person in (world.ann, world.boris):
        await send(person, card, f"From {person.id}.")
        await world.mira.click(last(world.review), label="Approve")

    await world.env.advance_time(12)

    async with world.db.read() as conn:
        kept = (await conn.execute(tables.notices.select().order_by(tables.notices.c.id))).all()
    assert [notice.status for notice in kept] == [NoticeStatus.REFUSED, NoticeStatus.SENT]


async def test_an_author_is_not_told_again_when_the_answer_was_lost_and_discord_has_forgotten_it(world, network):
    card = await given_article(world)
    channel_id = world.env.backend.get_dm_channel(world.ann.id).id
    network.fail("POST", f"/channels/{channel_id}/messages", discord.HTTPException(FakeResponse(), "lost"), after=True)

    await world.mira.click(await given_reply(world, card), label="Approve")
    repairs.world(world.env.backend).nonces.clear()
    await world.env.advance_time(30)

    assert len(world.ann.user.dm_channel.history()) == 1
    assert not await notices_waiting(world)


async def test_moderators_are_not_told_of_a_report_again_when_the_answer_was_lost(world, network):
    message = await given_published(world, await given_article(world))
    before = len(world.review.history())
    lost = discord.HTTPException(FakeResponse(), "lost")
    network.fail("POST", f"/channels/{world.review.id}/messages", lost, after=True)

    await report(world.boris, message)
    repairs.world(world.env.backend).nonces.clear()
    await world.env.advance_time(30)

    assert len(world.review.history()) == before + 1
    assert network.faults == []


@pytest.mark.parametrize("other_reply_first", [True, False])
async def test_a_webhook_deleted_after_a_lost_answer_leads_to_no_second_message(world, network, other_reply_first):
    card = await given_article(world)
    other = await given_article(world, title="Another matter")
    await given_published(world, card, "Zero.")
    network.fail("POST", "/webhooks/", discord.HTTPException(FakeResponse(), "lost"), after=True)
    await world.mira.click(await given_reply(world, card, "One."), label="Approve")
    delete_webhooks(world)
    if other_reply_first:
        await world.mira.click(await given_reply(world, other, "Elsewhere."), label="Approve")
        await world.env.advance_time(35)

    await world.env.advance_time(60)

    published = [text(m).splitlines()[0] for m in world.channel(TITLE).history() if "Reply" in labels(m)]
    assert published == ["Zero.", "One."]
    assert (await reply_of(world, 2)).status is ReplyStatus.PUBLISHED


async def test_an_answer_lost_by_one_of_two_webhooks_made_at_once_leads_to_no_second_message(world, network):
    card = await given_article(world)
    await given_published(world, card, "Zero.")
    network.fail("POST", "/webhooks/", discord.HTTPException(FakeResponse(), "lost"), after=True)
    await world.mira.click(await given_reply(world, card, "One."), label="Approve")
    other = await world.client.get_channel(world.articles.id).create_webhook(name="Standfirst")
    async with world.db.begin() as conn:
        await webhooks.save(conn, Webhook(channel_id=world.articles.id, id=other.id, token=other.token))

    await world.env.advance_time(60)

    published = [text(m).splitlines()[0] for m in world.channel(TITLE).history() if "Reply" in labels(m)]
    assert published == ["Zero.", "One."]


async def test_a_reply_changed_while_its_cards_answer_was_lost_has_one_card(world, network):
    card = await given_article(world)
    network.fail(
        "POST", f"/channels/{world.review.id}/messages", discord.HTTPException(FakeResponse(), "lost"), after=True
    )
    receipt = await send(world.ann, card, "A fair point.")
    form = await world.ann.click(receipt.response.message, label="Edit")
    await world.ann.submit_modal(form, {"text": "A better point."})

    await world.env.advance_time(60)

    assert [text(message).count("A better point.") for message in world.review.history()] == [1]


async def test_a_reply_withdrawn_while_its_cards_answer_was_lost_leaves_no_card_that_offers_to_decide(world, network):
    card = await given_article(world)
    network.fail(
        "POST", f"/channels/{world.review.id}/messages", discord.HTTPException(FakeResponse(), "lost"), after=True
    )
    receipt = await send(world.ann, card, "A fair point.")
    await world.ann.click(receipt.response.message, label="Withdraw")

    await world.env.advance_time(60)

    assert [(labels(message), "withdrawn" in text(message)) for message in world.review.history()] == [([], True)]


class FakeResponse:
    """What discord.py asks of an answer: this one is a server error."""

    status = 502
    reason = "Bad Gateway"


async def test_cards_that_discord_refuses_to_edit_are_not_tried_without_a_pause(world, network):
    card = await given_article(world)
    review = await given_reply(world, card)
    refusal = errors.BackendError(403, 50001, "Missing Access")
    network.fail("PATCH", f"/channels/{world.review.id}/messages/", refusal, times=99)
    await world.mira.slash(world.general, "moderate approve", reply="1")
    before = len(network.requests)

    await world.env.advance_time(60)

    edits = [request for request in network.requests[before:] if request[0] == "PATCH"]
    assert len(edits) <= 3
    assert review.id
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_a_new_review_channel_gets_the_cards_of_all_held_replies_and_the_old_one_loses_them(world):
    card = await given_article(world)
    await given_reply(world, card, "Still held.")
    old = world.review
    new = world.guild.create_text_channel("desk")

    await world.ada.slash(world.general, "setup", review=new)
    await world.env.advance_time(6)

    assert [text(message).count("Still held.") for message in new.history()] == [1]
    assert old.history() == []
    await world.mira.click(last(new), label="Approve")
    assert "published" in text(last(new))
