"""The simulated Discord refuses what Discord refuses: as many requests, for as long, with the same headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server

HELD = {"content": "hello"}


class Caller:
    """Somebody with the bot's token who heeds no limit, and a clock that is set by hand."""

    def __init__(self, discord: SimulatedDiscord, session: aiohttp.ClientSession) -> None:
        self.discord = discord
        self.session = session
        self.now = 0.0
        discord.limits.enforced = True
        discord.limits.clock = lambda: self.now

    async def call(
        self, method: str, path: str, body: Any = None, *, token: bool = True
    ) -> tuple[int, dict[str, Any], Any]:
        """Status, headers and body of the answer."""
        headers = {"Authorization": f"Bot {self.discord.token}"} if token else {}
        url = f"{self.discord.url}/api/v10{path}"
        async with self.session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, dict(answer.headers), await answer.json() if answer.content_length else None

    async def until_refused(self, method: str, path: str, body: Any = None, *, token: bool = True) -> int:
        """How many requests are let through before one is refused."""
        for count in range(100):
            if (await self.call(method, path, body, token=token))[0] == 429:
                return count
        raise AssertionError("never refused")


@pytest.fixture
async def caller(discord_server: SimulatedDiscord, newsroom: Server) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(discord_server, session)


async def make_webhook(caller: Caller, channel: int) -> str:
    """The path by which a new webhook posts."""
    caller.now += 1000
    _, _, made = await caller.call("POST", f"/channels/{channel}/webhooks", {"name": "Hook"})
    return f"/webhooks/{made['id']}/{made['token']}"


async def test_a_channel_takes_five_messages_in_five_seconds_and_says_so(caller, newsroom):
    path = f"/channels/{newsroom.channel('general')}/messages"

    _, headers, _ = await caller.call("POST", path, HELD)
    let_through = 1 + await caller.until_refused("POST", path, HELD)
    status, refused, body = await caller.call("POST", path, HELD)
    caller.now += 5
    later, _, _ = await caller.call("POST", path, HELD)

    names = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset-After")
    assert [headers[name] for name in names] == ["5", "4", "5.000"]
    assert headers["X-RateLimit-Bucket"]
    assert float(headers["X-RateLimit-Reset"]) > 1e9
    assert let_through == 5
    assert (status, body["retry_after"], body["global"]) == (429, 5, False)
    assert (refused["Retry-After"], refused["X-RateLimit-Scope"], refused["Via"]) == ("5.0", "user", "1.1 google")
    assert later == 200
    assert caller.discord.limits.refused == {"POST /channels/{id}/messages": 2}


async def test_another_channel_is_not_held_up(caller, newsroom):
    await caller.until_refused("POST", f"/channels/{newsroom.channel('general')}/messages", HELD)

    assert (await caller.call("POST", f"/channels/{newsroom.channel('welcome')}/messages", HELD))[0] == 200


async def test_a_webhook_takes_five_messages_in_two_seconds(caller, newsroom):
    hook = await make_webhook(caller, newsroom.channel("general"))

    assert await caller.until_refused("POST", hook, HELD, token=False) == 5
    caller.now += 2
    assert await caller.until_refused("POST", hook, HELD, token=False) == 5


async def test_all_webhooks_of_a_channel_with_its_threads_take_thirty_messages_a_minute(caller, newsroom):
    channel = newsroom.channel("general")
    hooks = [await make_webhook(caller, channel) for _ in range(2)]
    _, _, message = await caller.call("POST", f"/channels/{channel}/messages", HELD)
    _, _, thread = await caller.call("POST", f"/channels/{channel}/messages/{message['id']}/threads", {"name": "Talk"})
    sent = 0
    for turn in range(6):
        where = f"{hooks[turn % 2]}?thread_id={thread['id']}" if turn % 3 else hooks[turn % 2]
        for _ in range(5):
            status, headers, body = await caller.call("POST", where, HELD, token=False)
            sent += status in (200, 204)
        caller.now += 2

    status, headers, body = await caller.call("POST", hooks[0], HELD, token=False)

    assert sent == 30
    assert (status, headers["X-RateLimit-Scope"], body["retry_after"]) == (429, "shared", 48)
    assert "X-RateLimit-Remaining" not in headers
    caller.now += 48
    assert await caller.until_refused("POST", hooks[0], HELD, token=False) == 5


async def test_the_whole_bot_sends_fifty_requests_a_second(caller, newsroom):
    answers = [(await caller.call("GET", f"/channels/{1000 + number}"))[0] for number in range(50)]

    status, headers, body = await caller.call("GET", "/channels/1")

    assert set(answers) == {404}
    assert (status, headers["X-RateLimit-Global"], body["global"]) == (429, "true", True)
    caller.now += 1
    assert (await caller.call("GET", "/channels/1"))[0] == 404


async def test_answers_to_interactions_are_free(caller):
    path = "/interactions/1/token/callback"

    assert {(await caller.call("POST", path, {"type": 6}, token=False))[0] for _ in range(60)} == {404}


async def test_a_channel_is_renamed_twice_in_ten_minutes_and_no_header_warns(caller, newsroom):
    path = f"/channels/{newsroom.channel('general')}"

    answers = [await caller.call("PATCH", path, {"name": f"general-{number}"}) for number in range(3)]

    assert [answer[0] for answer in answers] == [200, 200, 429]
    assert answers[1][1]["X-RateLimit-Remaining"] == "8"
    assert answers[2][2]["retry_after"] == 600
    assert (await caller.call("PATCH", path, {"nsfw": True}))[0] == 200


async def test_a_message_older_than_an_hour_is_edited_a_few_times_only(caller, newsroom, discord_server):
    path = f"/channels/{newsroom.channel('general')}/messages"
    _, _, message = await caller.call("POST", path, HELD)
    edit = ("PATCH", f"{path}/{message['id']}", {"content": "other"})
    fresh = [(await caller.call(*edit))[0] for _ in range(5)]
    discord_server.backend.clock.elapsed += 3601
    caller.now += 3601

    old = [await caller.call(*edit) for _ in range(4)]

    assert fresh == [200] * 5
    assert [answer[0] for answer in old] == [200, 200, 200, 429]
    assert old[3][2]["code"] == 30046


async def test_limits_that_are_not_enforced_refuse_and_say_nothing(caller, newsroom):
    caller.discord.limits.enforced = False
    path = f"/channels/{newsroom.channel('general')}/messages"

    answers = [await caller.call("POST", path, HELD) for _ in range(10)]

    assert {answer[0] for answer in answers} == {200}
    assert not any(name.startswith("X-RateLimit") for answer in answers for name in answer[1])
