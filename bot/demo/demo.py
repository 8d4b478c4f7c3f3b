"""`standfirst demo`: the bot in a browser, or its tour in the terminal, with nothing but this computer."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import suppress

from bot import logs
from bot.cli import Stop
from bot.demo.pages import Pages
from bot.demo.stage import Stage, open_stage
from bot.demo.tour import play

__all__ = ["main"]

USUAL_PORT = 8765  # so that an open page finds the demo again when it is started anew


def main(*, tour: bool, port: int | None) -> None:
    """Run until Ctrl-C, or to the end of the tour, which ends with exit code 1 when a step fails."""
    logs.set_up(level=logging.ERROR)
    code = 0
    with suppress(asyncio.CancelledError, KeyboardInterrupt):
        code = asyncio.run(_tour(port) if tour else _serve(port))
    if code:
        sys.exit(code)


async def _serve(port: int | None) -> int:
    Stop()
    async with open_stage(port or USUAL_PORT, or_another=port is None, before_start=_add_pages) as (stage, bot):
        print(f"Standfirst is at {stage.discord.url} (Ctrl-C stops it)", flush=True)  # noqa: T201
        opening = asyncio.create_task(_open(stage), name="opening")
        await asyncio.wait({opening, bot}, return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
        await bot
    return 0


async def _open(stage: Stage) -> None:
    await stage.set_up()
    await stage.post_sample()


async def _tour(port: int | None) -> int:
    Stop()
    async with open_stage(port or 0) as (stage, _bot):
        return await play(stage)


def _add_pages(stage: Stage) -> None:
    Pages(stage).add_routes(stage.discord.app.router)
