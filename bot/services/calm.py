"""Calm: who has read many severe replies within an hour is offered the calm part of the queue."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.i18n import N_
from bot.storage import decisions, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

HOUR = timedelta(hours=1)
OFFER = N_(
    "You have decided many severe replies within an hour. Would you like the calm part of the queue for a while?"
)


async def needs_calm(db: Database, server_id: int, moderator_id: int, now: datetime) -> bool:
    """Tell whether this moderator has decided as many severe replies within the last hour as the setting says."""
    async with db.read() as conn:
        most = (await settings.load(conn, server_id)).severe_an_hour
        if not most:
            return False
        return await decisions.count_severe(conn, server_id, moderator_id, since=now - HOUR) >= most
