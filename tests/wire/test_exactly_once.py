"""Publishing exactly once over a real socket: the process killed in between. What fails otherwise: the fault matrix."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession

from bot.demo.discord_server import API
from bot.demo.sight import text
from bot.errors import OutcomeUnknown
from bot.outgoing import OnceSession
from tests.wire.conftest import HURRIED
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import BotProcess, StartBot

WEBHOOK = "/webhooks/*/simcord_webhook_*"
SETTLED = 20  # seconds: what a process that died was doing waits for 30 s, here five times as fast


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
    await start_bot(program=HURRIED)
    await eventually(lambda: is_published(desk, 3), SETTLED)

    assert hit.hits == 1
    assert desk.published() == ["First.", "Second.", "Third."]


async def test_two_discussions_whose_first_replies_are_approved_at_once_share_one_webhook(
    desk: Desk, discord_server: SimulatedDiscord
) -> None:
    titles = ("The bridge", "The library")
    for title in titles:
        await desk.write(title)
        await desk.join(desk.jonas, f"On {title}.", title=title)
    slow = discord_server.faults.delay("POST", "/channels/*/webhooks", 0.5, times=2)

    await asyncio.gather(desk.approve(1), desk.approve(2))
    await eventually(lambda: is_published(desk, 1) and is_published(desk, 2))

    assert slow.hits == 1
    assert [desk.published(title) for title in titles] == [[f"On {title}."] for title in titles]


async def test_a_reset_connection_is_told_before_discord_py_could_repeat_what_was_posted(
    discord_server: SimulatedDiscord,
) -> None:
    discord_server.faults.reset("POST", "/webhooks/*", after=True)
    async with ClientSession() as session:
        post = OnceSession(session).request("POST", f"{discord_server.url}{API}/webhooks/1/token")

        with pytest.raises(OutcomeUnknown):
            await post.__aenter__()
