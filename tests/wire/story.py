"""The story of one bad reply over the socket: what is done, and every text that people read of it.

It is played in one process of the bot for several newsrooms at once: in each language, with direct messages open and
closed.
"""

from __future__ import annotations

import asyncio
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import build_server
from bot.demo.sight import buttons, text
from tests.wire.aftermath import rows
from tests.wire.conftest import BotProcess, environment
from tests.wire.desk import Desk
from tests.wire.desk import eventually as within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from bot.demo.people import Answer

Message = dict[str, Any]
T = TypeVar("T")

BRISK = "tests.wire.brisk_bot"  # the program that does not wait between two direct messages
LISTED = {True: "listed", False: "listed with direct messages closed"}
PATIENCE = 30  # seconds: four stories are told at once
DAY = 24 * 60 * 60  # seconds
LADDER = "1 in 30 days: pause 1 hour trial; 2 in 30 days: warning; 3 in 30 days: pause 1 day"


async def eventually(look: Callable[[], T]) -> T:
    """Look until something is there, and return it."""
    return await within(look, PATIENCE)


@dataclass(frozen=True)
class Words:
    """What people press and write in one language."""

    locale: str
    newspaper: str
    title: str  # of the article
    bad: str  # the first reply
    passage: str  # of it, that the moderator ticks
    worse: str
    worst: str
    better: str
    to_author: str  # what the moderator says of the first reply
    reasons: str  # of the appeal
    verdict: str  # what the other moderator says
    join: str = "Join the conversation"
    have_read: str = "I have read them"
    approve: str = "Approve"
    reject: str = "Reject"
    understand: str = "I understand"
    appeal: str = "Appeal"
    uphold: str = "Uphold"


@dataclass
class Story:
    """Jonas writes, Marta and Tomasz moderate; all of them and the server speak one language."""

    desk: Desk
    folder: Path
    words: Words
    takes_messages: bool
    read: dict[str, list[str]] = field(default_factory=dict)  # what people read, by when
    reasons_why: set[str] = field(default_factory=set)  # what stood beneath what no direct message could tell
    told: int = 0  # how often the bot has told Jonas something, or tried to
    go_on: Message | None = None  # beneath what was shown first: it has the button that was pressed

    async def play(self) -> None:
        """From the reply to the appeal upheld, and one reply more."""
        await self._set_up()
        rejection = await self._write_badly()
        await self._write_worse()
        await self._appeal(rejection)
        await self._write_better()

    async def _set_up(self) -> None:
        desk, where = self.desk, self.desk.newsroom.channel("general")
        await desk.set_up()
        for name, value in (("ask_to_read", "on"), ("ladder", LADDER)):
            await desk.newsroom.owner.run("settings set", where=where, name=name, value=value)
        await desk.newsroom.owner.run("guidelines post", where=where, channel=where)
        await desk.write(self.words.title)
        await eventually(lambda: any(buttons(message) for message in desk.jonas.sees(where)))
        locales, people = desk.newsroom.discord.world.locales, (desk.jonas, desk.marta, desk.tomasz)
        locales.update({person.id: self.words.locale for person in people})
        if not self.takes_messages:
            desk.newsroom.discord.world.closed_dms.add(desk.jonas.id)

    async def _write_badly(self) -> Message:
        """Write a reply that is rejected with a strike; return what says so."""
        words, jonas = self.words, self.desk.jonas
        guidelines = await self._join()
        self._keep("asked to read", [self._legible(guidelines.message).splitlines()[0]])
        form = await jonas.press(guidelines.message, words.have_read)
        self._keep("receipt", await self._read(await jonas.send(form, text=words.bad)))
        why = {"guideline": "personal_attack", "passages": [words.passage], "sentence": words.to_author}
        self._keep("Marta, first strike", await self._reject(1, **why))
        rejection, strike = await self._hear(2)
        self._keep("rejected", map(self._legible, (rejection, strike)))
        return rejection

    async def _write_worse(self) -> None:
        """Climb the ladder: a warning that is acknowledged before the next reply, and a pause."""
        words, jonas = self.words, self.desk.jonas
        await self._write(words.worse)
        self._keep("Marta, second strike", await self._reject(2, guideline="disrespect"))
        self._keep("warned", map(self._legible, await self._hear(2)))
        stopped = await self._join()
        self._keep("stopped by the warning", await self._read(stopped))
        self._keep("acknowledged", await self._read(await jonas.press(stopped.message, words.understand)))
        await self._write(words.worst)
        self._keep("Marta, third strike", await self._reject(3, guideline="disrespect"))
        self._keep("paused", map(self._legible, await self._hear(2)))
        self._keep("stopped by the pause", await self._read(await self._join()))

    async def _appeal(self, rejection: Message) -> None:
        """Appeal against the first rejection; not who decided it but another moderator upholds that."""
        words, desk = self.words, self.desk
        form = await desk.jonas.press(rejection, words.appeal)
        self._keep("what the form says", form.form.texts)
        self._keep("appealed", await self._read(await desk.jonas.send(form, reasons=words.reasons)))
        card = await eventually(lambda: next((each for each in desk.cards() if words.uphold in buttons(each)), None))
        self._keep("card", [self._legible(card)])
        self._keep("Marta may not decide it", await self._read(await desk.marta.press(card, words.uphold)))
        form = await desk.tomasz.press(card, words.uphold)
        self._keep("Tomasz decides", await self._read(await desk.tomasz.send(form, sentence=words.verdict)))
        self._keep("upheld", map(self._legible, await self._hear(4, command="my replies")))
        self._keep("published", desk.published())

    async def _write_better(self) -> None:
        """Write again, and look at the list."""
        words, desk = self.words, self.desk
        await self._write(words.better)
        await desk.marta.press(await desk.carded(4), words.approve)
        self._keep("published again", map(self._legible, await self._hear(1)))
        listed = await desk.jonas.run("my replies", where=desk.newsroom.channel("general"))
        self._keep(LISTED[self.takes_messages], [self._legible(listed.message)])

    async def _write(self, words: str) -> None:
        form = await self._join()
        assert form.form is not None, await self._read(form)
        await self.desk.jonas.send(form, text=words)

    async def _reject(self, number: int, **why: Any) -> list[str]:
        """Let Marta reject a reply with a strike; what she reads beneath the card."""
        form = await self.desk.marta.press(await self.desk.carded(number), self.words.reject)
        answer = await self.desk.marta.send(form, {**why, "strike": "yes"})
        return list(map(self._legible, await eventually(lambda: answer.followups)))

    async def _join(self) -> Answer:
        """Press the button under the article, or the same one beneath what was shown before."""
        below, self.go_on = self.go_on, None
        seen = self.desk.jonas.sees(self.desk.newsroom.channel("articles"))
        card = next(message for message in seen if self.words.join in buttons(message))
        return await self.desk.jonas.press(below or card, self.words.join)

    async def _hear(self, count: int, *, command: str | None = None) -> list[Message]:
        """What Jonas is told: by direct message, or where he takes none, at his next press or after that command."""
        first, self.told = self.told, self.told + count
        if self.takes_messages:
            return (await eventually(self._list_direct_messages))[first:]
        await eventually(lambda: self._count("status = 'refused'") == self.told)
        if command is None:
            answer = await self._join()
            await eventually(lambda: len(answer.followups) == count)
            *told, self.go_on = answer.message or {}, *answer.followups
        else:
            answer = await self.desk.jonas.run(command, where=self.desk.newsroom.channel("general"))
            *told, below = await eventually(lambda: answer.followups if len(answer.followups) > count else [])
            self.reasons_why.add(self._legible(below))
        if self.go_on is not None:
            self.reasons_why.add(self._legible(self.go_on))
        await eventually(lambda: not self._count("status = 'refused' AND shown_at IS NULL"))
        return told

    def _list_direct_messages(self) -> list[Message]:
        """All that he was told, when it has arrived; what answers a press there has no components."""
        messages = [message for message in self.desk.jonas.direct_messages() if message["components"]]
        return messages if len(messages) >= self.told else []

    def _count(self, condition: str) -> int:
        query = f"SELECT count(*) FROM notices WHERE {condition} AND member_id = ?"
        found: int = rows(self.folder, query, self.desk.jonas.id)[0]
        return found

    def _keep(self, when: str, texts: Iterable[str]) -> None:
        self.read[when] = list(texts)

    async def _read(self, answer: Answer) -> list[str]:
        await answer.finished()
        return [self._legible(each) for each in (answer.message, *answer.followups) if each]

    def _legible(self, message: Message | None) -> str:
        """A text as Discord's client draws it: names for mentions, moments by how far they are; and short links."""
        shown = re.sub(r"<t:(\d+):[a-zA-Z]>", _moment, text(message or {}))
        shown = re.sub(r"<@(\d+)>", lambda found: f"@{self._name(int(found[1]))}", shown)
        return re.sub(r"\]\(https://[^)]+\)", "](…)", shown)

    def _name(self, user_id: int) -> str:
        return next(person.name for person in self.desk.newsroom.members if person.id == user_id)


def _moment(found: re.Match[str]) -> str:
    days = round((int(found[1]) - datetime.now(UTC).timestamp()) / DAY)
    return f"⟨{days} d⟩" if days else "⟨now⟩"


@dataclass
class Told:
    """What became of all of them, and what the bot wrote."""

    stories: dict[tuple[str, bool], Story]  # by locale, and whether Jonas takes direct messages
    output: str


async def tell(folder: Path, languages: Iterable[Words]) -> Told:
    """Play every story at once, and end the bot."""
    async with SimulatedDiscord() as discord:
        stories = [
            Story(Desk(build_server(discord, words.newspaper, locale=words.locale)), folder, words, takes_messages)
            for words in languages
            for takes_messages in (True, False)
        ]
        command = [sys.executable, "-m", BRISK, discord.url, "run"]
        bot = BotProcess(discord, command, folder, environment(discord, folder))
        try:
            await bot.ready(PATIENCE)
            await asyncio.gather(*(story.play() for story in stories))
            assert await bot.stop() == 0
        except Exception as error:
            error.add_note(bot.output)
            raise
        finally:
            if bot.running:
                await bot.kill()
        return Told({(story.words.locale, story.takes_messages): story for story in stories}, bot.output)
