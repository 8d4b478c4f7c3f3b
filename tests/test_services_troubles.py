"""The services for what vanishes, on both databases: noticed once, mended once, and put back in order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.errors import AlreadyPosted, PostRefused
from bot.models import Action, ReplyStatus, Server
from bot.services import articles, publishing, review, servers, troubles
from bot.storage import Database, decisions, sweep, tables
from bot.storage import articles as stored_articles
from bot.storage import publishing as due
from bot.storage import replies as stored_replies
from bot.storage import troubles as stored
from bot.troubles import Found, TroubleKind
from tests.givens import (
    ARTICLES,
    CLOCK,
    EDITOR,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    REVIEW,
    SERVER,
    THREAD,
    approve,
    given_article,
    given_published,
    given_reply,
    given_server,
    nothing_found,
)

LATER = NOW + timedelta(hours=1)


async def open_troubles(db: Database) -> list[tuple[TroubleKind, int]]:
    async with db.read() as conn:
        return [(trouble.kind, trouble.subject_id) for trouble in await stored.list_open(conn)]


async def due_rows(db: Database, kind: str) -> list[int]:
    async with db.read() as conn:
        return await sweep.list_due(conn, kind, NOW)


async def waiting(db: Database) -> list[int]:
    async with db.read() as conn:
        return [each.reply_id for each in await due.list_needing_publishing(conn, NOW)]


async def delete_card(_article: object) -> None:
    """The card is deleted."""


async def post_again(db: Database, article_id: int) -> None:
    await articles.post_again(db, article_id, server_id=SERVER, editor_id=EDITOR, delete_card=delete_card, now=LATER)


async def test_twenty_who_notice_the_same_trouble_at_once_write_it_down_once(db):
    await given_server(db)

    found = await asyncio.gather(
        *(troubles.notice(db, SERVER, TroubleKind.REVIEW_GONE, subject_id=REVIEW, now=NOW) for _ in range(20))
    )

    assert sum(trouble is not None for trouble in found) == 1


async def test_what_a_look_no_longer_shows_is_mended_and_what_only_an_act_shows_is_left(db):
    await given_server(db)
    await troubles.compare(db, SERVER, [Found(TroubleKind.REVIEW_GONE, REVIEW)], now=NOW)
    await troubles.notice(db, SERVER, TroubleKind.WEBHOOKS_FULL, subject_id=ARTICLES, now=NOW)

    changed = await troubles.compare(db, SERVER, [], now=LATER)
    again = await troubles.compare(db, SERVER, [], now=LATER)

    assert (changed, again) == (True, False)
    assert await open_troubles(db) == [(TroubleKind.WEBHOOKS_FULL, ARTICLES)]


@pytest.mark.parametrize("kind", [TroubleKind.REVIEW_GONE, TroubleKind.PERMISSION_MISSING])
async def test_cards_wait_without_being_tried_while_the_review_channel_of_their_server_cannot_be_used(db, kind):
    other = await given_reply(db, await given_article(db, SERVER + 1))
    reply = await given_reply(db, await given_article(db))
    await troubles.notice(db, SERVER, kind, subject_id=REVIEW, now=NOW)

    before = await due_rows(db, "card")
    await troubles.mend(db, SERVER, kind, subject_id=REVIEW, now=LATER)

    assert before == [other.id]
    assert await due_rows(db, "card") == [other.id, reply.id]


@pytest.mark.parametrize("is_outage", [True, False])
async def test_what_was_refused_is_tried_at_once_when_the_trouble_is_mended_or_the_server_is_back(db, is_outage):
    article = await given_article(db)
    reply = await approve(db, await given_reply(db, article))

    async def refuse(_case: object) -> int:
        raise PostRefused("no")

    with pytest.raises(PostRefused):
        await publishing.publish(db, reply.id, clock=CLOCK, post=refuse, find=nothing_found)
    await troubles.notice(db, SERVER, TroubleKind.WEBHOOKS_FULL, subject_id=ARTICLES, now=NOW)
    before = await waiting(db)
    if is_outage:
        await servers.leave(db, SERVER, now=NOW)
        await servers.come_back(db, SERVER)
    else:
        await troubles.mend(db, SERVER, TroubleKind.WEBHOOKS_FULL, now=NOW)

    assert before == []
    assert await waiting(db) == [reply.id]


async def test_a_publication_whose_outcome_is_unknown_goes_on_waiting_when_a_trouble_is_mended(db):
    article = await given_article(db)
    reply = await approve(db, await given_reply(db, article))

    async def lose(_case: object) -> int:
        raise OSError("lost")

    with pytest.raises(OSError, match="lost"):
        await publishing.publish(db, reply.id, clock=CLOCK, post=lose, find=nothing_found)
    await troubles.retry(db, SERVER)

    assert await waiting(db) == []


async def test_a_server_that_is_away_has_nothing_due_until_it_is_back(db):
    article = await given_article(db)
    await given_reply(db, article, "Held.")
    await approve(db, await given_reply(db, article, "Approved."))
    await troubles.notice(db, SERVER, TroubleKind.EDITORS_GONE, subject_id=2, now=NOW)
    kinds = ("card", "publication", "trouble")
    await given_server(db, SERVER + 1)

    await servers.compare(db, [], now=NOW)
    away = [await due_rows(db, kind) for kind in kinds], await waiting(db)
    await servers.compare(db, [SERVER], now=LATER)

    assert away == ([[], [], []], [])
    assert [len(await due_rows(db, kind)) for kind in kinds] == [1, 1, 1]
    assert len(await waiting(db)) == 1


async def test_a_lost_discussion_brings_its_replies_back_in_the_order_of_approval_and_tells_nobody_twice(db):
    article = await given_article(db)
    first = await given_published(db, article, "First.", message=401)
    second = await given_published(db, article, "Second.", message=402)
    third = await approve(db, await given_reply(db, article, "Third."))
    await troubles.notice_thread_gone(db, SERVER, THREAD, now=NOW)
    blocked = await waiting(db)

    await post_again(db, article.id)
    async with db.begin() as conn:
        assert (
            await due.get_last_message_id(conn, article.id) is None
        )  # what was there is not looked for in the new one
        await stored_articles.record_card(conn, article.id, 900)
        await stored_articles.record_thread(conn, article.id, 900)
    order = []

    async def post(case):
        order.append(case.reply.text)
        return 900 + len(order)

    while ready := await waiting(db):
        await publishing.publish(db, ready[0], clock=CLOCK, post=post, find=nothing_found)

    assert blocked == []
    assert order == ["First.", "Second.", "Third."]
    async with db.read() as conn:
        told = (await conn.execute(tables.notices.select())).all()
        statuses = {(await stored_replies.get(conn, reply.id)).status for reply in (first, second, third)}
    assert sorted(notice.reply_id for notice in told) == [first.id, second.id, third.id]
    assert statuses == {ReplyStatus.PUBLISHED}


async def test_two_who_post_an_article_again_at_once_post_it_once(db):
    article = await given_article(db)
    await troubles.notice_thread_gone(db, SERVER, THREAD, now=NOW)

    results = await asyncio.gather(*(post_again(db, article.id) for _ in range(5)), return_exceptions=True)

    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, AlreadyPosted) for result in results) == 4


async def test_a_late_refusal_from_the_old_discussion_does_not_stop_the_new_one(db):
    article = await given_article(db)
    await troubles.notice_thread_gone(db, SERVER, THREAD, now=NOW)
    await post_again(db, article.id)

    late = await troubles.notice_thread_gone(db, SERVER, THREAD, now=LATER, waits=True)

    assert late is None
    assert await open_troubles(db) == []


async def test_a_closed_discussion_that_is_deleted_bothers_nobody_until_a_reply_waits_for_it(db):
    await given_article(db)
    async with db.begin() as conn:
        await conn.execute(tables.articles.update().values(status="closed"))

    by_event = await troubles.notice_thread_gone(db, SERVER, THREAD, now=NOW)
    by_act = await troubles.notice_thread_gone(db, SERVER, THREAD, now=NOW, waits=True)

    assert by_event is None
    assert by_act is not None


async def test_a_reply_sent_back_can_be_approved_again_by_anybody_and_is_published(db):
    article = await given_article(db)
    reply = await approve(db, await given_reply(db, article))
    await review.send_back(db, reply.id, reason="Blocked", now=NOW)
    held = await waiting(db)

    for moderator in (MODERATOR, OTHER_MODERATOR):
        again = await approve(db, reply, moderator=moderator)
        assert again.decided_by == moderator
        await review.send_back(db, reply.id, reason="Blocked", now=NOW)
    final = await approve(db, reply)

    assert held == []
    assert final.status is ReplyStatus.APPROVED
    assert await waiting(db) == [reply.id]
    assert await open_troubles(db) == []
    async with db.read() as conn:
        rows = (await conn.execute(tables.decisions.select().order_by(tables.decisions.c.id))).all()
        in_force = await decisions.list_of(conn, reply.id)
    assert [row.moderator_id for row in rows] == [MODERATOR, MODERATOR, OTHER_MODERATOR, MODERATOR]
    assert in_force == [(Action.APPROVE, 1, MODERATOR, None)]


async def test_an_article_not_posted_yet_moves_to_the_channel_chosen_next(db):
    article = await given_article(db)
    async with db.begin() as conn:
        await stored_articles.forget_thread(conn, article.id, channel_id=ARTICLES)

    await servers.set_up(db, Server(SERVER, 777, REVIEW), actor_id=1, now=NOW)

    async with db.read() as conn:
        moved = await stored_articles.get(conn, article.id)
    assert moved.channel_id == 777
