"""What is still to be done in Discord for a reply: its review card, its publication, its removal."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select, update

from bot.models import Reply, ReplyStatus
from bot.storage import leases, pace
from bot.storage.appearances import is_ripe
from bot.storage.replies import reply_of
from bot.storage.tables import CARD_DUE, CARD_OUTDATED, PUBLICATION_DUE, articles, replies, servers
from bot.storage.troubles import hinders
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Server

WITHOUT_CARD = {"card_message_id": None, "card_shows": None, "card_attempted_at": None, "card_retry_at": None}


class Waiting(NamedTuple):
    """An approved reply, and where it is to appear."""

    reply_id: int
    thread_id: int
    channel_id: int


async def list_needing_publishing(
    conn: AsyncConnection, now: datetime, *, channel_id: int | None = None
) -> list[Waiting]:
    """The first approved reply of every thread, or of those of a channel, whose time has come; in their order.

    Not one that somebody is at. Those that were approved after it wait for it.
    """
    others = replies.alias()
    first = (
        select(func.min(others.c.approval))
        .where(others.c.article_id == replies.c.article_id, others.c.status == ReplyStatus.APPROVED)
        .scalar_subquery()
    )
    query = (
        select(replies.c.id, articles.c.thread_id, articles.c.channel_id)
        .join(articles, articles.c.id == replies.c.article_id)
        .join(servers, servers.c.id == replies.c.server_id)
        .where(PUBLICATION_DUE, articles.c.thread_id.is_not(None), servers.c.away_since.is_(None))
        .where(~hinders(articles, articles.c.id, TroubleKind.THREAD_GONE))
        .where(~hinders(articles, articles.c.channel_id, TroubleKind.ARTICLES_GONE))
        .where(replies.c.approval == first, leases.is_free(replies, now), is_ripe(now))
        .order_by(replies.c.approval)
    )
    if channel_id is not None:
        query = query.where(articles.c.channel_id == channel_id)
    return [Waiting(*row) for row in await conn.execute(query)]


async def list_publishable(
    conn: AsyncConnection, now: datetime, *, channel_id: int | None = None
) -> tuple[list[Waiting], datetime | None]:
    """Of these, what the pace of each channel lets through now; and when to look again for what it does not."""
    of_channel = attrgetter("channel_id")
    ready: list[Waiting] = []
    later: list[datetime] = []
    needing = await list_needing_publishing(conn, now, channel_id=channel_id)
    for channel, group in groupby(sorted(needing, key=of_channel), of_channel):
        waiting = list(group)
        free, when = await pace.get_slots(conn, channel, now)
        ready += waiting[:free]
        later += [when] if not free else []
    return ready, min(later, default=None)


async def lease_card(conn: AsyncConnection, reply_id: int, *, now: datetime) -> tuple[Reply, datetime | None] | None:
    """Take a reply to post its card, with the time that was tried first and not recorded."""
    row = await leases.take(conn, replies, reply_id, CARD_DUE, now=now)
    if row is None:
        return None
    await _set(conn, reply_id, card_attempted_at=row.card_attempted_at or now)
    return reply_of(row), row.card_attempted_at


async def lease_card_edit(conn: AsyncConnection, reply_id: int, *, now: datetime) -> bool:
    """Take a card that is out of date to draw it again; False: it is not, or somebody is at it."""
    due = (CARD_OUTDATED, leases.is_past(replies.c.card_retry_at, now))
    query = update(replies).where(replies.c.id == reply_id, *due).values(card_retry_at=now + leases.LEASE)
    return bool((await conn.execute(query.returning(replies.c.id))).one_or_none())


async def lease_publication(conn: AsyncConnection, reply_id: int, *, now: datetime) -> bool | None:
    """Take a reply to publish it. None: not due, taken, or not its turn; True: it was tried before, so look first.

    Others who decide or take a reply of this server wait for the end of the transaction.
    """
    server = select(replies.c.server_id).where(replies.c.id == reply_id).scalar_subquery()
    await conn.execute(update(servers).where(servers.c.id == server).values(id=servers.c.id))
    of_reply = select(articles.c.channel_id).join(replies, replies.c.article_id == articles.c.id)
    channel_id = (await conn.execute(of_reply.where(replies.c.id == reply_id))).scalar()
    ready, _ = await list_publishable(conn, now, channel_id=channel_id)
    if reply_id not in [waiting.reply_id for waiting in ready]:
        return None
    row = await leases.take(conn, replies, reply_id, PUBLICATION_DUE, now=now)
    if row is None:
        return None
    await _set(conn, reply_id, attempted_at=now)
    return row.attempted_at is not None


async def record_card(conn: AsyncConnection, reply: Reply, message_id: int, *, shows: str | None) -> None:
    """Remember the review card; `shows` is the `Reply.card_key` it was drawn for, None when nobody knows."""
    channel = select(servers.c.review_channel_id).where(servers.c.id == reply.server_id).scalar_subquery()
    values = {"card_message_id": message_id, "card_shows": shows, "card_attempted_at": None}
    await leases.release(conn, replies, reply.id, until=None, card_channel_id=channel, **values)


async def record_card_edit(conn: AsyncConnection, reply: Reply) -> None:
    """Remember that the card was drawn for `reply`."""
    await _set(conn, reply.id, card_shows=reply.card_key, card_retry_at=None)


async def record_publication(conn: AsyncConnection, reply_id: int, message_id: int, *, now: datetime) -> Reply | None:
    """Remember that the reply is visible; None when it was recorded already."""
    query = (
        update(replies)
        .where(replies.c.id == reply_id, replies.c.status == ReplyStatus.APPROVED)
        .values(status=ReplyStatus.PUBLISHED, message_id=message_id, published_at=now)
        .values(attempted_at=None, lease_until=None)
        .returning(*replies.c)
    )
    row = (await conn.execute(query)).one_or_none()
    return reply_of(row) if row else None


async def publish_again(conn: AsyncConnection, article_id: int) -> None:
    """The thread is gone with all its messages: what was published or on its way is due again, as it was approved."""
    visible = replies.c.status.in_([ReplyStatus.APPROVED, ReplyStatus.PUBLISHED])
    values = {"status": ReplyStatus.APPROVED, "message_id": None, "attempted_at": None, "lease_until": None}
    of_article = (replies.c.article_id == article_id, visible)
    await conn.execute(update(replies).where(*of_article).values(values | {"message_shows": None}))


async def list_held_cards(conn: AsyncConnection, server: Server) -> list[int]:
    """The review cards of held replies, in the review channel chosen now, oldest first."""
    held = (replies.c.status == ReplyStatus.PENDING, replies.c.server_id == server.id)
    here = replies.c.card_channel_id == server.review_channel_id
    cards = select(replies.c.card_message_id).where(*held, here, replies.c.card_message_id.is_not(None))
    return list((await conn.execute(cards.order_by(replies.c.card_message_id))).scalars())


async def list_cards(conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> list[int]:
    """Those of the messages that are review cards."""
    cards = (replies.c.server_id == server_id, replies.c.card_message_id.in_(list(message_ids)))
    return list((await conn.execute(select(replies.c.card_message_id).where(*cards))).scalars())


async def forget_cards(conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> None:
    """These cards are gone: held replies get new ones."""
    are_gone = (replies.c.server_id == server_id, replies.c.card_message_id.in_(list(message_ids)))
    await conn.execute(update(replies).where(*are_gone).values(WITHOUT_CARD))


async def forget_card(conn: AsyncConnection, reply: Reply) -> None:
    """The card is gone from the review channel: a held reply gets a new one, a decided one needs none."""
    is_same = replies.c.card_message_id == reply.card_message_id
    await conn.execute(update(replies).where(replies.c.id == reply.id, is_same).values(WITHOUT_CARD))


async def put_off_card(conn: AsyncConnection, reply_id: int, *, until: datetime | None, forget: bool = False) -> None:
    """Let go of a reply until then; `forget` when its card certainly was not posted."""
    values = {"card_attempted_at": None} if forget else {}
    await leases.release(conn, replies, reply_id, until=until, **values)


async def put_off_card_edit(conn: AsyncConnection, reply_id: int, *, until: datetime) -> None:
    """Neither edit nor delete a card of this reply before then."""
    await _set(conn, reply_id, card_retry_at=until)


async def put_off_publication(conn: AsyncConnection, reply_id: int, *, until: datetime, forget: bool = False) -> None:
    """Let go of a reply until then; `forget` when it certainly was not published."""
    values = {"attempted_at": None} if forget else {}
    await leases.release(conn, replies, reply_id, until=until, **values)


async def get_superseded_card(conn: AsyncConnection, reply_id: int) -> tuple[int, int] | None:
    """(channel's id, message's id) of the card that is to be deleted."""
    columns = (replies.c.superseded_card_channel_id, replies.c.superseded_card_message_id)
    row = (await conn.execute(select(*columns).where(replies.c.id == reply_id))).one_or_none()
    return (row[0], row[1]) if row is not None and row[0] is not None and row[1] is not None else None


async def forget_superseded_card(conn: AsyncConnection, reply_id: int, message_id: int) -> None:
    """The card of an earlier revision is gone."""
    gone = replies.c.superseded_card_message_id == message_id
    await conn.execute(update(replies).where(replies.c.id == reply_id, gone).values(superseded_card_message_id=None))


async def get_last_message_id(conn: AsyncConnection, article_id: int) -> int | None:
    """The newest message that is recorded in the article's thread: what comes after it may be unrecorded."""
    query = select(func.max(replies.c.message_id)).where(replies.c.article_id == article_id)
    last: int | None = (await conn.execute(query)).scalar_one()
    return last


async def _set(conn: AsyncConnection, reply_id: int, **values: object) -> None:
    await conn.execute(update(replies).where(replies.c.id == reply_id).values(values))
