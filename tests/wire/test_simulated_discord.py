"""The simulated Discord answers a real discord.py bot as Discord does."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from bot.demo.people import AnswerKind, Impossible, Person
from bot.demo.sight import buttons, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server

    from .conftest import BotProcess, StartBot

SCRATCH = Path(__file__).with_name("scratch_bot.py")
SEND = "/channels/*/messages"


@pytest.fixture
async def bot(discord_server: SimulatedDiscord, newsroom: Server, start_bot: StartBot) -> BotProcess:
    started = await start_bot(command=[sys.executable, str(SCRATCH), discord_server.url])
    await started.says("ready")
    return started


@pytest.fixture
def ada(newsroom: Server) -> Person:
    return newsroom.person("Jonas")


async def tell(newsroom: Server, what: str) -> None:
    """Let the owner give the scratch bot an order, in #general."""
    newsroom.owner.type(newsroom.channel("general"), f"<@{newsroom.discord.backend.bot_user.id}> {what}")


async def until(happened: Callable[[], object]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.01)


async def card(newsroom: Server, person: Person) -> dict[str, Any]:
    """Return a fresh card of the scratch bot."""
    channel = newsroom.channel("general")
    before = len(person.sees(channel)) + 1  # the order is a message too
    await tell(newsroom, "card")
    await until(lambda: len(person.sees(channel)) > before)
    return person.sees(channel)[-1]


async def test_a_press_is_answered_to_the_presser_alone(bot, newsroom, ada):
    message = await card(newsroom, ada)

    answer = await ada.press(message, "Ping")

    assert (answer.kind, answer.ephemeral, answer.text) == (AnswerKind.MESSAGE, True, "pong Jonas Pike")
    assert answer.seconds < 1
    assert ada.sees(newsroom.channel("general"))[-1]["id"] == answer.message["id"]
    assert newsroom.owner.sees(newsroom.channel("general"))[-1]["id"] == message["id"]


async def test_a_form_is_checked_filled_and_sent(bot, newsroom):
    lea = newsroom.person("Léa")
    opened = await lea.press(await card(newsroom, lea), "card:form")

    with pytest.raises(Impossible, match="3 to 50"):
        await lea.send(opened, reply="no")
    with pytest.raises(Impossible, match="required"):
        await lea.send(opened, {})
    sent = await lea.send(opened, reply="A fair point.", tone="Calm")

    assert opened.form.texts == ["A moderator reads it first."]
    assert sent.text.startswith("A fair point.|['c']|fr|<Message id=")
    with pytest.raises(Impossible, match="closed"):
        await lea.send(opened, reply="A fair point.")


async def test_a_deferred_answer_is_finished_later(bot, newsroom, ada):
    answer = await ada.press(await card(newsroom, ada), "Slow")

    assert answer.kind is AnswerKind.DEFERRED
    assert (await answer.finished()).text == "done"


async def test_nothing_within_three_seconds_is_a_failed_interaction(bot, newsroom, ada):
    message = await card(newsroom, ada)

    answers = await asyncio.gather(ada.press(message, "Silent"), ada.press(message, "Twice"))

    assert [answer.failed for answer in answers] == [True, False]
    assert answers[0].seconds == pytest.approx(3, abs=0.2)
    await bot.says("twice 40060")


async def test_a_client_refuses_what_it_would_not_send(bot, newsroom, ada):
    message = await card(newsroom, ada)

    with pytest.raises(Impossible, match="disabled"):
        await ada.press(message, "Off")
    with pytest.raises(Impossible, match="0 components"):
        await ada.press(message, "Approve")
    with pytest.raises(Impossible, match="none of the users"):
        await ada.choose(message, "Who?", [newsroom.channel("general")])

    assert (await ada.choose(message, "Who?", [ada])).text == f"chosen ['{ada.id}']"
    assert "Off" in buttons(message)


async def test_commands_are_run_as_they_were_synced(bot, newsroom, ada):
    greeted = await ada.run("greet", name="Ada")
    suggested = await ada.complete("greet", "name", "num")
    published = await newsroom.owner.run("desk publish", url="https://example.org", member=ada)

    assert (greeted.text, greeted.ephemeral) == ("hello Ada", True)
    assert [choice["name"] for choice in suggested.choices] == ["num one", "num two"]
    assert published.text == "https://example.org jonas.pike"
    assert (ada.commands(), newsroom.owner.commands()) == (["greet"], ["desk publish", "greet"])
    with pytest.raises(Impossible, match="hidden"):
        await ada.run("desk publish", url="https://example.org")
    with pytest.raises(Impossible, match="at most 5"):
        await ada.run("greet", name="Adalbert")


async def test_a_webhook_writes_into_a_thread_with_buttons_that_work(bot, newsroom, ada):
    await tell(newsroom, "thread")
    await bot.says("thread 1 0")
    thread = newsroom.channel("Discussion")
    with_button, with_file = ada.sees(thread)

    answer = await ada.press(with_button, "Reply")

    assert with_button["author"]["username"] == "Ada"
    assert answer.text == "pong Jonas Pike"
    assert with_file["attachments"][0]["description"] == "a note"
    async with aiohttp.ClientSession() as web, web.get(with_file["attachments"][0]["url"]) as response:
        assert "A tiny bot" in await response.text()
    async with aiohttp.ClientSession() as web, web.get(with_file["author"]["avatar_url"]) as response:
        assert (await response.read()).startswith(b"\x89PNG")


async def test_a_repeated_nonce_posts_once(bot, newsroom, ada):
    await tell(newsroom, "nonce")
    await tell(newsroom, "say later")
    await bot.says("said")

    assert [text(m) for m in ada.sees(newsroom.channel("general"))].count("once") == 1
    assert len(newsroom.discord.calls("POST", "/messages")) == 3


async def test_a_rate_limit_is_waited_for(bot, discord_server, newsroom):
    fault = discord_server.faults.rate_limit("POST", SEND, 0.3, times=2)
    started = time.monotonic()
    await tell(newsroom, "say hello")
    await bot.says("said")

    assert time.monotonic() - started >= 0.6
    assert (fault.hits, [call.status for call in discord_server.calls("POST", "/messages")]) == (2, [429, 429, 200])


@pytest.mark.parametrize(("after", "posted"), [(False, 0), (True, 1)])
async def test_a_connection_is_reset_before_or_after_the_effect(bot, discord_server, newsroom, ada, *, after, posted):
    discord_server.faults.reset("POST", SEND, after=after)
    await tell(newsroom, "say hello")
    await bot.says("not said ClientOSError")

    assert [text(message) for message in ada.sees(newsroom.channel("general"))].count("hello") == posted


async def test_an_error_comes_before_or_after_the_effect_or_late(bot, discord_server, newsroom, ada):
    discord_server.faults.status("POST", SEND, 503, after=True)
    await tell(newsroom, "say one")
    await bot.says("not said DiscordServerError")
    discord_server.faults.delay("POST", SEND, 0.2)
    await tell(newsroom, "say two")
    await bot.says("\nsaid")

    assert [text(message) for message in ada.sees(newsroom.channel("general"))][-2:] == [
        f"<@{discord_server.backend.bot_user.id}> say two",
        "two",
    ]
    assert discord_server.requests[-1].seconds >= 0.2


async def test_a_dropped_gateway_is_resumed_and_what_was_missed_is_replayed(bot, discord_server, newsroom, ada):
    message = await card(newsroom, ada)

    assert discord_server.drop_gateway() == 1
    await tell(newsroom, "say missed")
    answer = await ada.press(message, "Ping")

    await bot.says("missed")
    assert answer.text == "pong Jonas Pike"
    assert discord_server.gateway.resumed == 1


async def test_content_is_kept_from_a_bot_without_the_intent(bot, newsroom, ada):
    ada.type(newsroom.channel("general"), "my secret")
    await bot.says("heard ''")

    assert "secret" not in bot.output


async def test_a_wrong_token_is_refused(discord_server, newsroom, start_bot):
    bot = await start_bot(
        command=[sys.executable, str(SCRATCH), discord_server.url], env={"DISCORD_TOKEN": "wrong"}, wait=False
    )

    assert await bot.ended() == 1
    assert "LoginFailure" in bot.output


@pytest.mark.parametrize(("token", "intents", "code"), [("wrong", 1, 4004), ("simulated-token", 1 << 15, 4014)])
async def test_the_gateway_refuses_a_wrong_token_and_intents_not_granted(discord_server, token, intents, code):
    url = f"{discord_server.gateway.url}?v=10&encoding=json"
    async with aiohttp.ClientSession() as web, web.ws_connect(url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})
        await socket.receive()

        assert socket.close_code == code


async def test_twenty_people_at_once(bot, newsroom):
    people = [newsroom.join(f"Reader {number}") for number in range(20)]
    message = await card(newsroom, people[0])

    answers = await asyncio.gather(*(person.press(message, "Ping") for person in people))

    assert [answer.text for answer in answers] == [f"pong Reader {number}" for number in range(20)]
    assert max(answer.seconds for answer in answers) < 2


async def test_the_bot_can_be_killed_and_started_again(bot, discord_server, newsroom, ada, start_bot):
    message = await card(newsroom, ada)
    assert 20_000_000 < bot.memory < 200_000_000
    await bot.kill()
    again = await start_bot(command=[sys.executable, str(SCRATCH), discord_server.url])
    await again.says("ready")

    assert (await ada.press(message, "Ping")).text == "pong Jonas Pike"
    assert await again.stop() in (0, -15)


async def test_pages_are_told_of_every_visible_change(discord_server, newsroom, ada):
    changes = discord_server.changes()
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.sleep(0)
    ada.type(newsroom.channel("general"), "hello")

    assert await asyncio.wait_for(waiting, 1) > 0


async def test_two_bots_with_one_token_both_hear_everything(bot, discord_server, newsroom, ada, start_bot):
    other = await start_bot(command=[sys.executable, str(SCRATCH), discord_server.url])
    await other.says("ready")
    ada.type(newsroom.channel("general"), f"{newsroom.discord.backend.bot_user.name}?")

    await asyncio.gather(bot.says("heard"), other.says("heard"))
    await other.kill()
    assert discord_server.connected


async def test_a_direct_message_is_in_the_list_of_its_receiver_alone(bot, newsroom, ada):
    await tell(newsroom, f"dm {ada.id}")
    await bot.says("told")

    assert [text(message) for message in ada.direct_messages()] == ["a notice"]
    assert [channel["type"] for channel in ada.channels()] == [0, 0, 1]
    assert [channel["type"] for channel in newsroom.owner.channels()] == [0, 0]


async def test_a_token_dies_after_fifteen_minutes(bot, discord_server, newsroom, ada):
    await ada.press(await card(newsroom, ada), "Slow")
    discord_server.backend.clock.advance(15 * 60 + 1)

    await until(lambda: [call for call in discord_server.calls("POST", "/webhooks/") if call.status])

    assert discord_server.requests[-1].status == 404


async def test_a_hanging_request_does_not_keep_the_server_from_stopping(bot, discord_server, newsroom):
    fault = discord_server.faults.hang("POST", SEND)
    await tell(newsroom, "say hello")
    await until(lambda: fault.hits)
    started = time.monotonic()
    await discord_server.stop()

    assert time.monotonic() - started < 1
    assert discord_server.requests[-1].status is None
