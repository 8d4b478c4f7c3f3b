"""The set of the demo: a simulated Discord, a newsroom, a sample article, and the real bot in the same process."""

from __future__ import annotations

import asyncio
import errno
import tempfile
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.client import run_client
from bot.config import Config
from bot.demo.connect import point_discord_at
from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import Server, Someone, build_server
from bot.demo.sight import Impossible
from bot.errors import StartError
from bot.storage import open_database

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from bot.demo.people import Person

NEWSPAPER = "The Alderbrook Courier"
CAST = (
    Someone("Jonas Pike", colour=0xC98A1B),
    Someone("Vera Orlova", locale="ru", colour=0x3D6FB4),
    Someone("Marta Quell", colour=0xB5523B),
    Someone("Tomasz Reyl", colour=0x6B7F3A),
)  # and the owner, who posts the articles
MODERATORS = ("Marta Quell", "Tomasz Reyl")
WELCOME = (
    "Welcome to The Alderbrook Courier. Our articles are in the channel **articles**, each with its discussion. "
    "What you reply appears once a moderator has read it."
)
SMALL_TALK = (("Jonas", "Has anybody seen the plans for Mill Street?"), ("Vera", "They are in today's paper."))
GRACE_SECONDS = "3"  # in which an approval can be undone: nobody likes to wait for a demonstration
PATIENCE = 20.0  # seconds for any one thing to happen
CLOSING_SECONDS = 10  # more than the bot needs to end
LEFTOVER_ROLES = ("Moderators", "Editors")  # of the newsroom; /setup makes its own


class Stage:
    """A newsroom where the bot is at work."""

    def __init__(self, discord: SimulatedDiscord) -> None:
        self.discord = discord
        self.server: Server = build_server(discord, NEWSPAPER, cast=CAST)
        self.owner: Person = self.server.owner
        for name in LEFTOVER_ROLES:
            discord.backend.delete_role(self.server.id, self.server.role(name))
        self.is_ready = False  # set once the sample article is posted
        self.ready_at = 0  # the newest message's id at that moment
        discord.app.router.add_static("/sample", samples())

    @property
    def people(self) -> list[Person]:
        """The five people, members first and the owner last."""
        return [person for person in self.server.members if person is not self.owner] + [self.owner]

    @property
    def sample_url(self) -> str:
        """Where the sample article is read."""
        return f"{self.discord.url}/sample/article.html"

    def person(self, name: str) -> Person:
        """Return somebody by the first word of their name."""
        return self.server.person(name)

    def discussion(self) -> dict[str, Any]:
        """Return the thread of the newest article, as the owner's client lists it; raises Impossible."""
        threads = [channel for channel in self.owner.channels() if channel.get("thread_metadata")]
        if not threads:
            raise Impossible("no article has been posted yet")
        return threads[-1]

    async def until(self, condition: Callable[[], Any], what: str, *, seconds: float = PATIENCE) -> Any:
        """Wait until something can be seen, and return it; raises Impossible with `what`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    seen = self.discord.visible.count
                    if found := condition():
                        return found
                    await self.discord.visible.wait(seen)
        raise Impossible(f"this did not happen within {seconds:.0f} seconds: {what}")

    async def set_up(self) -> None:
        """Let the owner run /setup, and give everybody their roles."""
        await self.discord.wait_connected(PATIENCE)
        await self.until(self.owner.commands, "the bot offers its commands")
        wizard = await self.owner.run("setup")
        made = await self.owner.press(wizard.message or {}, "Make it for me")
        await self.until(lambda: "Everything is ready" in made.text, "/setup ends with a green self-check")
        await (await self.owner.run("settings set", name="grace_time", value=GRACE_SECONDS)).finished()
        for name in MODERATORS:
            self.server.give(self.person(name), "Moderator")
        self.server.give(self.owner, "Editor")

    async def post_sample(self) -> None:
        """Let the editor post the sample article, which the bot fetches over HTTP."""
        draft = await self.owner.run("article post", url=self.sample_url)
        preview = await draft.finished()
        posted = await self.owner.press(preview.message or {}, "Post")
        await self.until(lambda: "Posted" in posted.text, "the article is posted")
        self.owner.dismiss(posted.message or {})
        self.ready_at = max(max(messages, default=0) for messages in self.discord.backend.messages.values())
        self.discord.limits.enforced = True
        self.is_ready = True
        self.discord.visible.bump()

    def talk(self) -> None:
        """Let a few words stand in the ordinary channels."""
        self.owner.type(self.server.channel("welcome"), WELCOME)
        for name, words in SMALL_TALK:
            self.person(name).type(self.server.channel("general"), words)


@asynccontextmanager
async def open_stage(
    port: int = 0, *, or_another: bool = False, before_start: Callable[[Stage], None] | None = None
) -> AsyncIterator[tuple[Stage, asyncio.Task[None]]]:
    """Start everything, and leave nothing behind. Yields the stage and the bot's task, which ends when the bot fails.

    Port 0 is any free one; `before_start` may add routes. Raises StartError when the port is taken, unless
    `or_another` allows a free one instead.
    """
    discord = SimulatedDiscord()
    stage = Stage(discord)
    if before_start is not None:
        before_start(stage)
    with tempfile.TemporaryDirectory(prefix="standfirst-") as folder:
        try:
            await _listen(discord, port, or_another=or_another)
            stage.talk()
            async with _bot(discord, Path(folder)) as bot:
                yield stage, bot
        finally:
            await discord.stop()


async def _listen(discord: SimulatedDiscord, port: int, *, or_another: bool) -> None:
    try:
        await discord.start(port, or_another=or_another)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise StartError(f"Port {port} cannot be used here. Choose another, for example --port 8008.") from None


@asynccontextmanager
async def _bot(discord: SimulatedDiscord, folder: Path) -> AsyncIterator[asyncio.Task[None]]:
    point_discord_at(discord.url)
    url = f"sqlite+aiosqlite:///{folder / 'standfirst.db'}"
    config = Config(discord.token, url, folder, allow_private_addresses=True)
    db = await open_database(config.database_url, folder=folder)
    bot = asyncio.create_task(run_client(config, db), name="bot")
    try:
        yield bot
    finally:
        while not bot.done():  # Python 3.11 may lose a cancellation, as `bot.cli.Stop` says
            bot.cancel()
            await asyncio.wait({bot}, timeout=CLOSING_SECONDS)
        await db.close()


def samples() -> Path:
    """Return the folder of the sample article: in an installed package, or in the repository."""
    here = Path(__file__).resolve().parent
    folders = (here / "samples", here.parents[1] / "data" / "samples")
    found = next((folder for folder in folders if (folder / "article.html").is_file()), None)
    if found is None:
        raise StartError("The sample article is missing. Install Standfirst again.")
    return found
