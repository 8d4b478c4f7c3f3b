"""Every way in which a request fails, in everything that the bot does: one process, one newsroom for each way.

The newsrooms do everything at the same time; `run` returns what stands in Discord and in the database in the end.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import CAST, Someone, build_server
from bot.demo.sight import buttons, text
from tests.wire.conftest import BotProcess, environment
from tests.wire.desk import THREAD, Desk, eventually

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
    "500 after the effect": lambda faults, path: faults.status("POST", path, 500, after=True),
    "502 after the effect": lambda faults, path: faults.status("POST", path, 502, after=True),
    "503 after the effect": lambda faults, path: faults.status("POST", path, 503, after=True),
    "reset before the effect": lambda faults, path: faults.reset("POST", path, after=False),
    "reset after the effect": lambda faults, path: faults.reset("POST", path, after=True),
    "timeout after the effect": lambda faults, path: faults.hang("POST", path, after=True),
}
MAIN, THREADED, CARDED = "The bridge", "The library", "The harbour"  # the articles
ANSWERS = "/interactions/*/callback"
PATIENCE = 40  # seconds until a fault has struck, and until everything is mended
SETTLED = 2  # seconds in which an answer is repeated, if it is


@dataclass
class Outcome:
    """What became of one act under one fault."""

    requests: int = 0  # that reached Discord
    seen: list[int] = field(default_factory=list)  # the ids of what stands in Discord
    recorded: list[int] = field(default_factory=list)  # the same, as the database knows them
    told: list[str] = field(default_factory=list)  # what the person who acted was told
    entries: list[str] = field(default_factory=list)  # of the audit, about this reply
    decisions: int = 0
    others_answered: bool = True  # meanwhile


Outcomes = dict[tuple[str, str], Outcome]  # by act and fault


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
        with suppress(TimeoutError):  # it may not be repeated, but what comes after must not meet the repetition
            await eventually(lambda: len(self.discord.calls("POST", self.answered[act])) > 1, SETTLED)
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
        cast = [Someone(f"{fault} Reader") for fault in FAULTS]
        self.desk = Desk(build_server(discord, "Direct messages", cast=[*CAST[:5], *cast]))
        self.readers = {fault: self.desk.newsroom.person(f"{fault} Reader") for fault in FAULTS}

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


async def run(folder: Path) -> Outcomes:
    """Let everything happen, wait until it is mended, end the bot and look."""
    async with SimulatedDiscord() as discord:
        newsrooms, readers = [Newsroom(discord, fault) for fault in FAULTS], Readers(discord)
        command = [sys.executable, "-m", "tests.wire.hurried_bot", discord.url, "run"]
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
        print(bot.output)  # noqa: T201 - pytest shows it when a test fails
        return look(folder, newsrooms, readers)


# What the database says


def rows(folder: Path, query: str, *values: Any) -> list[Any]:
    """The first column of what a query finds."""
    with closing(sqlite3.connect(f"file:{folder / 'standfirst.db'}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(query, values)]


def count_due(folder: Path) -> int:
    """How much is still to be done in Discord."""
    conditions = (
        "articles WHERE status = 'open' AND thread_id IS NULL",
        "replies WHERE status = 'approved' OR (status = 'pending' AND card_message_id IS NULL)",
        "notices WHERE status = 'waiting'",
    )
    return sum(rows(folder, f"SELECT count(*) FROM {condition}")[0] for condition in conditions)


def look(folder: Path, newsrooms: list[Newsroom], readers: Readers) -> Outcomes:
    outcomes: Outcomes = {}
    for room in newsrooms:
        looked = look_around(folder, room) | look_at_answers(folder, room)
        outcomes |= {(act, room.fault): outcome for act, outcome in looked.items()}
    for fault in FAULTS:
        path, words = f"/channels/{readers.channel(fault)}/messages", f"Under {fault}."
        sent = "SELECT notices.id FROM notices JOIN replies ON reply_id = replies.id WHERE text = ? AND sent_at > ''"
        outcomes["notice", fault] = Outcome(
            requests=count(readers.discord, path),
            seen=readers.told(fault),
            recorded=rows(folder, sent, words),
            **history(folder, readers.desk.newsroom, words),
        )
    return outcomes


def look_around(folder: Path, room: Newsroom) -> dict[str, Outcome]:
    """What the sweep did."""
    server, discord = room.server, room.discord
    threads, hook = room.threads(THREADED), room.webhooks()[0]
    article = "SELECT {} FROM articles WHERE server_id = ? AND title = ?"
    reply = "SELECT {} FROM replies WHERE server_id = ? AND text = ?"
    made = "SELECT id FROM webhooks WHERE channel_id = ?"
    published, card = "To be published.", "To be carded."
    return {
        "article": Outcome(
            requests=count(discord, room.posts, CARDED),
            seen=room.article_cards(CARDED),
            recorded=rows(folder, article.format("card_message_id"), server.id, CARDED),
        ),
        "thread": Outcome(
            requests=count(discord, f"{room.posts}/{room.article_cards(THREADED)[0]}/threads"),
            seen=threads,
            recorded=rows(folder, article.format("thread_id"), server.id, THREADED),
        ),
        "webhook": Outcome(
            requests=count(discord, f"/channels/{room.articles}/webhooks"),
            seen=room.webhooks(),
            recorded=rows(folder, made, room.articles),
        ),
        "publication": Outcome(
            requests=count(discord, f"/webhooks/{hook}/{discord.backend.webhooks[hook].token}", published),
            seen=room.published(published),
            recorded=rows(folder, reply.format("message_id"), server.id, published),
            **history(folder, server, published),
        ),
        "card": Outcome(
            requests=count(discord, f"/channels/{room.review}/messages", card),
            seen=room.cards(card),
            recorded=rows(folder, reply.format("card_message_id"), server.id, card),
            **history(folder, server, card),
        ),
    }


def look_at_answers(folder: Path, room: Newsroom) -> dict[str, Outcome]:
    """What people were told, and what was done."""
    words = {"receipt": "To be answered.", "press": "To be pressed."}
    stored = "SELECT coalesce(message_id, card_message_id) FROM replies WHERE server_id = ? AND text = ?"
    seen = {"receipt": room.cards(words["receipt"]), "press": room.published(words["press"])}
    return {
        act: Outcome(
            requests=count(room.discord, room.answered[act]),
            seen=seen[act],
            recorded=rows(folder, stored, room.server.id, words[act]),
            told=room.told[act],
            others_answered=room.others_answered[act],
            **history(folder, room.server, words[act]),
        )
        for act in words
    }


def count(discord: SimulatedDiscord, path: str, words: str = "") -> int:
    """How often the bot posted these words there."""
    return sum(call.path == path and words in str(call.json) for call in discord.calls("POST", path))


def history(folder: Path, server: Server, words: str) -> dict[str, Any]:
    """What the audit says about a reply, oldest first, and how many decisions there are."""
    ours = "(SELECT id FROM replies WHERE server_id = ? AND text = ?)"
    query = f"SELECT action FROM audit WHERE server_id = ? AND subject_id = {ours} AND action != 'article_posted'"
    entries = rows(folder, f"{query} ORDER BY sequence", server.id, server.id, words)
    taken = rows(folder, f"SELECT count(*) FROM decisions WHERE reply_id = {ours}", server.id, words)
    return {"entries": entries, "decisions": taken[0]}
