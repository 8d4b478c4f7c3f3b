"""The guidelines of a server: read before the first reply, posted and kept up to date, worded by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from bot.client import StandfirstClient
from bot.storage import guideline_cards, settings
from tests.discussions import TITLE, count_replies, given_article, given_published, given_reply, last, reply_of
from tests.in_process import restart
from tests.world import World, labels, new_world, said, text, world

if TYPE_CHECKING:
    import simcord

    from bot.models import GuidelineCard

__all__ = ["new_world", "world"]  # fixtures

WORDS = {"title": "No links", "text": "Links belong elsewhere.", "covered": "A shop.", "uncovered": "A source."}


@pytest.fixture
async def asking(world: World) -> World:
    """A server in which members confirm the guidelines first."""
    async with world.db.begin() as conn:
        await settings.put(conn, world.guild.id, "ask_to_read", True)
    return world


async def word(world: World, command: str, fields: dict[str, str], **options: str) -> simcord.InteractionResult:
    form = await world.ada.slash(world.general, f"guidelines {command}", **options)
    return await world.ada.submit_modal(form, fields)


async def retire(world: World, guideline: str) -> simcord.InteractionResult:
    asked = await world.ada.slash(world.general, "guidelines retire", guideline=guideline)
    return await world.ada.click(asked.response.message, label="Retire")


async def card_of(world: World) -> GuidelineCard:
    async with world.db.read() as conn:
        card = await guideline_cards.get(conn, world.guild.id)
    assert card is not None
    return card


def rules(world: World) -> list[discord.Message]:
    """The messages in #general in which the guidelines stand."""
    return [message for message in world.general.history() if "## Comment guidelines" in text(message)]


def prefilled(form: simcord.InteractionResult) -> list[str | None]:
    return [part["component"].get("value") for part in form.modal["components"][1:]]


def titles(form: simcord.InteractionResult) -> list[str]:
    return [option["label"] for option in form.modal["components"][1]["component"]["options"]]


# The confirmation


async def test_a_members_first_reply_asks_for_one_confirmation_and_then_opens_the_form(asking):
    card = await given_article(asking)
    shown = await asking.ann.click(card, label="Join the conversation")

    form = await asking.ann.click(shown.response.message, label="I have read them")
    receipt = await asking.ann.submit_modal(form, {"text": "A fair point."})
    second = await asking.ann.click(card, label="Join the conversation")

    assert shown.ephemeral
    assert "Please read the guidelines before you write" in said(shown)
    assert "Spam" in said(shown)
    assert labels(shown.response) == ["I have read them"]
    assert "#1" in said(receipt)
    assert second.modal is not None


async def test_an_answer_to_a_reply_asks_as_well_in_the_language_of_who_writes(asking):
    card = await given_article(asking)
    async with asking.db.begin() as conn:
        await settings.put(conn, asking.guild.id, "ask_to_read", False)
    published = await given_published(asking, card)
    async with asking.db.begin() as conn:
        await settings.put(conn, asking.guild.id, "ask_to_read", True)

    shown = await asking.boris.click(published, label="Reply")
    form = await asking.boris.click(shown.response.message, label="Я прочитал(а)")
    await asking.boris.submit_modal(form, {"text": "Согласен."})

    assert "Спам" in said(shown)
    assert (await reply_of(asking, 2)).parent_id == (await reply_of(asking)).id


async def test_after_a_change_everybody_is_asked_once_more(asking):
    card = await given_article(asking)
    shown = await asking.ann.click(card, label="Join the conversation")
    await asking.ann.click(shown.response.message, label="I have read them")
    await word(asking, "add", WORDS)

    again = await asking.ann.click(card, label="Join the conversation")

    assert "No links" in said(again)
    assert labels(again.response) == ["I have read them"]


async def test_what_has_changed_since_it_was_shown_is_shown_again_instead_of_being_confirmed(asking):
    card = await given_article(asking)
    shown = await asking.ann.click(card, label="Join the conversation")
    await word(asking, "add", WORDS)

    again = await asking.ann.click(shown.response.message, label="I have read them")
    form = await asking.ann.click(shown.response.message, label="I have read them")

    assert again.modal is None
    assert "The guidelines have changed a moment ago." in text(again.response.message)
    assert "No links" in text(again.response.message)
    assert form.modal is not None


async def test_a_confirmation_outlives_a_restart(asking):
    card = await given_article(asking)
    shown = await asking.ann.click(card, label="Join the conversation")
    await restart(asking.env, StandfirstClient(asking.client.config, asking.db))
    await asking.ann.click(shown.response.message, label="I have read them")
    await restart(asking.env, StandfirstClient(asking.client.config, asking.db))

    form = await asking.ann.click(card, label="Join the conversation")

    assert form.modal is not None


async def test_a_text_that_came_back_is_not_held_up_by_a_change(world):
    card = await given_article(world)
    form = await world.ann.click(card, label="Join the conversation")
    async with world.db.begin() as conn:
        await settings.put(conn, world.guild.id, "reply_length", 100)
        await settings.put(conn, world.guild.id, "ask_to_read", True)
    returned = await world.ann.submit_modal(form, {"text": "A fair point. " * 10})

    again = await world.ann.click(returned.response.message, label="Try again")

    assert again.modal is not None
    assert await count_replies(world) == 0


async def test_many_guidelines_are_read_in_pages_and_confirmed_on_the_last(asking):
    card = await given_article(asking)
    for n in range(4):
        await word(
            asking, "add", {"title": f"Rule {n}", "text": "x" * 400, "covered": "y" * 300, "uncovered": "z" * 300}
        )

    shown = await asking.ann.click(card, label="Join the conversation")
    first = labels(shown.response)
    pages = [text(shown.response.message)]
    while "Next" in labels(shown.response):
        shown = await asking.ann.click(shown.response.message, label="Next")
        pages.append(text(shown.response.message))

    assert first == ["Next"]
    assert len(pages) > 1
    assert all(sum(f"Rule {n}" in page for page in pages) == 1 for n in range(4))
    assert labels(shown.response) == ["Back", "I have read them"]
    assert (await asking.ann.click(shown.response.message, label="I have read them")).modal is not None


# The posted card


async def test_the_guidelines_are_posted_once_and_kept_up_to_date(world):
    answer = await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)
    before = text(rules(world)[0])

    await word(world, "add", WORDS)
    await retire(world, "spam")
    await world.env.advance_time(5)

    [card] = rules(world)
    assert "appear in" in said(answer)
    assert "No links" not in before
    assert "**No links**: Links belong elsewhere." in text(card)
    assert "Spam" not in text(card)
    assert card.id == (await card_of(world)).message_id


async def test_from_the_card_everybody_reads_all_of_it_in_their_language(world):
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)

    shown = await world.boris.click(rules(world)[0], label="All of it, with examples")

    assert shown.ephemeral
    assert "Можно: " in said(shown)


async def test_a_card_that_was_deleted_by_hand_is_posted_again(world):
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)
    [first] = rules(world)

    world.env.backend.delete_message(first.channel.id, first.id)
    await world.env.advance_time(10)

    [second] = rules(world)
    assert second.id != first.id


async def test_posted_in_another_channel_it_is_deleted_where_it_stood(world):
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)

    await world.ada.slash(world.general, "guidelines post", channel=world.articles)
    await world.env.advance_time(10)

    assert rules(world) == []
    assert "## Comment guidelines" in text(last(world.articles))


async def test_it_is_not_posted_where_the_bot_may_not(world):
    hidden, shown = (discord.PermissionOverwrite(view_channel=may) for may in (False, True))
    secret = world.guild.create_text_channel("secret", overwrites={world.guild.default_role: hidden, world.ada: shown})

    answer = await world.ada.slash(world.general, "guidelines post", channel=secret)

    assert "View Channel" in said(answer)


# Wording them


async def test_an_administrator_words_one_anew_and_everybody_reads_it(world):
    form = await world.ada.slash(world.general, "guidelines edit", guideline="spam")
    saved = await world.ada.submit_modal(form, {**WORDS, "title": "Advertising"})

    shown = await world.ann.slash(world.general, "guidelines show")
    rejecting = await world.mira.click(await given_reply(world, await given_article(world)), label="Reject")

    assert prefilled(form)[:2] == ["spam", "It advertises, repeats itself, or has nothing to do with the article."]
    assert "Saved." in said(saved)
    assert "**Advertising**\nLinks belong elsewhere.\n-# Not allowed: A shop.\n-# Allowed: A source." in said(shown)
    assert titles(rejecting)[-1] == "Advertising"


async def test_words_for_another_language_begin_with_those_built_in(world):
    form = await world.ada.slash(world.general, "guidelines edit", guideline="spam", language="ru")
    words = {"title": "Реклама", "text": "Не рекламируйте.", "covered": "", "uncovered": ""}
    saved = await world.ada.submit_modal(form, words)
    world.speaks(world.boris, "ru")

    shown = [said(await person.slash(world.general, "guidelines show")) for person in (world.ann, world.boris)]

    assert prefilled(form)[0] == "спам"
    assert ["**Реклама**" in each for each in shown] == [False, True]  # the built-in English words stay
    assert "You have not worded it in every language yet (English)." in said(saved)


async def test_what_is_refused_comes_back_in_the_form(world):
    refused = await word(world, "add", {**WORDS, "title": "a *star*"})

    again = await world.ada.click(refused.response.message, label="Edit")
    saved = await world.ada.submit_modal(again, {**WORDS, "title": "a star"})

    assert "A title cannot hold any of these characters" in said(refused)
    assert prefilled(again) == ["a *star*", "Links belong elsewhere.", "A shop.", "A source."]
    assert "**A star**" in said(saved)


async def test_of_two_open_forms_the_second_is_told_and_can_go_on(world):
    one = await world.ada.slash(world.general, "guidelines edit", guideline="spam")
    two = await world.ada.slash(world.general, "guidelines edit", guideline="spam")
    await world.ada.submit_modal(one, {**WORDS, "title": "One"})

    refused = await world.ada.submit_modal(two, {**WORDS, "title": "Two", "text": "Mine."})
    again = await world.ada.click(refused.response.message, label="Edit")
    saved = await world.ada.submit_modal(again, {**WORDS, "title": "Two", "text": "Mine."})

    assert "It now reads: Links belong elsewhere." in said(refused)
    assert prefilled(again)[:2] == ["Two", "Mine."]
    assert "**Two**\nMine." in said(saved)


async def test_a_retired_one_is_offered_no_more_and_an_old_form_is_refused_with_nothing_lost(world):
    card = await given_reply(world, await given_article(world))
    old = await world.mira.click(card, label="Reject")
    done = await retire(world, "spam")

    refused = await world.mira.submit_modal(old, {"guideline": ["spam"], "sentence": "Not here."})
    new = await world.mira.click(card, label="Reject")
    offered = await world.mira.autocomplete(world.review, "moderate reject", "guideline", "")
    typed = await world.mira.slash(world.review, "moderate reject", reply="1", guideline="Personal attack")

    assert "**spam** is retired." in said(done)
    assert "“spam” is not in force any more" in said(refused)
    assert "> Not here." in said(refused)
    assert "spam" not in titles(new)
    assert [choice["value"] for choice in offered] == ["hate_speech", "obscenity", "personal_attack", "disrespect"]
    assert (await reply_of(world)).guideline == "personal_attack"
    assert typed is not None


async def test_only_administrators_change_them_also_by_an_old_form_or_a_forged_press(world):
    asked = await world.ada.slash(world.general, "guidelines retire", guideline="spam")
    form = await world.ada.slash(world.general, "guidelines add")
    world.env.backend.edit_role(world.guild.id, world.role("Admins"), {"permissions": 0})

    answers = [
        await world.mira.slash(world.general, "guidelines edit", guideline="spam"),
        await world.mira.slash(world.general, "guidelines add"),
        await world.mira.slash(world.general, "guidelines retire", guideline="spam"),
        await world.mira.slash(world.general, "guidelines post", channel=world.general),
        await world.ada.submit_modal(form, WORDS),
        await world.ada.click(asked.response.message, label="Retire"),
    ]

    assert all("Only people who may manage this server" in said(answer) for answer in answers)
    assert "No links" in said(answers[4])  # nothing typed is lost


# The words of the day, and the ways to the guidelines


async def test_the_author_goes_on_reading_the_words_of_the_day(world):
    await given_reply(world, await given_article(world))
    await word(world, "edit", {**WORDS, "title": "Advertising"}, guideline="spam")
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam")
    await world.env.advance_time(60)
    await word(world, "edit", {**WORDS, "title": "Selling"}, guideline="spam")

    mine = await world.ann.slash(world.general, "my replies")
    card = text(last(world.review))

    assert "Guideline: **Advertising**" in text(last(world.ann.user.dm_channel))
    assert "Guideline: **Advertising**" in said(mine)
    assert "Advertising" in card


async def test_form_receipt_and_rejection_lead_to_the_guidelines(world):
    card = await given_article(world)
    without = await world.ann.click(card, label="Join the conversation")
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)
    address = f"https://discord.com/channels/{world.guild.id}/{world.general.id}/{rules(world)[0].id}"

    form = await world.ann.click(card, label="Join the conversation")
    receipt = await world.ann.submit_modal(form, {"text": "A fair point."})
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam")
    await world.env.advance_time(60)

    assert "The comment guidelines: /guidelines show" in without.modal["components"][0]["content"]
    assert address in form.modal["components"][0]["content"]
    assert address in said(receipt)
    assert address in text(last(world.ann.user.dm_channel))
    assert "Guidelines" in labels(card)
    assert TITLE in text(card)
