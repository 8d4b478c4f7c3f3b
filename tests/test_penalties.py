"""Strikes and sanctions in Discord: what moderators confirm, what members are told and may still do."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from bot.models import Guideline, ReplyStatus, SanctionKind, TimeoutState, Wording
from bot.services import guidelines, sanctions, settings, strikes
from bot.storage import sanctions as stored
from bot.storage.tables import notices
from bot.storage.tables import sanctions as table
from tests.discussions import count_replies, given_article, given_published, given_reply, last, reply_of, send
from tests.world import World, labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

JOIN = "Join the conversation"


async def set_ladder(world: World, ladder: str) -> None:
    await settings.change(world.db, world.guild.id, "ladder", ladder, actor_id=1, now=discord.utils.utcnow())


async def pause(world: World, **options: object) -> str:
    result = await world.mira.slash(world.review, "moderate pause", member=world.ann.user, **options)
    return said(result)


async def in_force(world: World, person) -> list[SanctionKind]:
    async with world.db.read() as conn:
        found = await stored.list_in_force(conn, world.guild.id, person.id, discord.utils.utcnow())
    return [sanction.kind for sanction in found]


def told(world: World, person) -> str:
    """All that the bot has written to somebody directly."""
    return "\n".join(text(message) for message in person.user.dm_channel.history())


async def test_the_form_of_a_rejection_suggests_a_strike_and_what_follows_is_said(world):
    await set_ladder(world, "1 in 30 days: warning trial; 2 in 30 days: pause 1 day")
    card = await given_article(world)
    outcomes = []
    for words in ("First vile words.", "Second vile words."):
        form = await world.mira.click(await given_reply(world, card, words), label="Reject")
        outcomes.append(said(await world.mira.submit_modal(form, {"guideline": ["spam"], "strike": ["yes"]})))

    answer = await world.ann.click(card, label=JOIN)

    assert "has one strike more. On trial, only logged: warning" in outcomes[0]
    assert f"<@{world.ann.id}> may not reply until" in outcomes[1]
    assert "You may not reply in **The Harbour Courier** until" in said(answer)
    assert "Guideline: **spam**" in said(answer)
    assert "reply **#2**" in said(answer)
    assert await count_replies(world) == 2


async def test_without_the_tick_a_rejection_adds_no_strike(world):
    await set_ladder(world, "1 in 30 days: ban")
    card = await given_article(world)

    form = await world.mira.click(await given_reply(world, card), label="Reject")
    result = await world.mira.submit_modal(form, {"guideline": ["spam"]})

    assert "strike" not in said(result).lower()
    assert await in_force(world, world.ann) == []


async def test_where_saved_phrases_leave_no_room_a_button_offers_the_strike_after_the_decision(world):
    await set_ladder(world, "1 in 30 days: warning")
    await world.mira.slash(world.review, "phrase add", name="short", text="Keep it short.")
    card = await given_article(world)
    form = await world.mira.click(await given_reply(world, card), label="Reject")
    decided = await world.mira.submit_modal(form, {"guideline": ["spam"]})
    offer = decided.followups[-1]

    form = await world.mira.click(offer, label="Add a strike")
    given = await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "Really."})
    again = await world.max.slash(world.review, "moderate strike", member=world.ann.user, reply="1")

    assert "Strike 1 of 1: would warn" in text(offer)
    assert "is warned, and has to acknowledge" in said(given)
    assert await in_force(world, world.ann) == [SanctionKind.WARNING]
    result = await world.max.submit_modal(again, {"guideline": ["spam"]})
    assert "There is a strike for this reply already" in said(result)


async def test_a_removal_without_a_guideline_asks_for_it_before_the_strike(world):
    message = await given_published(world, await given_article(world))
    form = await world.mira.click(last(world.review), label="Remove")
    removed = await world.mira.submit_modal(form, {"sentence": "", "strike": ["yes"]})

    form = await world.mira.click(removed.followups[-1], label="Add a strike")
    given = await world.mira.submit_modal(form, {"guideline": ["spam"]})

    assert message is not None
    assert "has one strike more" in said(given)


async def test_a_warning_comes_with_the_text_and_is_acknowledged_by_a_press(world):
    await set_ladder(world, "1 in 30 days: warning")
    card = await given_article(world)
    open_form = await world.ann.click(card, label=JOIN)
    strike = await world.mira.slash(world.review, "moderate strike", member=world.ann.user, reason="Be kind.")
    await world.mira.submit_modal(strike, {"guideline": ["disrespect"], "sentence": "Be kind."})

    refused = await world.ann.submit_modal(open_form, {"text": "What I typed."})
    warning = refused.followups[-1]
    understood = await world.ann.click(warning, label="I understand")
    sent = await send(world.ann, card, "What I typed.")

    assert "What I typed." in said(refused)
    assert "Be kind." in text(warning)
    assert labels(warning) == ["I understand"]
    assert "You can reply again" in said(understood)
    assert "held for review" in said(sent)
    late = await world.ann.click(warning, label="I understand")
    assert "settled already" in said(late)


async def test_a_pause_is_refused_or_told_with_duration_reason_and_in_the_members_language(world):
    await given_article(world)
    wrong = await world.mira.slash(world.review, "moderate pause", member=world.boris.user, duration="soon")
    own = await world.mira.slash(world.review, "moderate pause", member=world.mira.user, duration="1 h")
    card = last(world.articles)
    await send(world.boris, card, "Привет.", label=None)
    result = await world.mira.slash(
        world.review, "moderate pause", member=world.boris.user, duration="5 мин", guideline="spam", reason="Хватит."
    )

    await world.env.advance_time(60)
    answer = await world.boris.click(card, custom_id="article:join:1")

    assert "“soon” does not fit: write a number and a unit" in said(wrong)
    assert "This is you." in said(own)
    assert f"<@{world.boris.id}> may not reply until" in said(result)
    for shown in (said(answer), text(world.boris.user.dm_channel.history()[-1])):
        assert "Вы не можете отвечать на сервере **The Harbour Courier** до <t:" in shown
        assert "Хватит." in shown
    await world.env.advance_time(300)
    assert "не можете" not in said(await send(world.boris, card, "Снова.", label=None))


async def test_a_ban_is_confirmed_sweeps_what_is_held_and_can_be_undone(world):
    await settings.change(world.db, world.guild.id, "grace_time", "60", actor_id=1, now=discord.utils.utcnow())
    card = await given_article(world)
    for words in ("First.", "Second."):
        await given_reply(world, card, words)
    form = await world.mira.slash(world.review, "moderate ban", member=world.ann.user, reason="Enough.")
    result = await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "Enough."})
    banned = [(await reply_of(world, number)).status for number in (1, 2)]
    twice = await world.max.slash(world.review, "moderate ban", member=world.ann.user)
    twice = await world.max.submit_modal(twice, {"sentence": "Mine."})

    undone = await world.mira.click(result.response.message, label="Undo")

    assert "2 held replies are rejected." in said(result)
    assert banned == [ReplyStatus.REJECTED] * 2
    assert "banned from the discussions already" in said(twice)
    assert "Mine." in said(twice)
    assert "2 replies are held again" in said(undone)
    assert [(await reply_of(world, number)).status for number in (1, 2)] == [ReplyStatus.PENDING] * 2
    assert await in_force(world, world.ann) == []


async def test_more_about_a_reply_offers_to_pause_and_to_ban_its_author_unless_they_are_hidden(world):
    await given_reply(world, await given_article(world))
    more = await world.mira.click(last(world.review), label="More")
    form = await world.mira.click(more.response.message, label="Pause member")
    wrong = await world.mira.submit_modal(form, {"duration": "for ever", "sentence": "My words."})
    form = await world.mira.click(more.response.message, label="Pause member")
    paused = await world.mira.submit_modal(form, {"duration": "1 day"})
    form = await world.mira.click(more.response.message, label="Ban member")
    banned = await world.mira.submit_modal(form, {"guideline": ["spam"]})
    await settings.change(world.db, world.guild.id, "blind_review", "on", actor_id=1, now=discord.utils.utcnow())
    await send(world.boris, last(world.articles), "Hidden.", label=None)
    blind = await world.mira.click(last(world.review), label="More")

    assert "My words." in said(wrong)
    assert "may not reply until" in said(paused)
    assert "1 held reply is rejected." in said(banned)
    assert not {"Pause member", "Ban member"} & set(labels(blind.response.message))


async def test_only_moderators_sanction_and_lift(world):
    for command, options in (
        ("strike", {}), ("pause", {"duration": "1 h"}), ("ban", {}), ("lift", {"what": "ban"}),
    ):  # fmt: skip
        result = await world.ann.slash(world.general, f"moderate {command}", member=world.boris.user, **options)
        assert "Only moderators can do this" in said(result)


async def test_cards_and_the_history_show_strikes_and_what_is_in_force(world):
    card = await given_article(world)
    await given_reply(world, card, "First.")
    for _ in range(2):
        form = await world.mira.slash(world.review, "moderate strike", member=world.ann.user)
        await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "Be kind."})
    await pause(world, duration="1 h")

    shown = text(last(world.review))
    history = said(await world.mira.slash(world.review, "moderate history", member=world.ann.user))
    lifted = await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="strikes")
    await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="pause")
    none = await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="pause")

    assert "2 strikes · paused until" in shown
    assert history.count("⚡ Strike (spam)") == 2
    assert f"⛔ pause by <@{world.mira.id}>" in history
    assert "2 strikes of" in said(lifted)
    assert "Nothing of that kind is in force" in said(none)
    await world.env.advance_time(60)
    assert "strikes" not in text(last(world.review))


async def test_a_timeout_is_set_in_discord_with_a_reason_and_taken_back(world):
    await set_ladder(world, "1 in 30 days: timeout 1 day")
    await given_article(world)
    form = await world.mira.slash(world.review, "moderate strike", member=world.ann.user)
    await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "Be kind."})
    member = await world.discord.fetch_member(world.ann.id)
    reason = world.guild.audit_log()[-1].reason

    await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="timeout")
    after = await world.discord.fetch_member(world.ann.id)

    assert member.timed_out_until is not None
    assert reason == f"Standfirst: timed out by {world.mira.id}, guideline: spam, to the member: Be kind."
    assert after.timed_out_until is None


async def test_what_keeps_a_member_from_replying_goes_on_citing_the_guideline_of_its_day(world):
    card = await given_article(world)
    await pause(world, duration="2h", guideline="spam")
    wording = Wording(Guideline.SPAM, "en", "advertising", "No advertising.")
    who = {"seen": 0, "admin_id": 1, "now": discord.utils.utcnow()}
    await guidelines.edit(world.db, world.guild.id, wording, **who)
    before = said(await world.ann.click(card, label=JOIN))

    await pause(world, duration="3h", guideline="spam")  # the longer one
    after = said(await world.ann.click(card, label=JOIN))

    assert "Guideline: **spam**" in before
    assert "Guideline: **advertising**" in after


@pytest.mark.logs_errors
async def test_words_typed_with_a_strike_or_a_sanction_come_back_when_it_fails(world, monkeypatch):
    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(sanctions, "impose", fail)
    monkeypatch.setattr(strikes, "give", fail)
    for command in ("strike", "ban"):
        form = await world.mira.slash(world.review, f"moderate {command}", member=world.ann.user)
        failed = await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "My words."})

        assert "Your words to the author were:\n> My words." in said(failed)
    assert await in_force(world, world.ann) == []


async def test_a_pause_on_account_of_a_reply_cites_its_guideline(world):
    await given_reply(world, await given_article(world))
    await world.mira.slash(world.review, "moderate reject", reply="1", guideline="spam")

    await pause(world, duration="2h", reply="1")

    async with world.db.read() as conn:
        assert (await conn.execute(table.select())).one().guideline == "spam"


async def test_a_shorter_timeout_goes_on_when_a_longer_one_is_lifted(world):
    await set_ladder(world, "1 in 30 days: timeout 1 day; 2 in 30 days: timeout 9 days")
    article = await given_article(world)
    cards = [await given_reply(world, article, words) for words in ("Vile words.", "More of them.")]
    for card in cards:
        await world.mira.click(card, label="Approve")
    for card in cards:
        form = await world.mira.click(card, label="Remove")
        await world.mira.submit_modal(form, {"guideline": ["spam"], "strike": ["yes"]})
    longer = (await world.discord.fetch_member(world.ann.id)).timed_out_until

    await world.max.slash(world.review, "moderate restore", reply="2")
    await world.env.advance_time(60)

    shorter = (await world.discord.fetch_member(world.ann.id)).timed_out_until
    assert longer - shorter == pytest.approx(timedelta(days=8), abs=timedelta(minutes=5))
    assert f"timed out until <t:{int(shorter.timestamp())}:f>" in told(world, world.ann)  # still in force
    await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="timeout")
    assert (await world.discord.fetch_member(world.ann.id)).timed_out_until is None


async def test_a_longer_timeout_of_somebody_else_is_neither_shortened_nor_taken_back(world):
    await set_ladder(world, "1 in 30 days: timeout 1 day")
    await given_article(world)
    theirs = (discord.utils.utcnow() + timedelta(days=7)).isoformat()
    world.env.backend.edit_member(world.guild.id, world.ann.id, {"timed_out_until": theirs})
    form = await world.mira.slash(world.review, "moderate strike", member=world.ann.user)
    await world.mira.submit_modal(form, {"guideline": ["spam"]})
    await world.max.slash(world.review, "moderate lift", member=world.ann.user, what="timeout")

    member = await world.discord.fetch_member(world.ann.id)

    assert member.timed_out_until is not None
    assert member.timed_out_until.isoformat() == theirs
    async with world.db.read() as conn:
        row = (await conn.execute(table.select())).one()
    assert row.discord == TimeoutState.RESPECTED


async def test_a_timeout_without_the_permission_is_told_and_set_as_soon_as_it_is_given(world):
    await set_ladder(world, "1 in 30 days: timeout 1 day")
    await given_article(world)
    allowed = world.discord.me.guild_permissions
    world.bot_may(discord.Permissions(allowed.value & ~discord.Permissions(moderate_members=True).value))
    form = await world.mira.slash(world.review, "moderate strike", member=world.ann.user)
    await world.mira.submit_modal(form, {"guideline": ["spam"]})
    await world.env.advance_time(10)
    trouble = text(last(world.review))

    world.bot_may(allowed)
    await world.env.advance_time(120)

    assert f"I cannot set or end the timeout of <@{world.ann.id}>" in trouble
    assert (await world.discord.fetch_member(world.ann.id)).timed_out_until is not None
    assert "This is mended" in text(last(world.review))


async def test_a_ban_made_in_discord_is_shown_on_the_cards_and_its_end_too(world):
    await given_reply(world, await given_article(world))
    ann = world.ann.user

    await world.discord.ban(discord.Object(ann.id))
    await world.env.settle()
    banned = text(last(world.review))
    await world.discord.unban(discord.Object(ann.id))
    await world.env.settle()

    assert "banned on Discord" in banned
    assert "banned on Discord" not in text(last(world.review))


async def test_what_a_direct_message_could_not_say_stands_in_my_replies(world):
    await given_reply(world, await given_article(world))
    await pause(world, duration="1 h", reason="Too loud.")
    async with world.db.begin() as conn:
        await conn.execute(notices.update().values(status="refused"))

    answer = await world.ann.slash(world.general, "my replies")

    assert "You may not reply in **The Harbour Courier** until" in said(answer)
    assert "Too loud." in said(answer)
