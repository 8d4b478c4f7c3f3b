"""How long it takes until 200 replies approved at once are published, on a Discord that enforces its limits.

Run with `make bulk`. It takes as long as Discord's limits make it take: 200 replies about seven minutes.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from typing import TYPE_CHECKING

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import build_server
from bot.demo.sight import text
from tests.benches.replying import start_bot
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.people import Answer, Person

REPLIES = int(sys.argv[1]) if sys.argv[1:] else 200
PEOPLE = 20


async def main() -> int:
    """Print what was measured; 1 when a request was refused or the order is wrong."""
    async with SimulatedDiscord() as discord:
        newsroom = build_server(discord)
        with tempfile.TemporaryDirectory() as folder:
            process = await start_bot(discord, folder)
            await discord.wait_connected()
            desk = Desk(newsroom)
            await desk.open_discussion()
            readers = [newsroom.join(f"Reader {number}") for number in range(PEOPLE)]
            written = await hold(desk, readers)
            discord.limits.enforced = True
            discord.requests.clear()
            started = time.monotonic()
            answer = await approve_all(desk)
            await follow(desk, answer)
            took = time.monotonic() - started
            await eventually(lambda: sum("· published" in text(card) for card in desk.cards()) == REPLIES, 120)
            in_order = desk.published() == [written[number] for number in sorted(written)]
            report(discord, took, in_order=in_order)
            process.terminate()
            await process.wait()
        return int(bool(discord.limits.refused) or not in_order)


async def hold(desk: Desk, readers: list[Person]) -> dict[int, str]:
    """Have replies sent until enough are held, each with its card; number → text."""
    written: dict[int, str] = {}
    for start in range(0, REPLIES, PEOPLE):
        texts = [f"Point {number}." for number in range(start, min(start + PEOPLE, REPLIES))]
        receipts = await asyncio.gather(*(desk.join(reader, words) for reader, words in zip(readers, texts)))  # noqa: B905
        for receipt, words in zip(receipts, texts, strict=True):
            written[int(receipt.text.split("**")[1].removeprefix("#"))] = words
    await eventually(lambda: len(desk.cards()) == REPLIES, 120)
    return written


async def approve_all(desk: Desk) -> Answer:
    """The moderator approves everything; gives the message that shows the progress."""
    where = desk.newsroom.channel("general")
    preview = await desk.marta.run("review bulk", where=where)
    while f"**{REPLIES}** held" not in preview.text:  # a card counts as seen when it is recorded, not when it is there
        await asyncio.sleep(0.5)
        preview = await desk.marta.run("review bulk", where=where)
    print(preview.text)
    return await desk.marta.press(preview.message, "Approve all")


async def follow(desk: Desk, answer: Answer) -> None:
    """Print what the moderator sees, until all is published."""
    shown = ""
    while len(desk.discussion()) < REPLIES or "Publishing" in answer.text:
        if answer.text != shown:
            shown = answer.text
            print(f"  {shown}", flush=True)
        await asyncio.sleep(1)
    print(f"  {answer.text}")


def report(discord: SimulatedDiscord, took: float, *, in_order: bool) -> None:
    """Print the figures."""
    sent = [request.at for request in discord.calls("POST", "/webhooks/") if "simcord_webhook" in request.path]
    edits = [request for request in discord.calls("PATCH", "/messages/") if request.path.startswith("/channels/")]
    print(f"{REPLIES} replies published in {took:.0f} s")
    print(f"most in any 60 s: {most(sent, 60)}; most in any 2 s: {most(sent, 2)}")
    print(
        f"cards edited: {len(edits)}; requests: {len(discord.requests)}; refused (429): {dict(discord.limits.refused)}"
    )
    print(f"in the order of approval: {'yes' if in_order else 'NO'}")


def most(times: list[float], seconds: float) -> int:
    """The largest number of these moments in any window of this length."""
    return max((sum(start <= moment < start + seconds for moment in times) for start in times), default=0)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
