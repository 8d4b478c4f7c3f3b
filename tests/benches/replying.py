"""How long a press waits for its acknowledgement when twenty people reply at once, and how much memory the bot takes.

Run with `make bench`. The bot is a process of its own; everything goes over a real socket on this machine.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import build_server
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.people import Person

PEOPLE = 20
ROUNDS = int(sys.argv[1]) if sys.argv[1:] else 10
MEBIBYTE = 2**20


async def main() -> None:
    """Print a table: presses, median, 99th percentile, longest; then the memory."""
    async with SimulatedDiscord() as discord:
        newsroom = build_server(discord)
        with tempfile.TemporaryDirectory() as folder:
            process = await start_bot(discord, folder)
            await discord.wait_connected()
            desk = Desk(newsroom)
            await desk.open_discussion()
            readers = [newsroom.join(f"Reader {number}") for number in range(PEOPLE)]
            print(f"memory before: {memory(process.pid) / MEBIBYTE:.1f} MiB")
            presses, forms = await replying(desk, readers)
            await eventually(lambda: len(desk.cards()) >= 10, 60)
            report("press → form", presses)
            report("send → receipt", forms)
            print(f"memory after {len(forms)} replies: {memory(process.pid) / MEBIBYTE:.1f} MiB")
            process.terminate()
            await process.wait()


async def replying(desk: Desk, readers: list[Person]) -> tuple[list[float], list[float]]:
    """Everybody presses, writes and sends at once, again and again; gives the seconds of both acts."""
    presses: list[float] = []
    forms: list[float] = []

    async def reply(reader: Person, words: str) -> None:
        form = await reader.press(desk.article(reader), "Join the conversation")
        receipt = await reader.send(form, text=words)
        assert "held for review" in receipt.text, receipt.text
        presses.append(form.seconds)
        forms.append(receipt.seconds)

    for number in range(ROUNDS):
        await asyncio.gather(*(reply(reader, f"Point {number} of {reader.name}.") for reader in readers))
    return presses, forms


def report(what: str, seconds: list[float]) -> None:
    """One line of the table, in milliseconds."""
    spread = statistics.quantiles(seconds, n=100)
    print(f"{what:16} n={len(seconds)} median={spread[49] * 1000:.0f} p99={spread[98] * 1000:.0f} ms", end=" ")
    print(f"max={max(seconds) * 1000:.0f} ms")


async def start_bot(discord: SimulatedDiscord, folder: str) -> asyncio.subprocess.Process:
    """The bot as its own process, with its data in that folder."""
    env = dict(os.environ, DISCORD_TOKEN=discord.token, STANDFIRST_DATA=folder, STANDFIRST_ALLOW_PRIVATE_ADDRESSES="1")
    command = (sys.executable, "-m", "bot.demo.connect", discord.url, "run")
    return await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.DEVNULL)


def memory(pid: int) -> int:
    """Resident memory in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


if __name__ == "__main__":
    asyncio.run(main())
