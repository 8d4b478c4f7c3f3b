"""How long a moderator waits from a press to the next card, and how the queue's queries fare with many held replies.

Run with `make desk`; `make desk REPLIES=50` decides fewer. The bot is a process of its own, on a real socket.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from random import Random
from string import ascii_lowercase
from typing import TYPE_CHECKING

from bot.demo.discord_server import SimulatedDiscord
from bot.demo.newsroom import build_server
from tests.benches import queue
from tests.benches.replying import start_bot
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.people import Answer, Person

REPLIES = int(sys.argv[1]) if sys.argv[1:] else 500
PEOPLE = 20
LONGEST_MEDIAN = 0.150  # seconds
REASON = {"guideline": "spam", "sentence": "Please do not advertise."}
CHANGES = {"guideline": "disrespect", "sentence": "Which point?"}
ACTS = ("approve", "approve", "reject", "approve", "skip", "changes", "approve", "reject")


async def main() -> int:
    """Print what was measured; 1 when it takes too long, or a query is slower with many than it may be."""
    waits = await _work()
    spread = statistics.quantiles(waits, n=20)
    median = statistics.median(waits)
    is_quick = median < LONGEST_MEDIAN
    print(f"press → next card: n={len(waits)} median={median * 1000:.0f} p95={spread[18] * 1000:.0f} ms", end="")
    print(f" max={max(waits) * 1000:.0f} ms{'' if is_quick else '  TOO SLOW'}", flush=True)
    return int(not (await queue.report() and is_quick))


async def _work() -> list[float]:
    async with SimulatedDiscord() as discord:
        newsroom = build_server(discord)
        with tempfile.TemporaryDirectory() as folder:
            process = await start_bot(discord, folder)
            await discord.wait_connected()
            desk = Desk(newsroom)
            await desk.open_discussion()
            await newsroom.owner.run(
                "settings set", where=desk.newsroom.channel("general"), name="backlog_limit", value="0"
            )
            await hold(desk, [newsroom.join(f"Reader {number}") for number in range(PEOPLE)])
            waits = await decide_all(desk)
            process.terminate()
            await process.wait()
    return waits


async def hold(desk: Desk, readers: list[Person]) -> None:
    """Have replies sent until enough are held, each with its card."""
    for start in range(0, REPLIES, PEOPLE):
        texts = [_text(number) for number in range(start, min(start + PEOPLE, REPLIES))]
        await asyncio.gather(*(desk.join(reader, words) for reader, words in zip(readers, texts)))  # noqa: B905
    await eventually(lambda: len(desk.cards()) >= REPLIES, 600)


def _text(number: int) -> str:
    """Words that are like no other reply's: near-identical ones share a card, and like ones ask before a decision."""
    dice = Random(number)
    return " ".join("".join(dice.choices(ascii_lowercase, k=dice.randint(3, 9))) for _ in range(30))


async def decide_all(desk: Desk) -> list[float]:
    """Decide, or skip and decide later, until nothing is left; gives the seconds from each press to the next card."""
    waits: list[float] = []
    answer = await desk.marta.run("review next", where=desk.newsroom.channel("general"))
    place = 0
    while "Nothing is left" not in answer.text or "skipped" in answer.text:
        if "Nothing is left" in answer.text:
            answer = await desk.marta.press(answer.message, "Begin again")
            continue
        answer = await _act(desk.marta, answer, ACTS[place % len(ACTS)] if place < REPLIES else "approve")
        assert answer.message is not None, f"press {place} was answered by {answer.kind} after {answer.seconds:.2f} s"
        waits.append(answer.seconds)
        place += 1
    assert place >= REPLIES, f"only {place} were decided"
    return waits


async def _act(moderator: Person, card: Answer, act: str) -> Answer:
    if act in {"approve", "skip"}:
        return await moderator.press(card.message, act.title())
    form = await moderator.press(card.message, "Reject" if act == "reject" else "Request changes")
    return await moderator.send(form, REASON if act == "reject" else CHANGES)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
