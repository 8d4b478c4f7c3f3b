"""Replying: a member presses, writes and gets a receipt; nothing typed is lost, nothing held is seen."""

from __future__ import annotations

from bot.client import StandfirstClient
from bot.models import ReplyStatus
from tests.discussions import (
    count_replies,
    given_article,
    given_published,
    given_reply,
    last,
    reply_of,
    report,
    send,
)
from tests.in_process import restart
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures


async def test_a_reply_is_held_and_its_author_alone_gets_a_receipt(world):
    card = await given_article(world)

    receipt = await send(world.ann, card, "A fair point.")

    assert receipt.ephemeral
    assert "**#1** · held for review · 0 ahead" in said(receipt)
    assert "> A fair point." in said(receipt)
    assert labels(receipt.response.message) == ["Edit", "Withdraw"]


async def test_the_form_shows_the_notice_and_what_is_answered(world):
    card = await given_article(world)

    form = await world.ann.click(card, label="Join the conversation")

    shown = [part["content"] for part in form.modal["components"] if "content" in part]
    assert "All comments are reviewed by a moderator." in shown[0]
    assert "Council votes for a garden" in shown[1]
    assert len(form.modal["title"]) <= 45


async def test_nobody_in_the_discussion_sees_a_held_reply(world):
    await given_reply(world, await given_article(world), "Not for everybody yet.")

    seen = [text(message) for channel in (world.articles, world.channel("Council votes for a garden"), world.general)
            for message in channel.history(viewer=world.boris)]  # fmt: skip

    assert not any("Not for everybody yet." in message for message in seen)


async def test_a_receipt_counts_the_replies_ahead(world):
    card = await given_article(world)
    await send(world.mira, card, "First.")

    receipt = await send(world.ann, card, "Second.")

    assert "**#2** · held for review · 1 ahead" in said(receipt)


async def test_the_same_reply_again_is_answered_with_the_first_receipt(world):
    card = await given_article(world)
    await send(world.ann, card, "A fair point.")

    again = await send(world.ann, card, "a FAIR   point")

    assert "You have already sent this reply: it is #1." in said(again)
    assert "**#1** · held for review" in said(again)
    assert await count_replies(world) == 1


async def test_a_form_that_was_open_across_a_restart_is_stored(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")

    await restart(world.env, StandfirstClient(world.client.config, world.db))
    receipt = await world.ann.submit_modal(form, {"text": "Written before the restart."})

    assert "**#1** · held for review" in said(receipt)


async def test_a_reply_to_a_reply_quotes_it_with_a_link(world):
    first = await given_published(world, await given_article(world), "The first word.")
    await send(world.boris, first, "The second.", label="Reply")

    await world.mira.click(last(world.review), label="Approve")

    answer = text(last(world.channel("Council votes for a garden")))
    assert f"/{first.id})** · The first word." in answer
    assert "The second." in answer


async def test_a_reply_is_published_under_its_authors_name_and_pings_nobody(world):
    message = await given_published(world, await given_article(world), f"Hello {world.boris.mention} and @everyone.")

    assert message.author.name == "Ann"
    assert message.webhook_id is not None
    pinged = world.env.backend.get_message(message.channel.id, message.id).allowed_mentions
    assert (pinged.everyone, pinged.users, pinged.roles) == (False, frozenset(), frozenset())


async def test_edit_changes_the_held_text_and_the_receipt(world):
    receipt = await send(world.ann, await given_article(world), "A fare point.")
    form = await world.ann.click(receipt.response.message, label="Edit")

    changed = await world.ann.submit_modal(form, {"text": "A fair point."})

    assert form.modal["components"][0]["component"]["value"] == "A fare point."
    assert "> A fair point." in said(changed)
    assert (await reply_of(world)).revision == 2
    assert "A fair point." in text(last(world.review))


async def test_edit_takes_the_place_of_the_old_receipt(world):
    receipt = await send(world.ann, await given_article(world), "A fare point.")
    before = len(world.articles.history(viewer=world.ann))

    await send(world.ann, receipt.response.message, "A fair point.", label="Edit")

    assert len(world.articles.history(viewer=world.ann)) == before
    assert "> A fair point." in text(last(world.articles, world.ann))


async def test_withdraw_takes_a_held_reply_back(world):
    receipt = await send(world.ann, await given_article(world), "Too hasty.")

    answer = await world.ann.click(receipt.response.message, label="Withdraw")

    assert (await reply_of(world)).status is ReplyStatus.WITHDRAWN
    assert "**#1** · withdrawn" in said(answer)
    assert "Too hasty." in said(answer)
    assert labels(last(world.review)) == []


async def test_withdraw_after_a_decision_says_so(world):
    receipt = await send(world.ann, await given_article(world), "A fair point.")
    await world.mira.click(last(world.review), label="Approve")

    answer = await world.ann.click(receipt.response.message, label="Withdraw")

    assert "#1 is no longer held (published)" in said(answer)


async def test_a_reply_is_changed_by_its_author_alone(world):
    card = await given_article(world)
    await given_reply(world, card)
    world.speaks(world.boris, "en-US")
    own = (await send(world.boris, card, "Mine.")).response.message
    forged = ("reply:edit:1", "reply:revise:1", "reply:withdraw:1", "my:reply:1")
    buttons = [{"type": 2, "style": 2, "label": each, "custom_id": each} for each in forged]
    world.env.backend.get_message(own.channel.id, own.id).components = [{"type": 1, "components": buttons}]

    answers = [await world.boris.click(own, custom_id=each) for each in forged]

    assert all("Only the author of this reply can do this." in said(answer) for answer in answers)
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_report_is_acknowledged_and_the_moderators_are_told(world):
    message = await given_published(world, await given_article(world), "Questionable.")
    world.speaks(world.boris, "en-US")

    answer = await report(world.boris, message)

    assert "I have told the moderators" in said(answer)
    assert f"**spam** · <@{world.boris.id}>" in text(last(world.review))
    assert labels(last(world.review)) == ["Keep", "Remove", "Request changes"]


async def test_a_second_report_by_the_same_person_is_not_a_second_line(world):
    message = await given_published(world, await given_article(world))
    world.speaks(world.boris, "en-US")
    await report(world.boris, message)
    before = len(world.review.history())

    answer = await world.boris.click(message, label="Report")

    assert "You have already reported this reply." in said(answer)
    assert len(world.review.history()) == before


async def test_a_russian_reader_is_answered_in_russian(world):
    card = await given_article(world)

    form = await world.boris.click(card, label="Join the conversation")
    receipt = await world.boris.submit_modal(form, {"text": "Верно."})

    assert "held for review" not in said(receipt)


async def test_a_reply_is_revised_from_a_direct_message(world):
    await send(world.ann, await given_article(world), "They all lie.")
    await world.mira.slash(world.review, "moderate request-changes", reply="1", sentence="Who? A source, please.")
    await world.env.advance_time(30)
    notice = last(world.ann.user.dm_channel)

    form = await world.ann.user.click(notice, label="Revise")
    receipt = await world.ann.user.submit_modal(form, {"text": "The minutes are incomplete."})

    assert "> They all lie." in text(notice)
    assert "Who? A source, please." in text(notice)
    assert "**#1** · held for review" in said(receipt)
    assert (await reply_of(world)).text == "The minutes are incomplete."
