"""A rate limit may last longer than the bot waits for one act: what is given up then must not stop everything else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from aiohttp import ClientSession, web
from discord.http import Route

from bot.demo.sight import text
from bot.transport import WebhookAdapter
from tests.wire.conftest import HURRIED
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import StartBot

LONG = 25  # seconds; an act takes at most 15


async def test_a_global_rate_limit_that_outlasts_an_act_does_not_silence_the_bot(
    newsroom: Server, discord_server: SimulatedDiscord, start_bot: StartBot
) -> None:
    await start_bot(program=HURRIED)
    desk = Desk(newsroom)
    await desk.set_up()
    await desk.write("The bridge")
    posts = f"/channels/{newsroom.channel('review')}/messages"
    limit = discord_server.faults.rate_limit("POST", posts, LONG, is_global=True)

    await desk.join(desk.jonas, "A fair point.")
    await eventually(lambda: limit.hits)

    assert "A fair point." in text(await desk.carded(1))
    assert len(desk.cards()) == 1


@pytest.fixture
async def exhausted(monkeypatch: pytest.MonkeyPatch):
    """A Discord that lets a webhook send no more; gives the list of what was sent nevertheless."""
    sent = []

    async def send(request: web.Request) -> web.Response:
        sent.append(request.path)
        limit = {"X-Ratelimit-Remaining": "0", "X-Ratelimit-Reset-After": str(LONG)}
        return web.json_response({}, headers=limit)

    app = web.Application()
    app.router.add_post("/webhooks/{id}/{token}", send)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield sent
    await runner.cleanup()


async def test_a_publication_given_up_at_the_webhooks_limit_lets_the_next_one_go_on(exhausted: list[str]) -> None:
    adapter = WebhookAdapter()
    async with ClientSession() as session:

        def publish() -> asyncio.Task[None]:
            return asyncio.create_task(adapter.execute_webhook(1, "token", session=session, payload={}))

        first = publish()
        await eventually(lambda: len(exhausted) == 1)
        second = publish()  # waits for the first
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.wait([first])
        third = publish()
        await eventually(lambda: len(exhausted) == 2)

        for task in (second, third):
            task.cancel()
        await asyncio.wait([second, third])
