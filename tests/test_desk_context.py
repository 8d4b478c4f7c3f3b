"""A moderator sees flags, copies and precedents on the card, and decides with them."""

from __future__ import annotations

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
