"""An approval is taken back, or the reply withdrawn, while it is about to be published: one of them wins."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.errors import AlreadyDecided, NotHeld, OwnReply, TooLateToUndo
from bot.models import Action, Reply, ReplyStatus
from bot.services import publishing, replies, review
from bot.storage import Database, audit, decisions, tables
from bot.storage import publishing as due
from tests.discussions import TITLE, last, reply_of
from tests.discussions import given_article as given_card
from tests.discussions import given_reply as given_review_card
from tests.givens import (
    ANN,
    CLOCK,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    approve,
    given_article,
    given_reply,
    nothing_found,
)
from tests.world import World, labels, new_world, said, text, world

if TYPE_CHECKING:
    from bot.models import Case

__all__ = ["new_world", "world"]  # fixtures


async def undo(db: Database, reply: Reply, *, moderator: int = MODERATOR) -> Reply:
    return await review.undo(db, reply.id, server_id=SERVER, moderator_id=moderator, now=NOW)


async def withdraw(db: Database, reply: Reply) -> Reply:
    return await replies.withdraw(db, reply.id, author_id=reply.author.id, now=NOW)


class Thread:
    """Counts what is posted."""

    def __init__(self) -> None:
        self.posted = 0

    async def post(self, _case: Case) -> int:
        self.posted += 1
        await asyncio.sleep(0)
        return 401

    async def publish(self, db: Database, reply: Reply) -> Reply | None:
        return await publishing.publish(db, reply.id, clock=CLOCK, post=self.post, find=nothing_found)


async def actions(db: Database) -> list[str]:
    async with db.read() as conn:
        return [entry.action.value for entry in await audit.list_all(conn, SERVER)][1:]


async def test_an_undone_approval_is_held_again_and_not_published(db: Database) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))

    held = await undo(db, reply, moderator=OTHER_MODERATOR)

    assert (held.status, held.decided_by, held.decided_at) == (ReplyStatus.PENDING, None, None)
    assert await Thread().publish(db, reply) is None
    assert await actions(db) == ["article_posted", "submit", "approve", "undo"]


async def test_a_reply_approved_undone_and_approved_again_keeps_every_decision(db: Database) -> None:
    article = await given_article(db)
    reply, other = await given_reply(db, article, "First."), await given_reply(db, article, "Second.")
    await approve(db, reply)
    await approve(db, other)
    await undo(db, reply)

    await approve(db, reply, moderator=OTHER_MODERATOR)

    async with db.read() as conn:
        assert await decisions.list_of(conn, reply.id) == [(Action.APPROVE, 1, OTHER_MODERATOR, None)]
        kept = (
            await conn.execute(
                select(tables.decisions.c.moderator_id, tables.decisions.c.undone_at).order_by(tables.decisions.c.id)
            )
        ).all()
        assert [waiting.reply_id for waiting in await due.list_needing_publishing(conn, NOW)] == [other.id]
    assert [tuple(row) for row in kept] == [(MODERATOR, NOW), (MODERATOR, None), (OTHER_MODERATOR, None)]
    assert (await actions(db)).count("approve") == 3


async def test_what_is_published_or_about_to_be_cannot_be_undone(db: Database) -> None:
    article = await given_article(db)
    under_way = await approve(db, await given_reply(db, article, "Under way."))
    async with db.begin() as conn:
        await due.lease_publication(conn, under_way.id, now=NOW)
    with pytest.raises(TooLateToUndo):
        await undo(db, under_way)

    await Thread().publish(db, under_way)  # held by the lease
    async with db.begin() as conn:
        await due.record_publication(conn, under_way.id, 401, now=NOW)
    with pytest.raises(TooLateToUndo, match="Remove takes it out"):
        await undo(db, under_way)


async def test_only_an_approval_can_be_undone_and_by_nobody_for_themselves(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))
    assert (await undo(db, reply)).status is ReplyStatus.PENDING
    await approve(db, reply)
    with pytest.raises(OwnReply):
        await undo(db, reply, moderator=ANN)
    await withdraw(db, reply)
    with pytest.raises(AlreadyDecided, match="withdrawn"):
        await undo(db, reply)
    assert "undo" not in await actions(db)


@pytest.mark.parametrize("take_back", [undo, withdraw])
@pytest.mark.parametrize("first", ["publish", "take back"])
async def test_of_twenty_who_take_back_and_twenty_who_publish_one_wins_and_the_others_are_told(
    db: Database, take_back, first: str
) -> None:
    reply = await approve(db, await given_reply(db, await given_article(db)))
    thread = Thread()
    acts = {"publish": lambda: thread.publish(db, reply), "take back": lambda: take_back(db, reply)}
    order = [first, *(acts.keys() - {first})]

    results = await asyncio.gather(*(acts[name]() for _ in range(20) for name in order), return_exceptions=True)

    told = [type(result) for result in results if isinstance(result, BaseException)]
    happened = {"publish", "undo", "withdraw"} & set(await actions(db))
    assert len(happened) == 1
    assert len(await actions(db)) == 4  # posted, sent, approved, and this one
    is_published = happened == {"publish"}
    assert thread.posted == int(is_published)
    if take_back is undo:  # who undoes what is undone has what they want
        assert told == ([TooLateToUndo] * 20 if is_published else [])
    else:
        assert told == [NotHeld] * (20 if is_published else 19)


async def hold_up(world: World) -> None:
    """Approved replies wait, as after many approvals."""
    world.client.sweep.clock._settled_at = 1e6


async def release(world: World) -> None:
    world.client.sweep.clock._settled_at = 0.0
    await world.env.advance_time(6)


async def test_a_moderator_takes_an_approval_back_with_the_cards_button(world: World) -> None:
    card = await given_review_card(world, await given_card(world))
    await hold_up(world)
    await world.mira.click(card, label="Approve")
    assert labels(last(world.review)) == ["Undo"]

    await world.max.click(last(world.review), label="Undo")

    assert labels(last(world.review)) == ["Approve", "Reject", "Request changes", "More"]
    await release(world)
    assert (await reply_of(world)).status is ReplyStatus.PENDING
    await world.max.click(last(world.review), label="Approve")
    assert text(last(world.channel(TITLE))).startswith("A fair point.")


async def test_undo_that_comes_too_late_says_what_takes_the_reply_out(world: World) -> None:
    card = await given_review_card(world, await given_card(world))
    await world.mira.click(card, label="Approve")

    answer = await world.mira.slash(world.general, "moderate undo", reply="1")

    assert "Remove takes it out again" in said(answer)
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED


async def test_the_command_offers_what_waits_and_takes_it_back(world: World) -> None:
    card = await given_review_card(world, await given_card(world))
    await hold_up(world)
    await world.mira.click(card, label="Approve")

    offered = await world.mira.autocomplete(world.general, "moderate undo", "reply", "")
    members = await world.ann.slash(world.general, "moderate undo", reply="1")
    answer = await world.mira.slash(world.general, "moderate undo", reply=offered[0]["value"])

    assert "Only moderators" in said(members)
    assert "held for review" in said(answer)
    await world.env.advance_time(6)
    assert labels(last(world.review)) == ["Approve", "Reject", "Request changes", "More"]
