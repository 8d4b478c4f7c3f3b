"""The bot over a real socket, on a Discord that enforces its limits: not one request is refused."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.demo.sight import text
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import StartBot

README = Path(__file__).parents[2] / "README.md"
REPLIES = 8


@pytest.fixture
def desk(newsroom: Server) -> Desk:
    return Desk(newsroom)


def most(times: list[float], seconds: float) -> int:
    """The largest number of these moments in any window of this length."""
    return max(sum(start <= moment < start + seconds for moment in times) for start in times)


async def test_many_replies_approved_at_once_appear_in_order_and_no_request_is_refused(
    desk: Desk, start_bot: StartBot, discord_server: SimulatedDiscord
) -> None:
    bot = await start_bot()
    await desk.open_discussion()
    readers = [desk.newsroom.join(f"Reader {number}") for number in range(REPLIES)]
    for number, reader in enumerate(readers):  # one after the other: their numbers are the order of approval
        await desk.join(reader, f"Point {number}.")
    await eventually(lambda: len(desk.cards()) == REPLIES)
    preview = await desk.marta.run("review bulk", where=desk.newsroom.channel("general"))
    await bot.kill()
    await start_bot()
    discord_server.limits.enforced = True
    discord_server.requests.clear()

    answer = await desk.marta.press(preview.message, "Approve all")
    await eventually(lambda: re.search(rf"Publishing \d+ of {REPLIES}…", answer.text))
    await eventually(lambda: sum("· published" in text(card) for card in desk.cards()) == REPLIES, 30)
    await eventually(lambda: answer.text == f"{REPLIES} replies are approved. {REPLIES} of them are published.")

    assert desk.published() == [f"Point {number}." for number in range(REPLIES)]
    assert discord_server.limits.refused == {}
    posts = [call.at for call in discord_server.calls("POST", "/webhooks/") if "simcord_webhook" in call.path]
    assert len(posts) == REPLIES
    assert most(posts, 2) <= 5
    review = f"/channels/{desk.newsroom.channel('review')}/messages/"
    assert len(discord_server.calls("PATCH", review)) == REPLIES


async def test_a_reply_costs_as_many_requests_as_the_readme_says_and_an_idle_bot_sends_none(
    desk: Desk, start_bot: StartBot, discord_server: SimulatedDiscord
) -> None:
    await start_bot()
    await desk.open_discussion()
    costs = []
    for number in (1, 2):
        discord_server.requests.clear()
        await desk.join(desk.jonas, f"Point {number}.")
        await desk.approve(number)
        await eventually(lambda: len(desk.jonas.direct_messages()) == number, 20)  # noqa: B023
        await eventually(lambda: "· published" in text(desk.card(number)))  # noqa: B023
        await asyncio.sleep(0.2)
        costs.append(len([call for call in discord_server.requests if not call.path.endswith("/webhooks")]))

    said = re.search(r"One reply costs (\d+) requests .*?\((\d+) when", README.read_text("utf-8"), re.DOTALL)
    assert said is not None
    assert costs == [int(said[1]), int(said[2])]  # the second direct message came ten idle seconds later
