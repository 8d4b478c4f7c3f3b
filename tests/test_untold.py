"""What no direct message could tell is shown to a member before what they press next, once, and the press goes on."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
from sqlalchemy import select

from bot.client import StandfirstClient
from bot.demo import repairs
from bot.interactions import Form, PersistentButton, PersistentSelect
from bot.models import NoticeKind
from bot.services import notices, replies
from bot.storage import Database, tables
from bot.storage import notices as stored
from tests.discussions import given_article, given_published, last, reply_of, report, send
from tests.givens import ANN, BORIS, NOW, SERVER
from tests.givens import given_article as stored_article
from tests.givens import given_published as stored_reply
from tests.in_process import burst, restart
from tests.test_forgeries import FOR_MEMBERS
from tests.world import World, labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

JOIN = "Join the conversation"
WHY = "Discord did not let me tell you this by direct message."


def close_messages(world: World, *people) -> None:
    """Have these people take no direct messages."""
    repairs.world(world.env.backend).closed_dms.update(person.id for person in people)


async def given_rejected(world: World, *, person=None, sentence: str = "No advertising.") -> discord.Message:
    """A reply that was rejected, of which its author could not be told: the article's card."""
    person = person or world.ann
    close_messages(world, person)
    card = await given_article(world)
    await send(person, card, "Buy this.", label=None)
    await world.max.slash(world.review, "moderate reject", reply="1", guideline="spam", sentence=sentence)
    await world.env.advance_time(30)
    return card


async def count_untold(world: World, person) -> int:
    async with world.db.read() as conn:
        return (await stored.list_untold(conn, world.guild.id, person.id, limit=1))[1]


async def refuse_all(world: World) -> None:
    """Have Discord refuse every notice."""
    async with world.db.begin() as conn:
        await conn.execute(tables.notices.update().values(status="refused"))


async def test_a_rejection_is_shown_with_its_words_before_the_form_which_the_second_press_opens(world: World) -> None:
    card = await given_rejected(world)

    first = await world.ann.click(card, label=JOIN)
    form = await world.ann.click(first.followups[-1], label=JOIN)
    third = await world.ann.click(card, label=JOIN)

    assert first.modal is None
    assert first.ephemeral
    for words in ("Your reply **#1** on", "was not approved", "No advertising.", "> Buy this.", WHY):
        assert words in said(first)
    assert labels(first.followups[-1]) == [JOIN]
    assert form.modal["custom_id"] == third.modal["custom_id"] == "form:reply:1:0"
    sent = await world.ann.submit_modal(form, {"text": "A fair point."})
    assert "**#2** · held for review" in said(sent)
    assert WHY not in said(sent)


async def test_it_says_what_the_direct_message_would_have_said(world: World) -> None:
    card = await given_published(world, await given_article(world))
    await world.env.advance_time(30)
    sent = text(last(world.ann.user.dm_channel))
    await refuse_all(world)

    shown = await world.ann.click(card, label="Reply")

    assert text(shown.response.message) == sent
    assert labels(shown.followups[-1]) == ["Reply"]


async def test_it_is_said_in_the_members_own_language(world: World) -> None:
    card = await given_rejected(world, person=world.boris, sentence="Без рекламы.")

    first = await world.boris.click(card, custom_id="article:join:1")

    assert "Ваш ответ **#1**" in said(first)
    assert "Без рекламы." in said(first)
    assert "Discord не позволил сообщить вам об этом" in said(first)
    assert (await world.boris.click(first.followups[-1], custom_id="article:join:1")).modal is not None


async def test_a_request_for_changes_comes_with_its_button_and_a_penalty_with_its_own(world: World) -> None:
    close_messages(world, world.ann)
    card = await given_article(world)
    await send(world.ann, card, "They all lie.")
    await world.mira.slash(world.review, "moderate request-changes", reply="1", sentence="Who?")
    form = await world.mira.slash(world.review, "moderate strike", member=world.ann.user)
    await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "Be kind."})
    await world.env.advance_time(60)

    shown = await world.ann.click(card, label="Guidelines")
    messages = [shown.response.message, *shown.followups]
    revise = await world.ann.click(shown.response.message, label="Revise")

    assert "asks you to change" in text(messages[0])
    assert "Be kind." in text(messages[1])
    assert labels(messages[-1]) == ["Guidelines"]
    assert revise.modal["custom_id"] == "form:revise:1"
    assert "may be approved" not in said(revise)


async def test_a_penalty_is_shown_and_can_be_acknowledged_there(world: World) -> None:
    close_messages(world, world.ann)
    card = await given_article(world)
    await world.mira.slash(world.review, "moderate pause", member=world.ann.user, duration="1 h", reason="Too loud.")
    await world.env.advance_time(30)

    shown = await world.ann.click(card, label="Guidelines")
    again = await world.ann.click(shown.followups[-1], label="Guidelines")

    assert "You may not reply in **The Harbour Courier** until" in text(shown.response.message)
    assert "Too loud." in said(shown)
    assert "Too loud." not in said(again)
    assert await count_untold(world, world.ann) == 0


async def test_who_reported_is_shown_the_outcome_at_their_next_press(world: World) -> None:
    message = await given_published(world, await given_article(world))
    close_messages(world, world.boris)
    world.speaks(world.boris, "en-US")
    await report(world.boris, message)
    await world.mira.click(last(world.review), label="Keep")
    await world.env.advance_time(60)

    shown = await world.boris.click(message, label="Reply")

    assert "You reported the reply **#1**" in text(shown.response.message)
    assert "A fair point." not in said(shown)


async def test_a_form_is_handled_first_and_what_waits_follows_it(world: World) -> None:
    close_messages(world, world.ann)
    card = await given_article(world)
    form = await world.ann.click(card, label=JOIN)
    await send(world.ann, card, "Buy this.")
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam")
    await world.env.advance_time(30)

    sent = await world.ann.submit_modal(form, {"text": "A fair point."})

    assert "**#2** · held for review" in text(sent.response.message)
    assert "was not approved" in text(sent.followups[0])
    assert labels(sent.followups[-1]) == []
    assert (await reply_of(world, 2)).text == "A fair point."


async def test_a_press_that_brings_back_what_was_typed_is_not_held_up(world: World) -> None:
    card = await given_rejected(world)
    form = await world.ann.click((await world.ann.click(card, label=JOIN)).followups[-1], label=JOIN)
    failed = await world.ann.submit_modal(form, {"text": ">\n" * 745 + "Mine."})
    async with world.db.begin() as conn:
        await conn.execute(tables.notices.update().values(shown_at=None))

    again = await world.ann.click(failed.response.message, label="Try again")

    assert "Mine." in str(again.modal)


async def test_after_a_command_it_follows_once_and_the_list_keeps_its_mark(world: World) -> None:
    await given_rejected(world)

    helped = await world.ann.slash(world.general, "help")
    listed = [await world.ann.slash(world.general, "my replies") for _ in range(2)]

    assert "was not approved" in text(helped.followups[0])
    for answer in listed:
        assert WHY in text(answer.response.message)
        assert answer.followups == []


async def test_my_replies_shows_all_that_waits_in_full_and_then_a_line_of_each_penalty(world: World) -> None:
    await given_rejected(world)
    await world.mira.slash(world.review, "moderate pause", member=world.ann.user, duration="1 h", reason="Too loud.")
    await refuse_all(world)

    first = await world.ann.slash(world.general, "my replies")
    second = await world.ann.slash(world.general, "my replies")

    assert "No advertising." in text(first.followups[0])
    assert "Too loud." in text(first.followups[1])
    assert second.followups == []
    assert "⚠️ You may not reply in **The Harbour Courier** until" in said(second)


async def test_of_many_the_oldest_three_are_shown_and_the_press_goes_on_all_the_same(world: World) -> None:
    close_messages(world, world.ann)
    card = await given_article(world)
    forms = [await world.ann.click(card, label=JOIN) for _ in range(5)]
    for number in range(1, 6):
        await world.ann.submit_modal(forms[number - 1], {"text": f"Point number {number}."})
    for number in range(1, 6):
        await world.mira.slash(world.review, "moderate reject", reply=str(number), guideline="spam")
    await refuse_all(world)

    first = await world.ann.click(card, label=JOIN)
    form = await world.ann.click(first.followups[-1], label=JOIN)
    left = await count_untold(world, world.ann)
    listed = await world.ann.slash(world.general, "my replies")

    assert [f"> Point number {number}." in said(first) for number in range(1, 6)] == [True] * 3 + [False] * 2
    assert "2 more wait in /my replies." in text(first.followups[-1])
    assert form.modal is not None
    assert left == 2
    assert "Point number 4." in text(listed.followups[0])
    assert await count_untold(world, world.ann) == 0


async def test_one_that_came_a_day_too_late_is_shown_too(world: World) -> None:
    world.client.sweep.notices_a_day = 1
    card = await given_article(world)
    for words in ("First.", "Second."):
        message = await given_published(world, card, words)
    async with world.db.begin() as conn:
        await conn.execute(tables.notices.update().values(created_at=discord.utils.utcnow() - timedelta(days=1)))
    await world.env.advance_time(30)

    shown = await world.ann.click(message, label="Report")

    assert "Your reply **#2** on" in said(shown)
    assert "is published" in said(shown)
    assert "**#1**" not in said(shown)


async def test_a_moderator_is_not_held_up_at_their_own_buttons(world: World) -> None:
    card = await given_rejected(world, person=world.mira)
    await send(world.boris, card, "A fair point.", label=None)

    approved = await world.mira.click(last(world.review), label="Approve")

    assert WHY not in said(approved)
    assert await count_untold(world, world.mira) == 1
    assert WHY in said(await world.mira.click(card, label=JOIN))


async def test_a_press_after_a_restart_goes_on(world: World) -> None:
    card = await given_rejected(world)
    shown = await world.ann.click(card, label=JOIN)

    await restart(world.env, StandfirstClient(world.client.config, world.db))
    form = await world.ann.click(shown.followups[-1], label=JOIN)

    assert form.modal is not None


async def test_of_two_presses_at_once_both_show_it_and_the_next_one_goes_on(world: World) -> None:
    card = await given_rejected(world)

    both = await burst(world.env, *[(world.ann, card, "article:join:1")] * 2)
    form = await world.ann.click(card, label=JOIN)

    assert ["was not approved" in said(each) for each in both] == [True, True]
    assert form.modal is not None


async def test_where_the_database_is_slow_the_press_goes_on(world: World, monkeypatch) -> None:
    card = await given_rejected(world)
    look = world.client.untold.look

    async def slowly(*args: object) -> object:
        async with world.db.read() as conn:
            await conn.execute(select(tables.notices))
            await asyncio.sleep(5)
        return await look(*args)

    monkeypatch.setattr(world.client.untold, "look", slowly)
    form = await world.ann.click(card, label=JOIN)

    assert form.modal is not None
    assert await count_untold(world, world.ann) == 1


async def test_it_counts_as_shown_only_when_discord_took_it(world: World) -> None:
    card = await given_rejected(world)
    world.env.inject_error("POST", "/interactions/*/callback", status=500)

    await world.ann.click(card, label=JOIN)

    assert await count_untold(world, world.ann) == 1


async def test_what_the_next_decision_makes_out_of_date_is_not_shown_first(world: World) -> None:
    close_messages(world, world.ann)
    card = await given_article(world)
    await send(world.ann, card, "They all lie.")
    await world.mira.slash(world.review, "moderate request-changes", reply="1", sentence="Who?")
    await world.env.advance_time(30)
    await replies.revise(world.db, 1, "Some lie.", author_id=world.ann.id, now=discord.utils.utcnow())

    assert (await world.ann.click(card, label=JOIN)).modal is not None


async def test_what_is_for_members_is_told_apart_from_what_is_not() -> None:
    def below(kind):
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    for kind in (*below(PersistentButton), *below(PersistentSelect)):
        pattern = kind.__discord_ui_compiled_template__.pattern
        assert kind.for_members == pattern.startswith(FOR_MEMBERS), kind
    for form in below(Form):
        assert form.for_members == form.pattern.pattern.startswith(FOR_MEMBERS), form


async def test_it_is_marked_once_and_only_in_its_own_server_and_for_its_own_member(db: Database) -> None:
    reply = await stored_reply(db, await stored_article(db))
    async with db.begin() as conn:
        await conn.execute(tables.notices.delete())
        for _ in range(3):
            await stored.add(conn, reply, NoticeKind.REJECTED, now=NOW)
        await conn.execute(tables.notices.update().values(status="refused"))
    async with db.read() as conn:
        found, count = await stored.list_untold(conn, SERVER, ANN, limit=2)
        others = [await stored.list_untold(conn, *who, limit=2) for who in ((SERVER, BORIS), (SERVER + 1, ANN))]

    for later in (NOW, NOW + timedelta(hours=1)):
        await notices.mark_shown(db, [notice.id for notice in found], now=later)

    assert (len(found), count, others) == (2, 3, [([], 0), ([], 0)])
    async with db.read() as conn:
        times = list((await conn.execute(select(tables.notices.c.shown_at).order_by(tables.notices.c.id))).scalars())
        assert times == [NOW, NOW, None]
        assert len(await stored.list_refused(conn, SERVER, ANN)) == 3
