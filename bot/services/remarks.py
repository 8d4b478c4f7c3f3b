"""Remarks: what a moderator is told about their own decision that no card says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.models import ReplyStatus
from bot.services.guards import find_concern
from bot.storage import opinions, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply
    from bot.storage import Database

SENIOR_DECIDES = N_("Your view of {number} is recorded; a senior moderator decides.")
THIRD_DECIDES = N_("Your view of {number} is recorded; a third moderator decides, since you two disagree.")
YOURS_STANDS = N_(
    "You disagree about {number} with the moderator who had asked. There is nobody else to decide, so your decision "
    "stands; both views are in the audit."
)
CONCERNED = N_("You decided about {number}, which concerns you. It is logged that you are the only moderator here.")


async def remark_on(db: Database, reply: Reply, *, moderator_id: int, now: datetime) -> str | None:
    """A sentence with `{number}` about what this moderator has decided at that very moment; mostly None.

    `reply` is what the decision gave back: still held when it was recorded as a view alone.
    """
    async with db.read() as conn:
        given = await opinions.get_given(conn, reply, moderator_id=moderator_id, given_at=now)
        if given is not None and given.is_disputed:
            if reply.status is ReplyStatus.PENDING:
                has_role = (await settings.load(conn, reply.server_id)).senior_role_id is not None
                return SENIOR_DECIDES if has_role else THIRD_DECIDES
            return YOURS_STANDS
        return CONCERNED if await find_concern(conn, reply, moderator_id) is not None else None
