"""A simulated Discord on a real port, and the bot as a process of its own that talks to it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import Server, build_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence

    StartBot = Callable[..., Awaitable["BotProcess"]]

PROJECT = Path(__file__).parents[2]
PATIENCE = 15  # seconds for the bot to connect
HURRIED = "tests.wire.hurried_bot"  # the program in which time passes faster


class BotProcess:
    """One run of the bot: its process, and what it wrote."""

    def __init__(self, discord: SimulatedDiscord, command: Sequence[str], folder: Path, env: Mapping[str, str]) -> None:
        self.discord = discord
        self._sessions_before = discord.gateway.identified
        self._log = folder / f"output-{len(list(folder.glob('output-*')))}.txt"
        self._file = self._log.open("wb")
        self.process = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdout=self._file, stderr=subprocess.STDOUT, start_new_session=True
        )

    @property
    def output(self) -> str:
        """Everything it wrote to stdout and stderr so far."""
        return self._log.read_text(errors="replace")

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def memory(self) -> int:
        """Resident memory in bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))

    async def says(self, text: str, seconds: float = PATIENCE) -> None:
        """Wait until it has written `text`."""
        async with asyncio.timeout(seconds):
            while text not in self.output:
                assert self.running, f"the bot ended with {self.process.returncode}:\n{self.output}"
                await asyncio.sleep(0.01)

    async def ready(self, seconds: float = PATIENCE) -> None:
        """Wait until it is connected to the gateway; raises when it ends before."""
        async with asyncio.timeout(seconds):
            while self.discord.gateway.identified == self._sessions_before:
                assert self.running, f"the bot ended with {self.process.returncode}:\n{self.output}"
                await asyncio.sleep(0.01)

    async def ended(self, seconds: float = PATIENCE) -> int:
        """Wait until it has ended and Discord has noticed; return its exit code."""
        code = await asyncio.to_thread(self.process.wait, seconds)
        self._file.close()
        with suppress(TimeoutError):  # another one may still be connected
            await self.discord.wait_disconnected(0.3)
        return code

    async def kill(self) -> None:
        """End it at once, as a power cut does (SIGKILL)."""
        self.process.kill()
        await self.ended()

    async def stop(self) -> int:
        """Ask it to end (SIGTERM); return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()


def environment(discord: SimulatedDiscord, folder: Path) -> dict[str, str]:
    """What the bot's process finds in its environment."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("STANDFIRST_")},
        "PYTHONPATH": str(PROJECT),
        "PYTHONUNBUFFERED": "1",
        "DISCORD_TOKEN": discord.token,
        "STANDFIRST_DATA": str(folder),
        "STANDFIRST_ALLOW_PRIVATE_ADDRESSES": "1",
    }


@pytest.fixture
async def discord_server() -> AsyncIterator[SimulatedDiscord]:
    async with SimulatedDiscord() as discord:
        yield discord
    assert discord.not_simulated == []


@pytest.fixture
def newsroom(discord_server: SimulatedDiscord) -> Server:
    return build_server(discord_server)


@pytest.fixture
def start_bot(discord_server: SimulatedDiscord, tmp_path: Path) -> Iterator[StartBot]:
    """`await start_bot(env={…}, program=HURRIED, wait=True)`: the data folder stays the same from start to start."""
    started: list[BotProcess] = []

    async def start(
        *,
        env: Mapping[str, str] | None = None,
        program: str = "bot.demo.connect",
        command: Sequence[str] | None = None,
        wait: bool = True,
    ) -> BotProcess:
        settings = environment(discord_server, tmp_path) | dict(env or {})
        words = command or [sys.executable, "-m", program, discord_server.url, "run"]
        bot = BotProcess(discord_server, words, tmp_path, settings)
        started.append(bot)
        if wait:
            await bot.ready()
        return bot

    yield start
    for bot in started:
        if bot.running:
            bot.process.kill()
            bot.process.wait()
        bot._file.close()
