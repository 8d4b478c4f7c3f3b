"""`/my replies`: a member finds all they sent, why it was decided so, and what they can still do."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.demo import repairs
from bot.models import Author, Draft
from bot.services import replies
from tests.discussions import given_article, given_published, reply_of, send
from tests.world import labels, new_world, said, world

__all__ = ["new_world", "world"]  # fixtures

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


async def given_many(world, count):
    """Replies of Ann's, sent without Discord, because there are many."""
    author = Author(world.ann.id, "Ann", None, "en-US")
    for number in range(count):
        draft = Draft(world.guild.id, 1, None, author, f"Point number {number}.", number + 1)
        await replies.submit(world.db, draft, now=NOW)


async def test_a_member_who_has_sent_nothing_is_told_so(world):
    answer = await world.ann.slash(world.general, "my replies")

    assert answer.ephemeral
    assert "You have not sent any replies in this server yet." in said(answer)


async def test_the_list_says_how_each_reply_stands_newest_first(world):
    card = await given_article(world)
    await given_published(world, card, "One.")
    await send(world.ann, card, "Two.")

    answer = await world.ann.slash(world.general, "my replies")

    assert said(answer).index("**#2** · held for review") < said(answer).index("**#1** · published")
    assert f"[Go to it](https://discord.com/channels/{world.guild.id}/" in said(answer)
    assert labels(answer.response.message) == ["Edit #2", "Withdraw #2", "Open"]


async def test_a_rejection_shows_its_guideline_and_the_moderators_words(world):
    await send(world.ann, await given_article(world), "Buy this.")
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam", sentence="No advertising.")

    answer = await world.ann.slash(world.general, "my replies")

    assert "spam" in said(answer)
    assert "No advertising." in said(answer)


async def test_a_reply_to_be_changed_can_be_revised_from_the_list(world):
    await send(world.ann, await given_article(world), "They all lie.")
    await world.mira.slash(world.review, "moderate request-changes", reply="1", sentence="Who?")

    answer = await world.ann.slash(world.general, "my replies")
    form = await world.ann.click(answer.response.message, label="Revise #1")
    await world.ann.submit_modal(form, {"text": "The minutes are incomplete."})

    assert form.modal["components"][1]["component"]["value"] == "They all lie."
    assert (await reply_of(world)).text == "The minutes are incomplete."


async def test_five_hundred_replies_are_shown_ten_at_a_time(world):
    await given_article(world)
    await given_many(world, 500)

    first = await world.ann.slash(world.general, "my replies")
    newest = said(first)
    second = await world.ann.click(first.response.message, label="Older")

    assert [f"**#{number}**" in newest for number in (500, 491, 490)] == [True, True, False]
    assert [f"**#{number}**" in said(second) for number in (491, 490, 481)] == [False, True, True]
    assert {"Newer", "Older"} <= set(labels(second.response.message))


async def test_the_last_page_has_nothing_older(world):
    await given_article(world)
    await given_many(world, 11)

    first = await world.ann.slash(world.general, "my replies")
    second = await world.ann.click(first.response.message, label="Older")

    assert "**#1**" in said(second)
    assert "Older" not in labels(second.response.message)


async def test_open_shows_one_reply_in_full(world):
    await given_published(world, await given_article(world), "A fair point. " * 20)
    listed = await world.ann.slash(world.general, "my replies")

    answer = await world.ann.click(listed.response.message, label="Open")

    assert ("A fair point. " * 20).strip() in said(answer)


async def test_the_list_shows_nobody_elses_replies(world):
    await send(world.ann, await given_article(world), "Ann's own.")
    world.speaks(world.boris, "en-US")

    answer = await world.boris.slash(world.general, "my replies")

    assert "Ann's own." not in said(answer)


async def test_a_notice_that_discord_would_not_deliver_is_marked(world):
    repairs.world(world.env.backend).closed_dms.add(world.ann.id)
    await send(world.ann, await given_article(world), "Buy this.")
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam")
    await world.env.advance_time(30)

    answer = await world.ann.slash(world.general, "my replies")

    assert "Discord did not let me tell you this by direct message." in said(answer)
