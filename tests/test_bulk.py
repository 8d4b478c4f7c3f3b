"""Many held replies are decided at once: exactly those the moderator was shown, each by a decision of its own."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from bot.errors import BulkUnknown, GuidelineUnknown
from bot.models import Action, Draft, LeftOut, NoticeKind, Outcome, Pick, ReplyStatus
from bot.services import bulk, cards, notices, replies, review, settings
from bot.storage import Database, articles, audit, decisions, opinions, sweep, tables
from bot.storage import bulk as stored_bulk
from bot.storage import notices as stored_notices
from tests.discussions import TITLE, given_article, given_reply, reply_of, send
from tests.givens import (
    ANN,
    BORIS,
    CLOCK,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    a_draft,
    a_page,
    approve,
    nothing_found,
)
from tests.givens import given_article as given_open_article
from tests.givens import given_reply as given_held
from tests.test_grace import publish, set_grace
from tests.test_precedents import given_precedents, reject
from tests.test_services_opinions import ask
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Bulk, Reply, Tally

__all__ = ["new_world", "world"]  # fixtures

SECOND = timedelta(seconds=1)


async def show(db: Database, *held: Reply) -> None:
    """Post their cards."""

    async def post(case) -> int:
        return 500 + case.reply.id

    for reply in held:
        await cards.post(db, reply.id, clock=CLOCK, send=post, find=nothing_found)


async def preview(
    db: Database,
    action: Action = Action.APPROVE,
    *,
    guideline: str | None = None,
    moderator: int = MODERATOR,
    **pick: Any,
) -> tuple[Bulk, int, dict[LeftOut, int]]:
    return await bulk.preview(
        db, Pick(**pick), action, server_id=SERVER, moderator_id=moderator, guideline=guideline, now=NOW
    )


async def carry_out(
    db: Database, chosen: Bulk, *, server_id: int = SERVER, moderator: int = MODERATOR, now: datetime = NOW
) -> int:
    return await bulk.carry_out(db, chosen.id, server_id=server_id, moderator_id=moderator, now=now)


async def approve_many(db: Database, **pick: Any) -> Tally:
    chosen, _, _ = await preview(db, **pick)
    while await carry_out(db, chosen):
        pass
    return await tally(db, chosen)


async def undo(db: Database, chosen: Bulk, *, later: timedelta = timedelta()) -> int:
    return await bulk.undo(db, chosen.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW + later)


async def tally(db: Database, chosen: Bulk) -> Tally:
    async with db.read() as conn:
        return await stored_bulk.tally(conn, chosen.id)


async def statuses(db: Database, *held: Reply) -> list[str]:
    return [(await replies.receipt(db, reply.id)).reply.status.value for reply in held]


async def change(db: Database, reply: Reply, **values: object) -> None:
    """Give a reply what other parts of the bot give it."""
    async with db.begin() as conn:
        await conn.execute(update(tables.replies).where(tables.replies.c.id == reply.id).values(values))


async def given_shown(db: Database, *texts: str) -> list[Reply]:
    article = await given_open_article(db)
    held = [await given_held(db, article, words) for words in texts]
    await show(db, *held)
    return held


async def test_each_is_a_decision_of_its_own_in_the_order_they_were_sent(db: Database) -> None:
    held = await given_shown(db, *(f"Point {n}." for n in range(bulk.BATCH + 3)))

    done = await approve_many(db)
    again = await approve_many(db)

    assert (done.done, again.named) == (len(held), 0)
    assert set(await statuses(db, *held)) == {"approved"}
    async with db.read() as conn:
        assert await decisions.list_of(conn, held[0].id) == [(Action.APPROVE, 1, MODERATOR, None)]
        trail = [entry for entry in await audit.list_all(conn, SERVER) if entry.action == Action.APPROVE]
    assert [entry.subject_id for entry in trail] == [reply.id for reply in held]


async def test_what_a_moderator_should_not_decide_with_others_is_left_out_and_the_preview_says_why(
    db: Database,
) -> None:
    article = await given_open_article(db)
    mine = await given_held(db, article, "Mine, published.", author=MODERATOR)
    await approve(db, mine, moderator=OTHER_MODERATOR)
    await publish(db, mine, NOW)
    fine, own, claimed, severe, blurred = [
        await given_held(db, article, f"Point {n}.", author=author)
        for n, author in enumerate((ANN, MODERATOR, ANN, ANN, ANN))
    ]
    answer = (await replies.submit(db, a_draft(article, "No, you!", parent=mine), now=NOW)).reply
    await show(db, fine, own, claimed, severe, blurred, answer)
    unseen = await given_held(db, article, "Sent a moment ago.")
    await change(db, claimed, claimed_by=OTHER_MODERATOR, claimed_until=NOW + SECOND)
    await change(db, severe, severity=2)
    await change(db, blurred, blurred=True)
    asked = await given_held(db, article, "Is this one fine?")
    await ask(db, asked)
    await show(db, asked)

    chosen, named, left = await preview(db)
    await carry_out(db, chosen)

    assert named == 1
    assert left == {
        LeftOut.OWN: 1,
        LeftOut.ANSWER: 1,
        LeftOut.CONSIDERED: 1,
        LeftOut.CLAIMED: 1,
        LeftOut.SEVERE: 2,
        LeftOut.UNSEEN: 1,
    }
    assert await statuses(db, fine, own, claimed, severe, blurred, answer, unseen) == ["approved", *["pending"] * 6]


async def test_what_happened_since_the_preview_is_left_as_it_is_and_named_with_its_reason(db: Database) -> None:
    article = await given_open_article(db)
    fine, changed, decided, claimed = [await given_held(db, article, words) for words in ("1.", "2.", "3.", "4.")]
    await show(db, fine, changed, decided, claimed)
    chosen, named, _ = await preview(db)
    await replies.revise(db, changed.id, "Two, but better.", author_id=ANN, now=NOW)
    await show(db, changed)
    await approve(db, decided, moderator=OTHER_MODERATOR)
    await change(db, claimed, claimed_by=OTHER_MODERATOR, claimed_until=NOW + SECOND)
    later = await given_held(db, article, "Sent since.", author=BORIS)
    await show(db, later)

    await carry_out(db, chosen)

    assert named == 4
    assert (await tally(db, chosen)).failed == (
        (changed.number, Outcome.CHANGED),
        (decided.number, Outcome.DECIDED),
        (claimed.number, Outcome.LEFT_OUT),
    )
    assert await statuses(db, fine, changed, later) == ["approved", "pending", "pending"]


def like(reply: Reply) -> Draft:
    """What somebody else writes almost like it on the same article."""
    return Draft(SERVER, reply.article_id, None, replace(reply.author, id=BORIS), f"{reply.text} ?", 99_999)


async def redraw(db: Database) -> None:
    """Let all cards show what they have to."""
    async with db.begin() as conn:
        await conn.execute(update(tables.replies).values(card_shows=tables.CARD_KEY))


@pytest.mark.parametrize("moderator", [MODERATOR, OTHER_MODERATOR])
async def test_a_second_opinion_asked_for_since_the_preview_is_not_answered_by_it_and_keeps_no_others(
    db: Database, moderator: int
) -> None:
    fine, asked, last = await given_shown(db, "Point one.", "Point two.", "Point three.")
    chosen, _, _ = await preview(db, moderator=moderator)
    await ask(db, asked)
    await redraw(db)

    left = await carry_out(db, chosen, moderator=moderator)

    assert left == 0
    assert await statuses(db, fine, asked, last) == ["approved", "pending", "approved"]
    result = await tally(db, chosen)
    assert (result.done, result.failed) == (2, ((asked.number, Outcome.LEFT_OUT),))
    async with db.read() as conn:
        opinion = await opinions.get_second(conn, asked)
    assert opinion is not None
    assert opinion.second is None


@pytest.mark.parametrize(
    ("action", "rejected", "approved", "is_left"),
    [
        (Action.APPROVE, 3, 0, True),
        (Action.APPROVE, 2, 0, False),
        (Action.APPROVE, 3, 3, False),
        (Action.APPROVE, 0, 4, False),
        (Action.REJECT, 0, 3, True),
        (Action.REJECT, 4, 3, False),
    ],
)
async def test_what_would_contradict_three_or_more_precedents_is_left_out(
    db: Database, action: Action, rejected: int, approved: int, *, is_left: bool
) -> None:
    reply = await given_precedents(db, rejected=rejected, approved=approved)
    await show(db, reply)

    chosen, named, left = await preview(db, action, guideline="spam" if action == Action.REJECT else None)

    assert (named, left) == ((0, {LeftOut.CONTRARY: 1}) if is_left else (1, {}))
    await carry_out(db, chosen)
    assert ((await statuses(db, reply)) == ["pending"]) is is_left


async def test_precedents_that_came_since_the_preview_count_as_well(db: Database) -> None:
    reply = await given_precedents(db, rejected=2)
    other = (await replies.submit(db, like(reply), now=NOW)).reply
    await show(db, reply, other)
    chosen, named, _ = await preview(db)
    await reject(db, other)
    await redraw(db)

    await carry_out(db, chosen)

    assert named == 1
    assert await statuses(db, reply) == ["pending"]
    assert (await tally(db, chosen)).failed == ((reply.number, Outcome.LEFT_OUT),)


async def test_the_filters_choose_which_replies_are_meant(db: Database) -> None:
    first, second = await given_shown(db, "One.", "Two.")
    there = await given_open_article(db, page=a_page("Another", address="https://paper.example/other"))
    elsewhere = await given_held(db, there, "Elsewhere.")
    await show(db, elsewhere)
    await change(db, second, severity=1, author_language="ru", submitted_at=NOW - timedelta(minutes=30))

    async def named(**pick: Any) -> int:
        return (await preview(db, **pick))[1]

    assert await named() == 3
    assert await named(article_id=there.id) == 1
    assert await named(language="ru") == 1
    assert await named(language="en") == 2
    assert (await named(flagged=True), await named(flagged=False)) == (1, 2)
    assert (await named(waiting_minutes=30), await named(waiting_minutes=31)) == (1, 0)
    assert await named(first_voices=True) == 2
    assert first.voice == 0


async def test_another_server_is_left_alone_and_only_who_saw_the_preview_confirms_it(db: Database) -> None:
    await given_shown(db, "Here.")
    elsewhere = await given_held(db, await given_open_article(db, 101), "Elsewhere.")
    await show(db, elsewhere)
    chosen, named, _ = await preview(db)

    with pytest.raises(BulkUnknown):
        await carry_out(db, chosen, moderator=OTHER_MODERATOR)
    with pytest.raises(BulkUnknown):
        await carry_out(db, chosen, server_id=101)

    assert named == 1
    assert await statuses(db, elsewhere) == ["pending"]


async def test_one_that_died_in_the_middle_goes_on_when_the_button_is_pressed_again_also_twice_at_once(
    db: Database,
) -> None:
    held = await given_shown(db, *(f"Point {n}." for n in range(bulk.BATCH + 5)))
    chosen, _, _ = await preview(db)
    left = await carry_out(db, chosen)

    await asyncio.gather(*(carry_out(db, chosen) for _ in range(3)))

    assert left == 5
    assert set(await statuses(db, *held)) == {"approved"}
    async with db.read() as conn:
        trail = [entry for entry in await audit.list_all(conn, SERVER) if entry.action == Action.APPROVE]
    assert len(trail) == len(held)


async def test_undo_holds_all_again_that_do_not_stand_in_the_discussion_yet(db: Database) -> None:
    held = await given_shown(db, "One.", "Two.", "Three.")
    await set_grace(db, 10)
    chosen, _, _ = await preview(db)
    await carry_out(db, chosen)
    await publish(db, held[0], NOW + timedelta(seconds=10))
    await review.undo(db, held[1].id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
    await approve(db, held[1], moderator=OTHER_MODERATOR)  # which is not ours to undo

    undone = await undo(db, chosen)

    assert undone == 1
    assert await statuses(db, *held) == ["published", "approved", "pending"]
    assert [outcome for _, outcome in (await tally(db, chosen)).failed] == [Outcome.LATE] * 2


async def test_rejections_are_told_after_the_grace_time_and_until_then_they_can_be_undone(db: Database) -> None:
    first, second = await given_shown(db, "One.", "Two.")
    await set_grace(db, 10)
    chosen, _, _ = await preview(db, Action.REJECT, guideline="spam")
    await carry_out(db, chosen)
    told: list[int] = []

    async def deliver(notice, _case) -> bool:
        told.append(notice.reply_id)
        return True

    async with db.read() as conn:
        early = await sweep.list_due(conn, "notice", NOW + 9 * SECOND)
        notice_id = (await sweep.list_due(conn, "notice", NOW + 10 * SECOND))[0]
        rejected = await stored_notices.is_known(conn, second, NoticeKind.REJECTED)
    before = await statuses(db, first, second)
    too_early = await notices.send(db, notice_id, a_day=9, clock=lambda: NOW + 9 * SECOND, deliver=deliver)
    await notices.send(db, notice_id, a_day=9, clock=lambda: NOW + 10 * SECOND, deliver=deliver)
    undone = await undo(db, chosen, later=9 * SECOND)

    assert (before, early, too_early, rejected) == (["rejected"] * 2, [], None, True)
    assert (undone, told) == (1, [first.id])
    assert await statuses(db, first, second) == ["rejected", "pending"]
    async with db.read() as conn:
        assert await sweep.list_due(conn, "notice", NOW + timedelta(minutes=1)) == []
        assert await decisions.list_of(conn, second.id) == []


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
async def test_all_can_be_undone_for_the_grace_time_after_the_last_is_decided_and_no_longer(
    db: Database, action: Action, *, is_told: bool
) -> None:
    held = await given_shown(db, *(f"Point {n}." for n in range(bulk.BATCH + 2)))
    await set_grace(db, 10)
    if not is_told:
        await settings.change(db, SERVER, "notify_author", "off", actor_id=1, now=NOW)

    async def decide() -> Bulk:
        chosen, _, _ = await preview(db, action, guideline="spam" if action == Action.REJECT else None)
        await carry_out(db, chosen)
        await carry_out(db, chosen, now=NOW + 8 * SECOND)
        return chosen

    first = await decide()
    async with db.read() as conn:
        due = [await sweep.list_due(conn, kind, NOW + 17 * SECOND) for kind in ("publication", "notice")]
    undone = await undo(db, first, later=17 * SECOND)
    await redraw(db)
    second = await decide()
    late = await undo(db, second, later=timedelta(days=3)) if action == Action.REJECT else 0

    assert due == [[], []]
    assert (undone, late) == (len(held), 0)


async def test_what_is_held_again_closes_a_full_article_again(db: Database) -> None:
    held = await given_shown(db, *(f"Point {n}." for n in range(5)))
    await settings.change(db, SERVER, "backlog_limit", "5", actor_id=1, now=NOW)
    await set_grace(db, 10)
    chosen, _, _ = await preview(db)

    async def is_full() -> bool:
        async with db.read() as conn:
            article = await articles.get(conn, held[0].article_id)
        return article is not None and article.full_at is not None

    before = await is_full()
    await carry_out(db, chosen)
    between = await is_full()
    await undo(db, chosen)

    assert (before, between, await is_full()) == (True, False, True)


async def test_a_rejection_needs_a_guideline(db: Database) -> None:
    await given_shown(db, "One.")

    with pytest.raises(GuidelineUnknown):
        await preview(db, Action.REJECT)


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
    assert "**#1** · Ann · Point 0." in shown
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

    assert "1 reply is approved. 1 of them is published.\n#2 was decided meanwhile." in said(pressed)
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
    assert shown.startswith(f"On **{TITLE}**\n**1** held reply can be approved at once.")
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


async def test_a_moderator_turns_the_pages_rejects_all_and_takes_it_back(world):
    await set_grace(world.db, 30, world.guild.id)
    card = await given_article(world)
    for n in range(12):
        await send(world.ann, card, f"Point {n}.")
    await world.env.advance_time(5)
    preview = await world.mira.slash(world.general, "review bulk", decision="reject", guideline="spam")
    first = said(preview), labels(preview.response.message)

    turned = await world.mira.click(preview.response.message, label="Next")
    second = said(turned), labels(turned.response.message)
    rejected = await world.mira.click(turned.response.message, label="Reject all")
    shown = said(rejected)
    undone = await world.mira.click(rejected.response.message, label="Undo")
    await world.env.advance_time(60)

    assert "can be rejected at once" in first[0]
    assert "#12" not in first[0]
    assert first[1] == ["Reject all", "Next"]
    assert "#12" in second[0]
    assert second[1] == ["Reject all", "Back"]
    assert "12 replies are rejected." in shown
    assert "12 are held again." in said(undone)
    assert {(await reply_of(world, n + 1)).status for n in range(12)} == {ReplyStatus.PENDING}
    assert world.ann.user.dm_channel.history() == []


async def test_the_sentence_to_the_authors_is_shown_before_and_given_back_when_it_cannot_be_used(world):
    await given_reply(world, await given_article(world))
    words = "Please no advertising."

    shown = await world.mira.slash(world.general, "review bulk", decision="reject", guideline="spam", sentence=words)
    without = await world.mira.slash(world.general, "review bulk", decision="reject", sentence=words)
    approving = await world.mira.slash(world.general, "review bulk", sentence=words)

    assert f"Guideline: **spam**\nThe moderator’s words: {words}" in said(shown)
    assert "There is no such guideline." in said(without)
    assert "An approval tells the authors no reason." in said(approving)
    assert all(f"> {words}" in said(refused) for refused in (without, approving))


async def test_blind_review_and_severe_texts_are_veiled_on_every_page(world):
    await world.ada.slash(world.general, "settings set", name="blind_review", value="on")
    card = await given_article(world)
    for n in range(11):
        await given_reply(world, card, f"Point {n}.")

    preview = await world.mira.slash(world.general, "review bulk")
    first = said(preview)
    await change(world.db, await reply_of(world, 11), blurred=True)
    second = said(await world.mira.click(preview.response.message, label="Next"))

    assert "**#1** · author hidden · Point 0." in first
    assert "**#11** · author hidden · severe text hidden" in second
    assert "Ann" not in first + second
