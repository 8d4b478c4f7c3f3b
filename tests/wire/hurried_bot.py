"""Runs the bot, otherwise unmodified, where time passes faster: `python -m tests.wire.hurried_bot URL run`.

Every wait of the bot and of discord.py becomes shorter by the same factor, so they keep their order.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import selectors
import sys
from types import SimpleNamespace
from typing import Any

import discord
from discord.ext import tasks

from bot.demo.connect import main

PACE = 5
STARTED = dt.datetime.now(dt.UTC)


class Hurried(dt.datetime):
    """The time of day in this process."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
        """Real time, stretched from the start on."""
        passed = dt.datetime.now(dt.UTC) - STARTED
        return (STARTED + passed * PACE).astimezone(tz)


def hurry() -> None:
    """Let the event loop's clock and discord.py's time of day run faster."""
    loop_time, select = asyncio.BaseEventLoop.time, selectors.DefaultSelector.select

    def hurried_select(selector: Any, timeout: float | None = None) -> Any:
        return select(selector, timeout / PACE if timeout else timeout)

    asyncio.BaseEventLoop.time = lambda loop: loop_time(loop) * PACE
    selectors.DefaultSelector.select = hurried_select
    discord.utils.datetime = tasks.datetime = SimpleNamespace(**vars(dt) | {"datetime": Hurried})


if __name__ == "__main__":
    hurry()
    main(sys.argv[1:])
