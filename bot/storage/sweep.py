"""What is still to be done in Discord: the kinds of work, and the rows of which each is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import and_, exists, false, func, null, or_, select, true, update

from bot.models import ReplyStatus
from bot.storage import claims, discussions, leases, notices, tables
from bot.storage.appearances import is_ripe
from bot.storage.troubles import hinders
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Column, ColumnElement, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

BATCH = 100  # rows that one look at a list takes


# The card of an approved reply is left as it is for so long: once the reply is published, one edit shows both.
CARD_PATIENCE = timedelta(minutes=10)
SOON = timedelta(minutes=1)  # but of one that appears later, the card says so and offers Undo


class Kind(NamedTuple):
    """A kind of work: the rows of a table of which it is due, and the column that says from when."""

    table: Table
    due: ColumnElement[bool]
    until: Column[datetime]
    is_ripe: Callable[[datetime], ColumnElement[bool]] | None = None

    def is_due(self, now: datetime) -> ColumnElement[bool]:
        """The condition that it can be done now."""
        due = and_(self.due, leases.is_past(self.until, now))
        return and_(due, self.is_ripe(now)) if self.is_ripe else due


def _present(table: Table, due: ColumnElement[bool]) -> ColumnElement[bool]:
    """What belongs to a server waits while the bot does not see it."""
    servers = select(tables.servers.c.id).where(tables.servers.c.away_since.is_(None))
    return and_(due, _server_of(table).in_(servers))


def _server_of(table: Table) -> ColumnElement[int]:
    """The column as it is, so that a database takes the index of the few rows that are due, not of all of a server."""
    return func.coalesce(table.c.server_id, null())


def _in_review(table: Table, due: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is posted in the review channel waits until one is chosen in which the bot may post."""
    servers = tables.servers
    chosen = select(servers.c.id).where(servers.c.review_channel_id.is_not(None))
    of_server = select(servers.c.review_channel_id).where(servers.c.id == table.c.server_id)
    channel = of_server.correlate(table).scalar_subquery()
    hindered = hinders(table, channel, TroubleKind.REVIEW_GONE, TroubleKind.PERMISSION_MISSING)
    return and_(_present(table, due), _server_of(table).in_(chosen), ~hindered)


def _article(due: ColumnElement[bool], gone: TroubleKind) -> ColumnElement[bool]:
    """An article waits until the bot may post in its channel, and for a person when what is named was deleted."""
    table = tables.articles
    no_channel = hinders(table, table.c.channel_id, TroubleKind.ARTICLES_GONE, TroubleKind.PERMISSION_MISSING)
    return and_(_present(table, due), ~no_channel, ~hinders(table, table.c.id, gone))


def _is_not_about_to_appear(now: datetime) -> ColumnElement[bool]:
    replies = tables.replies.c
    lately = replies.decided_at.between(now - CARD_PATIENCE, now + CARD_PATIENCE)
    waits = func.coalesce(replies.appears_at > now + SOON, false())
    return or_(replies.status != ReplyStatus.APPROVED, ~lately, waits)


def _is_worth_an_edit(now: datetime) -> ColumnElement[bool]:
    return and_(_is_not_about_to_appear(now), func.coalesce(~claims.is_just_claimed(now), true()))


def _kind(table: Table, due: ColumnElement[bool], until: str = "lease_until") -> Kind:
    return Kind(table, due, table.c[until])


KINDS = {
    "article": _kind(tables.articles, _article(tables.ARTICLE_DUE, TroubleKind.CARD_GONE)),
    "thread": _kind(tables.articles, _article(discussions.DUE, TroubleKind.THREAD_GONE)),
    "card": _kind(tables.replies, _in_review(tables.replies, tables.CARD_DUE)),
    "outdated card": _kind(tables.replies, _present(tables.replies, tables.CARD_OUTDATED), "card_retry_at")._replace(
        is_ripe=_is_worth_an_edit
    ),
    "superseded card": _kind(tables.replies, _present(tables.replies, tables.CARD_SUPERSEDED), "card_retry_at"),
    "publication": _kind(tables.replies, _present(tables.replies, tables.PUBLICATION_DUE))._replace(is_ripe=is_ripe),
    "removal": _kind(tables.replies, _present(tables.replies, tables.REMOVAL_DUE)),
    "restoration": _kind(tables.replies, _present(tables.replies, tables.RESTORATION_DUE)),
    "hiding": _kind(tables.replies, _present(tables.replies, tables.HIDING_DUE)),
    "report": _kind(tables.report_cards, _in_review(tables.report_cards, tables.REPORT_DUE)),
    "outdated report": _kind(tables.report_cards, _present(tables.report_cards, tables.REPORT_OUTDATED)),
    "appeal": _kind(tables.appeals, _in_review(tables.appeals, tables.APPEAL_DUE)),
    "outdated appeal": _kind(tables.appeals, _present(tables.appeals, tables.APPEAL_OUTDATED)),
    "bulletin": _kind(tables.bulletins, _in_review(tables.bulletins, tables.BULLETIN_DUE)),
    "guidelines": _kind(tables.guideline_cards, _present(tables.guideline_cards, tables.GUIDELINES_DUE)),
    "notice": _kind(tables.notices, tables.NOTICE_DUE)._replace(is_ripe=notices.is_ripe),
    "timeout": _kind(tables.sanctions, _present(tables.sanctions, tables.TIMEOUT_DUE)),
    "trouble": _kind(tables.troubles, _present(tables.troubles, tables.TROUBLE_DUE)),
}


async def look(conn: AsyncConnection, now: datetime) -> list[str]:
    """The kinds of work of which something is due and free."""
    query = select(*(exists().where(kind.is_due(now)) for kind in KINDS.values()))
    found = (await conn.execute(query)).one()
    return [kind for kind, is_due in zip(KINDS, found, strict=True) if is_due]


async def list_due(conn: AsyncConnection, kind: str, now: datetime, *, limit: int = BATCH) -> list[int]:
    """The ids of rows of which this kind of work is due and that nobody holds, oldest first."""
    work = KINDS[kind]
    query = select(work.table.c.id).where(work.is_due(now))
    query = query.order_by(work.table.c.id).limit(limit)
    return list((await conn.execute(query)).scalars())


async def release(conn: AsyncConnection, server_id: int) -> None:
    """Let what was put off after a refusal be tried at once; what may have been carried out goes on waiting.

    A removal under way may be begun again by this, which does no harm. Edits of cards wait all the same:
    nothing tells a refused one from one that may still be carried out, over what is drawn by then.
    """
    replies, articles, reports, appeals = tables.replies, tables.articles, tables.report_cards, tables.appeals
    is_refused = and_(replies.c.attempted_at.is_(None), replies.c.card_attempted_at.is_(None))
    for table, refused in (
        (replies, is_refused),
        (articles, articles.c.attempted_at.is_(None)),
        (tables.guideline_cards, tables.guideline_cards.c.attempted_at.is_(None)),
        (tables.sanctions, tables.TIMEOUT_DUE),
        (reports, and_(tables.REPORT_DUE, reports.c.attempted_at.is_(None))),
        (appeals, and_(tables.APPEAL_DUE, appeals.c.attempted_at.is_(None))),
        (tables.bulletins, and_(tables.BULLETIN_DUE, tables.bulletins.c.attempted_at.is_(None))),
    ):
        waiting = update(table).where(table.c.server_id == server_id, refused, table.c.lease_until.is_not(None))
        await conn.execute(waiting.values(lease_until=None))
