"""The seal guard: what is to become of a message that somebody typed where only the bot publishes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from bot.models import Action
from bot.storage import audit, discussions, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database


class Verdict(StrEnum):
    """The values of the setting `seal_guard`, and OURS: the bot itself published it."""

    DELETE = "delete"
    WARN = "warn"
    OFF = "off"
    OURS = "ours"


async def judge(db: Database, server_id: int, *, channel_id: int, message_id: int, webhook_id: int | None) -> Verdict:
    """Tell what the server wants to be done; nothing that is recorded as published is ever given up."""
    async with db.read() as conn:
        if await discussions.is_ours(conn, channel_id, message_id, webhook_id):
            return Verdict.OURS
        return Verdict((await settings.load(conn, server_id)).seal_guard)


async def record(
    db: Database, server_id: int, verdict: Verdict, *, author_id: int, channel_id: int, message_id: int, now: datetime
) -> None:
    """Write down who typed where, and that it was deleted or only told; not what."""
    async with db.begin() as conn:
        await audit.append(
            conn,
            server_id,
            Action.GUARD,
            actor_id=author_id,
            at=now,
            subject_id=message_id,
            channel_id=channel_id,
            done=verdict,
        )
