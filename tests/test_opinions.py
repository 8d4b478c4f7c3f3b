"""Second opinions, blind review and blurred texts, as moderators see them in Discord."""

from __future__ import annotations

import json
from itertools import count

import discord
from sqlalchemy import text as sql

from bot.i18n import ENGLISH
from bot.models import Action, ReplyStatus
from bot.services.weighing import is_sampled
from bot.storage import audit
from cogs.ui.buttons import button, view_of
from cogs.ui.hiding import blur_button
from tests.discussions import given_article, given_reply, last, reply_of, report, send
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures


async def turn_on(world, name, value="on"):
    await world.ada.slash(world.general, "settings set", name=name, value=value)


async def menu(world):
    """A message with the buttons that a menu shows for the only reply."""
    reply = await reply_of(world)
    row = discord.ui.ActionRow(button("opinion:ask", ENGLISH, reply.id), blur_button(reply, ENGLISH))
    await world.client.get_partial_messageable(world.general.id).send(view=view_of(row))
    return last(world.general)


async def test_a_second_opinion_is_asked_for_without_its_view_and_a_senior_decides_when_the_two_differ(world):
    senior = world.guild.create_role("Senior")
    for role in ("Moderator", "Senior"):
        world.give(world.ed, role)
    await turn_on(world, "senior_role", f"<@&{senior.id}>")
    card = await given_reply(world, await given_article(world))
    form = await world.mira.click(await menu(world), label="Second opinion")
    asked = await world.mira.submit_modal(
        form, {"view": ["reject"], "guideline": ["spam"], "sentence": "Is this an advertisement?"}
    )
    shown = text(last(world.review))
    own = await world.mira.click(card, label="Approve")

    second = await world.max.click(card, label="Approve")
    third = await world.max.click(card, label="Approve")
    disputed = text(last(world.review))
    decided = await world.ed.click(card, label="Approve")

    assert "Second opinion asked" in shown
    assert "Is this an advertisement?" in shown
    assert "spam" not in shown
    assert f"<@{world.mira.id}>" not in shown
    assert "You asked for a second opinion on #1" in said(own)
    assert "Your view of #1 is recorded; a senior moderator decides." in said(second)
    assert "A senior moderator decides it now." in said(third)
    assert "First: reject (spam); second: approve." in disputed
    assert said(asked) == "#1: held for review."
    assert f"approved by <@{world.ed.id}>" in said(decided)
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_a_question_to_colleagues_that_could_not_be_asked_comes_back_as_one(world):
    world.speaks(world.max, "ru")
    await given_reply(world, await given_article(world))
    button = await menu(world)
    form = await world.mira.click(button, label="Second opinion")
    await world.max.slash(world.review, "moderate second-opinion", reply="1", view="approve")

    late = await world.mira.submit_modal(form, {"view": ["reject"], "guideline": ["spam"], "sentence": "Is this one?"})
    again = await world.max.slash(
        world.review, "moderate second-opinion", reply="1", view="reject", sentence="Это реклама?"
    )

    assert "Your words to your colleagues were:\n> Is this one?" in said(late)
    assert "Ваши слова коллегам:\n> Это реклама?" in said(again)


async def test_the_command_asks_and_takes_the_request_back(world):
    await given_reply(world, await given_article(world))

    asked = await world.mira.slash(world.review, "moderate second-opinion", reply="1", view="approve")
    shown = text(last(world.review))
    left = await world.mira.slash(world.general, "review next")
    back = await world.mira.slash(world.review, "moderate second-opinion", reply="1", view="take_back")

    assert said(asked) == said(back) == "#1: held for review."
    assert "Second opinion asked" in shown
    assert "You asked for a second opinion on 1 reply: somebody else decides it." in said(left)
    assert "Second opinion asked" not in text(last(world.review))


async def test_blind_review_shows_nobody_who_wrote_what_is_held_until_somebody_looks_and_that_is_audited(world):
    await turn_on(world, "blind_review")
    card = await given_reply(world, await given_article(world), "A fair point.")
    form = await world.mira.click(card, label="Reject")

    offered = await world.mira.autocomplete(world.general, "moderate approve", "reply", "")
    by_name = await world.mira.autocomplete(world.general, "moderate approve", "reply", "Ann")
    hidden = text(card)
    revealed = await world.mira.click(card, label="Reveal")
    await world.mira.click(card, label="Approve")

    assert "author hidden" in hidden
    for seen in (hidden, json.dumps(form.modal), json.dumps(offered)):
        assert "Ann" not in seen
        assert str(world.ann.id) not in seen
    assert "first reply here" not in hidden
    assert by_name == []
    assert f"<@{world.ann.id}> (Ann) · first reply here" in said(revealed)
    assert f"<@{world.ann.id}> (Ann)" in text(last(world.review))
    async with world.db.read() as conn:
        looks = [entry for entry in await audit.list_all(conn, world.guild.id) if entry.action is Action.REVEAL]
    assert [entry.actor_id for entry in looks] == [world.mira.id]


async def test_nothing_on_the_desk_tells_that_a_reply_is_shown_once_more_by_the_check_of_consistency(world):
    for name, value in (("consistency_check", "1 in 2"), ("blind_review", "on")):
        await turn_on(world, name, value)
    article = await given_article(world)
    numbers = count(1)
    while True:
        card = await given_reply(world, article, f"You idiot, say {(number := next(numbers))}.")
        await world.mira.click(card, label="Approve")
        if is_sampled((await reply_of(world, number)).id, 1, one_in=2):
            break
    await world.env.advance_time(30)

    desk = await world.max.slash(world.review, "review next")
    shown, buttons = said(desk), labels(desk.response.message)
    more = await world.max.click(desk.response.message, label="More")
    revealed = await world.max.click(more.response.message, label="Reveal")
    form = await world.max.click(more.response.message, label="Duplicate of…")
    asking = await world.max.click(more.response.message, label="Second opinion")
    asked = await world.max.submit_modal(asking, {"view": ["reject"], "guideline": ["spam"]})
    rejecting = await world.max.click(desk.response.message, label="Reject")
    after = said(rejecting)

    assert buttons == ["Approve", "Reject", "Request changes", "Skip", "More"]
    for line in ("1 held", f"**#{number}** · held for review", "author hidden"):
        assert line in shown
    assert "Reveal" in labels(more.response.message)
    assert "Ann" not in said(more) + json.dumps(form.modal)
    assert "Ann" in said(revealed)
    assert said(asked) == f"#{number}: held for review."
    assert str(world.mira.id) not in after
    assert (await reply_of(world, number)).status is ReplyStatus.PUBLISHED
    async with world.db.read() as conn:
        actions = [entry.action for entry in await audit.list_all(conn, world.guild.id)]
    assert (actions.count(Action.REVEAL), actions.count(Action.GIVE_OPINION)) == (1, 1)


async def test_switching_blind_review_on_draws_the_cards_there_are_again(world):
    await given_reply(world, await given_article(world))

    await turn_on(world, "blind_review")
    await world.env.advance_time(10)

    assert "author hidden" in text(last(world.review))
    assert "Reveal" in labels(last(world.review))


async def test_a_severe_text_is_a_spoiler_on_the_card_in_lists_and_forms(world):
    card = await given_reply(world, await given_article(world), "A ||nasty|| **word**.")
    blurred = await world.mira.click(await menu(world), label="Blur")
    await world.env.advance_time(10)
    shown = text(last(world.review))
    form = await world.mira.click(card, label="Reject")
    offered = await world.mira.autocomplete(world.general, "moderate approve", "reply", "")

    assert "hidden now" in said(blurred)
    assert r"||A \|\|nasty\|\| \*\*word\*\*.||" in shown
    assert "nasty" not in json.dumps(form.modal) + json.dumps(offered)
    assert "severe text hidden" in json.dumps(offered)


async def test_a_card_and_a_report_of_a_severe_text_make_no_phone_ring(world):
    article = await given_article(world)
    async with world.db.begin() as conn:  # as screening does when it is sent
        await conn.execute(sql("CREATE TRIGGER severe AFTER INSERT ON audit BEGIN UPDATE replies SET blurred = 1; END"))
    card = await given_reply(world, article, "A nasty word.")
    await world.mira.click(card, label="Approve")
    published = next(message for message in world.channel("Council votes for a garden").history() if message.webhook_id)
    await report(world.boris, published)
    complaint = last(world.review)

    assert "||A nasty word.||" in text(card)
    assert card.flags.suppress_notifications
    assert "||A nasty word.||" in text(complaint)
    assert complaint.flags.suppress_notifications


async def test_a_role_that_the_server_does_not_have_is_refused_as_senior(world):
    answer = await world.ada.slash(world.general, "settings set", name="senior_role", value="<@&12345>")

    assert "a role of this server, or none" in said(answer)


async def test_the_only_moderator_is_told_that_a_decision_about_their_own_reply_is_logged(world):
    await send(world.mira, await given_article(world), "My own opinion.")
    await turn_on(world, "only_moderator")

    answer = await world.mira.click(last(world.review), label="Approve")

    assert "It is logged that you are the only moderator here." in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_figures_of_moderation_name_who_decided_how_much(world):
    await world.mira.click(await given_reply(world, await given_article(world)), label="Approve")

    shown = await world.mira.slash(world.review, "stats moderation")
    refused = await world.ann.slash(world.general, "stats moderation")

    assert f"<@{world.mira.id}>: approved 1" in said(shown)
    assert "overall: too few to tell · 0 pairs" in said(shown)
    assert "Only moderators" in said(refused)
