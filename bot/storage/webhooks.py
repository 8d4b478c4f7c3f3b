"""The bot's own webhook in each sealed channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from bot.models import Webhook
from bot.storage.inserts import insert
from bot.storage.tables import webhooks

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def get(conn: AsyncConnection, channel_id: int) -> Webhook | None:
    """The webhook of a channel."""
    row = (await conn.execute(select(webhooks).where(webhooks.c.channel_id == channel_id))).one_or_none()
    return Webhook(channel_id=row.channel_id, id=row.id, token=row.token) if row else None


async def save(conn: AsyncConnection, webhook: Webhook) -> None:
    """Remember a channel's webhook in the place of an earlier one."""
    new = insert(conn, webhooks).values(channel_id=webhook.channel_id, id=webhook.id, token=webhook.token)
    values = {"id": new.excluded.id, "token": new.excluded.token}
    await conn.execute(new.on_conflict_do_update(index_elements=["channel_id"], set_=values))


async def remove(conn: AsyncConnection, webhook_id: int) -> None:
    """Forget a webhook that Discord no longer knows."""
    await conn.execute(delete(webhooks).where(webhooks.c.id == webhook_id))
