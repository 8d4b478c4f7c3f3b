"""The backlog: moderators are called once for each step, and an article with too many held replies takes no more."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from bot.errors import ArticleFull
from bot.models import Action, ReplyStatus
from bot.services import backlog, replies, review, settings
from bot.storage import Database, articles, audit, tables
from tests.discussions import TITLE, given_article, send
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    SERVER,
    a_draft,
    a_page,
    approve,
    given_published,
)
from tests.givens import given_article as given_open_article
from tests.givens import given_reply as given_held
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from bot.models import Article, Reply

__all__ = ["new_world", "world"]  # fixtures


async def choose(db: Database, name: str, value: str) -> None:
    await settings.change(db, SERVER, name, value, actor_id=1, now=NOW)


async def hold(db: Database, article: Article, number: int, *, first: int = 0) -> list[Reply]:
    return [await given_held(db, article, f"Point {n}.", author=500 + n) for n in range(first, first + number)]


async def calls(db: Database) -> list[str]:
    """The keys of what the moderators are told of the backlog, oldest first; what another one says is left out."""
    kept = tables.bulletins.c
    query = select(kept.key).where(kept.kind == "backlog", kept.message_id.is_(None)).order_by(kept.id)
    async with db.read() as conn:
        return [key.split(":")[0] for key in (await conn.execute(query)).scalars()]


async def is_full(db: Database, article: Article) -> bool:
    async with db.read() as conn:
        found = await articles.get(conn, article.id)
    assert found is not None
    return found.full_at is not None


async def entries(db: Database, *actions: Action) -> list[Action]:
    async with db.read() as conn:
        return [entry.action for entry in await audit.list_all(conn, SERVER) if entry.action in actions]


async def test_each_step_calls_once_and_again_only_after_it_fell_below_half(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_ping", "4, 6")

    held = await hold(db, article, 7)
    up = await calls(db)
    for reply in held[:5]:  # two are left: not fewer than half of four
        await approve(db, reply)
    held += await hold(db, article, 3, first=10)
    steady = await calls(db)
    for reply in held[5:]:
        await approve(db, reply)
    await hold(db, article, 4, first=20)

    assert up == ["4", "6"]
    assert steady == ["4", "6"]
    assert await calls(db) == ["4", "6", "4"]


async def test_of_two_steps_reached_together_the_higher_one_calls(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_ping", "off")
    await hold(db, article, 4)

    await choose(db, "backlog_ping", "2, 3")
    await hold(db, article, 1, first=10)

    assert await calls(db) == ["3"]


async def test_twenty_replies_at_once_call_once(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_ping", "5")

    drafts = [a_draft(article, f"Point {n}.", author=500 + n) for n in range(20)]
    await asyncio.gather(*(replies.submit(db, draft, now=NOW) for draft in drafts))

    assert await calls(db) == ["5"]


async def test_at_the_limit_an_article_takes_no_more_and_opens_again_below_four_fifths(db: Database) -> None:
    article, other = await given_open_article(db), await given_open_article(db, page=a_page("B", address=None))
    await choose(db, "backlog_limit", "5")
    held = await hold(db, article, 5)

    with pytest.raises(ArticleFull):
        await replies.submit(db, a_draft(article, "One more."), now=NOW)
    await hold(db, other, 1, first=10)
    await approve(db, held[0])
    still_full = await is_full(db, article)
    await replies.withdraw(db, held[1].id, author_id=held[1].author.id, now=NOW)

    assert still_full
    assert not await is_full(db, article)
    await replies.submit(db, a_draft(article, "One more."), now=NOW)
    changes = (Action.ARTICLE_FULL, Action.ARTICLE_FREE)
    assert await entries(db, *changes) == list(changes)
    async with db.read() as conn:
        query = select(tables.bulletins.c.details).where(tables.bulletins.c.kind == "full")
        told = [json.loads(details) for details in (await conn.execute(query)).scalars()]
    assert told == [{"article_id": article.id, "limit": 5}]


async def test_of_twenty_replies_at_once_no_more_than_the_limit_are_held(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_limit", "7")

    drafts = [a_draft(article, f"Point {n}.", author=500 + n) for n in range(20)]
    sent = await asyncio.gather(*(replies.submit(db, draft, now=NOW) for draft in drafts), return_exceptions=True)

    assert sum(isinstance(each, ArticleFull) for each in sent) == 13
    assert await entries(db, Action.ARTICLE_FULL) == [Action.ARTICLE_FULL]


async def test_changes_that_a_moderator_asked_for_are_taken_by_a_full_article(db: Database) -> None:
    article = await given_open_article(db)
    asked = await given_held(db, article, "Vague.", author=BORIS)
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    await review.request_changes(db, asked.id, revision=1, sentence="Which point?", **who)
    await choose(db, "backlog_limit", "2")
    await hold(db, article, 2)

    revised = await replies.revise(db, asked.id, "The point about parking.", author_id=BORIS, now=NOW)

    assert await is_full(db, article)
    assert revised.reply.status is ReplyStatus.PENDING


async def test_another_limit_counts_at_once(db: Database) -> None:
    article = await given_open_article(db)
    await hold(db, article, 3)

    await choose(db, "backlog_limit", "3")
    lowered = await is_full(db, article)
    await choose(db, "backlog_limit", "0")

    assert lowered
    assert not await is_full(db, article)


async def test_what_nobody_followed_is_found_by_the_next_look(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_limit", "2")
    await choose(db, "backlog_ping", "2")
    await hold(db, article, 2)
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().values(status="duplicate"))

    await backlog.tend(db, now=NOW)
    await hold(db, article, 2, first=10)

    assert await calls(db) == ["2", "2"]
    assert await entries(db, Action.ARTICLE_FULL, Action.ARTICLE_FREE) == [
        Action.ARTICLE_FULL,
        Action.ARTICLE_FREE,
        Action.ARTICLE_FULL,
    ]


async def test_published_replies_do_not_count(db: Database) -> None:
    article = await given_open_article(db)
    await choose(db, "backlog_limit", "2")

    await given_published(db, article, "One.")
    await given_published(db, article, "Two.", message=402)
    await given_held(db, article, "Three.", author=ANN)

    assert not await is_full(db, article)


async def test_who_wrote_meanwhile_gets_the_text_back_and_can_send_it_when_there_is_room(world):
    card = await given_article(world)
    await world.ada.slash(world.general, "settings set", name="backlog_limit", value="1")
    form = await world.boris.click(card, label="Join the conversation")
    await send(world.ann, card, "A fair point.")
    held = next(message for message in world.review.history() if "Approve" in labels(message))

    refused = await world.boris.submit_modal(form, {"text": "Typed with care."})
    unopened = await world.ann.click(card, label="Join the conversation")
    told = next(text(message) for message in world.review.history() if "takes no new" in text(message))
    await world.mira.click(held, label="Approve")
    again = await world.boris.click(refused.response.message, label=labels(refused.response.message)[0])
    await world.boris.submit_modal(again, {"text": "Typed with care."})

    assert "Typed with care." in said(refused)
    assert "So many replies wait for review here" in said(unopened)
    assert f"[{TITLE}](" in told
    assert "takes no new replies: 1 is held there." in told
    assert "Typed with care." in text(
        next(message for message in reversed(world.review.history()) if "Approve" in labels(message))
    )
