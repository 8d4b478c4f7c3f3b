"""Penalties: a strike or a sanction with all that its member is told beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.models import Outcome, Penalty, ReplyStatus
from bot.storage import deciders, guidelines, sanctions, servers, strikes
from bot.storage import replies as stored_replies
from bot.storage.tables import bulk_items, replies

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Guideline, Notice, Sanction, Strike


async def get(conn: AsyncConnection, notice: Notice) -> Penalty | None:
    """What a notice is about."""
    strike = await strikes.get(conn, notice.strike_id) if notice.strike_id is not None else None
    sanction = await sanctions.get(conn, notice.sanction_id) if notice.sanction_id is not None else None
    return await complete(conn, strike=strike, sanction=sanction)


async def complete(
    conn: AsyncConnection, *, strike: Strike | None = None, sanction: Sanction | None = None
) -> Penalty | None:
    """Add the guideline, the passages and the language of the member; None when there is nothing."""
    about = sanction or strike
    if about is None:
        return None
    if strike is None and sanction is not None and sanction.strike_id is not None:
        strike = await strikes.get(conn, sanction.strike_id)
    reply = await stored_replies.get(conn, about.reply_id) if about.reply_id is not None else None
    unlifted = await sanctions.list_unlifted(conn, about.server_id, about.member_id)
    passages = strike.passages if strike is not None else reply.passages if reply is not None else ()
    return Penalty(
        server_id=about.server_id,
        member_id=about.member_id,
        language=await _language(conn, about.server_id, about.member_id),
        strike=strike,
        sanction=sanction,
        number=reply.number if reply is not None else None,
        passages=passages,
        guideline=about.guideline,
        cited=await guidelines.get_wording(conn, about.wording_id) if about.wording_id is not None else None,
        sentence=about.sentence,
        decider_id=await deciders.get_of_penalty(conn, about),
        others=tuple(each for each in unlifted if sanction is None or each.id != sanction.id),
        swept=await _swept(conn, sanction) if sanction is not None and sanction.bulk_id is not None else (),
    )


async def cite(
    conn: AsyncConnection, server_id: int, member_id: int, guideline: Guideline | None, *, now: datetime
) -> int | None:
    """The id of the words that the member reads of a guideline today; None: none is named."""
    return await guidelines.cite(conn, server_id, guideline, await _language(conn, server_id, member_id), now=now)


async def _swept(conn: AsyncConnection, ban: Sanction) -> tuple[int, ...]:
    standing = (Outcome.DONE, ReplyStatus.REJECTED) if ban.lifted_at is None else (Outcome.UNDONE, ReplyStatus.PENDING)
    query = select(replies.c.number).join(bulk_items, bulk_items.c.reply_id == replies.c.id)
    query = query.where(bulk_items.c.bulk_id == ban.bulk_id)
    query = query.where(bulk_items.c.outcome == standing[0], replies.c.status == standing[1])
    return tuple((await conn.execute(query.order_by(replies.c.number))).scalars())


async def _language(conn: AsyncConnection, server_id: int, member_id: int) -> str:
    """The language of the member's last reply, or the server's."""
    sent = (replies.c.server_id == server_id, replies.c.author_id == member_id)
    query = select(replies.c.author_language).where(*sent).order_by(replies.c.id.desc()).limit(1)
    language: str | None = (await conn.execute(query)).scalar_one_or_none()
    return language or (await servers.get(conn, server_id)).language
