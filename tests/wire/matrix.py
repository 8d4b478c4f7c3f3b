"""Every way in which a request fails, in everything that the bot does: one process, one newsroom for each way.

The newsrooms do everything at the same time; `run` returns what stands in Discord and in the database in the end.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import CAST, Someone, build_server
from bot.demo.sight import buttons, text
from tests.wire.aftermath import CARDED, MAIN, THREADED, Run, count_due, look
from tests.wire.conftest import HURRIED, BotProcess, environment
from tests.wire.desk import THREAD, Desk, eventually
from tests.wire.hurried_bot import PACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.demo.answers import Answer
    from bot.demo.faults import Fault, Faults
    from bot.demo.newsroom import Server
    from bot.demo.people import Person

    Strike = Callable[[Faults, str], Fault]

FAULTS: dict[str, Strike] = {
    "429 with Via": lambda faults, path: faults.rate_limit("POST", path, 1),
    "429 without Via": lambda faults, path: faults.rate_limit("POST", path, 1, via=False),
    "500 before the effect": lambda faults, path: faults.status("POST", path, 500),
    "502 before the effect": lambda faults, path: faults.status("POST", path, 502),
    "503 before the effect": lambda faults, path: faults.status("POST", path, 503),
    "500 after the effect": lambda faults, path: faults.status("POST", path, 500, after=True),
    "502 after the effect": lambda faults, path: faults.status("POST", path, 502, after=True),
    "503 after the effect": lambda faults, path: faults.status("POST", path, 503, after=True),
    "reset before the effect": lambda faults, path: faults.reset("POST", path),
    "reset after the effect": lambda faults, path: faults.reset("POST", path, after=True),
    "timeout after the effect": lambda faults, path: faults.hang("POST", path, after=True),
    "20 s late": lambda faults, path: faults.delay("POST", path, 20 / PACE),
}
ANSWERS = "/interactions/*/callback"
SETTLED = 3  # seconds in which an answer is repeated
PATIENCE = 40  # seconds until a fault has struck, and until everything is mended


class Newsroom:
    """One server under one fault: whatever its bot asks of Discord fails once in this way."""

    def __init__(self, discord: SimulatedDiscord, fault: str) -> None:
        self.discord, self.fault = discord, fault
        self.server = build_server(discord, fault)
        self.desk = Desk(self.server)
        self.answered: dict[str, str] = {}  # an act's name → the path of its answers
        self.told: dict[str, list[str]] = {}
        self.others_answered: dict[str, bool] = {}  # while an answer to this act was under way

    def arm(self, path: str) -> Fault:
        return FAULTS[self.fault](self.discord.faults, path)

    async def prepare(self) -> None:
        await self.desk.set_up()
        await silence(self.server)
        await self.desk.write(MAIN)
        self.articles, self.review = self.server.channel("articles"), self.server.channel("review")
        await self.desk.join(self.desk.jonas, "To be pressed.")
        await carded(self.desk, "To be pressed.")

    async def act(self) -> None:
        await asyncio.gather(self.post_articles(), self.publish_replies())

    async def post_articles(self) -> None:
        for title, path in ((THREADED, f"{self.posts}/*/threads"), (CARDED, self.posts)):
            form = await self.desk.edda.run("article write", where=self.server.channel("general"))
            preview = await self.desk.edda.send(form, title=title, summary="In short.")
            fault = self.arm(path)
            await self.desk.edda.press(preview.message, "Post")
            await struck(fault)

    @property
    def posts(self) -> str:
        return f"/channels/{self.articles}/messages"

    async def publish_replies(self) -> None:
        fault = self.arm(f"/channels/{self.articles}/webhooks")
        await self.approve("To make the webhook.")
        await struck(fault)
        await eventually(lambda: self.published("To make the webhook."), PATIENCE)
        fault = self.arm(f"/webhooks/{self.webhooks()[0]}/*")
        await self.approve("To be published.")
        await struck(fault)
        fault = self.arm(f"/channels/{self.review}/messages")
        await self.desk.join(self.desk.lea, "To be carded.")
        await struck(fault)

    async def approve(self, words: str) -> None:
        await self.desk.join(self.desk.lea, words)
        await self.desk.marta.press(await carded(self.desk, words), "Approve")

    async def answer(self) -> None:
        """One at a time in all newsrooms: where an answer goes is known only when it comes."""
        jonas, marta = self.desk.jonas, self.desk.marta
        form = await jonas.press(self.desk.article(jonas, MAIN), "Join the conversation")
        first = await self.answer_once("receipt", lambda: jonas.send(form, text="To be answered."))
        if not first.failed:
            form = await jonas.press(self.desk.article(jonas, MAIN), "Join the conversation")
        again = await jonas.send(form, text="To be answered.")
        self.told["receipt"] = [first.text, again.text]
        card = await carded(self.desk, "To be pressed.")
        pressed = await self.answer_once("press", lambda: marta.press(card, "Approve"))
        self.told["press"] = [pressed.text]

    async def answer_once(self, act: str, do: Callable[[], Any]) -> Answer:
        before = len(self.discord.requests)
        fault = self.arm(ANSWERS)
        answer: Answer = await do()
        await struck(fault)
        other = await self.desk.lea.press(self.desk.article(self.desk.lea, MAIN), "Join the conversation")
        self.others_answered[act] = not other.failed
        calls = list(self.discord.requests)[before:]
        self.answered[act] = next(call.path for call in calls if call.path.startswith("/interactions/"))
        with suppress(TimeoutError):  # what comes after must not meet the repetition
            await eventually(lambda: answer.failed or len(self.discord.calls("POST", self.answered[act])) > 1, SETTLED)
        return answer

    # What stands in Discord

    def published(self, words: str) -> list[int]:
        return ids(m for m in self.desk.discussion(title=MAIN) if words in text(m))

    def webhooks(self) -> list[int]:
        return [hook.id for hook in self.discord.backend.webhooks.values() if hook.channel_id == self.articles]

    def cards(self, words: str) -> list[int]:
        return ids(card for card in self.desk.cards() if words in text(card))

    def article_cards(self, title: str) -> list[int]:
        seen = self.desk.jonas.sees(self.articles)
        return ids(card for card in seen if "Join the conversation" in buttons(card) and title in text(card))

    def threads(self, title: str) -> list[int]:
        return ids(c for c in self.desk.jonas.channels() if c["type"] == THREAD and title in c["name"])


class Readers:
    """One server whose readers are told of a decision, each under another fault."""

    def __init__(self, discord: SimulatedDiscord) -> None:
        self.discord = discord
        faults = [fault for fault in FAULTS if not fault.startswith("50") or "after" in fault]  # each takes its time
        cast = [Someone(f"{fault} Reader") for fault in faults]
        self.desk = Desk(build_server(discord, "Direct messages", cast=[*CAST[:5], *cast]))
        self.readers = {fault: self.desk.newsroom.person(f"{fault} Reader") for fault in faults}

    async def prepare(self) -> None:
        await self.desk.set_up()
        await self.desk.write(MAIN)

    def channel(self, fault: str) -> int:
        return self.discord.backend.get_dm_channel(self.readers[fault].id).id

    async def act(self) -> None:
        await asyncio.gather(*(self.reject(fault, reader) for fault, reader in self.readers.items()))

    async def reject(self, fault: str, reader: Person) -> None:
        await self.desk.join(reader, f"Under {fault}.")
        FAULTS[fault](self.discord.faults, f"/channels/{self.channel(fault)}/messages")
        form = await self.desk.marta.press(await carded(self.desk, f"Under {fault}."), "Reject")
        await self.desk.marta.send(form, guideline="spam")

    def told(self, fault: str) -> list[int]:
        return ids(self.readers[fault].direct_messages())


async def silence(server: Server) -> None:
    """Direct messages take their time; here only one newsroom has any."""
    where = server.channel("general")
    answer = await server.owner.run("settings set", where=where, name="notify_author", value="off")
    await answer.finished()


async def carded(desk: Desk, words: str) -> dict[str, Any]:
    return await eventually(lambda: next((c for c in desk.cards() if words in text(c)), None), PATIENCE)


async def struck(fault: Fault) -> None:
    await eventually(lambda: fault.hits, PATIENCE)


def ids(things: Iterable[dict[str, Any]]) -> list[int]:
    return [int(thing["id"]) for thing in things]


async def run(folder: Path) -> Run:
    """Let everything happen, wait until it is mended, end the bot and look."""
    async with SimulatedDiscord() as discord:
        newsrooms, readers = [Newsroom(discord, fault) for fault in FAULTS], Readers(discord)
        command = [sys.executable, "-m", HURRIED, discord.url, "run"]
        bot = BotProcess(discord, command, folder, environment(discord, folder))
        try:
            await bot.ready()
            await asyncio.gather(*(room.prepare() for room in newsrooms), readers.prepare())
            await asyncio.gather(*(room.act() for room in newsrooms), readers.act())
            for room in newsrooms:
                await room.answer()
            with suppress(TimeoutError):  # what is not mended is found below, in its own place
                await eventually(lambda: not count_due(folder), PATIENCE)
            assert await bot.stop() == 0
        finally:
            if bot.running:
                await bot.kill()
        return Run(look(folder, newsrooms, readers), bot.output)
