"""Reports on Discord: the form, the card in the review channel, its decisions, and what readers and reporters see."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import update

from bot.client import StandfirstClient
from bot.models import Action, ReplyStatus
from bot.storage import StorageFailed, audit, tables
from cogs import reports as cog
from tests.discussions import TITLE, given_article, given_published, last, reply_of, report
from tests.in_process import burst, restart
from tests.world import World, labels, new_world, said, text, world

if TYPE_CHECKING:
    import discord
    import simcord

__all__ = ["new_world", "world"]  # fixtures

VEIL = "-# *hidden until a moderator has looked at it*"


async def given_reported(world: World, *, sentence: str = "") -> Any:
    """A reply of Ann's that Boris has reported: the message in the discussion."""
    message = await given_published(world, await given_article(world), "Questionable.")
    world.speaks(world.boris, "en-US")
    await report(world.boris, message, sentence=sentence)
    return message


def direct_messages(person: simcord.MemberActor) -> list[str]:
    channel = person.user.dm_channel
    return [text(each) for each in channel.history()] if channel else []


def in_thread(world: World, message: Any) -> discord.Message | None:
    return next((each for each in world.channel(TITLE).history() if each.id == message.id), None)


def stayed_long(world: World) -> None:
    """Let everybody have joined long ago."""
    for member in world.env.backend.get_guild(world.guild.id).members.values():
        member.joined_at = "2020-01-01T00:00:00+00:00"


async def set_up(world: World, **chosen: str) -> None:
    for name, value in chosen.items():
        await world.ada.slash(world.general, "settings set", name=name, value=value)


async def test_the_card_shows_the_text_its_author_the_reasons_and_grows_with_them(world: World) -> None:
    message = await given_reported(world, sentence="He advertises.")
    before = last(world.review)

    await report(world.ed, message, guideline="personal_attack")
    await world.env.advance_time(6)

    card = last(world.review)
    assert card.id == before.id
    assert "was reported by 1 member\n" in text(before)
    assert "was reported by 2 members\n" in text(card)
    assert "> Questionable." in text(card)
    assert f"<@{world.ann.id}>" in text(card)
    assert f"**spam** · <@{world.boris.id}> · no earlier reports\n> He advertises." in text(card)
    assert f"**personal attack** · <@{world.ed.id}>" in text(card)
    assert labels(card) == ["Keep", "Remove", "Request changes"]


async def test_keep_closes_the_card_and_tells_who_reported_without_the_moderators_name(world: World) -> None:
    message = await given_reported(world)

    card, keep = last(world.review), f"report:keep:{(await reply_of(world)).id}"
    pressed = await burst(world.env, (world.mira, card, keep), (world.max, card, keep))
    await world.env.advance_time(60)

    answer, slower = sorted(map(said, pressed))
    assert answer == "#1 is kept."
    assert slower.startswith("There are no open reports about #1 any more (published).")
    assert re.search(f"kept by <@({world.mira.id}|{world.max.id})>", text(last(world.review)))
    assert labels(last(world.review)) == []
    (told,) = direct_messages(world.boris)
    assert "The moderators have looked at it and kept it." in told
    assert not any(str(each.id) in told or each.user.name in told for each in (world.mira, world.max))
    assert "Questionable." not in told
    repeated = await world.boris.click(message, label="Report")
    other = await world.ed.click(message, label="Report")
    assert "You have reported this reply. The moderators have looked at it and kept it." in said(repeated)
    assert "The moderators have looked at this reply and kept it." in said(other)


async def test_remove_on_the_review_card_and_by_command_close_the_reports_too(world: World) -> None:
    await given_reported(world)

    await world.mira.slash(world.general, "moderate remove", reply="1", sentence="Not here.")
    await world.env.advance_time(60)

    assert f"removed by <@{world.mira.id}>" in text(last(world.review))
    (told,) = direct_messages(world.boris)
    assert "The moderators have removed it." in told
    assert "Not here." not in told


async def test_a_removal_that_is_taken_back_is_shown_on_the_card_in_the_history_and_to_who_reported(
    world: World,
) -> None:
    await given_reported(world)
    await world.mira.slash(world.general, "moderate remove", reply="1")
    await world.env.advance_time(60)

    await world.mira.slash(world.general, "moderate restore", reply="1")
    await world.env.advance_time(60)

    assert f"removed by <@{world.mira.id}>" in text(last(world.review))
    assert "and put back since" in text(last(world.review))
    assert "put it back." in direct_messages(world.boris)[-1]
    assert "removed, and put back since" in said(
        await world.mira.slash(world.general, "moderate history", member=world.ann)
    )


async def test_request_changes_takes_the_reply_out_and_the_new_text_appears_after_approval(world: World) -> None:
    message = await given_reported(world)
    form = await world.mira.click(last(world.review), label="Request changes")
    answer = await world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "A source, please."})
    await world.env.advance_time(60)
    gone = in_thread(world, message)

    notice = last(world.ann.user.dm_channel)
    form = await world.ann.user.click(notice, label="Revise")
    await world.ann.user.submit_modal(form, {"text": "Questionable, says the report."})
    await world.mira.slash(world.general, "moderate approve", reply="1")
    await world.env.advance_time(30)

    assert "#1: changes requested." in said(answer)
    assert gone is None
    assert "A source, please." in text(notice)
    assert "Its author was asked to change it." in direct_messages(world.boris)[0]
    back = last(world.channel(TITLE))
    assert text(back).startswith("Questionable, says the report.")
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_a_form_that_failed_comes_back_with_what_was_chosen_and_typed(world: World, monkeypatch) -> None:
    message = await given_published(world, await given_article(world))
    world.speaks(world.boris, "en-US")
    form = await world.boris.click(message, label="Report")
    with monkeypatch.context() as broken:

        async def fail(*_: object, **__: object) -> None:
            raise StorageFailed

        broken.setattr(cog.reports, "report", fail)
        failed = await world.boris.submit_modal(form, {"guideline": ["obscenity"], "sentence": "Such words."})

    form = await world.boris.click(failed.response.message, label="Try again")
    await world.boris.submit_modal(form, {"guideline": ["obscenity"], "sentence": "Such words."})

    assert "I cannot store anything at the moment" in said(failed)
    assert "Such words." in said(failed)
    assert '"value": "Such words."' in str(form.modal).replace("'", '"')
    assert "'value': 'obscenity', 'default': True" in str(form.modal)
    assert "**obscenity**" in text(last(world.review))


async def test_who_wrote_a_reply_cannot_report_it_nor_a_reporter_decide_it(world: World) -> None:
    message = await given_published(world, await given_article(world))

    own = await world.ann.click(message, label="Report")
    await report(world.mira, message)
    refused = [await world.mira.click(last(world.review), label=name) for name in ("Keep", "Remove", "Request changes")]

    assert "This reply is your own." in said(own)
    assert all("You have reported this reply yourself." in said(each) for each in refused)
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
    assert "kept by" not in text(last(world.review))


async def test_many_reports_hide_a_reply_across_a_restart_until_it_is_kept(world: World) -> None:
    await set_up(world, hide_after_reports="2", hide_trial="off")
    stayed_long(world)
    message = await given_reported(world)
    await report(world.ed, message)
    await world.env.advance_time(6)
    hidden = in_thread(world, message)
    await restart(world.env, StandfirstClient(world.client.config, world.db))
    await world.env.advance_time(6)
    after = in_thread(world, message)

    await world.mira.click(last(world.review), label="Keep")
    await world.env.advance_time(6)

    assert hidden is not None
    assert after is not None
    assert text(hidden) == text(after) == VEIL
    back = in_thread(world, message)
    assert back is not None
    assert text(back).startswith("Questionable.")
    assert labels(back) == ["Reply", "Report"]


async def test_in_trial_mode_the_card_says_that_it_would_be_hidden(world: World) -> None:
    await set_up(world, hide_after_reports="1")
    stayed_long(world)
    message = await given_reported(world)
    await world.env.advance_time(6)

    there = in_thread(world, message)
    assert there is not None
    assert text(there).startswith("Questionable.")
    assert "It would be hidden now: hide_trial is on." in text(last(world.review))
    async with world.db.read() as conn:
        entries = await audit.list_all(conn, world.guild.id)
    assert Action.WOULD_HIDE in [entry.action for entry in entries]


async def test_under_blind_review_the_card_hides_the_author_until_it_is_decided(world: World) -> None:
    await set_up(world, blind_review="on")
    await given_reported(world)
    blind = text(last(world.review))
    await world.mira.click(last(world.review), label="Keep")
    await world.env.advance_time(6)

    assert "author hidden" in blind
    assert f"<@{world.ann.id}>" not in blind
    assert f"<@{world.ann.id}>" in text(last(world.review))


async def test_a_card_that_is_deleted_by_hand_is_posted_again_while_reports_are_open(world: World) -> None:
    await given_reported(world)
    card = last(world.review)
    await world.env.advance_time(6)

    world.env.backend.delete_message(world.review.id, card.id)
    await world.env.advance_time(6)

    assert last(world.review).id != card.id
    assert labels(last(world.review)) == ["Keep", "Remove", "Request changes"]


async def test_an_outcome_that_no_direct_message_could_tell_is_in_my_replies(world: World) -> None:
    await given_reported(world)
    await world.mira.click(last(world.review), label="Keep")
    async with world.db.begin() as conn:
        refused = update(tables.notices).where(tables.notices.c.member_id == world.boris.id)
        await conn.execute(refused.values(status="refused"))

    shown = await world.boris.slash(world.general, "my replies")
    of_author = await world.ann.slash(world.general, "my replies")

    assert "You reported the reply **#1**" in said(shown)
    assert "did not let me tell you" not in said(of_author)


async def test_a_history_says_under_which_guideline_and_with_which_outcome(world: World) -> None:
    await given_reported(world, sentence="He advertises.")
    await world.mira.slash(world.general, "moderate remove", reply="1")

    about = said(await world.mira.slash(world.general, "moderate history", member=world.ann.user))
    by = said(await world.mira.slash(world.general, "moderate history", member=world.boris.user))

    assert f"was reported by <@{world.boris.id}>" in about
    for shown in (about, by):
        assert "spam · removed" in shown
        assert "> He advertises." in shown
