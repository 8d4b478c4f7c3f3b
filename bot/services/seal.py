"""The seal: who breaks it is written down for the moderators, and what was repaired for the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.models import Action
from bot.storage import audit, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.storage import Database

BOT = 0  # the actor of what nobody asked for


async def keep(db: Database, server_id: int, broken: Mapping[int, Mapping[str, object]], *, now: datetime) -> bool:
    """Write down what breaks the seal now, by the id it is known by, and close what no longer does.

    `broken` gives the details that the moderators are told. True when anything is new. Safe to call often.
    """
    async with db.read() as conn:
        known = {
            trouble.subject_id
            for trouble in await troubles.list_open(conn, server_id)
            if trouble.kind == TroubleKind.SEAL_BROKEN
        }
    if known == broken.keys():
        return False
    async with db.begin() as conn:
        for subject_id in broken.keys() - known:
            details = broken[subject_id]
            await troubles.add(
                conn, server_id, TroubleKind.SEAL_BROKEN, subject_id=subject_id, details=details, now=now
            )
        for subject_id in known - broken.keys():
            await troubles.mend(conn, server_id, TroubleKind.SEAL_BROKEN, subject_id=subject_id, now=now)
    return True


async def record_repair(db: Database, server_id: int, subjects: list[int], *, now: datetime) -> None:
    """Write down that the bot took from these roles, members or channels what broke the seal."""
    async with db.begin() as conn:
        await audit.append(conn, server_id, Action.SEAL_REPAIRED, actor_id=BOT, at=now, subjects=subjects)
