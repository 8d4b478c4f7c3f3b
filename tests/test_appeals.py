"""Appeals on Discord: the button and the command, the card in the review channel, and who learns what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.client import StandfirstClient
from bot.models import ReplyStatus
from bot.storage import StorageFailed
from cogs import appeals as cog
from tests.discussions import TITLE, given_article, given_published, given_reply, last, reply_of, report, send
from tests.in_process import restart
from tests.pretending import answered, press
from tests.world import World, labels, new_world, said, text, world

if TYPE_CHECKING:
    from typing import Any

    import discord
    import simcord

__all__ = ["new_world", "world"]  # fixtures

REASONS = "It is no advertisement.\nI only quote one."


async def given_rejected(world: World, words: str = "Buy my book.") -> discord.Message:
    """A reply of Ann's that Mira has rejected, and the direct message that says so."""
    await given_reply(world, await given_article(world), words)
    await world.mira.slash(world.general, "moderate reject", reply="1", guideline="spam", sentence="No adverts.")
    await world.env.advance_time(60)
    return last(world.ann.user.dm_channel)


async def appeal(world: World, notice: Any, reasons: str = REASONS) -> simcord.InteractionResult:
    """Press **Appeal** on the notice and send the form."""
    form = await world.ann.user.click(notice, label="Appeal")
    return await world.ann.user.submit_modal(form, {"reasons": reasons})


async def decide(person: simcord.MemberActor, card: Any, label: str, sentence: str = "") -> simcord.InteractionResult:
    """Press **Uphold** or **Dismiss** on the card and send the form."""
    form = await person.click(card, label=label)
    return await person.submit_modal(form, {"sentence": sentence})


def direct_messages(person: simcord.MemberActor) -> str:
    channel = person.user.dm_channel
    return "\n".join(text(each) for each in channel.history()) if channel else ""


def everything_in(channel: simcord.ChannelHandle) -> str:
    return "\n".join(text(message) for message in channel.history())


def mentions(world: World, *people: simcord.MemberActor) -> str:
    return "|".join(f"<@{each.id}>|{each.user.name.title()}" for each in people)


async def test_from_the_notice_to_the_published_reply_with_no_name_told_to_the_author(world: World) -> None:
    notice = await given_rejected(world)
    sent = await appeal(world, notice)
    card = last(world.review)
    before = text(card)

    answer = await decide(world.max, card, "Uphold", "You are right.")
    await world.env.advance_time(60)

    assert labels(notice) == ["Appeal"]
    assert "another moderator will decide" in said(sent)
    assert "**Appeal against the rejection of #1**" in before
    for words in ("Buy my book.", "spam", "No adverts.", "It is no advertisement. I only quote one."):
        assert words in before
    assert labels(card) == ["Uphold", "Dismiss"]
    assert "The appeal about #1 is upheld" in said(answer)
    assert text(last(world.channel(TITLE))).startswith("Buy my book.")
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
    assert f"upheld by <@{world.max.id}>" in text(last(world.review))
    assert labels(last(world.review)) == []
    told = direct_messages(world.ann)
    assert "Your appeal about your reply **#1**" in told
    assert "You are right." in told
    assert not re.search(mentions(world, world.mira, world.max), told)


async def test_nothing_names_who_decided_until_the_appeal_is_decided(world: World) -> None:
    message = await given_published(world, await given_article(world), "Buy my book.")
    await report(world.boris, message)
    form = await world.mira.click(last(world.review), label="Remove")
    await world.mira.submit_modal(form, {"guideline": ["spam"], "strike": ["yes"]})
    await world.env.advance_time(60)
    known = everything_in(world.review)
    await appeal(world, next(each for each in world.ann.user.dm_channel.history() if labels(each) == ["Appeal"]))
    await world.env.advance_time(60)

    blind = everything_in(world.review)
    history = said(await world.max.slash(world.general, "moderate history", member=world.ann.user))
    late = said(await world.max.slash(world.general, "moderate reject", reply="1", guideline="spam"))
    await decide(world.max, last(world.review), "Dismiss")
    await world.env.advance_time(60)

    mira = mentions(world, world.mira)
    assert re.search(mira, known)
    assert "its author has appealed" in blind
    for shown in (blind, history, late):
        assert not re.search(mira, shown)
    assert "⚖️ Appealed against the removal of" in history
    assert "not decided yet" in history
    assert "⚡ Strike (spam) <t:" in history
    after = said(await world.max.slash(world.general, "moderate history", member=world.ann.user))
    assert f"dismissed by <@{world.max.id}>" in after
    assert f"decided by <@{world.mira.id}>" in after
    assert re.search(mira, everything_in(world.review))


async def test_what_a_ban_rejected_with_it_names_nobody_either(world: World) -> None:
    article = await given_article(world)
    for words in ("Buy my book.", "It is cheap."):
        await send(world.ann, article, words)
    form = await world.mira.slash(world.general, "moderate ban", member=world.ann.user)
    await world.mira.submit_modal(form, {"guideline": ["spam"]})
    await world.env.advance_time(60)
    known = everything_in(world.review)
    objection = await world.ann.slash(world.general, "appeal", reply="1")
    await world.ann.submit_modal(objection, {"reasons": REASONS})
    await world.env.advance_time(60)

    blind = everything_in(world.review)
    history = said(await world.max.slash(world.general, "moderate history", member=world.ann.user))
    await decide(world.max, last(world.review), "Dismiss")
    await world.env.advance_time(60)

    mira = mentions(world, world.mira)
    assert len(re.findall(mira, known)) == 2
    assert "ban" in history
    assert not any(re.search(mira, shown) for shown in (blind, history))
    assert len(re.findall(mira, everything_in(world.review))) == 2


async def test_who_decided_first_learns_in_one_sentence_why_they_do_not_decide_and_restart_changes_nothing(
    world: World,
) -> None:
    await appeal(world, await given_rejected(world))
    await restart(world.env, StandfirstClient(world.client.config, world.db))
    card = last(world.review)

    refused = [said(await world.mira.click(card, label=name)) for name in ("Uphold", "Dismiss")]
    answer = await decide(world.max, card, "Dismiss", "It was one.")
    await world.env.advance_time(60)

    assert all(each.startswith("The author has appealed against your decision on this reply.") for each in refused)
    assert "The appeal about #1 is dismissed: the decision stands." in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.REJECTED
    assert "It was one." in direct_messages(world.ann)


async def test_two_moderators_who_send_at_once_decide_it_once_and_no_sentence_is_lost(world: World) -> None:
    await appeal(world, await given_rejected(world))
    world.give(world.ed, "Moderator")
    card = last(world.review)
    forms = [await person.click(card, label="Uphold") for person in (world.max, world.ed)]

    sent = [
        await person.submit_modal(form, {"sentence": "So be it."})
        for person, form in zip((world.max, world.ed), forms, strict=True)
    ]
    late = [answered(await press(world.ed, card, f"appeal:{act}:1:1")) for act in ("uphold", "dismiss")]

    assert "is upheld" in said(sent[0])
    assert said(sent[1]).startswith("There is no open appeal about #1 any more")
    assert "> So be it." in said(sent[1])
    assert all(each.startswith("There is no open appeal about #1 any more") for each in late)


async def test_my_replies_and_the_command_lead_to_the_form_and_say_how_it_stands(world: World) -> None:
    await given_rejected(world)
    await send(world.boris, last(world.articles), "Another's.")
    listed = await world.ann.slash(world.general, "my replies")
    opened = await world.ann.click(listed.response.message, label="Open")
    offered = await world.ann.autocomplete(world.general, "appeal", "reply", "book")
    foreign = said(await world.ann.slash(world.general, "appeal", reply="2"))

    form = await world.ann.slash(world.general, "appeal", reply=offered[0]["value"])
    await world.ann.submit_modal(form, {"reasons": REASONS})
    twice = said(await world.ann.click(opened.response.message, label="Appeal"))
    waiting = said(await world.ann.click(listed.response.message, label="Open"))
    await decide(world.max, last(world.review), "Dismiss", "It was one.")
    decided = await world.ann.click(listed.response.message, label="Open")

    assert labels(opened.response.message) == ["Appeal"]
    assert [each["name"] for each in offered] == ["#1 · Buy my book."]
    assert "Only the author" in foreign
    assert "The moderator’s words: No adverts." in str(form.modal)
    assert "You have appealed about #1. Another moderator will decide" in twice
    assert "You have appealed: another moderator will decide" in waiting
    assert "Your appeal was dismissed: the decision stands." in said(decided)
    assert "It was one." in said(decided)
    assert labels(decided.response.message) == []
    assert await world.ann.autocomplete(world.general, "appeal", "reply", "") == []


async def test_a_form_that_failed_comes_back_with_what_was_typed(world: World, monkeypatch) -> None:
    notice = await given_rejected(world)
    form = await world.ann.user.click(notice, label="Appeal")
    with monkeypatch.context() as broken:

        async def fail(*_: object, **__: object) -> None:
            raise StorageFailed

        broken.setattr(cog.appeals, "appeal", fail)
        failed = await world.ann.user.submit_modal(form, {"reasons": REASONS})

    form = await world.ann.user.click(failed.response.message, label="Try again")
    await world.ann.user.submit_modal(form, {"reasons": REASONS})

    assert "I cannot store anything at the moment" in said(failed)
    assert REASONS in said(failed)
    assert "I only quote one." in str(form.modal)
    assert "**Appeal against the rejection of #1**" in text(last(world.review))


async def test_the_only_moderator_says_so_to_the_author_and_on_the_card(world: World) -> None:
    await appeal(world, await given_rejected(world))
    await world.ada.slash(world.general, "settings set", name="only_moderator", value="on")

    answer = await decide(world.mira, last(world.review), "Dismiss")
    await world.env.advance_time(60)

    assert "it is logged that you are the only moderator here" in said(answer)
    assert "The only moderator decided here" in text(last(world.review))
    assert "There is one moderator alone here, who had also taken the decision." in direct_messages(world.ann)


async def test_under_blind_review_the_card_hides_the_author_until_it_is_decided(world: World) -> None:
    await world.ada.slash(world.general, "settings set", name="blind_review", value="on")
    await appeal(world, await given_rejected(world))
    blind = text(last(world.review))

    await decide(world.max, last(world.review), "Dismiss")
    await world.env.advance_time(6)

    assert "author hidden" in blind
    assert f"<@{world.ann.id}>" not in blind
    assert f"<@{world.ann.id}>" in text(last(world.review))


async def test_a_card_that_is_deleted_by_hand_is_posted_again_while_the_appeal_is_open(world: World) -> None:
    await appeal(world, await given_rejected(world))
    card = last(world.review)
    await world.env.advance_time(6)

    world.env.backend.delete_message(world.review.id, card.id)
    await world.env.advance_time(6)

    assert last(world.review).id != card.id
    assert labels(last(world.review)) == ["Uphold", "Dismiss"]


async def test_stats_say_which_share_was_upheld_by_guideline(world: World) -> None:
    none = said(await world.mira.slash(world.general, "stats moderation"))
    await appeal(world, await given_rejected(world))
    await decide(world.max, last(world.review), "Uphold")

    shown = said(await world.mira.slash(world.general, "stats moderation"))

    assert "**Appeals**\nNone was decided." in none
    assert "overall: 1 decided, 1 upheld (100 %)\nspam: 1 decided, 1 upheld (100 %)" in shown
