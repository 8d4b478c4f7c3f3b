"""Replies: what members wrote and where each stands."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, null, or_, select, update

from bot.errors import DuplicateReply
from bot.models import CHANGEABLE, CLAIM, Author, Badge, Guideline, Reply, ReplyStatus
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Draft

UNDECIDED: dict[str, Any] = {
    "decided_by": None,
    "decided_at": None,
    "by_role": False,
    "guideline": None,
    "sentence": None,
    "passages": None,
    "appears_at": None,
}

TURN = timedelta(minutes=10)  # that a reply waits longer for each one its author has sent on the article before
MOST_TURNS = 4

# Another card will take the place of the one there is.
SUPERSEDED: dict[str, Any] = {
    "card_message_id": None,
    "card_shows": None,
    "superseded_card_message_id": replies.c.card_message_id,
    "superseded_card_channel_id": replies.c.card_channel_id,
}


async def get(conn: AsyncConnection, reply_id: int, *, server_id: int | None = None) -> Reply | None:
    """The reply; None too when it belongs to another server than the one named."""
    query = select(replies).where(replies.c.id == reply_id)
    if server_id is not None:
        query = query.where(replies.c.server_id == server_id)
    return await _one(conn, query)


async def get_by_number(conn: AsyncConnection, server_id: int, number: int) -> Reply | None:
    """The reply that people of this server call #number."""
    return await _one(conn, select(replies).where(replies.c.server_id == server_id, replies.c.number == number))


async def list_by_author(
    conn: AsyncConnection, server_id: int, author_id: int, *, limit: int = 25, offset: int = 0
) -> list[Reply]:
    """An author's replies in this server, newest first."""
    query = (
        select(replies)
        .where(replies.c.server_id == server_id, replies.c.author_id == author_id)
        .order_by(replies.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [reply_of(row) for row in await conn.execute(query)]


async def insert_held(
    conn: AsyncConnection,
    draft: Draft,
    *,
    number: int,
    fingerprint: str,
    now: datetime,
    badge: Badge | None = None,
) -> Reply | None:
    """Hold a draft; None when the same form or the same text of this author is stored already.

    Who has spoken on this article before waits a little longer, so that first voices come before fifth ones.
    """
    voice = await _count_sent(conn, draft.article_id, draft.author.id)
    new = (
        insert(conn, replies)
        .values(
            server_id=draft.server_id,
            number=number,
            article_id=draft.article_id,
            parent_id=draft.parent_id,
            author_id=draft.author.id,
            author_name=draft.author.name,
            author_avatar_url=draft.author.avatar_url,
            author_language=draft.author.language,
            interaction_id=draft.interaction_id,
            text=draft.text,
            fingerprint=fingerprint,
            revision=1,
            status=ReplyStatus.PENDING,
            submitted_at=now,
            queued_at=now + min(voice, MOST_TURNS) * TURN,
            voice=voice,
            author_joined_at=draft.author.joined_at,
            badge=badge,
        )
        .on_conflict_do_nothing()
        .returning(*replies.c)
    )
    row = (await conn.execute(new)).one_or_none()
    return reply_of(row) if row else None


async def _count_sent(conn: AsyncConnection, article_id: int, author_id: int) -> int:
    """How many replies this author has sent on this article and not withdrawn, up to MOST_TURNS."""
    sent = (replies.c.article_id == article_id, replies.c.author_id == author_id)
    some = select(replies.c.id).where(*sent, replies.c.status != ReplyStatus.WITHDRAWN).limit(MOST_TURNS)
    return (await conn.execute(select(func.count()).select_from(some.subquery()))).scalar_one()


async def get_by_interaction(conn: AsyncConnection, interaction_id: int) -> Reply | None:
    """The reply that this very form brought."""
    return await _one(conn, select(replies).where(replies.c.interaction_id == interaction_id))


async def get_twin(conn: AsyncConnection, article_id: int, author_id: int, fingerprint: str) -> Reply | None:
    """The author's reply on this article with the same text, unless it was withdrawn."""
    query = select(replies).where(
        replies.c.article_id == article_id,
        replies.c.author_id == author_id,
        replies.c.fingerprint == fingerprint,
        replies.c.status != ReplyStatus.WITHDRAWN,
    )
    return await _one(conn, query)


async def revise(conn: AsyncConnection, reply: Reply, *, text: str, fingerprint: str, now: datetime) -> Reply | None:
    """Hold another text in the place of the reply's; None when it is no longer held as `reply` says.

    After a request for changes it gets a card of its own, and goes to who asked first. Raises DuplicateReply when
    another reply of the author has this text.
    """
    twin = await get_twin(conn, reply.article_id, reply.author.id, fingerprint)
    if twin is not None and twin.id != reply.id:
        raise DuplicateReply(twin)
    values: dict[str, Any] = {
        "text": text,
        "fingerprint": fingerprint,
        "revision": replies.c.revision + 1,
        "status": ReplyStatus.PENDING,
        **UNDECIDED,
    }
    if reply.status == ReplyStatus.CHANGES_REQUESTED:
        values |= {name: _unless_another_waits(name, value) for name, value in SUPERSEDED.items()}
        values |= {"claimed_by": reply.decided_by, "claimed_until": now + CLAIM}
    query = (
        update(replies)
        .where(replies.c.id == reply.id, replies.c.status == reply.status, replies.c.revision == reply.revision)
        .values(values)
        .returning(*replies.c)
    )
    return await _one(conn, query)


def _unless_another_waits(name: str, value: Any) -> Any:
    """The value, unless the card before is not deleted yet: then the present one stays, and none is forgotten."""
    return case(
        (replies.c.superseded_card_message_id.is_(None), null() if value is None else value), else_=replies.c[name]
    )


async def withdraw(conn: AsyncConnection, reply_id: int, *, now: datetime) -> Reply | None:
    """Take a reply back; None when it is decided otherwise, or on its way into the thread."""
    on_hold = (replies.c.status == ReplyStatus.APPROVED) & replies.c.attempted_at.is_(None)
    query = (
        update(replies)
        .where(replies.c.id == reply_id, or_(replies.c.status.in_(CHANGEABLE), on_hold))
        .values(status=ReplyStatus.WITHDRAWN, decided_at=now)
        .returning(*replies.c)
    )
    return await _one(conn, query)


async def undo_approval(conn: AsyncConnection, reply_id: int) -> Reply | None:
    """Hold an approved reply again; None when it is not approved, or on its way into the thread."""
    query = (
        update(replies)
        .where(replies.c.id == reply_id, replies.c.status == ReplyStatus.APPROVED, replies.c.attempted_at.is_(None))
        .values(status=ReplyStatus.PENDING, approval=None, **UNDECIDED)
        .returning(*replies.c)
    )
    return await _one(conn, query)


async def decide(
    conn: AsyncConnection, reply_id: int, *, expected: ReplyStatus, revision: int, status: ReplyStatus, **values: Any
) -> Reply | None:
    """Decide a reply that still has the expected status and revision; None when somebody was faster."""
    values = {"by_role": False, **values, "passages": json.dumps(values.get("passages", []))}
    query = (
        update(replies)
        .where(replies.c.id == reply_id, replies.c.status == expected, replies.c.revision == revision)
        .values(status=status, claimed_by=None, claimed_until=None, **values)
        .returning(*replies.c)
    )
    return await _one(conn, query)


async def send_back(conn: AsyncConnection, reply_id: int) -> Reply | None:
    """Hold an approved reply again, undecided; None when it is not approved any more."""
    query = (
        update(replies)
        .where(replies.c.id == reply_id, replies.c.status == ReplyStatus.APPROVED)
        .values(status=ReplyStatus.PENDING, approval=None, attempted_at=None, lease_until=None, **UNDECIDED)
        .returning(*replies.c)
    )
    return await _one(conn, query)


async def supersede_cards(conn: AsyncConnection, server_id: int) -> None:
    """Have every held reply of the server get a new card, since there is another review channel."""
    held = (replies.c.server_id == server_id, replies.c.status == ReplyStatus.PENDING)
    await conn.execute(update(replies).where(*held, replies.c.card_message_id.is_not(None)).values(SUPERSEDED))


async def adopt_card(conn: AsyncConnection, reply_id: int, *, channel_id: int, message_id: int) -> None:
    """Remember a card that was pressed before it was recorded; whoever posts it holds the row and records it, too."""
    new = (replies.c.id == reply_id, replies.c.card_message_id.is_(None))
    await conn.execute(update(replies).where(*new).values(card_message_id=message_id, card_channel_id=channel_id))


async def record_card_shown(conn: AsyncConnection, reply_id: int, *, shows: str, now: datetime) -> None:
    """Remember what a press on the review card has drawn: a `Reply.card_key`. An edit under way may draw over it."""
    no_edit = leases.is_past(replies.c.card_retry_at, now)
    await conn.execute(update(replies).where(replies.c.id == reply_id, no_edit).values(card_shows=shows))


def reply_of(row: Row[Any]) -> Reply:
    """The reply in a row of this table."""
    return Reply(
        id=row.id,
        number=row.number,
        server_id=row.server_id,
        article_id=row.article_id,
        parent_id=row.parent_id,
        author=Author(row.author_id, row.author_name, row.author_avatar_url, row.author_language, row.author_joined_at),
        text=row.text,
        revision=row.revision,
        status=ReplyStatus(row.status),
        submitted_at=row.submitted_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        guideline=Guideline(row.guideline) if row.guideline else None,
        sentence=row.sentence,
        card_message_id=row.card_message_id,
        card_shows=row.card_shows,
        card_channel_id=row.card_channel_id,
        message_id=row.message_id,
        attempted_at=row.attempted_at,
        card_attempted_at=row.card_attempted_at,
        card_version=row.card_version,
        queued_at=row.queued_at,
        voice=row.voice,
        severity=row.severity,
        blurred=row.blurred,
        claimed_by=row.claimed_by,
        claimed_until=row.claimed_until,
        appears_at=row.appears_at,
        copy_of_id=row.copy_of_id,
        passages=tuple(json.loads(row.passages or "[]")),
        hidden=row.hidden,
        badge=Badge(row.badge) if row.badge else None,
        by_role=row.by_role,
        appealed=row.appealed,
    )


async def _one(conn: AsyncConnection, query: Any) -> Reply | None:
    row = (await conn.execute(query)).one_or_none()
    return reply_of(row) if row else None
