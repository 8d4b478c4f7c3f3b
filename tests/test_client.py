"""The Discord client itself: what it does once it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.client import StandfirstClient
from bot.config import Config

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.storage import Database


async def test_a_closed_client_tells_its_listeners_nothing_more(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = StandfirstClient(Config("token", "sqlite://", tmp_path), sqlite_db)

    async def on_news() -> None:
        pass

    monkeypatch.setattr(client, "on_news", on_news, raising=False)
    scheduled = []
    monkeypatch.setattr(client, "_schedule_event", lambda *event: scheduled.append(event[1]))

    client.dispatch("news")
    await client.close()
    client.dispatch("news")

    assert scheduled == ["on_news"]
