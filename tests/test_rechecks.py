"""The check of consistency: one in so many decided replies comes again, unmarked, to another moderator."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import AgainstPrecedents, AlreadyDecided, TooLateToUndo
from bot.models import Action, Case, Filter, Guideline, Reply, ReplyStatus, View
from bot.services import claims, notes, opinions, removals, review, settings
from bot.services.weighing import is_sampled
from bot.storage import Database, surroundings, tables
from bot.storage import opinions as stored
from bot.storage import replies as stored_replies
from tests.givens import (
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    a_page,
    approve,
    given_article,
    given_published,
    given_reply,
)
from tests.test_services_opinions import reject

THIRD = 14


async def given_rejected(db: Database, *, one_in: str = "1 in 2") -> Reply:
    """A rejected reply that is among those shown again."""
    return await reject(db, await given_sampled(db, one_in=one_in), moderator=MODERATOR)


async def given_sampled(db: Database, words: str = "Point {n}.", *, one_in: str = "1 in 2") -> Reply:
    """A held reply that will be among them, the only one of its author."""
    article = await given_article(db)
    await settings.change(db, SERVER, "consistency_check", one_in, actor_id=1, now=NOW)
    for n in range(50):
        reply = await given_reply(db, article, words.format(n=n), author=50 + n)
        if is_sampled(reply.id, 1, one_in=2):
            return reply
    raise AssertionError


async def find(
    db: Database,
    moderator: int = OTHER_MODERATOR,
    *,
    wanted: Filter = Filter(),  # noqa: B008 - it is frozen
    later: timedelta = timedelta(0),
) -> Case | None:
    return await opinions.find_recheck(db, wanted, server_id=SERVER, moderator_id=moderator, now=NOW + later)


async def test_a_decided_reply_comes_again_to_another_moderator_as_if_it_were_held(db: Database) -> None:
    reply = await given_rejected(db)

    assert await find(db, MODERATOR) is None
    assert await find(db, reply.author.id) is None
    shown = await find(db)

    assert shown is not None
    assert (shown.reply.id, shown.reply.status) == (reply.id, ReplyStatus.PENDING)
    assert (shown.reply.decided_by, shown.reply.guideline, shown.reply.sentence) == (None, None, None)


async def test_nothing_that_a_card_or_more_says_of_it_tells_that_it_is_decided(db: Database) -> None:
    reply = await given_sampled(db, "You idiot, point {n}.")
    await settings.change(db, SERVER, "blind_review", "on", actor_id=1, now=NOW)
    await notes.write(db, reply.author.id, "Warned before.", server_id=SERVER, moderator_id=THIRD, now=NOW)
    async with db.read() as conn:
        held = await surroundings.get(conn, reply.id)
    await opinions.ask(
        db, reply.id, server_id=SERVER, moderator_id=THIRD, revision=1, view="approve",
        guideline=None, sentence=None, now=NOW,
    )  # fmt: skip
    await reject(db, reply, moderator=MODERATOR)
    shown = await find(db)

    async with db.read() as conn:
        more = await surroundings.get(conn, reply.id, reader_id=OTHER_MODERATOR)
        decided = await surroundings.get(conn, reply.id, reader_id=THIRD)

    assert held is not None
    assert shown is not None
    assert more is not None
    assert decided is not None
    assert (len(shown.flags), len(shown.notes), shown.is_blind) == (1, 1, True)
    untold = {"claimed_by": None, "claimed_until": None, "card_version": held.case.reply.card_version}
    for case in (shown, more.case):
        assert replace(case, reply=replace(case.reply, **untold)) == held.case
    assert (decided.case.reply.status, decided.case.flags, decided.case.is_blind) == (ReplyStatus.REJECTED, (), False)


async def test_precedents_ask_before_it_is_decided_against_them_as_before_a_held_one(db: Database) -> None:
    reply = await given_rejected(db)
    article = await given_article(db, page=a_page("Another", address=None))
    for n in range(3):
        alike = await approve(db, await given_reply(db, article, f"Something {n}."))
        async with db.begin() as conn:
            await conn.execute(tables.likenesses.insert().values(reply_id=alike.id, other_id=reply.id))
    await find(db)

    with pytest.raises(AgainstPrecedents):
        await reject(db, reply, moderator=OTHER_MODERATOR)


async def test_to_ask_for_a_second_opinion_on_it_is_an_opinion_on_it(db: Database) -> None:
    reply = await given_rejected(db)
    await find(db)
    about = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": NOW}

    asked = await opinions.ask(db, reply.id, revision=1, view="approve", guideline=None, sentence="Is it?", **about)
    pressed = await approve(db, reply, moderator=OTHER_MODERATOR)

    assert asked.status is ReplyStatus.PENDING
    assert (pressed.status, pressed.decided_by) == (ReplyStatus.APPROVED, OTHER_MODERATOR)
    with pytest.raises(TooLateToUndo):
        await review.undo(db, reply.id, **about)
    with pytest.raises(AlreadyDecided) as told:
        await reject(db, reply, moderator=OTHER_MODERATOR)
    assert told.value.reply.decided_by == OTHER_MODERATOR
    async with db.read() as conn:
        assert await stored_replies.get(conn, reply.id) == reply
        assert len(await stored.list_pairs(conn, SERVER, since=NOW)) == 1


async def test_it_is_claimed_and_released_as_a_held_one_and_stays_as_it_is(db: Database) -> None:
    reply = await given_rejected(db)
    await find(db)
    about = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": NOW}

    claimed = await claims.claim(db, reply.id, by_hand=True, **about)
    released = await claims.release(db, reply.id, **about)

    assert claimed.claimant(NOW) == OTHER_MODERATOR
    assert released.status is ReplyStatus.PENDING
    async with db.read() as conn:
        assert await stored_replies.get(conn, reply.id) == reply
    with pytest.raises(AlreadyDecided):
        await claims.claim(db, reply.id, **about | {"moderator_id": THIRD})


async def test_what_the_other_moderator_presses_is_an_opinion_and_no_decision(db: Database) -> None:
    reply = await given_rejected(db)
    await find(db)

    answer = await approve(db, reply, moderator=OTHER_MODERATOR)

    assert (answer.status, answer.decided_by) == (ReplyStatus.APPROVED, OTHER_MODERATOR)
    async with db.read() as conn:
        kept = await stored_replies.get(conn, reply.id)
        pairs = await stored.list_pairs(conn, SERVER, since=NOW)
    assert kept == reply
    assert pairs == [(View(Action.REJECT, Guideline.SPAM), View(Action.APPROVE))]
    assert await find(db) is None


async def test_who_was_not_shown_it_again_is_told_that_it_is_decided(db: Database) -> None:
    reply = await given_rejected(db)
    await find(db)

    with pytest.raises(AlreadyDecided):
        await approve(db, reply, moderator=THIRD)


async def test_it_waits_for_who_has_it_and_goes_to_somebody_else_after_half_a_day(db: Database) -> None:
    await given_rejected(db)

    assert await find(db) is not None
    assert await find(db) is not None
    assert await find(db, THIRD) is None
    assert await find(db, THIRD, later=timedelta(hours=13)) is not None


async def test_of_twenty_who_look_at_once_one_is_shown_it(db: Database) -> None:
    await given_rejected(db)

    shown = await asyncio.gather(*(find(db, moderator) for moderator in range(500, 520)))

    assert sum(case is not None for case in shown) == 1


async def test_a_skipped_one_does_not_come_again(db: Database) -> None:
    reply = await given_rejected(db)
    skip = {"moderator_id": OTHER_MODERATOR, "reply_id": reply.id, "skipped_at": NOW}
    async with db.begin() as conn:
        await conn.execute(tables.skips.insert().values(skip))

    assert await find(db) is None


@pytest.mark.parametrize(
    ("wanted", "is_shown"),
    [
        (Filter(), True),
        (Filter(article_id=1, language="en-US", first_voices=True, flagged=True), True),
        (Filter(article_id=2), False),
        (Filter(language="ru"), False),
        (Filter(minutes=5), False),
        (Filter(calm=True), False),
        (Filter(mine=True), False),
    ],
)
async def test_only_what_the_filter_would_show_comes_again(db: Database, wanted: Filter, *, is_shown: bool) -> None:
    reply = await given_rejected(db)
    changed = tables.replies.update().where(tables.replies.c.id == reply.id)
    async with db.begin() as conn:
        await conn.execute(changed.values(severity=2, voice=0))

    assert (await find(db, wanted=wanted) is not None) is is_shown


async def test_only_flagged_ones_and_first_voices_come_again_where_those_are_looked_at(db: Database) -> None:
    reply = await given_rejected(db)
    changed = tables.replies.update().where(tables.replies.c.id == reply.id)
    async with db.begin() as conn:
        await conn.execute(changed.values(severity=0, voice=1))

    assert await find(db, wanted=Filter(flagged=True)) is None
    assert await find(db, wanted=Filter(first_voices=True)) is None
    assert await find(db, wanted=Filter(calm=True)) is not None


async def test_nothing_comes_again_where_the_setting_is_off(db: Database) -> None:
    await given_rejected(db, one_in="off")

    assert await find(db) is None


async def test_what_was_removed_after_its_approval_does_not_come_again(db: Database) -> None:
    article = await given_article(db)
    await settings.change(db, SERVER, "consistency_check", "2", actor_id=1, now=NOW)
    numbers = iter(range(50))
    while not is_sampled((reply := await given_published(db, article, f"Point {next(numbers)}.")).id, 1, one_in=2):
        pass
    assert (await find(db)) is not None

    await removals.remove(db, reply.id, server_id=SERVER, moderator_id=THIRD, sentence=None, now=NOW)

    assert await find(db) is None


async def test_an_approval_taken_back_and_then_rejected_is_compared_as_a_rejection(db: Database) -> None:
    article = await given_article(db)
    await settings.change(db, SERVER, "consistency_check", "1 in 2", actor_id=1, now=NOW)
    numbers = iter(range(50))
    while not is_sampled((reply := await given_reply(db, article, f"Point {next(numbers)}.")).id, 1, one_in=2):
        pass
    await approve(db, reply)
    await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
    await reject(db, reply, moderator=MODERATOR)

    await find(db)
    await reject(db, reply, moderator=OTHER_MODERATOR)

    async with db.read() as conn:
        assert await stored.list_pairs(conn, SERVER, since=NOW) == [(View(Action.REJECT, Guideline.SPAM),) * 2]


def test_about_one_in_so_many_is_shown_again_and_always_the_same_ones() -> None:
    chosen = [number for number in range(10_000) if is_sampled(number, 1, one_in=50)]

    assert 150 < len(chosen) < 250
    assert chosen == [number for number in range(10_000) if is_sampled(number, 1, one_in=50)]
    assert chosen != [number for number in range(10_000) if is_sampled(number, 2, one_in=50)]
