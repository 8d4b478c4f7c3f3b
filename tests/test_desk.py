"""The desk: a moderator decides one reply after the other in a private message; claims keep others away meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client import StandfirstClient
from bot.config import Config
from bot.models import Action, ReplyStatus
from bot.storage import audit
from tests.discussions import TITLE, given_article, last, reply_of, send
from tests.in_process import restart
from tests.test_grace import set_grace
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from typing import Any

    from tests.world import World

__all__ = ["new_world", "world"]  # fixtures

BUTTONS = ["Approve", "Reject", "Request changes", "Skip", "More"]


async def given_three(world: World) -> Any:
    world.speaks(world.boris, "en-US")
    card = await given_article(world)
    for person, words in ((world.ann, "One."), (world.boris, "Two."), (world.ed, "Three.")):
        await send(person, card, words)
    return card


async def desk_of(world: World, moderator: Any, **options: Any) -> Any:
    return await moderator.slash(world.general, "review next", **options)


async def test_each_decision_is_followed_by_the_next_card_in_the_same_private_message(world):
    await given_three(world)

    desk = await desk_of(world, world.mira)
    first, buttons = said(desk), labels(desk.response.message)
    approved = await world.mira.click(desk.response.message, label="Approve")
    second, undo = said(approved), labels(approved.response.message)[0]
    form = await world.mira.click(approved.response.message, label="Reject")
    rejected = await world.mira.submit_modal(form, {"guideline": ["spam"], "sentence": "No."})
    third = said(rejected)
    form = await world.mira.click(rejected.response.message, label="Request changes")
    done = await world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "Why?"})

    assert desk.response.ephemeral
    assert "One." in first
    assert "Claimed by" not in first  # it would tell what is held from what the check of consistency shows once more
    assert buttons == BUTTONS
    assert second.startswith("#1: approved.")
    assert "Two." in second
    assert undo == "Undo"
    assert third.startswith("#2: rejected.")
    assert "Three." in third
    assert said(done).startswith("#3: changes requested.\n### Nothing is left for you here.")
    states = [(await reply_of(world, n)).status for n in (1, 2, 3)]
    assert states[1:] == [ReplyStatus.REJECTED, ReplyStatus.CHANGES_REQUESTED]
    assert "rejected by" in "".join(text(card) for card in world.review.history())


async def test_undo_brings_the_approved_reply_back_to_the_desk(world):
    await given_three(world)
    await set_grace(world.db, 30, world.guild.id)
    desk = await desk_of(world, world.mira)
    approved = await world.mira.click(desk.response.message, label="Approve")

    undone = await world.mira.click(approved.response.message, label="Undo")

    assert "One." in said(undone)
    assert labels(undone.response.message) == BUTTONS
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_desk_that_stays_open_decides_replies_that_were_sent_later(world):
    card = await given_article(world)
    await set_grace(world.db, 30, world.guild.id)
    desk = (await desk_of(world, world.mira)).response.message
    await world.env.advance_time(60)
    for person, words in ((world.ann, "Late."), (world.ed, "Later.")):
        await send(person, card, words)
    await world.mira.click(desk, label="Look again")

    approved = said(await world.mira.click(desk, label="Approve"))
    undone = said(await world.mira.click(desk, label="Undo"))
    form = await world.mira.click(desk, label="Reject")
    rejected = said(await world.mira.submit_modal(form, {"guideline": ["spam"]}))

    assert [approved.startswith("#1: approved."), "Later." in approved, "Late." in undone] == [True, True, True]
    assert rejected.startswith("#1: rejected.")


async def test_skip_shows_the_next_and_at_the_end_one_can_begin_again(world):
    await given_three(world)
    desk = await desk_of(world, world.mira)

    answers = [said(await world.mira.click(desk.response.message, label="Skip")) for _ in range(3)]
    again = said(await world.mira.click(desk.response.message, label="Begin again"))

    assert ["Two." in answers[0], "Three." in answers[1]] == [True, True]
    assert "You have skipped 3 replies." in answers[2]
    assert "One." in again


async def test_a_reply_decided_or_changed_meanwhile_is_told_in_one_line_on_the_desk(world):
    card = await given_article(world)
    world.speaks(world.boris, "en-US")
    receipt = await send(world.ann, card, "The text they saw.")
    await send(world.boris, card, "Two.")
    desk = await desk_of(world, world.mira)
    await send(world.ann, receipt.response.message, "Another text.", label="Edit")

    stale = said(await world.mira.click(desk.response.message, label="Approve"))
    refused = await world.max.slash(world.general, "moderate approve", reply="1")
    await world.max.click(refused.response.message, label="Take over")
    await world.max.slash(world.general, "moderate approve", reply="1")
    slower = said(await world.mira.click(desk.response.message, label="Approve"))

    assert "has changed #1" in stale
    assert "Another text." in stale
    assert f"<@{world.mira.id}> has #1 open until" in said(refused)
    assert f"<@{world.max.id}> was faster" in slower
    assert "Two." in slower


async def test_the_desk_works_in_russian_and_after_a_restart(world, tmp_path):
    await given_three(world)
    world.speaks(world.mira, "ru")
    desk = await desk_of(world, world.mira)

    await restart(
        world.env, StandfirstClient(Config("token", "sqlite://", tmp_path, allow_private_addresses=False), world.db)
    )
    skipped = await world.mira.click(desk.response.message, label="Пропустить")

    assert "Two." in said(skipped)
    assert "на проверке" in said(skipped)


async def test_the_list_shows_pages_and_opens_a_reply_on_a_desk_with_the_same_filter(world):
    await given_three(world)
    offered = await world.mira.autocomplete(world.general, "review list", "article", "garden")

    page = await world.mira.slash(world.general, "review list", article=offered[0]["value"])
    opened = await world.mira.click(page.response.message, custom_id=f"desk:open:2:{offered[0]['value']}:0:0:0")

    assert [line for line in said(page).splitlines() if line.startswith("> ")] == ["> One.", "> Two.", "> Three."]
    assert "Two." in said(opened)
    assert labels(opened.response.message) == BUTTONS
    assert "only: one article" in said(opened)
    assert offered[0]["name"] == TITLE


async def test_a_claim_shows_on_the_card_until_it_is_released_and_both_are_in_the_audit(world):
    await given_three(world)

    claimed = await world.mira.slash(world.general, "moderate claim", reply="1")
    await world.env.advance_time(15)
    shown = [text(card) for card in world.review.history()]
    refused = await world.max.slash(world.general, "moderate claim", reply="1")
    await world.mira.slash(world.general, "moderate release", reply="1")
    await world.env.advance_time(15)

    assert "#1 is yours until <t:" in said(claimed)
    assert any(f"Claimed by <@{world.mira.id}> until <t:" in card for card in shown)
    assert f"<@{world.mira.id}> has #1 open" in said(refused)
    assert not any("Claimed by" in text(card) for card in world.review.history())
    async with world.db.read() as conn:
        actions = [entry.action for entry in await audit.list_all(conn, world.guild.id)]
    assert actions.count(Action.CLAIM) == actions.count(Action.RELEASE) == 1


async def test_a_claim_ends_by_itself_and_a_card_is_not_drawn_for_one_that_lasts_seconds(world):
    await given_three(world)
    desk = await desk_of(world, world.mira)
    key = (await reply_of(world)).card_key
    await world.mira.click(desk.response.message, label="Skip")
    released = await reply_of(world)
    await world.mira.slash(world.general, "moderate claim", reply="1")
    for _ in range(11):
        await world.env.advance_time(60)

    free = await desk_of(world, world.max)

    assert key == "pending:1:1"
    assert (released.card_key, released.card_shows, released.claimed_by) == ("pending:1:0", "pending:1:0", None)
    assert "One." in said(free)


async def test_the_calm_part_leaves_the_severe_reply_that_is_open_to_others(world):
    world.speaks(world.boris, "en-US")
    card = await given_article(world)
    for person, words in ((world.ann, "Fuck that, idiot."), (world.boris, "Fuck this, idiot."), (world.ed, "A point.")):
        await send(person, card, words)
    await world.ada.slash(world.general, "settings set", name="severe_an_hour", value="1")
    desk = await desk_of(world, world.mira)
    offered = await world.mira.click(desk.response.message, label="Approve")
    before = said(offered)

    calm = await world.mira.click(offered.response.message, label="The calm part")
    other = await desk_of(world, world.max)

    assert "Fuck this" in before
    assert "A point." in said(calm)
    assert "Fuck this" in said(other)


async def test_members_neither_open_the_desk_nor_press_on_it(world):
    await given_three(world)
    desk = await desk_of(world, world.mira)
    world.env.backend.remove_member_role(world.guild.id, world.mira.id, world.role("Moderator"))

    answers = [await world.ann.slash(world.general, name) for name in ("review next", "review list")]
    answers += [await world.mira.click(desk.response.message, label=label) for label in ("Approve", "Skip")]

    assert all("Only moderators" in said(answer) for answer in answers)
    assert await world.ann.autocomplete(world.general, "review next", "article", "") == []
    assert (await reply_of(world)).status is ReplyStatus.PENDING


async def test_a_language_is_picked_by_its_name_and_a_wrong_one_is_refused(world):
    await given_three(world)

    offered = await world.mira.autocomplete(world.general, "review next", "language", "russ")
    found = await desk_of(world, world.mira, language=offered[0]["value"])
    wrong = await desk_of(world, world.mira, language="Klingon")

    assert offered == [{"name": "Russian (ru)", "value": "ru"}]
    assert "Nothing is left for you here." in said(found)
    assert "only: ru" in said(found)
    assert "There is no such language here." in said(wrong)
    assert last(world.review) is not None
