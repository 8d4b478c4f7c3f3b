"""A newsroom at work over the socket: set up, with an article from a real web page, and what people do there."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from aiohttp import web

from bot.demo.sight import buttons, text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.demo.newsroom import Server
    from bot.demo.people import Answer, Person

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
PATIENCE = 10  # seconds; how long anything may take before a test fails

THREAD = 11  # Discord's type of a public thread

T = TypeVar("T")


async def eventually(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Look until something is there, and return it."""
    async with asyncio.timeout(seconds):
        while not (seen := look()):
            await asyncio.sleep(0.02)
    return seen


@asynccontextmanager
async def serving(folder: Path = SAMPLES) -> AsyncIterator[str]:
    """Serve a folder's files over HTTP; gives the address."""
    app = web.Application()
    app.router.add_static("/", folder)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


class Desk:
    """People by first name, and the places of the one article that is discussed."""

    def __init__(self, newsroom: Server) -> None:
        self.newsroom = newsroom
        self.marta, self.tomasz, self.edda, self.jonas, self.lea = (
            newsroom.person(name) for name in ("Marta", "Tomasz", "Edda", "Jonas", "Léa")
        )

    async def set_up(self) -> None:
        """The owner has the bot make everything; moderators and the editor get their roles. No approval waits."""
        answer = await self.newsroom.owner.run("setup", where=self.newsroom.channel("general"))
        await self.newsroom.owner.press(answer.message, "Make it for me")
        await eventually(lambda: "Everything is ready" in answer.text)
        for name, value in (("grace_time", "0"), ("ask_to_read", "off")):
            await self.newsroom.owner.run(
                "settings set", where=self.newsroom.channel("general"), name=name, value=value
            )
        for person, role in ((self.marta, "Moderator"), (self.tomasz, "Moderator"), (self.edda, "Editor")):
            self.newsroom.give(person, role)

    async def post(self, url: str) -> Answer:
        """The editor posts an article by its address; the answer is what the editor sees in the end."""
        answer = await self.edda.run("article post", where=self.newsroom.channel("general"), url=url)
        await answer.finished()
        if "Post" not in buttons(answer.message or {}):
            return answer
        posted = await self.edda.press(answer.message, "Post")
        await eventually(lambda: "The discussion is here" in posted.text)
        return posted

    async def open_discussion(self) -> None:
        """Set up, and post the sample article."""
        await self.set_up()
        async with serving() as address:
            await self.post(f"{address}/article.html")

    async def write(self, title: str) -> None:
        """The editor posts an article by hand."""
        form = await self.edda.run("article write", where=self.newsroom.channel("general"))
        preview = await self.edda.send(form, title=title, summary="In short.")
        posted = await self.edda.press(preview.message, "Post")
        await eventually(lambda: "The discussion is here" in posted.text)

    @property
    def thread(self) -> dict[str, Any]:
        """The discussion of the article that was posted first."""
        return next(channel for channel in self.newsroom.owner.channels() if channel["type"] == THREAD)

    def article(self, person: Person, title: str = "") -> dict[str, Any]:
        """The card of the article with this title; without: of the first."""
        seen = person.sees(self.newsroom.channel("articles"))
        return next(card for card in seen if "Join the conversation" in buttons(card) and title in text(card))

    def discussion(self, person: Person | None = None, title: str = "") -> list[dict[str, Any]]:
        """What is published under the article with this title, oldest first; without: under the first."""
        reader = person or self.jonas
        thread = next(c for c in reader.channels() if c["type"] == THREAD and title in c["name"])
        return [seen for seen in reader.sees(thread) if seen.get("webhook_id")]

    def published(self, title: str = "") -> list[str]:
        """The first line of each published reply, oldest first."""
        return [text(message).splitlines()[0] for message in self.discussion(title=title)]

    def cards(self) -> list[dict[str, Any]]:
        """The review cards, oldest first."""
        return self.marta.sees(self.newsroom.channel("review"))

    def card(self, number: int) -> dict[str, Any]:
        """The newest review card of a reply."""
        return next(card for card in reversed(self.cards()) if f"#{number}**" in text(card))

    async def join(self, person: Person, words: str, *, title: str = "") -> Answer:
        """Press the button under the article, write and send."""
        form = await person.press(self.article(person, title), "Join the conversation")
        return await person.send(form, text=words)

    async def carded(self, number: int) -> dict[str, Any]:
        """Wait for a reply's review card."""
        return await eventually(lambda: next((c for c in self.cards() if f"#{number}**" in text(c)), None))

    async def approve(self, number: int, moderator: Person | None = None) -> Answer:
        """Approve a reply by its card."""
        return await (moderator or self.marta).press(await self.carded(number), "Approve")
