"""Publishing exactly once over a real socket: the process killed in between. What fails otherwise: the fault matrix."""

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
    await desk.set_up()
    return desk


def is_published(desk: Desk, number: int) -> bool:
    return f"#{number}** · published" in text(desk.card(number))


async def test_a_process_killed_between_publishing_and_recording_adopts_its_message_and_keeps_the_order(
    desk: Desk, discord_server: SimulatedDiscord, bot: BotProcess, start_bot: StartBot
) -> None:
    await desk.write("Killed")
    for words in ("First.", "Second.", "Third."):
        await desk.join(desk.jonas, words)
    await desk.approve(1)
    await eventually(lambda: is_published(desk, 1))
    hit = discord_server.faults.hang("POST", WEBHOOK, after=True)
    await desk.approve(2)
    await eventually(lambda: len(desk.published()) == 2)
    await desk.approve(3)
    assert not is_published(desk, 2)

    await bot.kill()
    await start_bot()
    await eventually(lambda: is_published(desk, 3), SETTLED)

    assert hit.hits == 1
    assert desk.published() == ["First.", "Second.", "Third."]
