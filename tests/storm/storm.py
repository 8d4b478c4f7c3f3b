"""One storm: servers full of people, a Discord that fails at random, and a bot that is killed again and again."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import build_server
from bot.storage import open_database
from bot.storage.sweep import KINDS
from tests.storm.accounts import Accounts, settle_accounts
from tests.storm.ledger import Ledger
from tests.storm.people import Editor, Member, Moderator, Room, keep_acting
from tests.storm.reaper import Reaper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.demo.faults import Chaos
    from bot.storage import Database

MEMBERS = 4  # in each server
FIRST_ARTICLES = ("Morning", "Noon")
READY = 30  # seconds
NEVER_WAITED_FOR = ("notice",)  # one in ten seconds: the last ones may take their time


@dataclass
class Storm:
    """How hard it blows."""

    kills: int
    seed: int
    servers: int = 4
    pace: float = 1.0  # how long people think; 1.0 is some seconds
    share: float = 0.05  # of requests that a fault strikes
    delay: float = 20.0  # seconds that a delayed request takes
    longest_life: float = 3.0  # seconds that a process lives from its connection on
    drain: float = 180.0  # seconds that the last process may take to finish
    program: str = "bot.demo.connect"  # that runs the bot
    database_url: str | None = None  # None: SQLite, in the folder
    after_each_kill: Callable[[int], object] = lambda _kills: None


@dataclass
class Outcome:
    """What happened, and what was found afterwards."""

    reaper: Reaper
    chaos: Chaos
    ledger: Ledger
    accounts: Accounts
    blew: float  # seconds until the last kill
    drained: float  # seconds after it
    left: dict[str, int] = field(default_factory=dict)  # kinds of work that were still due in the end

    def table(self) -> Iterator[tuple[str, str]]:
        """What is printed, line by line."""
        yield "killed", f"{self.reaper.kills.total()}: {_counts(self.reaper.kills)}"
        yield "stopped, connection cut", f"{self.reaper.stopped}, {self.reaper.dropped}"
        yield "faults injected", f"{self.chaos.injected.total()}: {_counts(self.chaos.injected)}"
        yield from self.accounts.table(self.ledger)
        yield "seconds", f"{self.blew:.0f}, and {self.drained:.0f} until everything was done"

    @property
    def wrong(self) -> list[str]:
        """Everything that is not as it must be."""
        left = [f"still due at the end: {self.left}"] if self.left else []
        return [*self.accounts.wrong, *left, *self.reaper.died]


async def run(storm: Storm, folder: Path) -> Outcome:
    """Set up in calm weather, let it storm, wait for calm, and count."""
    started, random, calm, ledger = time.monotonic(), Random(storm.seed), asyncio.Event(), Ledger()
    database_url = storm.database_url or f"sqlite:///{folder / 'standfirst.db'}"
    async with SimulatedDiscord() as discord:
        rooms = [
            Room(build_server(discord, f"Paper {number}"), random, ledger, storm.pace, calm)
            for number in range(storm.servers)
        ]
        reaper = Reaper(discord, folder, random, database_url=database_url, storm=storm)
        try:
            await reaper.start().ready(READY)
            people = [person for room in rooms for person in await settle_in(room, told=room is rooms[0])]
            chaos = discord.faults.chaos(random, storm.share, seconds=storm.delay)
            acting = [asyncio.create_task(keep_acting(person.room, person)) for person in people]
            await reaper.reap(storm.kills, after_each=storm.after_each_kill)
            calm.set()
            discord.faults.clear()
            blew = time.monotonic() - started
            await asyncio.gather(*acting, asyncio.sleep(storm.delay))  # what is delayed now is carried out by then
            database = await open_database(database_url)
            left = await drain(database, storm.drain)
            accounts = await settle_accounts(discord, database, ledger)
            await database.close()
        finally:
            reaper.end()
    return Outcome(reaper, chaos, ledger, accounts, blew, time.monotonic() - started - blew, left)


async def settle_in(room: Room, *, told: bool) -> list[Member | Moderator | Editor]:
    """Set the server up, with two articles; only where `told` do authors get direct messages."""
    desk = room.desk
    await desk.set_up()
    if not told:
        await room.server.owner.run("settings set", where=room.channel("general"), name="notify_author", value="off")
    for title in FIRST_ARTICLES:
        await desk.write(title)
    members = [Member(room, room.server.join(f"Reader {number}")) for number in range(MEMBERS)]
    return [*members, Moderator(room, desk.marta), Moderator(room, desk.tomasz), Editor(room, desk.edda)]


async def drain(database: Database, seconds: float) -> dict[str, int]:
    """Wait until nothing is due any more; return what still is."""
    left = await count_due(database)
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while left:
                await asyncio.sleep(0.5)
                left = await count_due(database)
    return left


async def count_due(database: Database) -> dict[str, int]:
    """How many rows of each kind of work are due, whoever holds them."""
    counts = {}
    async with database.read() as conn:
        for name, kind in KINDS.items():
            query = select(func.count()).select_from(kind.table).where(kind.due)
            counts[name] = 0 if name in NEVER_WAITED_FOR else (await conn.execute(query)).scalar_one()
    return {name: count for name, count in counts.items() if count}


def _counts(counter: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counter.items()))
