"""The bot's own webhook in each sealed channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from bot.models import Webhook
from bot.storage.inserts import insert
from bot.storage.tables import webhooks

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


async def get(conn: AsyncConnection, channel_id: int) -> Webhook | None:
    """The webhook of a channel that is in use; the newest when two were made at once."""
    in_use = await list_in_use(conn, channel_id)
    return in_use[0] if in_use else None


async def list_in_use(conn: AsyncConnection, channel_id: int) -> list[Webhook]:
    """Every webhook of a channel that Discord still knows, newest first."""
    query = select(webhooks).where(webhooks.c.channel_id == channel_id, webhooks.c.retired_at.is_(None))
    rows = await conn.execute(query.order_by(webhooks.c.id.desc()))
    return [Webhook(channel_id=row.channel_id, id=row.id, token=row.token) for row in rows]


async def list_retired(conn: AsyncConnection, channel_id: int) -> list[int]:
    """The ids of the webhooks that the channel had before."""
    query = select(webhooks.c.id).where(webhooks.c.channel_id == channel_id, webhooks.c.retired_at.is_not(None))
    return list((await conn.execute(query)).scalars())


async def save(conn: AsyncConnection, webhook: Webhook) -> None:
    """Remember a channel's webhook. Safe to call twice."""
    values = {"id": webhook.id, "channel_id": webhook.channel_id, "token": webhook.token}
    await conn.execute(insert(conn, webhooks).values(values).on_conflict_do_nothing())


async def retire(conn: AsyncConnection, webhook_id: int, *, now: datetime) -> None:
    """Discord no longer knows this webhook."""
    await conn.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(retired_at=now))
