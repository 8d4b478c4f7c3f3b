"""Publishing exactly once over a real socket: answers lost, servers failing, the process killed in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.demo.sight import text
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import BotProcess, StartBot

WEBHOOK = "/webhooks/*/simcord_webhook_*"
SETTLED = 25  # seconds: an unknown outcome settles for 10, a timer looks every 5


@pytest.fixture
async def bot(start_bot: StartBot) -> BotProcess:
    return await start_bot()


@pytest.fixture
async def desk(newsroom: Server, bot: BotProcess) -> Desk:
    assert bot.running
    desk = Desk(newsroom)
    await desk.open_discussion()
    await desk.join(desk.jonas, "First.")
    await desk.approve(1)
    await eventually(desk.discussion)
    await desk.join(desk.lea, "Second.")
    return desk


def is_published(desk: Desk) -> bool:
    return "published" in text(desk.card(2))


@pytest.mark.parametrize("done", [True, False], ids=["though Discord had done it", "before Discord did it"])
@pytest.mark.parametrize("fault", ["502", "reset"])
async def test_a_webhook_post_that_fails_is_published_once(
    desk: Desk, discord_server: SimulatedDiscord, fault: str, done: bool
) -> None:
    if fault == "502":
        hit = discord_server.faults.status("POST", WEBHOOK, 502, after=done)
    else:
        hit = discord_server.faults.reset("POST", WEBHOOK, after=done)

    await desk.approve(2)
    await eventually(lambda: is_published(desk), SETTLED)

    assert hit.hits == 1
    assert [words.splitlines()[0] for words in desk.published()] == ["First.", "Second."]


async def test_a_process_killed_between_publishing_and_recording_adopts_its_message(
    desk: Desk, discord_server: SimulatedDiscord, bot: BotProcess, start_bot: StartBot
) -> None:
    hit = discord_server.faults.hang("POST", WEBHOOK, after=True)
    await desk.approve(2)
    await eventually(lambda: len(desk.published()) == 2)
    assert not is_published(desk)

    await bot.kill()
    await start_bot()
    await eventually(lambda: is_published(desk), SETTLED)

    assert hit.hits == 1
    assert [words.splitlines()[0] for words in desk.published()] == ["First.", "Second."]
