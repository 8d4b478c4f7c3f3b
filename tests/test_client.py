"""The Discord client itself: what it does once it is closed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.client import StandfirstClient
from bot.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    from bot.storage import Database


async def test_a_closed_client_tells_its_listeners_nothing_more(sqlite_db: Database, tmp_path: Path) -> None:
    client = StandfirstClient(Config("token", "sqlite://", tmp_path, allow_private_addresses=True), sqlite_db)
    heard: list[str] = []

    async def on_news(news: str) -> None:
        heard.append(news)

    await client._async_setup_hook()  # as the login begins
    client.add_listener(on_news)

    client.dispatch("news", "while it is open")
    await asyncio.sleep(0)
    await client.close()
    client.dispatch("news", "after it was closed")
    await asyncio.sleep(0)

    assert heard == ["while it is open"]
