"""Everything that stands in the database and in Discord after a storm, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcord.backend import serializers
from simcord.components import walk_components
from sqlalchemy import select

from bot.demo import sight
from bot.storage import audit, tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from simcord.backend.models import Message

    from bot.demo.discord_server import SimulatedDiscord
    from bot.storage import Database

EPHEMERAL = 64
LINES = (tables.report_cards, tables.appeals, tables.troubles, tables.bulletins)


@dataclass
class Books:
    """All rows, by table, and all messages, by channel."""

    replies: dict[int, Any]
    articles: dict[int, Any]
    revisions: list[Any]
    decisions: list[Any]
    notices: list[Any]
    lines: set[int]  # ids of the other messages in the review channels: reports, troubles and bulletins
    servers: dict[int, Any]
    trail: dict[int, list[Any]]
    messages: dict[int, list[Message]]
    discord: SimulatedDiscord

    def messages_in(self, channel_id: int | None) -> list[Message]:
        return self.messages.get(channel_id or 0, [])

    def text(self, message: Message) -> str:
        return sight.text(dict(serializers.message_payload(self.discord.backend, message)))


async def read_books(discord: SimulatedDiscord, database: Database) -> Books:
    """Read every row and every message that more than one person sees."""
    async with database.read() as conn:

        async def rows(table: Any) -> list[Any]:
            return list(await conn.execute(select(table)))

        servers = {row.id: row for row in await rows(tables.servers)}
        return Books(
            replies={row.id: row for row in await rows(tables.replies)},
            articles={row.id: row for row in await rows(tables.articles)},
            revisions=await rows(tables.revisions),
            decisions=await rows(tables.decisions),
            notices=await rows(tables.notices),
            lines={row.message_id for table in LINES for row in await rows(table)},
            servers=servers,
            trail={server_id: await audit.list_all(conn, server_id) for server_id in servers},
            messages={
                channel_id: [message for message in there.values() if not message.flags & EPHEMERAL]
                for channel_id, there in discord.backend.messages.items()
            },
            discord=discord,
        )


def with_button(messages: Iterable[Message], custom_id: str) -> list[Message]:
    """Those of the messages that have this button."""
    return [message for message in messages if custom_id in custom_ids(message)]


def custom_ids(message: Message) -> list[str]:
    """The `custom_id` of each of its buttons."""
    return [part["custom_id"] for part in walk_components(message.components) if part.get("custom_id")]
