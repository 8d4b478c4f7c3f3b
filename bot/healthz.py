"""`GET /healthz`: the line of `standfirst check` for a program that watches the bot; 503 when something is wrong."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import StartError
from bot.services import health

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from aiohttp import web

    from bot.config import Config
    from bot.storage import Database

HOST = "127.0.0.1"  # what it says is for the machine's own operator
WELL, WRONG = 200, 503


@asynccontextmanager
async def serving_health(config: Config, db: Database, is_connected: Callable[[], bool]) -> AsyncIterator[None]:
    """Listen on the port that is configured, if one is. Raises StartError when it cannot be had."""
    if not config.health_port:
        yield
        return
    from aiohttp import web  # noqa: PLC0415 - 2 MB that most bots need not have

    async def answer(_request: web.Request) -> web.Response:
        found = await health.examine(db, config, now=datetime.now(UTC), is_connected=is_connected())
        return web.Response(text=f"{found}\n", status=WELL if found.is_well else WRONG)

    app = web.Application()
    app.router.add_get("/healthz", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, config.health_port).start()
        except OSError:
            raise StartError(
                f"Port {config.health_port} cannot be used here. Choose another with STANDFIRST_HEALTH_PORT."
            ) from None
        yield
    finally:
        await runner.cleanup()
