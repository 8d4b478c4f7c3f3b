"""Second opinions: the first view stays unseen, agreement decides, disagreement goes further, on both databases."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import (
    AlreadyDecided,
    GuidelineUnknown,
    OpinionAsked,
    OpinionGone,
    OpinionOpen,
    OwnReply,
    SeniorDecides,
    StaleRevision,
    ThirdDecides,
)
from bot.models import Action, Filter, Guideline, Left, Pick, Reply, ReplyStatus, View
from bot.services import bulk, claims, opinions, queue, replies, review, settings
from bot.services.remarks import SENIOR_DECIDES, THIRD_DECIDES, YOURS_STANDS, remark_on
from bot.storage import Database, audit, cases
from bot.storage import opinions as stored
from bot.storage import replies as stored_replies
from tests.givens import ANN, MODERATOR, NOW, OTHER_MODERATOR, SERVER, a_page, approve, given_article, given_reply

THIRD = 14
SENIOR = 15
ROLE = "<@&777>"


async def ask(db: Database, reply: Reply, *, view: str = "reject", guideline: str | None = "spam") -> Reply:
    return await opinions.ask(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=reply.revision,
        view=view,
        guideline=guideline,
        sentence="Is this an advertisement?",
        now=NOW,
    )


async def reject(
    db: Database, reply: Reply, *, guideline: str = "spam", moderator: int = OTHER_MODERATOR, is_senior: bool = False
) -> Reply:
    return await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=moderator,
        revision=reply.revision,
        guideline=guideline,
        sentence=None,
        is_senior=is_senior,
        now=NOW,
    )


async def given_asked(db: Database, **view: str | None) -> Reply:
    return await ask(db, await given_reply(db, await given_article(db)), **view)  # type: ignore[arg-type]


async def given_third(db: Database) -> None:
    """Somebody beside the two has decided another reply."""
    article = await given_article(db, page=a_page("Another article", address=None))
    await approve(db, await given_reply(db, article, "Another point."), moderator=THIRD)


async def status_of(db: Database, reply: Reply) -> ReplyStatus:
    async with db.read() as conn:
        found = await stored_replies.get(conn, reply.id)
    assert found is not None
    return found.status


async def audited(db: Database, action: Action) -> list[str]:
    async with db.read() as conn:
        return [entry.details for entry in await audit.list_all(conn, SERVER) if entry.action == action]


async def test_who_asked_for_a_second_opinion_cannot_decide_until_it_is_given_or_taken_back(db: Database) -> None:
    reply = await given_asked(db)

    with pytest.raises(OpinionAsked):
        await approve(db, reply)
    await opinions.take_back(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert (await approve(db, reply)).status is ReplyStatus.APPROVED
    assert len(await audited(db, Action.ASK_OPINION)) == 2


async def test_the_empty_desk_counts_apart_what_one_asked_a_second_opinion_on(db: Database) -> None:
    await given_asked(db)

    left = await queue.count_left(db, Filter(), server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert left == Left(asked=1)


async def test_asking_draws_the_card_again_and_keeps_the_reply_held(db: Database) -> None:
    before = await given_reply(db, await given_article(db))

    asked = await ask(db, before)

    assert asked.status is ReplyStatus.PENDING
    assert asked.card_key != before.card_key


async def test_a_second_moderator_who_agrees_decides(db: Database) -> None:
    reply = await given_asked(db)

    decided = await reject(db, reply)

    assert (decided.status, decided.decided_by) == (ReplyStatus.REJECTED, OTHER_MODERATOR)
    async with db.read() as conn:
        pairs = await stored.list_pairs(conn, SERVER, since=NOW)
    assert pairs == [(View(Action.REJECT, Guideline.SPAM),) * 2]


@pytest.mark.parametrize("guideline", [None, "disrespect"])
async def test_a_second_moderator_who_disagrees_decides_nothing_and_a_senior_does(
    db: Database, guideline: str | None
) -> None:
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", ROLE, actor_id=1, now=NOW)

    if guideline:
        kept = await reject(db, reply, guideline=guideline)
    else:
        kept = await approve(db, reply, moderator=OTHER_MODERATOR)
    for moderator in (MODERATOR, OTHER_MODERATOR, THIRD):
        with pytest.raises(SeniorDecides):
            await reject(db, reply, moderator=moderator)
    remark = await remark_on(db, kept, moderator_id=OTHER_MODERATOR, now=NOW)
    decided = await reject(db, reply, moderator=SENIOR, is_senior=True)

    assert kept.status is ReplyStatus.PENDING
    assert kept.card_key != reply.card_key
    assert remark == SENIOR_DECIDES
    assert (decided.status, decided.decided_by) == (ReplyStatus.REJECTED, SENIOR)


async def test_without_a_senior_role_a_third_moderator_decides_what_two_disagree_about(db: Database) -> None:
    await given_third(db)
    reply = await given_asked(db)

    kept = await approve(db, reply, moderator=OTHER_MODERATOR)
    for moderator in (MODERATOR, OTHER_MODERATOR):
        with pytest.raises(ThirdDecides):
            await approve(db, reply, moderator=moderator)
    remark = await remark_on(db, kept, moderator_id=OTHER_MODERATOR, now=NOW)
    decided = await approve(db, reply, moderator=THIRD)

    assert (kept.status, remark) == (ReplyStatus.PENDING, THIRD_DECIDES)
    assert (decided.status, decided.decided_by) == (ReplyStatus.APPROVED, THIRD)


@pytest.mark.parametrize("role", [ROLE, "none"])
async def test_a_senior_who_is_one_of_the_two_leaves_the_decision_to_others(db: Database, role: str) -> None:
    await given_third(db)
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", role, actor_id=1, now=NOW)

    kept = await reject(db, reply, guideline="disrespect", moderator=SENIOR, is_senior=True)
    for moderator in (MODERATOR, SENIOR):
        with pytest.raises(ThirdDecides):
            await reject(db, reply, moderator=moderator, is_senior=True)
    decided = await reject(db, reply, moderator=THIRD, is_senior=True)

    assert kept.status is ReplyStatus.PENDING
    assert (decided.status, decided.decided_by) == (ReplyStatus.REJECTED, THIRD)


async def test_a_senior_who_is_one_of_the_two_decides_where_nobody_else_is_known(db: Database) -> None:
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", ROLE, actor_id=1, now=NOW)
    await approve(db, reply, moderator=SENIOR)

    decided = await review.approve(
        db, reply.id, server_id=SERVER, moderator_id=SENIOR, revision=1, is_senior=True, now=NOW
    )

    assert decided.status is ReplyStatus.APPROVED


async def test_where_nobody_else_is_known_the_second_decision_stands_and_the_audit_says_so(db: Database) -> None:
    reply = await given_asked(db)

    decided = await approve(db, reply, moderator=OTHER_MODERATOR)

    assert decided.status is ReplyStatus.APPROVED
    assert await remark_on(db, decided, moderator_id=OTHER_MODERATOR, now=NOW) == YOURS_STANDS
    [entry] = await audited(db, Action.GIVE_OPINION)
    assert '"agrees": false' in entry
    assert '"carried_out": true' in entry


@pytest.mark.parametrize(
    ("role", "judges"),
    [(ROLE, {(THIRD, True), (SENIOR, True)}), ("none", {(who, rank) for who in (THIRD, SENIOR) for rank in (0, 1)})],
)
async def test_the_desk_gives_a_disputed_reply_to_those_alone_who_may_decide_it(
    db: Database, role: str, judges: set[tuple[int, bool]]
) -> None:
    await given_third(db)
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", role, actor_id=1, now=NOW)
    await approve(db, reply, moderator=OTHER_MODERATOR)

    for moderator in (MODERATOR, OTHER_MODERATOR, THIRD, SENIOR):
        for is_senior in (False, True):
            who = {"server_id": SERVER, "moderator_id": moderator, "is_senior": is_senior, "now": NOW}
            shown = await queue.open_next(db, Filter(), **who)
            left = await queue.count_left(db, Filter(), **who)
            if (moderator, is_senior) in judges:
                assert shown is not None
                await claims.release(db, reply.id, server_id=SERVER, moderator_id=moderator, now=NOW)
            else:
                assert (shown, left) == (None, Left(disputed=1))


async def test_the_desk_gives_a_disputed_reply_to_one_of_the_two_where_nobody_else_is_known(db: Database) -> None:
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", ROLE, actor_id=1, now=NOW)
    await approve(db, reply, moderator=OTHER_MODERATOR)
    who = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": NOW}

    assert await queue.open_next(db, Filter(), **who) is None
    assert await queue.open_next(db, Filter(), is_senior=True, **who) is not None


async def test_of_twenty_second_views_at_once_one_is_recorded(db: Database) -> None:
    await given_third(db)
    reply = await given_asked(db)
    await settings.change(db, SERVER, "senior_role", ROLE, actor_id=1, now=NOW)
    presses = [approve(db, reply, moderator=moderator) for moderator in range(500, 520)]

    results = await asyncio.gather(*presses, return_exceptions=True)

    assert sum(isinstance(result, Reply) for result in results) == 1
    assert sum(isinstance(result, SeniorDecides) for result in results) == 19
    assert len(await audited(db, Action.GIVE_OPINION)) == 1
    assert await status_of(db, reply) is ReplyStatus.PENDING


async def test_a_changed_text_needs_no_opinion_on_the_old_one(db: Database) -> None:
    reply = await given_asked(db)

    revised = (await replies.revise(db, reply.id, "Another point.", author_id=ANN, now=NOW)).reply

    assert (await approve(db, revised)).status is ReplyStatus.APPROVED


async def test_only_what_is_held_and_not_asked_about_yet_can_be_asked_about(db: Database) -> None:
    reply = await given_asked(db)
    decided = await given_reply(db, await given_article(db, page=a_page(address=None)), "Decided.")
    await approve(db, decided)

    with pytest.raises(OpinionOpen):
        await opinions.ask(
            db, reply.id, server_id=SERVER, moderator_id=OTHER_MODERATOR, revision=1, view="approve",
            guideline=None, sentence=None, now=NOW,
        )  # fmt: skip
    with pytest.raises(AlreadyDecided):
        await ask(db, decided)
    with pytest.raises(GuidelineUnknown):
        await ask(db, decided, guideline=None)
    with pytest.raises(OpinionGone):
        await opinions.take_back(db, reply.id, server_id=SERVER, moderator_id=OTHER_MODERATOR, now=NOW)
    with pytest.raises(OwnReply):
        await opinions.take_back(db, reply.id, server_id=SERVER, moderator_id=ANN, now=NOW)
    await replies.revise(db, reply.id, "Another point.", author_id=ANN, now=NOW)
    with pytest.raises(StaleRevision):
        await ask(db, reply)


async def test_what_two_moderators_look_at_is_not_approved_together_with_many_others(db: Database) -> None:
    reply = await given_asked(db)
    async with db.begin() as conn:
        await stored_replies.record_card_shown(conn, reply.id, shows=reply.card_key, now=NOW)

    who = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "guideline": None, "sentence": None}
    _, named, _ = await bulk.preview(db, Pick(), Action.APPROVE, now=NOW, **who)

    assert named == 0
    assert await status_of(db, reply) is ReplyStatus.PENDING


async def test_the_card_knows_of_the_request_and_of_both_views_once_they_differ(db: Database) -> None:
    await given_third(db)
    reply = await given_asked(db)
    async with db.read() as conn:
        asked = await cases.get(conn, reply.id)
    await approve(db, reply, moderator=OTHER_MODERATOR)
    async with db.read() as conn:
        disputed = await cases.get(conn, reply.id)

    assert [case.opinion.is_disputed for case in (asked, disputed) if case and case.opinion] == [False, True]
