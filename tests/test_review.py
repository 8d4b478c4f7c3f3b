"""Reviewing: one decision a reply, by somebody else than its author, on the text the moderator saw."""

from __future__ import annotations

import discord
import pytest
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType
from sqlalchemy import text as sql

from bot.models import Guideline, ReplyStatus
from tests.discussions import (
    TITLE,
    count_replies,
    given_article,
    given_published,
    given_reply,
    last,
    reply_of,
    report,
    send,
    set_status,
)
from tests.in_process import burst
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures


async def test_a_card_for_every_held_reply_shows_what_is_needed_to_decide(world):
    card = await given_reply(world, await given_article(world), "A **fair** point.")

    assert "A **fair** point." in text(card)
    assert f"<@{world.ann.id}> (Ann) · first reply here" in text(card)
    assert f"[{TITLE}](" in text(card)
    assert labels(card) == ["Approve", "Reject", "Request changes", "More"]


async def test_approve_publishes_the_reply_and_the_card_says_who_approved(world):
    card = await given_reply(world, await given_article(world))

    await world.mira.click(card, label="Approve")

    assert "A fair point." in text(last(world.channel(TITLE)))
    assert f"published · approved by <@{world.mira.id}>" in text(last(world.review))
    assert "A fair point." in text(last(world.review))
    assert labels(last(world.review))[0] == "Remove"


async def test_reject_asks_for_the_guideline_and_tells_the_author_why(world):
    card = await given_reply(world, await given_article(world), "You fool.")
    form = await world.mira.click(card, label="Reject")

    await world.mira.submit_modal(form, {"guideline": ["personal_attack"], "sentence": "Argue with the point."})

    reply = await reply_of(world)
    assert (reply.status, reply.guideline) == (ReplyStatus.REJECTED, Guideline.PERSONAL_ATTACK)
    assert reply.sentence == "Argue with the point."
    assert f"rejected by <@{world.mira.id}>" in text(last(world.review))
    assert labels(last(world.review)) == []


async def test_the_reject_form_offers_the_five_guidelines(world):
    card = await given_reply(world, await given_article(world))

    form = await world.mira.click(card, label="Reject")

    options = form.modal["components"][1]["component"]["options"]
    assert [option["label"] for option in options] == [
        "hate speech",
        "obscenity",
        "personal attack",
        "disrespect",
        "spam",
    ]


async def test_request_changes_brings_the_reply_back_as_a_new_revision(world):
    receipt = await send(world.ann, await given_article(world), "They all lie.")
    form = await world.mira.click(last(world.review), label="Request changes")
    await world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "Who? Please name a source."})

    revision = await world.ann.click(receipt.response.message, label="Edit")
    await world.ann.submit_modal(revision, {"text": "The council's minutes are incomplete."})

    assert "Who? Please name a source." in revision.modal["components"][0]["content"]
    assert revision.modal["components"][1]["component"]["value"] == "They all lie."
    assert (await reply_of(world)).status is ReplyStatus.PENDING
    assert "The council's minutes are incomplete." in text(last(world.review))
    assert f"changed after <@{world.mira.id}> had asked: Who? Please name a source." in text(last(world.review))
    assert [text(card).count("#1**") for card in world.review.history()] == [1]


async def test_two_moderators_at_the_same_instant_make_one_decision(world):
    card = await given_reply(world, await given_article(world))

    answers = await burst(
        world.env,
        (world.mira, card, "review:approve:1:1"),
        (world.max, card, "review:approve:1:1"),
    )

    assert sum("was faster: #1 is already decided" in said(answer) for answer in answers) == 1
    assert len([message for message in world.channel(TITLE).history() if message.webhook_id]) == 1


async def test_the_slower_moderator_gets_their_sentence_back_and_sees_the_card_as_it_is(world):
    card = await given_reply(world, await given_article(world))
    form = await world.max.click(card, label="Reject")
    claimed = await world.mira.click(card, label="Approve")
    await world.mira.click(claimed.response.message, label="Take over")
    await world.mira.click(card, label="Approve")

    answer = await world.max.submit_modal(form, {"guideline": ["spam"], "sentence": "Please do not advertise."})

    assert f"<@{world.mira.id}> was faster" in said(answer)
    assert "Please do not advertise." in said(answer)
    assert "approved by" in text(last(world.review))
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_a_decision_on_an_earlier_revision_is_refused_and_the_card_shows_the_new_text(world):
    receipt = await send(world.ann, await given_article(world), "The text they saw.")
    form = await world.mira.click(last(world.review), label="Reject")
    await send(world.ann, receipt.response.message, "Another text.", label="Edit")

    answer = await world.mira.submit_modal(form, {"guideline": ["spam"]})

    assert "The author has changed #1" in said(answer)
    assert "Another text." in text(last(world.review))
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_nobody_decides_their_own_reply(world):
    await send(world.mira, await given_article(world), "My own opinion.")

    pressed = await world.mira.click(last(world.review), label="Approve")
    opened = await world.mira.click(last(world.review), label="Reject")
    typed = await world.mira.slash(world.general, "moderate approve", reply="1")

    assert all("This is your own reply." in said(answer) for answer in (pressed, opened, typed))
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_member_who_can_see_the_card_decides_nothing(world):
    card = await given_reply(world, await given_article(world))
    world.speaks(world.boris, "en-US")
    see = discord.Permissions(view_channel=True, read_message_history=True)
    overwrite = Overwrite(world.boris.id, OverwriteType.MEMBER, allow=see.value)
    world.env.backend.set_overwrite(world.review.id, overwrite)

    answers = [await world.boris.click(card, label=label) for label in ("Approve", "Reject", "Request changes")]

    assert all("Only moderators can do this." in said(answer) for answer in answers)
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_remove_takes_a_published_reply_out_of_the_discussion(world):
    await given_published(world, await given_article(world))
    form = await world.mira.click(last(world.review), label="Remove")

    await world.mira.submit_modal(form, {"sentence": "On second thoughts."})

    assert (await reply_of(world)).status is ReplyStatus.REMOVED
    left = [text(message) for message in world.channel(TITLE).history() if message.webhook_id]
    assert left == ["-# *removed by the moderators*"]
    assert f"removed by <@{world.mira.id}>" in text(last(world.review))


async def test_remove_on_a_report_answers_privately_and_keeps_the_report(world):
    await report(world.boris, await given_published(world, await given_article(world)))
    form = await world.mira.click(last(world.review), label="Remove")

    answer = await world.mira.submit_modal(form, {})

    assert "#1: removed." in said(answer)
    assert "reported" in text(last(world.review))


async def test_the_commands_decide_as_the_buttons_do(world):
    card = await given_article(world)
    for words in ("One.", "Two.", "Three."):
        await send(world.ann, card, words)

    approved = await world.mira.slash(world.review, "moderate approve", reply="#1")
    rejected = await world.mira.slash(world.review, "moderate reject", reply="2", guideline="spam", sentence="No.")
    changes = await world.mira.slash(world.review, "moderate request-changes", reply="3", sentence="Who says so?")
    removed = await world.mira.slash(world.review, "moderate remove", reply="1")

    assert all(answer.ephemeral for answer in (approved, rejected, changes, removed))
    states = [(await reply_of(world, number)).status for number in (1, 2, 3)]
    assert states == [ReplyStatus.REMOVED, ReplyStatus.REJECTED, ReplyStatus.CHANGES_REQUESTED]


async def test_a_member_who_uses_a_moderators_command_is_refused(world):
    await given_reply(world, await given_article(world))

    answer = await world.ann.slash(world.general, "moderate approve", reply="1")

    assert "Only moderators can do this." in said(answer)


async def test_a_number_that_does_not_exist_is_refused_with_the_number(world):
    answers = [
        await world.mira.slash(world.general, "moderate approve", reply=typed) for typed in ("99", "fair", "-1", "²")
    ]

    assert all("There is no reply" in said(answer) for answer in answers)


async def test_autocompletion_finds_replies_by_number_and_by_words(world):
    card = await given_article(world)
    await send(world.ann, card, "The garden is a good idea.")
    await send(world.ann, card, "Where shall we park? " * 20)

    by_number = await world.mira.autocomplete(world.general, "moderate approve", "reply", "#1")
    by_words = await world.mira.autocomplete(world.general, "moderate approve", "reply", "park")

    assert by_number == [{"name": "#1 · Ann · The garden is a good idea.", "value": "1:1"}]
    assert [choice["value"] for choice in by_words] == ["2:1"]
    assert len(by_words[0]["name"]) <= 100


async def test_autocompletion_shows_members_no_held_text(world):
    await given_reply(world, await given_article(world), "Not for everybody yet.")

    offered = [
        await world.ann.autocomplete(world.general, f"moderate {name}", "reply", "")
        for name in ("approve", "reject", "request-changes", "remove")
    ]

    assert offered == [[], [], [], []]


async def test_removal_is_offered_for_published_replies_alone(world):
    card = await given_article(world)
    await given_published(world, card, "Published.")
    await send(world.ann, card, "Held.")

    offered = await world.mira.autocomplete(world.general, "moderate remove", "reply", "")

    assert [choice["value"] for choice in offered] == ["1:1"]


@pytest.mark.logs_errors
async def test_a_decision_that_fails_gives_the_moderators_words_back(world):
    card = await given_reply(world, await given_article(world))
    form = await world.mira.click(card, label="Request changes")
    async with world.db.begin() as conn:
        await conn.execute(sql("DROP TABLE decisions"))

    answer = await world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "Please name a source."})

    assert "Please name a source." in said(answer)
    assert "tell an administrator this number" in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_card_pressed_after_a_decision_elsewhere_shows_it_without_a_form(world):
    card = await given_reply(world, await given_article(world))
    await set_status(world, ReplyStatus.WITHDRAWN)

    answer = await world.mira.click(card, label="Reject")

    assert answer.modal is None
    assert "already decided (withdrawn)" in said(answer)
    assert labels(last(world.review)) == []


async def test_what_is_approved_is_to_the_letter_what_appears(world):
    card = await given_article(world)
    words = "I agree with every word.\n" + ">\n" * 150 + "ok " + "\n".join(f"word{number}" for number in range(120))
    review = await given_reply(world, card, words)

    await world.mira.click(review, label="Approve")

    shown = text(review).partition("I agree")[2]
    published = text(last(world.channel(TITLE))).partition("I agree")[2].rpartition("\n-# <@")[0]
    assert published == shown
    assert "word119" in published


async def test_a_text_that_would_not_fit_on_a_card_goes_back_to_its_author(world):
    card = await given_article(world)

    refused = await send(world.ann, card, ">\n" * 745 + "hidden")

    assert "at most 2200 are allowed" in said(refused)
    assert "hidden" in said(refused)
    assert await count_replies(world) == 0


@pytest.mark.parametrize("picked", ["1:1", "1", "#1"])
async def test_a_command_decides_only_what_a_moderator_can_have_seen(world, picked):
    receipt = await send(world.ann, await given_article(world), "A kind word.")
    form = await world.ann.click(receipt.response.message, label="Edit")
    await world.ann.submit_modal(form, {"text": "An insult nobody has read."})
    async with world.db.begin() as conn:
        await conn.execute(sql("UPDATE replies SET card_shows = 'pending:1:0'"))  # as if the card were not redrawn yet

    answer = await world.mira.slash(world.general, "moderate approve", reply=picked)

    assert "has changed #1" in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_card_pressed_before_it_was_recorded_shows_the_decision_and_stays_the_card(world):
    card = await given_reply(world, await given_article(world))
    async with world.db.begin() as conn:
        await conn.execute(sql("UPDATE replies SET card_message_id = NULL, card_shows = NULL"))

    answer = await world.mira.click(card, label="Reject")
    answer = await world.mira.submit_modal(answer, {"guideline": ["spam"]})

    assert answer.followups == []
    assert "rejected" in text(last(world.review))
    assert (await reply_of(world)).card_message_id == card.id


async def test_a_card_that_is_older_than_the_reply_with_its_id_decides_nothing(world):
    """As after a backup was restored: the ids given after it are given again, and old cards still stand there."""
    card = await given_reply(world, await given_article(world), "Shown on the card.")
    async with world.db.begin() as conn:
        await conn.execute(sql("UPDATE replies SET text = 'Another one.', submitted_at = '2999-01-01 00:00:00.000000'"))

    pressed = [await world.mira.click(card, label=label) for label in ("Approve", "Reject", "Request changes")]

    assert ["does not exist" in said(press) for press in pressed] == [True, True, True]
    assert (await reply_of(world)).status is ReplyStatus.PENDING
