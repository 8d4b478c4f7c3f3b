"""Editors draft and post articles: one discussion an address, one card and one thread, on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.errors import AlreadyPosted, ArticleNotFound, NotSetUp, OutcomeUnknown, TextTooLong, TitleMissing
from bot.models import Article, ArticleStatus, Image, Page
from bot.services import articles
from bot.storage import Database, leases, sweep
from tests.givens import CLOCK, EDITOR, NOW, SERVER, a_page, given_article, given_server, nothing_found


async def draft(db: Database, page: Page) -> Article:
    return await articles.draft(db, page, server_id=SERVER, editor_id=EDITOR, now=NOW)


async def post(db: Database, article: Article) -> Article:
    return await articles.post(db, article.id, server_id=SERVER, editor_id=EDITOR, now=NOW)


async def test_a_page_comes_back_from_the_database_as_it_was_read(db: Database) -> None:
    await given_server(db)
    page = replace(
        a_page(),
        site="The Courier",
        authors=("Ann Lee", "Борис"),
        language="en",
        published_at=datetime(2026, 5, 3, 9, tzinfo=UTC),
        image=Image("https://paper.example/garden.png", "the Standfirst project (CC0)", "A garden"),
    )

    article = await draft(db, page)

    assert (article.page, article.status) == (page, ArticleStatus.DRAFT)


async def test_a_draft_is_seen_by_nobody_until_it_is_posted(db: Database) -> None:
    await given_server(db)
    article = await draft(db, a_page())
    async with db.read() as conn:
        assert await sweep.list_due(conn, "article", NOW) == []

    opened = await post(db, article)

    assert opened.status == ArticleStatus.OPEN
    async with db.read() as conn:
        assert await sweep.list_due(conn, "article", NOW) == [article.id]


async def test_an_address_posted_before_answers_with_the_discussion(db: Database) -> None:
    first = await given_article(db)

    with pytest.raises(AlreadyPosted, match="<#301>") as caught:
        await draft(db, a_page("The same under another headline"))

    assert caught.value.article.id == first.id


async def test_of_two_drafts_of_one_address_posted_at_once_one_opens(db: Database) -> None:
    await given_server(db)
    drafts = [await draft(db, a_page()) for _ in range(5)]

    results = await asyncio.gather(*(post(db, each) for each in drafts), return_exceptions=True)

    assert sum(isinstance(result, Article) for result in results) == 1
    assert sum(isinstance(result, AlreadyPosted) for result in results) == 4


async def test_pressing_post_twice_opens_one_article(db: Database) -> None:
    await given_server(db)
    article = await draft(db, a_page(address=None))
    await post(db, article)

    with pytest.raises(AlreadyPosted):
        await post(db, article)


async def test_articles_without_an_address_are_never_the_same(db: Database) -> None:
    await given_server(db)

    posted = [await post(db, await draft(db, a_page(address=None))) for _ in range(2)]

    assert posted[0].id != posted[1].id


async def test_the_same_address_in_another_server_is_another_discussion(db: Database) -> None:
    here = await given_article(db)
    there = await given_article(db, 101)

    assert here.id != there.id


async def test_a_draft_takes_other_words_until_it_is_posted(db: Database) -> None:
    await given_server(db)
    article = await draft(db, a_page())

    changed = await articles.edit(db, article.id, server_id=SERVER, title=" Shorter ", summary="In short.")

    assert (changed.page.title, changed.page.summary) == ("Shorter", "In short.")
    await post(db, article)
    with pytest.raises(ArticleNotFound):
        await articles.edit(db, article.id, server_id=SERVER, title="Too late", summary="Too late.")


async def test_an_article_needs_words_that_fit(db: Database) -> None:
    await given_server(db)

    for title, summary, refusal in (
        (" ", "Text.", TitleMissing),
        ("Title", "\n", TitleMissing),
        ("t" * 257, "Text.", TextTooLong),
        ("Title", "s" * 1501, TextTooLong),
    ):
        with pytest.raises(refusal):
            await draft(db, replace(a_page(), title=title, summary=summary))


async def test_nothing_is_posted_in_a_server_that_is_not_set_up(db: Database) -> None:
    article = await draft(db, a_page())

    with pytest.raises(NotSetUp):
        await post(db, article)


async def test_an_editor_of_another_server_cannot_post_a_draft(db: Database) -> None:
    await given_server(db)
    article = await draft(db, a_page())

    with pytest.raises(ArticleNotFound):
        await articles.post(db, article.id, server_id=101, editor_id=EDITOR, now=NOW)


class Discord:
    """What was posted, and which request's answer is lost."""

    def __init__(self, *, lose: str = "") -> None:
        self.lose = lose
        self.cards: list[int] = []
        self.threads: set[int] = set()

    async def send_card(self, article: Article) -> int:
        self.cards.append(article.id)
        if self.lose == "card":
            raise OutcomeUnknown("reset")
        return 300 + len(self.cards)

    async def find_card(self, _article: Article, since: datetime) -> int | None:
        assert since == NOW
        return 300 + len(self.cards) if self.cards else None

    async def make_thread(self, article: Article) -> int:
        assert article.card_message_id is not None
        self.threads.add(article.card_message_id)
        if self.lose == "thread":
            raise OutcomeUnknown("reset")
        return article.card_message_id


@pytest.mark.parametrize("lost", ["card", "thread"])
async def test_a_lost_answer_makes_neither_a_second_card_nor_a_second_thread(db: Database, lost: str) -> None:
    await given_server(db)
    article = await post(db, await draft(db, a_page()))
    discord = Discord(lose=lost)
    acts = {"send_card": discord.send_card, "find_card": discord.find_card, "make_thread": discord.make_thread}
    with pytest.raises(OutcomeUnknown):
        await articles.publish(db, article.id, clock=CLOCK, **acts)  # type: ignore[arg-type]
    discord.lose = ""

    published = await articles.publish(db, article.id, clock=lambda: NOW + leases.SETTLE, **acts)  # type: ignore[arg-type]

    assert published is not None
    assert (published.card_message_id, published.thread_id) == (301, 301)
    assert (discord.cards, discord.threads) == ([article.id], {301})


async def test_a_posted_article_is_not_posted_again(db: Database) -> None:
    article = await given_article(db)
    discord = Discord()

    again = await articles.publish(
        db,
        article.id,
        clock=CLOCK,
        send_card=discord.send_card,
        find_card=nothing_found,
        make_thread=discord.make_thread,
    )

    assert again is None
    assert discord.cards == []
