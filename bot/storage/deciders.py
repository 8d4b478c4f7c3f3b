"""Deciders: which moderator an author may be told of, where the server names them; the audit always does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import ReplyStatus, Sanction
from bot.storage import appeals, opinions, settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.models import Reply, Strike

UNDECIDED = (ReplyStatus.PENDING, ReplyStatus.WITHDRAWN)


async def get_of_reply(conn: AsyncConnection, reply: Reply) -> int | None:
    """Who decided the reply; None where nobody is to be named, as after a second opinion or an appeal."""
    if reply.status in UNDECIDED or reply.decided_by is None:
        return None
    if not (await settings.load(conn, reply.server_id)).name_moderators:
        return None
    is_of_several = await opinions.get_second(conn, reply) or await appeals.get_latest(conn, reply)
    return None if is_of_several else reply.decided_by


async def get_of_penalty(conn: AsyncConnection, about: Strike | Sanction) -> int | None:
    """Who gave a strike or imposed a sanction; None likewise, and when it was the ladder or somebody unknown."""
    is_ladder = isinstance(about, Sanction) and about.strike_id is not None
    if is_ladder or not (await settings.load(conn, about.server_id)).name_moderators:
        return None
    return about.moderator_id or None
