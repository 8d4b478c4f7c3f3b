"""Ends the bot at random moments of its life, many of them between an effect and its recording, and starts it again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.wire.conftest import BotProcess, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from bot.demo.discord_server import Request, SimulatedDiscord
    from tests.storm.storm import Storm

CONNECTS_WITHIN = 5.0  # seconds
# What to strike after, as (method, part of the path), and how often: what must not happen twice comes first.
TARGETS = {
    ("POST", "/simcord_webhook_"): 6,
    ("POST", "/messages"): 5,
    ("POST", "/threads"): 2,
    ("POST", "/callback"): 4,
    ("PATCH", "/messages/"): 2,
    ("DELETE", "/messages/"): 2,
    ("POST", ""): 2,
}
WAYS = {"after an effect": 55, "at any time": 15, "starting": 10, "connecting": 10, "beside another": 10}


class Reaper:
    """Runs the bot, one process after another on the same data."""

    def __init__(
        self, discord: SimulatedDiscord, folder: Path, random: Random, *, database_url: str, storm: Storm
    ) -> None:
        self.discord = discord
        self.folder = folder
        self.random = random
        self.database_url = database_url
        self.program = storm.program
        self.longest_life = storm.longest_life  # nobody waits longer for the effect that they want to strike
        self.kills: Counter[str] = Counter()  # by SIGKILL, by moment
        self.stopped = 0  # by SIGTERM
        self.dropped = 0  # connections to the gateway
        self.died: list[str] = []  # what those wrote that ended by themselves
        self.bots: list[BotProcess] = []

    def start(self) -> BotProcess:
        """Start the bot; it connects in its own time."""
        env = environment(self.discord, self.folder) | {"DATABASE_URL": self.database_url}
        command = (sys.executable, "-m", self.program, self.discord.url, "run")
        bot = BotProcess(self.discord, command, self.folder, env)
        self.bots.append(bot)
        return bot

    @property
    def bot(self) -> BotProcess:
        """The process that was started last."""
        return self.bots[-1]

    async def reap(self, kills: int, *, after_each: Callable[[int], object]) -> None:
        """Kill so many times, and now and then stop politely or cut the connection; leave one process running."""
        while self.kills.total() < kills:
            if self.bot.running:
                await self._interfere()
                after_each(self.kills.total())
            if not self.bot.running:
                self._bury(self.bot)
                self.start()

    async def _interfere(self) -> None:
        dice = self.random.random()
        if dice < 0.06:
            await self._connected()
            self.dropped += self.discord.drop_gateway()
            await asyncio.sleep(self.random.uniform(0, 1))
        elif dice < 0.12:
            await self._stop()
        else:
            way = self.random.choices(list(WAYS), weights=list(WAYS.values()))[0]
            await self._strike(way)

    async def _strike(self, way: str) -> None:
        bot = self.bot
        if way == "after an effect":
            await self._after_an_effect(bot)
        elif way == "starting":
            await asyncio.sleep(self.random.uniform(0, 0.8))
        elif way == "connecting":
            await self._connected()
            await asyncio.sleep(self.random.uniform(0, 0.3))
        else:
            await self._connected()
            await asyncio.sleep(self.random.uniform(0, self.longest_life))
        if way == "beside another" and bot.running:
            self.start()
            await self._connected()
            await asyncio.sleep(self.random.uniform(0, 1))
        await self._kill(bot, way)

    async def _after_an_effect(self, bot: BotProcess) -> None:
        """Wait until Discord carried out what is aimed at; the process dies before it hears of it, or just after."""
        method, part = self.random.choices(list(TARGETS), weights=list(TARGETS.values()))[0]
        struck = asyncio.Event()
        left = self.random.randint(1, 3)
        at_once = self.random.random() < 0.6

        def on_effect(request: Request) -> None:
            nonlocal left
            left -= request.method == method and part in request.path
            if left == 0:
                if at_once:
                    bot.process.send_signal(signal.SIGKILL)
                struck.set()

        self.discord.on_effect = on_effect
        with suppress(TimeoutError):
            async with asyncio.timeout(self.longest_life + 1):
                await struck.wait()
            if not at_once:
                await asyncio.sleep(self.random.uniform(0, 0.05))
        self.discord.on_effect = lambda _request: None

    async def _connected(self) -> None:
        with suppress(TimeoutError, AssertionError):  # it may end by itself meanwhile
            await self.bot.ready(CONNECTS_WITHIN)

    async def _kill(self, bot: BotProcess, way: str) -> None:
        if bot.running or bot.process.returncode == -signal.SIGKILL:
            self.kills[way] += 1
        bot.process.kill()
        await asyncio.to_thread(bot.process.wait)

    async def _stop(self) -> None:
        bot = self.bot
        await asyncio.sleep(self.random.uniform(0, self.longest_life))
        if bot.running:
            bot.process.terminate()
            self.stopped += 1
            with suppress(Exception):
                await asyncio.to_thread(bot.process.wait, 5)
        if bot.running:
            self.died.append(f"SIGTERM did not end it:\n{bot.output[-2000:]}")
            await self._kill(bot, "at any time")

    def _bury(self, bot: BotProcess) -> None:
        bot._file.close()
        if bot.process.returncode not in (0, -signal.SIGKILL, -signal.SIGTERM):
            self.died.append(f"exit code {bot.process.returncode}:\n{bot.output[-2000:]}")

    def end(self) -> None:
        """End whatever is left."""
        for bot in self.bots:
            bot.process.kill()
            bot.process.wait()
            bot._file.close()
