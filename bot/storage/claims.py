"""Claims: a held reply is one moderator's for a while, as long as nobody takes it over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, case, cast, literal, or_, update

from bot.models import CLAIM, ReplyStatus
from bot.storage.columns import Moment
from bot.storage.replies import reply_of
from bot.storage.tables import replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply

# The card shows a claim only once it is as old as this: most replies are decided, or skipped, before.
PATIENCE = timedelta(seconds=5)

_PENDING = replies.c.status == ReplyStatus.PENDING
_NEXT = replies.c.card_version + 1


async def take(conn: AsyncConnection, reply_id: int, moderator_id: int, *, now: datetime, over: bool) -> Reply | None:
    """Give a held reply to a moderator; None when it is not held, or another has it and it is not taken over.

    A claim of their own is made longer only in its second half, so that the card need not be drawn each time.
    """
    is_own = and_(replies.c.claimed_by == moderator_id, replies.c.claimed_until > now + CLAIM / 2)
    claim = (
        update(replies)
        .where(replies.c.id == reply_id, _PENDING, *([] if over else [is_free_for(moderator_id, now)]))
        .values(
            claimed_by=moderator_id,
            claimed_until=case((is_own, replies.c.claimed_until), else_=literal(now + CLAIM, Moment)),
            card_version=case((is_own, replies.c.card_version), else_=_NEXT),
        )
        .returning(*replies.c)
    )
    row = (await conn.execute(claim)).one_or_none()
    return reply_of(row) if row else None


async def release(conn: AsyncConnection, reply_id: int, moderator_id: int, *, now: datetime) -> Reply | None:
    """Let go of a held reply; None when this moderator does not have it.

    Where the card has not shown the claim yet, it shows already what it has to.
    """
    before = replies.c.card_version - 1
    is_unseen = and_(_is_young(now), replies.c.card_shows == _head() + cast(before, Text))
    mine = (replies.c.claimed_by == moderator_id, replies.c.claimed_until > now)
    query = (
        update(replies)
        .where(replies.c.id == reply_id, _PENDING, *mine)
        .values(claimed_by=None, claimed_until=None, card_version=case((is_unseen, before), else_=_NEXT))
        .returning(*replies.c)
    )
    row = (await conn.execute(query)).one_or_none()
    return reply_of(row) if row else None


async def give_up(conn: AsyncConnection, reply_id: int) -> None:
    """Let somebody else judge a held reply, whoever has it, and have its card drawn again."""
    freed = {"claimed_by": None, "claimed_until": None, "card_version": _NEXT}
    await conn.execute(update(replies).where(replies.c.id == reply_id, _PENDING).values(freed))


def is_free_for(moderator_id: int, now: datetime) -> ColumnElement[bool]:
    """The condition that no other moderator has the reply."""
    return or_(replies.c.claimed_until.is_(None), replies.c.claimed_until <= now, replies.c.claimed_by == moderator_id)


def is_just_claimed(now: datetime) -> ColumnElement[bool]:
    """The condition that a card shows all but a claim, or the like, and the claim is very young."""
    return and_(_PENDING, _is_young(now), replies.c.card_shows.startswith(_head()))


def _is_young(now: datetime) -> ColumnElement[bool]:
    return replies.c.claimed_until.between(now + CLAIM - PATIENCE, now + CLAIM + PATIENCE)


def _head() -> ColumnElement[str]:
    """The beginning of `Reply.card_key`."""
    return replies.c.status + ":" + cast(replies.c.revision, Text) + ":"
