"""What the tests of the services begin with: a server, an article that is open, replies in each state."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from bot.models import Article, Author, Draft, Page, Reply, Report, Reporter, Server
from bot.services import articles, publishing, replies, reports, review, servers
from bot.storage import Database
from bot.storage import articles as stored_articles
from bot.storage import settings as stored_settings

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
SERVER = 100
EDITOR, MODERATOR, OTHER_MODERATOR, ANN, BORIS = 11, 12, 13, 21, 22
ARTICLES, REVIEW, CARD, THREAD = 201, 202, 301, 301


interactions = count(1)


def CLOCK() -> datetime:  # noqa: N802 - a clock that stands still
    return NOW


def a_page(title: str = "Council votes for a garden", *, address: str | None = "https://paper.example/garden") -> Page:
    return Page(title=title, summary="The car park becomes a garden.", url=address, canonical_url=address)


async def given_server(db: Database, server_id: int = SERVER) -> Server:
    chosen = Server(server_id, ARTICLES, REVIEW, moderator_role_id=1, editor_role_id=2)
    server = await servers.set_up(db, chosen, actor_id=1, now=NOW)
    await publish_at_once(db, server_id)
    return server


async def publish_at_once(db: Database, server_id: int = SERVER) -> None:
    """Let no approval wait for the grace time."""
    async with db.begin() as conn:
        await stored_settings.put(conn, server_id, "grace_time", 0)


async def given_article(db: Database, server_id: int = SERVER, *, page: Page | None = None) -> Article:
    """An open article with its card and thread."""
    await given_server(db, server_id)
    draft = await articles.draft(db, page or a_page(), server_id=server_id, editor_id=EDITOR, now=NOW)
    article = await articles.post(db, draft.id, server_id=server_id, editor_id=EDITOR, now=NOW)
    async with db.begin() as conn:
        await stored_articles.record_card(conn, article.id, CARD)
        await stored_articles.record_thread(conn, article.id, THREAD)
    return article


def a_draft(article: Article, text: str = "A fair point.", *, author: int = ANN, parent: Reply | None = None) -> Draft:
    return Draft(
        server_id=article.server_id,
        article_id=article.id,
        parent_id=parent.id if parent else None,
        author=Author(author, f"member {author}", None, "en-US"),
        text=text,
        interaction_id=next(interactions),
    )


async def given_reply(db: Database, article: Article, text: str = "A fair point.", *, author: int = ANN) -> Reply:
    """A held reply."""
    return (await replies.submit(db, a_draft(article, text, author=author), now=NOW)).reply


async def approve(db: Database, reply: Reply, *, moderator: int = MODERATOR, revision: int | None = None) -> Reply:
    return await review.approve(
        db, reply.id, server_id=reply.server_id, moderator_id=moderator, revision=revision or reply.revision, now=NOW
    )


async def given_published(db: Database, article: Article, text: str = "A fair point.", *, message: int = 401) -> Reply:
    """A reply that is visible as this message."""
    reply = await approve(db, await given_reply(db, article, text))

    async def post(_case: object) -> int:
        return message

    published = await publishing.publish(db, reply.id, clock=CLOCK, post=post, find=nothing_found)
    assert published is not None
    return published


async def report(
    db: Database,
    reply: Reply,
    *,
    by: int = BORIS,
    guideline: str = "spam",
    sentence: str | None = None,
    joined_at: datetime | None = None,
    now: datetime = NOW,
) -> Report:
    """A member's complaint about a published reply."""
    reporter = Reporter(by, "ru", joined_at)
    about = {"server_id": reply.server_id, "reporter": reporter, "guideline": guideline, "sentence": sentence}
    return await reports.report(db, reply.id, now=now, **about)


async def nothing_found(*_: object) -> None:
    """No earlier attempt left a message."""
