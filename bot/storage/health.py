"""How the work stands: what should have been sent by now, and how long replies have been held."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, func, or_, select

from bot.models import ReplyStatus
from bot.storage.sweep import KINDS
from bot.storage.tables import appeals, articles, bulletins, notices, replies, report_cards, revisions, servers

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

# In a healthy bot nothing is due for so long, whatever Discord's limits are.
LATE = timedelta(minutes=2)
# A publication waits its turn for longer, as long as others appear in its channel; but not for as long as this.
LATEST_PUBLICATION = timedelta(hours=1)
# Direct messages are few a day on purpose; one that is older than a day is given up.
LATE_NOTICE = timedelta(hours=25)

# From when on each kind of work has been due. Cards that only show an earlier state are nothing that anybody waits for.
_written_at = select(func.max(revisions.c.written_at)).where(revisions.c.reply_id == replies.c.id).scalar_subquery()
SINCE: dict[str, ColumnElement[Any]] = {
    "article": articles.c.posted_at,
    "card": _written_at,
    "publication": func.coalesce(replies.c.appears_at, replies.c.decided_at),
    "removal": replies.c.decided_at,
    "restoration": replies.c.decided_at,
    "hiding": select(func.max(report_cards.c.hidden_at))
    .where(report_cards.c.reply_id == replies.c.id)
    .scalar_subquery(),
    "report": report_cards.c.opened_at,
    "appeal": appeals.c.opened_at,
    "bulletin": bulletins.c.created_at,
    "notice": notices.c.created_at,
}


async def count_unsent(conn: AsyncConnection, now: datetime) -> dict[str, int]:
    """How many rows of each kind have been due for longer than is usual; kinds with none are left out.

    What waits for its turn under a limit of Discord, for `/setup`, or for a server that is away is not counted.
    """
    found = {
        kind: await conn.scalar(
            select(func.count()).select_from(KINDS[kind].table).where(KINDS[kind].due, _is_late(kind, now))
        )
        for kind in SINCE
    }
    return {kind: number for kind, number in found.items() if number}


async def get_oldest_pending(conn: AsyncConnection) -> datetime | None:
    """When the reply that has been held longest was sent, in the servers that the bot sees; None: none is held."""
    present = select(servers.c.id).where(servers.c.away_since.is_(None))
    query = select(func.min(replies.c.submitted_at)).where(
        replies.c.status == ReplyStatus.PENDING, replies.c.server_id.in_(present)
    )
    oldest: datetime | None = await conn.scalar(query)
    return oldest


def _is_late(kind: str, now: datetime) -> ColumnElement[bool]:
    since = SINCE[kind]
    if kind == "notice":
        return since <= now - LATE_NOTICE
    if kind == "publication":
        return and_(since <= now - LATE, or_(since <= now - LATEST_PUBLICATION, ~_moves(now)))
    return since <= now - LATE


def _moves(now: datetime) -> ColumnElement[bool]:
    """The condition that another reply has just appeared in the same channel."""
    here, there, other = articles.alias(), articles.alias(), replies.alias()
    return (
        exists()
        .where(here.c.id == replies.c.article_id, there.c.channel_id == here.c.channel_id)
        .where(other.c.article_id == there.c.id, other.c.published_at.between(now - LATE, now))
        .correlate(replies)
    )
