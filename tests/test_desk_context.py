"""A moderator sees flags, copies and precedents on the card, and decides with them."""

from __future__ import annotations

import pytest

from bot.models import ReplyStatus
from tests.discussions import given_article, given_reply, last, reply_of, send
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

SPAM = "Everybody should buy the best watches of the world at our shop today."


async def test_copies_share_a_card_and_are_decided_with_it_or_held_back(world):
    card = await given_article(world)
    await given_reply(world, card, SPAM)
    receipt = await send(world.boris, card, f"{SPAM} !!!")
    await world.env.advance_time(5)
    review = last(world.review)

    cards = sum("Approve" in labels(message) for message in world.review.history())
    asked = await world.mira.click(review, label="Hold new accounts")
    held = await world.mira.submit_modal(asked, {"days": ["7"], "hours": ["6"]})
    refused = await world.max.click(card, label="Join the conversation")
    await world.mira.click(held.response.message, label="Let new accounts reply")
    await world.mira.click(last(world.review), label="Approve one, close the rest")

    assert "#2" in said(receipt)
    assert "**2 copies**" in text(review)
    assert labels(review)[3:] == ["More", "Approve one, close the rest", "Hold new accounts"]
    assert "newer than 7 days" in said(refused)
    assert cards == 1
    assert (await reply_of(world, 1)).status in {ReplyStatus.APPROVED, ReplyStatus.PUBLISHED}
    assert (await reply_of(world, 2)).status is ReplyStatus.DUPLICATE


async def test_a_moderator_is_told_how_many_copies_are_left_to_others(world):
    card = await given_article(world)
    for n, person in enumerate((world.ann, world.boris, world.mira)):
        await send(person, card, SPAM + "!" * n)
    await world.env.advance_time(5)

    pressed = await world.mira.click(last(world.review), label="Approve one, close the rest")
    await world.env.advance_time(5)

    assert said(pressed).endswith("1 copy stays held on a card of its own: another moderator decides it.")
    assert [(await reply_of(world, n)).status for n in (2, 3)] == [ReplyStatus.DUPLICATE, ReplyStatus.PENDING]
    assert "#3" in text(last(world.review))
    assert "Approve" in labels(last(world.review))


async def test_a_moderator_is_asked_before_contradicting_three_and_reads_more(world):
    card = await given_article(world)
    for n, person in enumerate((world.boris, world.max, world.ed)):
        await send(person, card, f"The mayor must go, now{'!' * n}")
        await world.mira.slash(world.general, "moderate reject", reply=str(n + 1), guideline="disrespect")
    review = await given_reply(world, card, "The mayor must go, damn, now")
    await world.mira.slash(world.general, "moderate reject", reply="4", guideline="disrespect")
    await send(world.ann, card, "The mayor must go, now")
    review = last(world.review)

    more = await world.mira.click(review, label="More")
    asked = await world.mira.click(review, label="Approve")
    still = (await reply_of(world, 5)).status
    await world.mira.click(asked.response.message, label="Approve all the same")

    assert "Like this: 4 rejected (disrespect): #4 #3 #2 #1" in text(review)
    assert "The car park becomes a garden." in said(more)
    assert more.response.ephemeral
    assert "4 near-identical replies were decided the other way" in said(asked)
    assert still is ReplyStatus.PENDING
    assert (await reply_of(world, 5)).status in {ReplyStatus.APPROVED, ReplyStatus.PUBLISHED}


async def test_a_reply_is_closed_as_a_duplicate_by_form_and_by_command_and_its_author_told(world):
    card = await given_article(world)
    for words in ("The garden is fine.", "Fine garden, that.", "I like that garden."):
        await given_reply(world, card, words)

    more = await world.mira.click(last(world.review), label="More")
    form = await world.mira.click(more.response.message, label="Duplicate of…")
    closed = await world.mira.submit_modal(form, {"of": "#1"})
    await world.mira.slash(world.general, "moderate duplicate", reply="2", of="1")
    unknown = await world.mira.slash(world.general, "moderate duplicate", reply="1", of="77")
    await world.env.advance_time(60)

    assert said(closed) == "#3: closed as a duplicate."
    assert [(await reply_of(world, n)).status.value for n in (1, 2, 3)] == ["pending", "duplicate", "duplicate"]
    assert "There is no reply 77" in said(unknown)


async def disagree(world, number):
    """Two moderators differ about a reply; Ed is senior."""
    senior = world.guild.create_role("Senior")
    await world.ada.slash(world.general, "settings set", name="senior_role", value=f"<@&{senior.id}>")
    for role in ("Moderator", "Senior"):
        world.give(world.ed, role)
    about = {"view": "reject", "guideline": "spam"}
    await world.mira.slash(world.general, "moderate second-opinion", reply=str(number), **about)
    judged = await world.max.slash(world.general, "moderate request-changes", reply=str(number), sentence="Why?")
    await world.env.advance_time(10)

    assert "a senior moderator decides" in said(judged)


@pytest.mark.parametrize("how", ["command", "form"])
async def test_a_senior_closes_as_a_duplicate_what_two_moderators_differ_about(world, how):
    card = await given_article(world)
    for words in ("The garden is fine.", "Fine garden, that."):
        await given_reply(world, card, words)
    await disagree(world, 2)

    if how == "command":
        await world.ed.slash(world.general, "moderate duplicate", reply="2", of="1")
    else:
        more = await world.ed.click(last(world.review), label="More")
        form = await world.ed.click(more.response.message, label="Duplicate of…")
        await world.ed.submit_modal(form, {"of": "1"})

    assert (await reply_of(world, 2)).status is ReplyStatus.DUPLICATE


async def test_a_senior_decides_a_cluster_about_whose_first_reply_two_moderators_differ(world):
    card = await given_article(world)
    await send(world.ann, card, SPAM)
    await send(world.boris, card, f"{SPAM} !!!")
    await disagree(world, 1)

    refused = await world.max.click(last(world.review), label="Approve one, close the rest")
    await world.ed.click(last(world.review), label="Approve one, close the rest")
    await world.env.advance_time(10)

    assert "A senior moderator decides it now." in said(refused)
    assert [(await reply_of(world, n)).status for n in (1, 2)] == [ReplyStatus.PUBLISHED, ReplyStatus.DUPLICATE]


@pytest.mark.parametrize("label", ["Approve", "Approve one, close the rest"])
async def test_a_senior_decides_despite_precedents_where_two_moderators_differ(world, label):
    card = await given_article(world)
    for n, person in enumerate((world.boris, world.max, world.ada)):
        await send(person, card, SPAM + "!" * n)
        await world.mira.slash(world.general, "moderate reject", reply=str(n + 1), guideline="spam")
    await send(world.ann, card, f"{SPAM} ?")
    await send(world.mira, card, f"{SPAM} ??")
    await disagree(world, 4)

    asked = await world.ed.click(last(world.review), label=label)
    await world.ed.click([asked.response.message, *asked.followups][-1], label="Approve all the same")
    await world.env.advance_time(10)

    assert (await reply_of(world, 4)).status is ReplyStatus.PUBLISHED
