"""A server vanishes over a real socket and comes back: nothing is tried meanwhile, nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import BotProcess, StartBot

WEBHOOK = "/webhooks/*/simcord_webhook_*"
REFUSED = {"message": "Missing Access", "code": 50001}


@pytest.fixture
async def bot(start_bot: StartBot) -> BotProcess:
    return await start_bot()


@pytest.fixture
async def desk(newsroom: Server, bot: BotProcess) -> Desk:
    assert bot.running
    desk = Desk(newsroom)
    await desk.set_up()
    await desk.write("Harbour")
    return desk


async def given_refused(desk: Desk, discord_server: SimulatedDiscord, bot: BotProcess) -> None:
    """A reply is approved, and Discord does not let the bot publish it: tried again in half a minute."""
    discord_server.faults.status("POST", WEBHOOK, 403, body=REFUSED)
    await desk.join(desk.jonas, "A fair point.")
    await desk.approve(1)
    await bot.says("publication of reply 1: Discord refused")


async def test_a_bot_removed_from_the_server_and_restarted_goes_on_as_soon_as_it_is_invited_back(
    desk: Desk, discord_server: SimulatedDiscord, bot: BotProcess, start_bot: StartBot
) -> None:
    await given_refused(desk, discord_server, bot)
    desk.newsroom.kick_bot()
    await bot.kill()
    again = await start_bot()
    await again.says("Invite the bot to your server")
    before = len(discord_server.requests)

    desk.newsroom.invite_bot()
    tried = len(discord_server.requests) - before
    await eventually(lambda: desk.published() == ["A fair point."])

    assert tried == 0
    assert "Traceback" not in again.output


async def test_an_outage_is_waited_for_and_work_goes_on_as_soon_as_it_is_over(
    desk: Desk, discord_server: SimulatedDiscord, bot: BotProcess
) -> None:
    await given_refused(desk, discord_server, bot)
    desk.newsroom.begin_outage()
    desk.newsroom.end_outage()

    await eventually(lambda: desk.published() == ["A fair point."])

    assert "Traceback" not in bot.output
