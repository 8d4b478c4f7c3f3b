"""Models to draw: an article, a reply in any state, and what a drawn message says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.i18n import languages
from bot.models import (
    Action,
    Appeal,
    Article,
    ArticleStatus,
    Author,
    Case,
    Guideline,
    Image,
    Page,
    Record,
    Reply,
    ReplyStatus,
    Report,
    ReportCard,
)
from cogs.ui.buttons import texts

if TYPE_CHECKING:
    from discord.ui import LayoutView

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
ENGLISH = languages()[0]
NASTY = "**bold [x](https://evil.example) <@1> ||spoiler|| `code` *_~ > # - \\"

ARTICLE = Article(
    id=1,
    server_id=100,
    editor_id=11,
    status=ArticleStatus.OPEN,
    page=Page(
        title="Council votes for a garden",
        summary="The car park becomes a garden.",
        url="https://paper.example/garden",
        site="The Paper",
        authors=("Ann Alder", "Bo Birch"),
        published_at=datetime(2026, 5, 3, tzinfo=UTC),
        image=Image("https://paper.example/car-park.png", "Mia Chan (CC BY 4.0)", "An empty car park"),
    ),
    created_at=NOW,
    channel_id=201,
    card_message_id=301,
    thread_id=301,
)
REPLY = Reply(
    id=7,
    number=1042,
    server_id=100,
    article_id=1,
    parent_id=None,
    author=Author(21, "Ann", None, "en-US"),
    text="A fair point.",
    revision=1,
    status=ReplyStatus.PENDING,
    submitted_at=NOW,
)
PARENT = replace(REPLY, id=6, number=1041, text="First.", status=ReplyStatus.PUBLISHED, message_id=401)
A_REPORT = Report(1, 100, 7, 31, NOW, 1, Guideline.SPAM, "Said before.")
AN_APPEAL = Appeal(
    id=1, server_id=100, reply_id=7, revision=1, opened_at=NOW, version=1, decision_id=1, action=Action.REJECT,
    first_moderator_id=12, guideline=Guideline.SPAM, reasons="It is no advertisement.",
)  # fmt: skip
A_REPORT_CARD = ReportCard(1, 100, 7, 1, NOW, 1)
DECIDED = {"decided_by": 12, "decided_at": NOW}


def a_case(*, parent: Reply | None = None, article: Article = ARTICLE, **changes: object) -> Case:
    reply = replace(REPLY, parent_id=parent.id if parent else None, **changes)
    return Case(reply, article, Record(published=3, rejected=1), parent)


def an_article(**page: object) -> Article:
    return replace(ARTICLE, page=replace(ARTICLE.page, **page))


def buttons_of(view: LayoutView) -> dict[str, str | None]:
    return {str(item.label): item.custom_id for item in view.walk_children() if isinstance(item, discord.ui.Button)}


def shown(view: LayoutView) -> str:
    return "\n".join(texts(view))
