"""The main job over a real socket: the bot is a process of its own, and talks HTTP and the gateway."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from bot.demo.sight import buttons, text
from tests.article_pages import blasts_page, serve
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from tests.wire.conftest import StartBot

SECRET = "The bridge was sold to the ferryman in May."


@pytest.fixture
def desk(newsroom: Server) -> Desk:
    return Desk(newsroom)


async def test_a_reply_is_held_approved_and_appears_under_its_author(desk: Desk, start_bot: StartBot) -> None:
    bot = await start_bot()
    await desk.open_discussion()

    receipt = await desk.join(desk.jonas, "A fair point.")
    assert receipt.ephemeral
    assert "#1" in receipt.text
    assert "held for review" in receipt.text
    assert desk.published() == []

    await desk.approve(1)
    (message,) = await eventually(desk.discussion)
    assert "A fair point." in text(message)
    assert message["author"]["username"] == "Jonas Pike"
    assert set(buttons(message)) == {"Reply", "Report"}
    await eventually(lambda: any("is published" in text(notice) for notice in desk.jonas.direct_messages()))
    assert await bot.stop() == 0
    assert "Traceback" not in bot.output


async def test_nothing_of_a_held_reply_is_seen_told_or_logged_before_a_decision(
    desk: Desk, start_bot: StartBot, discord_server: SimulatedDiscord
) -> None:
    bot = await start_bot()
    await desk.open_discussion()
    before = len(discord_server.requests)

    await desk.join(desk.jonas, SECRET)
    await desk.carded(1)
    await asyncio.sleep(0.5)

    for person in (desk.lea, desk.edda):
        for channel in person.channels():
            assert SECRET not in " ".join(text(message) for message in person.sees(channel))
    assert SECRET not in " ".join(text(message) for message in desk.jonas.sees(desk.thread))
    review = f"/channels/{desk.newsroom.channel('review')}/messages"
    told = [request for request in list(discord_server.requests)[before:] if SECRET in str(request.json)]
    assert {request.path for request in told if "/interactions/" not in request.path} == {review}
    assert SECRET not in bot.output


async def test_a_form_that_was_open_across_a_restart_still_works(desk: Desk, start_bot: StartBot) -> None:
    bot = await start_bot()
    await desk.open_discussion()
    form = await desk.jonas.press(desk.article(desk.jonas), "Join the conversation")

    await bot.kill()
    await start_bot()
    receipt = await desk.jonas.send(form, text="Written across a restart.")

    assert "held for review" in receipt.text


async def test_a_gateway_that_drops_is_resumed_and_the_next_reply_arrives(
    desk: Desk, start_bot: StartBot, discord_server: SimulatedDiscord
) -> None:
    await start_bot()
    await desk.open_discussion()

    discord_server.drop_gateway()
    await eventually(lambda: discord_server.gateway.resumed)

    assert "held for review" in (await desk.join(desk.jonas, "After the drop.")).text


async def test_several_people_discuss_and_two_moderators_decide(desk: Desk, start_bot: StartBot) -> None:
    await start_bot()
    await desk.open_discussion()

    receipts = await asyncio.gather(
        desk.join(desk.jonas, "It is our garden too."),
        desk.join(desk.lea, "Where will people park?"),
        desk.join(desk.marta, "As a resident I agree."),
    )
    number = int(receipts[0].text.split("**")[1].removeprefix("#"))
    both = await asyncio.gather(desk.approve(number, desk.marta), desk.approve(number, desk.tomasz))
    (told,) = await eventually(lambda: [follow for answer in both for follow in answer.followups])
    await eventually(desk.discussion)
    form = await desk.lea.press(desk.discussion(desk.lea)[0], "Reply")
    await desk.lea.send(form, text="Thank you for saying so.")
    await desk.approve(4)
    await eventually(lambda: len(desk.published()) == 2)

    assert {receipt.text.split("**")[1] for receipt in receipts} == {"#1", "#2", "#3"}
    assert "was faster: #" in text(told)
    answer = desk.discussion()[1]
    assert answer["author"]["username"] == "Léa Fontaine"
    assert "Jonas Pike" in text(answer)
    assert "our garden too" in text(answer)


async def test_a_moderator_does_not_decide_their_own_reply(desk: Desk, start_bot: StartBot) -> None:
    await start_bot()
    await desk.open_discussion()
    await desk.join(desk.marta, "My own view.")

    answer = await desk.approve(1, desk.marta)

    assert "your own reply" in answer.text
    assert desk.published() == []


async def test_the_founding_article_is_posted_from_a_web_page(desk: Desk, start_bot: StartBot) -> None:
    page = blasts_page()
    await start_bot()
    await desk.set_up()

    async with serve(page) as address:
        posted = await desk.post(f"{address}/2011/11/kazakhstan-blasts/")
        again = await desk.post(f"{address}/2011/11/kazakhstan-blasts/?utm_source=mail")

    card = text(desk.article(desk.jonas))
    assert "Kazakhstan: Blasts Spark New Fears Over the Rise of Extremism" in card
    assert "two blasts occurred" in card
    assert "hellium666 (CC BY-NC 2.0)" in card
    assert not any(quoted in card for quoted in ("media representatives", "Normal terrorists", "Jund al Khilafah"))
    assert "All comments are reviewed by a moderator." in card
    assert set(buttons(desk.article(desk.jonas))) == {"Join the conversation", "Guidelines", "Read the article"}
    assert "The discussion is here" in posted.text
    assert f"<#{desk.thread['id']}>" in again.text
