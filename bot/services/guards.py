"""Guards: nobody decides what concerns them, unless the server has declared that there is nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import DecisionAppealed, OwnReply, ReplyToYou, ReportedByYou
from bot.models import Action, AppealOutcome
from bot.storage import appeals, audit, opinions, replies, reports, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply
    from bot.storage import Connection


async def find_concern(conn: Connection, reply: Reply, moderator_id: int) -> OwnReply | None:
    """Why this moderator is no judge of the reply; None: they are.

    It is theirs, it answers one of theirs, or they have reported it and that is not decided yet. An appeal is not
    decided by who took the decision, advised it as one of two, or had reported the reply; nor is an upheld one undone.
    """
    if reply.author.id == moderator_id:
        return OwnReply()
    parent = await replies.get(conn, reply.parent_id) if reply.parent_id is not None else None
    if parent is not None and parent.author.id == moderator_id:
        return ReplyToYou()
    if await reports.has_open(conn, reply.id, moderator_id):
        return ReportedByYou()
    return await _find_part_in_appeal(conn, reply, moderator_id)


async def require_unconcerned(conn: Connection, reply: Reply, moderator_id: int) -> None:
    """Raise OwnReply, ReplyToYou, ReportedByYou or DecisionAppealed, unless this is the only moderator there is.

    How many people have a role only a privileged intent would tell, so an administrator says it by a setting.
    """
    concern = await find_concern(conn, reply, moderator_id)
    if concern is not None and not (await settings.load(conn, reply.server_id)).only_moderator:
        raise concern


async def log_concern(conn: Connection, reply: Reply, action: Action, *, moderator_id: int, now: datetime) -> None:
    """Write down, beside a decision, that who took it was concerned by it."""
    concern = await find_concern(conn, reply, moderator_id)
    await write_down(conn, reply, concern, action, moderator_id=moderator_id, now=now)


async def write_down(
    conn: Connection, reply: Reply, concern: OwnReply | None, action: Action, *, moderator_id: int, now: datetime
) -> None:
    """Likewise, of what was found before; None: nothing."""
    if concern is not None:
        about = {"number": reply.number, "decision": action, "concern": type(concern).__name__}
        await audit.append(
            conn,
            reply.server_id,
            Action.ONLY_MODERATOR,
            actor_id=moderator_id,
            at=now,
            subject_id=reply.id,
            **about,
        )


async def _find_part_in_appeal(conn: Connection, reply: Reply, moderator_id: int) -> OwnReply | None:
    appeal = await appeals.get_latest(conn, reply)
    if appeal is None or appeal.outcome not in (None, AppealOutcome.UPHELD):
        return None
    if appeal.first_moderator_id == moderator_id:
        return DecisionAppealed()
    if appeal.outcome is not None:
        return None
    opinion = await opinions.get_second(conn, reply)
    views = {opinion.asked_by: opinion.first, opinion.moderator_id: opinion.second} if opinion is not None else {}
    view = views.get(moderator_id)
    if view is not None and view.action == appeal.action:
        return DecisionAppealed()
    return ReportedByYou() if await reports.get_of(conn, reply, moderator_id) is not None else None
