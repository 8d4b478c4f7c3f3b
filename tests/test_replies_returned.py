"""A reply that cannot be taken: one clear sentence, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text as sql

from bot.models import ReplyStatus
from tests.discussions import (
    close_discussions,
    count_replies,
    given_article,
    given_published,
    send,
    set_status,
)
from tests.world import labels, new_world, said, world

__all__ = ["new_world", "world"]  # fixtures


async def test_an_empty_text_is_returned_with_a_sentence(world):
    answer = await send(world.ann, await given_article(world), "\u200b \u2060")

    assert "There is nothing to read in this text." in said(answer)
    assert labels(answer.response.message) == ["Try again"]
    assert await count_replies(world) == 0


async def test_a_text_too_long_comes_back_whole_and_opens_the_form_again(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    await world.ada.slash(world.general, "settings set", name="reply_length", value="100")
    typed = "Much **too** long. " * 10

    answer = await world.ann.submit_modal(form, {"text": typed})
    again = await world.ann.click(answer.response.message, label="Try again")

    assert "at most 100 are allowed" in said(answer)
    assert again.modal["components"][2]["component"]["value"].strip() == typed.strip()


@pytest.mark.logs_errors
async def test_an_unexpected_error_gives_the_text_back_and_an_incident_number(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    async with world.db.begin() as conn:
        await conn.execute(sql("DROP TABLE revisions"))

    answer = await world.ann.submit_modal(form, {"text": "Do not lose me."})

    assert "Do not lose me." in said(answer)
    assert "tell an administrator this number" in said(answer)
    assert labels(answer.response.message) == ["Try again"]


@pytest.mark.logs_errors
async def test_an_error_is_logged_without_the_text_of_the_reply(world, caplog):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    async with world.db.begin() as conn:
        await conn.execute(sql("DROP TABLE revisions"))

    await world.ann.submit_modal(form, {"text": "Between the two of us."})

    assert "incident" in caplog.text
    assert "Between the two of us." not in caplog.text


async def test_a_closed_discussion_opens_no_form(world):
    card = await given_article(world)
    await close_discussions(world)

    answer = await world.ann.click(card, label="Join the conversation")

    assert answer.modal is None
    assert "This discussion is closed" in said(answer)


async def test_a_discussion_closed_while_somebody_writes_gives_the_text_back(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    await close_discussions(world)

    answer = await world.ann.submit_modal(form, {"text": "I was late."})

    assert "This discussion is closed" in said(answer)
    assert "I was late." in said(answer)
    assert labels(answer.response.message) == []


async def test_a_parent_removed_while_somebody_writes_lets_them_reply_to_the_article(world):
    first = await given_published(world, await given_article(world))
    world.speaks(world.boris, "en-US")
    form = await world.boris.click(first, label="Reply")
    await set_status(world, ReplyStatus.REMOVED)

    answer = await world.boris.submit_modal(form, {"text": "An answer."})
    again = await world.boris.click(answer.response.message, label="Try again")

    assert "no longer published" in said(answer)
    assert again.modal["custom_id"] == "form:reply:1:0"
    assert again.modal["components"][2]["component"]["value"] == "An answer."


async def test_a_member_who_is_timed_out_cannot_reply(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    ann = await world.discord.fetch_member(world.ann.id)
    await ann.timeout(timedelta(hours=1))

    pressed = await world.ann.click(card, label="Join the conversation")
    sent = await world.ann.submit_modal(form, {"text": "One more thing."})

    assert "You are timed out" in said(pressed)
    assert "You are timed out" in said(sent)
    assert "One more thing." in said(sent)
    assert await count_replies(world) == 0
