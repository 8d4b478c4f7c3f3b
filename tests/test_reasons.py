"""Reasons that help: a moderator ticks the words, the author reads them, revises, and the moderator sees the change."""

from __future__ import annotations

from bot.models import Guideline, ReplyStatus
from tests.discussions import given_article, given_published, given_reply, last, reply_of, send
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

PLEA = "Сад нужен всем. Вы все дураки! Где деньги?"


def options(form, place):
    return [option["label"] for option in form.modal["components"][place]["component"]["options"]]


async def test_the_author_reads_the_ticked_words_revises_them_and_the_card_shows_the_changes(world):
    await send(world.boris, await given_article(world), PLEA)
    form = await world.mira.click(last(world.review), label="Request changes")
    reason = {"guideline": ["disrespect"], "passages": ["1"], "sentence": "Пожалуйста, без оскорблений."}

    await world.mira.submit_modal(form, reason)
    notice = last(world.boris.user.dm_channel)
    revision = await world.boris.user.click(notice, label="Исправить")
    await world.boris.user.submit_modal(revision, {"text": "Сад нужен всем. Вы не правы! Где деньги?"})

    assert options(form, 2) == ["Сад нужен всем.", "Вы все дураки!", "Где деньги?"]
    quoted = "Правило: **неуважение**\nРечь об этих словах:\n> Вы все дураки!"
    why = f"{quoted}\nСлова модератора: Пожалуйста, без оскорблений."
    assert why in text(notice)
    assert revision.modal["components"][0]["content"] == why
    assert revision.modal["components"][1]["component"]["value"] == PLEA
    card = text(last(world.review))
    assert "Сад нужен всем. Вы не правы! Где деньги?" in card
    assert "Changed since: Сад нужен всем. Вы ~~все дураки~~ **не правы**! Где деньги?" in card
    assert (await reply_of(world)).claimed_by == world.mira.id


async def test_what_was_asked_stands_above_the_field_when_the_author_edits_once_more(world):
    receipt = await send(world.ann, await given_article(world), "They all lie. Prove it!")
    form = await world.mira.click(last(world.review), label="Request changes")
    await world.mira.submit_modal(form, {"guideline": ["disrespect"], "passages": ["0"], "sentence": "Who?"})
    await send(world.ann, receipt.response.message, "The council lies. Prove it!", label="Edit")

    again = await world.ann.click(receipt.response.message, label="Edit")

    asked = "Guideline: **disrespect**\nIt is about these words:\n> They all lie.\nThe moderator’s words: Who?"
    assert again.modal["components"][0]["content"] == asked
    assert again.modal["components"][1]["component"]["value"] == "The council lies. Prove it!"


async def test_the_words_of_a_rejection_and_of_a_removal_are_shown_to_author_and_moderators(world):
    card = await given_article(world)
    await given_published(world, card, "First. Second fool.")
    removal = await world.mira.click(last(world.review), label="Remove")
    await world.mira.submit_modal(removal, {"guideline": ["personal_attack"], "passages": ["1"]})
    removed = text(last(world.review))
    rejection = await world.mira.click(await given_reply(world, card, "Third. Fourth fool."), label="Reject")
    await world.mira.submit_modal(rejection, {"guideline": ["personal_attack"], "passages": ["0", "1"]})

    mine = await world.ann.slash(world.general, "my replies")
    opened = await world.ann.click(mine.response.message, custom_id="my:reply:2")

    assert "Guideline: **personal attack**\nIt is about these words:\n> Second fool." in removed
    assert "> Third.\n> Fourth fool." in text(last(world.review))
    assert "> Third.\n> Fourth fool." in said(opened)


async def test_a_saved_phrase_is_offered_in_the_form_and_filled_in_for_the_author(world):
    card = await given_article(world)
    await world.mira.slash(world.general, "phrase add", name="Tone", text="{author}, be kind on {server}: {guideline}.")
    form = await world.max.click(await given_reply(world, card, "You fool."), label="Reject")
    reason = {"guideline": ["personal_attack"], "phrase": ["tone"], "sentence": "Argue with *it*."}

    await world.max.submit_modal(form, reason)
    decided = text(last(world.review))
    offered = await world.max.autocomplete(world.general, "moderate reject", "phrase", "KIND")
    await given_reply(world, card, "Two.")
    await world.max.slash(world.general, "moderate reject", reply="2", guideline="spam", phrase="tone")

    assert len(form.modal["components"]) == 5
    assert options(form, 3) == ["tone · {author}, be kind on {server}: {guideline}."]
    assert (await reply_of(world)).sentence == "Ann, be kind on The Harbour Courier: personal attack. Argue with *it*."
    assert r"Argue with \*it\*." in decided
    assert [choice["value"] for choice in offered] == ["tone"]
    assert (await reply_of(world, 2)).sentence == "Ann, be kind on The Harbour Courier: spam."


async def test_a_typed_sentence_may_use_placeholders_and_other_braces_stay(world):
    await given_reply(world, await given_article(world), "You fool.")

    await world.max.slash(
        world.general, "moderate reject", reply="1", guideline="spam", sentence="No ads, {author}. {x}"
    )

    assert (await reply_of(world)).sentence == "No ads, Ann. {x}"


async def test_phrases_are_listed_removed_and_refused_with_a_clear_sentence(world):
    form = await world.mira.slash(world.general, "phrase add", name="Source")
    saved = await world.mira.submit_modal(form, {"name": "Source", "text": "Please name a source, {author}."})
    refused = [
        await world.mira.slash(world.general, "phrase add", name="Tone", text="Dear {name}, thank you."),
        await world.mira.slash(world.general, "phrase add", name="SOURCE", text="Another text."),
        await world.ann.slash(world.general, "phrase list"),
    ]
    listed = await world.max.slash(world.general, "phrase list")
    removed = await world.max.slash(world.general, "phrase remove", name="source")
    empty = await world.max.slash(world.general, "phrase list")

    assert "Saved: **source** · Please name a source, {author}." in said(saved)
    assert "“{name}” cannot be filled in. A phrase may use: {author}, {article}, {guideline}" in said(refused[0])
    assert "Dear {name}, thank you." in said(refused[0])
    assert "There is a phrase “source” already." in said(refused[1])
    assert "Only moderators can do this." in said(refused[2])
    assert "**source** · Please name a source, {author}." in said(listed)
    assert "Removed: **source**" in said(removed)
    assert "There are no saved phrases in this server yet." in said(empty)


async def test_words_that_are_too_long_with_a_phrase_come_back_and_nothing_is_decided(world):
    await world.mira.slash(world.general, "phrase add", name="long", text="x" * 400)
    form = await world.mira.click(await given_reply(world, await given_article(world)), label="Reject")

    answer = await world.mira.submit_modal(form, {"guideline": ["spam"], "phrase": ["long"], "sentence": "y" * 200})

    assert "This text has 601 characters; at most 500 are allowed." in said(answer)
    assert "y" * 200 in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.PENDING
    assert labels(last(world.review))[0] == "Approve"
    assert Guideline.SPAM.value in form.modal["components"][1]["component"]["options"][4]["value"]
