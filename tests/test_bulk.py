"""Many held replies are approved at once: what the moderator was shown, each by a decision of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.models import Action, Pile, ReplyStatus
from bot.services import bulk, cards, replies
from bot.storage import Database, audit, decisions
from bot.storage import bulk as stored_bulk
from tests.discussions import TITLE, given_article, given_reply, reply_of, send
from tests.givens import ANN, BORIS, CLOCK, MODERATOR, NOW, SERVER, a_page, nothing_found
from tests.givens import given_article as given_open_article
from tests.givens import given_reply as given_held
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from bot.models import Reply

__all__ = ["new_world", "world"]  # fixtures


async def show(db: Database, *held: Reply) -> None:
    """Post their cards."""

    async def post(case) -> int:
        return 500 + case.reply.id

    for reply in held:
        await cards.post(db, reply.id, clock=CLOCK, send=post, find=nothing_found)


async def approve_many(db: Database, *, article_id: int | None = None, server_id: int = SERVER) -> int:
    return await bulk.approve_many(
        db, server_id=server_id, moderator_id=MODERATOR, article_id=article_id, seen_at=NOW, now=NOW
    )


async def statuses(db: Database, *held: Reply) -> list[str]:
    return [(await replies.receipt(db, reply.id)).reply.status.value for reply in held]


async def test_each_is_a_decision_of_its_own_in_the_order_they_were_sent(db: Database) -> None:
    article = await given_open_article(db)
    held = [await given_held(db, article, f"Point {n}.") for n in range(bulk.BATCH + 3)]
    await show(db, *held)

    approved = await approve_many(db)
    again = await approve_many(db)

    assert (approved, again) == (len(held), 0)
    assert set(await statuses(db, *held)) == {"approved"}
    async with db.read() as conn:
        assert await decisions.list_of(conn, held[0].id) == [(Action.APPROVE, 1, MODERATOR, None)]
        trail = [entry for entry in await audit.list_all(conn, SERVER) if entry.action == Action.APPROVE]
        count = await stored_bulk.count_decided(
            conn, SERVER, ReplyStatus.APPROVED, moderator_id=MODERATOR, decided_at=NOW
        )
    assert [entry.subject_id for entry in trail] == [reply.id for reply in held]
    assert count == len(held)


async def test_what_the_moderator_wrote_or_cannot_have_seen_stays_held(db: Database) -> None:
    article = await given_open_article(db)
    fine = await given_held(db, article, "Fine.")
    own = await given_held(db, article, "My own.", author=MODERATOR)
    revised = await given_held(db, article, "Before.", author=BORIS)
    await show(db, fine, own, revised)
    without_card = await given_held(db, article, "Sent a moment ago.")
    later = NOW + timedelta(seconds=1)
    await replies.revise(db, revised.id, "After.", author_id=BORIS, now=later)
    async with db.read() as conn:
        pile = await stored_bulk.count_held(conn, SERVER, moderator_id=MODERATOR)

    approved = await approve_many(db)

    assert pile == Pile(approvable=1, own=1, unseen=2)
    assert approved == 1
    assert await statuses(db, fine, own, revised, without_card) == ["approved", "pending", "pending", "pending"]


async def test_a_text_changed_since_the_preview_stays_held_though_its_card_shows_it(db: Database) -> None:
    reply = await given_held(db, await given_open_article(db), "Before.", author=ANN)
    later = NOW + timedelta(seconds=1)
    await replies.revise(db, reply.id, "After.", author_id=ANN, now=later)
    await show(db, reply)

    assert await approve_many(db) == 0


async def test_another_article_and_another_server_are_left_alone(db: Database) -> None:
    here = await given_open_article(db)
    there = await given_open_article(db, page=a_page("Another", address="https://paper.example/other"))
    elsewhere = await given_open_article(db, 101)
    held = [await given_held(db, article) for article in (here, there, elsewhere)]
    await show(db, *held)

    assert await approve_many(db, article_id=elsewhere.id) == 0
    assert await approve_many(db, article_id=there.id) == 1
    assert await statuses(db, *held) == ["pending", "approved", "pending"]


async def test_a_moderator_sees_what_will_happen_confirms_and_is_told_the_outcome(world):
    card = await given_article(world)
    for n in range(3):
        await given_reply(world, card, f"Point {n}.")
    await send(world.mira, card, "My own.")

    preview = await world.mira.slash(world.general, "review bulk")
    shown = said(preview)
    pressed = await world.mira.click(preview.response.message, label="Approve all")
    await world.env.advance_time(5)

    assert shown.startswith("**3** held replies can be approved at once.\n1 is your own")
    assert preview.response.ephemeral
    assert said(pressed) == "3 replies are approved. 3 of them are published."
    published = [text(m).splitlines()[0] for m in world.channel(TITLE).history() if "Reply" in labels(m)]
    assert published == ["Point 0.", "Point 1.", "Point 2."]


async def test_what_was_decided_meanwhile_is_skipped_and_counted(world):
    card = await given_article(world)
    for n in range(2):
        await given_reply(world, card, f"Point {n}.")
    preview = await world.mira.slash(world.general, "review bulk")
    await world.max.slash(world.general, "moderate reject", reply="2", guideline="spam")

    pressed = await world.mira.click(preview.response.message, label="Approve all")
    await world.env.advance_time(5)

    assert "1 reply is approved. 1 of them is published. 1 was decided or changed meanwhile" in said(pressed)
    assert (await reply_of(world, 2)).status is ReplyStatus.REJECTED


async def test_an_article_is_picked_from_those_with_held_replies(world):
    garden, other = await given_article(world), await given_article(world, title="Another matter")
    await given_reply(world, garden, "On the garden.")
    await given_reply(world, other, "On the other.")

    offered = await world.mira.autocomplete(world.general, "review bulk", "article", "garden")
    preview = await world.mira.slash(world.general, "review bulk", article=offered[0]["value"])
    shown = said(preview)
    await world.mira.click(preview.response.message, label="Approve all")
    wrong = await world.mira.slash(world.general, "review bulk", article="no such thing")

    assert [choice["name"] for choice in offered] == [f"1 · {TITLE}"]
    assert shown == f"On **{TITLE}**\n**1** held reply can be approved at once."
    assert [(await reply_of(world, n)).status for n in (1, 2)] == [ReplyStatus.PUBLISHED, ReplyStatus.PENDING]
    assert "no longer known here" in said(wrong)


async def test_nothing_held_means_no_button(world):
    await given_article(world)

    preview = await world.mira.slash(world.general, "review bulk")

    assert said(preview) == "**0** held replies can be approved at once."
    assert labels(preview.response.message) == []


async def test_members_neither_see_nor_press_it(world):
    await given_reply(world, await given_article(world))
    preview = await world.mira.slash(world.general, "review bulk")
    world.env.backend.remove_member_role(world.guild.id, world.mira.id, world.role("Moderator"))

    refused = await world.ann.slash(world.general, "review bulk")
    pressed = await world.mira.click(preview.response.message, label="Approve all")

    assert "Only moderators" in said(refused)
    assert "Only moderators" in said(pressed)
    assert await world.ann.autocomplete(world.general, "review bulk", "article", "") == []
    assert (await reply_of(world)).status is ReplyStatus.PENDING
