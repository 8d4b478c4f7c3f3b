"""Badges, staff who need not wait, and whether members learn which moderator decided: on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import ArticleNotFound, DiscussionClosed, DuplicateReply, OwnReply
from bot.models import Action, ArticleStatus, Badge, Flag, Guideline, Reply, ReplyStatus
from bot.screening import screening
from bot.services import authors, cards, decisions, discussions, replies, review, settings
from bot.storage import Database, audit, likenesses, opinions, publishing, stats
from bot.storage import decisions as stored_decisions
from bot.storage import replies as stored
from tests.givens import (
    ANN,
    BORIS,
    CLOCK,
    EDITOR,
    MODERATOR,
    NOW,
    SERVER,
    a_draft,
    given_article,
    given_reply,
    nothing_found,
)

TEXT = "The minutes of the council say otherwise, and anybody can read them."


async def set_up(db: Database, name: str, value: str = "on") -> None:
    await settings.change(db, SERVER, name, value, actor_id=1, now=NOW)


async def send(db: Database, article, text: str = TEXT, *, author: int = ANN) -> Reply:
    draft = replace(a_draft(article, text, author=author), is_staff=True)
    return (await replies.submit(db, draft, now=NOW)).reply


async def deeds(db: Database) -> list[tuple[str, int]]:
    async with db.read() as conn:
        return [(entry.action, entry.actor_id) for entry in await audit.list_all(conn, SERVER)]


async def link(db: Database, article, *, server: int = SERVER, act=authors.link) -> list[int]:
    return (await act(db, article.id, ANN, server_id=server, editor_id=EDITOR, now=NOW))[1]


async def test_a_linked_author_and_staff_have_their_badges_and_everybody_else_has_none(db):
    article = await given_article(db)
    linked = await link(db, article)

    assert linked == [ANN]
    assert (await given_reply(db, article)).badge is Badge.AUTHOR
    assert (await send(db, article)).badge is Badge.AUTHOR
    assert (await send(db, article, author=BORIS)).badge is Badge.STAFF
    assert (await given_reply(db, article, author=BORIS)).badge is None


async def test_an_author_linked_twice_at_once_is_linked_and_audited_once(db):
    article = await given_article(db)

    await asyncio.gather(*(link(db, article) for _ in range(5)))

    assert (await deeds(db)).count((Action.AUTHOR_LINKED, EDITOR)) == 1


async def test_an_unlinked_author_keeps_the_badge_of_what_they_have_sent(db):
    article = await given_article(db)
    await link(db, article)
    before = await given_reply(db, article)

    left = await link(db, article, act=authors.unlink)

    assert left == []
    assert (await given_reply(db, article, "Another point.")).badge is None
    async with db.read() as conn:
        assert (await stored.get(conn, before.id)).badge is Badge.AUTHOR
    assert (Action.AUTHOR_UNLINKED, EDITOR) in await deeds(db)


async def test_nobody_is_linked_to_an_article_of_another_server(db):
    article = await given_article(db)

    with pytest.raises(ArticleNotFound):
        await link(db, article, server=SERVER + 1)


async def test_everybody_is_reviewed_unless_the_server_says_otherwise(db):
    reply = await send(db, await given_article(db))

    assert reply.status is ReplyStatus.PENDING
    assert not reply.by_role


async def test_staff_are_approved_by_their_own_role_and_members_are_not(db):
    article = await given_article(db)
    await set_up(db, "publish_staff")

    reply = await send(db, article)
    other = await given_reply(db, article, author=BORIS)

    assert (reply.status, reply.by_role, reply.decided_by) == (ReplyStatus.APPROVED, True, None)
    assert other.status is ReplyStatus.PENDING
    done = await deeds(db)
    assert (Action.APPROVE_BY_ROLE, ANN) in done
    assert Action.APPROVE not in [action for action, _ in done]
    assert Action.ONLY_MODERATOR not in [action for action, _ in done]


async def test_a_severe_flag_or_a_failed_check_lets_staff_wait(db, monkeypatch):
    article = await given_article(db)
    await set_up(db, "publish_staff")
    severe, failed = Flag("pretended", Guideline.SPAM, severity=2), Flag("pretended", None)
    mild = Flag("pretended", Guideline.SPAM)
    found = []
    for number, flag in enumerate((severe, failed, mild)):
        monkeypatch.setitem(screening.CHECKS, "pretended", lambda _text, flag=flag: [flag])
        found.append((await send(db, article, f"{number} apples fell from the tree.")).status)

    assert found == [ReplyStatus.PENDING, ReplyStatus.PENDING, ReplyStatus.APPROVED]


async def test_what_moderators_have_refused_three_times_is_not_published_by_a_role(db):
    article = await given_article(db)
    await set_up(db, "publish_staff")
    for author in (BORIS, 23, 24):
        held = await given_reply(db, article, TEXT, author=author)
        about = {"server_id": SERVER, "moderator_id": MODERATOR, "revision": 1, "now": NOW}
        await review.reject(db, held.id, guideline="spam", sentence=None, **about)

    assert (await send(db, article)).status is ReplyStatus.PENDING


async def test_duplicates_and_closed_discussions_are_refused_to_staff_too(db):
    article = await given_article(db)
    await set_up(db, "publish_staff")
    await send(db, article)

    with pytest.raises(DuplicateReply):
        await send(db, article)
    await discussions.close(db, article.id, server_id=SERVER, editor_id=EDITOR, now=NOW)
    with pytest.raises(DiscussionClosed):
        await send(db, article, "Something else.")


async def test_neither_statistics_nor_precedents_nor_waits_count_it_and_nobody_is_asked_to_check_it(db):
    article = await given_article(db)
    await set_up(db, "publish_staff")
    await set_up(db, "consistency_check", "1 in 2")
    for number in range(6):
        await send(db, article, f"{TEXT} {number}")
    held = await given_reply(db, article, f"{TEXT} ?", author=BORIS)

    async with db.read() as conn:
        assert await stats.count_decisions(conn, SERVER, since=NOW) == {}
        assert await stats.get_usual_wait(conn, SERVER, since=NOW) is None
        assert await stored_decisions.get_usual_wait(conn, SERVER) is None
        assert not await opinions.has_third(conn, SERVER, (MODERATOR, None), now=NOW)
        assert await likenesses.list_precedents(conn, held.id) == []


async def test_it_has_a_card_and_others_can_hold_it_again_though_not_its_author(db):
    article = await given_article(db)
    await set_up(db, "publish_staff")
    await set_up(db, "grace_time", "60")
    reply = await send(db, article)
    seen = []

    async def post(case) -> int:
        seen.append(case.reply)
        return 501

    await cards.post(db, reply.id, clock=CLOCK, send=post, find=nothing_found)
    with pytest.raises(OwnReply):
        await review.undo(db, reply.id, server_id=SERVER, moderator_id=ANN, now=NOW)
    held = await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert [each.status for each in seen] == [ReplyStatus.APPROVED]
    assert (held.status, held.by_role) == (ReplyStatus.PENDING, False)
    about = {"server_id": SERVER, "moderator_id": MODERATOR, "revision": 1, "now": NOW}
    assert (await review.approve(db, reply.id, **about)).decided_by == MODERATOR
    async with db.read() as conn:
        assert await publishing.list_needing_publishing(conn, NOW) == []
        assert article.status is ArticleStatus.OPEN
        assert [each[0] for each in await stored_decisions.list_of(conn, reply.id)] == [Action.APPROVE]
        assert decisions.RESULT[Action.APPROVE] is ReplyStatus.APPROVED


@pytest.mark.parametrize(("value", "named"), [("off", None), ("on", MODERATOR)])
async def test_the_author_learns_who_decided_only_where_the_server_says_so(db, value, named):
    article = await given_article(db)
    await set_up(db, "name_moderators", value)
    reply = await given_reply(db, article)
    about = {"server_id": SERVER, "moderator_id": MODERATOR, "revision": 1, "now": NOW}

    assert (await replies.receipt(db, reply.id)).decider_id is None
    await review.reject(db, reply.id, guideline="spam", sentence=None, **about)

    assert (await replies.receipt(db, reply.id)).decider_id == named
