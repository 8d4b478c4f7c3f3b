"""The bot inside the test's own process, on simcord with our repairs: fast, with a virtual clock.

`conftest.py` imports the fixtures; a test opens a world with `async with make_env(lambda: TheBot(…)) as env:`.
"""

from __future__ import annotations

import gc
import logging
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import discord
import pytest
import simcord
from simcord import interactions
from simcord.backend import serializers

from bot.demo import repairs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

WATCHED = ("discord", "asyncio", "bot", "cogs")
IDLE = 0.002  # seconds between two looks at whether the bot has settled; simcord's own 0.05 is most of a test's time
BUTTON = 2


@contextmanager
def collect_logged_errors() -> Iterator[list[logging.LogRecord]]:
    """Collect what is only logged, by discord.py, asyncio and ourselves: it would leave its test green."""
    records: list[logging.LogRecord] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    collector = Collector(logging.ERROR)
    loggers = [logging.getLogger(name) for name in WATCHED]
    for logger in loggers:
        logger.addHandler(collector)
    try:
        yield records
    finally:
        for logger in loggers:
            logger.removeHandler(collector)


@pytest.fixture(autouse=True)
def logged_errors(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """Fail the test when an error was logged; a test that means one is marked `logs_errors`, and fails without it."""
    with collect_logged_errors() as records:
        yield records
        gc.collect(1)  # a task whose error nobody asked for complains when it is collected
    if request.node.get_closest_marker("logs_errors"):
        assert records, "no error was logged"
        return
    assert not records, "\n".join(logging.Formatter().format(record) for record in records)


@asynccontextmanager
async def make_env(
    bot_factory: Callable[[], discord.Client], *, privileged: tuple[str, ...] = (), **options: Any
) -> AsyncIterator[simcord.Env]:
    """Open a world around a new bot, logged in and ready; close the bot at the end and raise what it raised.

    `privileged` are the intents that the developer portal has granted; without "message_content" the bot reads none.
    """
    repairs.apply()
    simcord.Env._settle_internal.__kwdefaults__["idle"] = IDLE
    approved = discord.Intents(**dict.fromkeys(privileged, True))
    env = simcord.Env(bot_factory(), approved_intents=approved, **options)
    bots = env.__dict__["bots"] = [env.bot]
    try:
        await env.start()
        with _virtual_clock(env):
            yield env
    finally:
        await env.shutdown()
        for bot in bots:
            await bot.close()
    env._raise_errors_since(env._errors_acknowledged)


@contextmanager
def _virtual_clock(env: simcord.Env) -> Iterator[None]:
    """Let the test's own calls see the virtual time; where a fixture opened the world, simcord's plugin does that."""
    context = env.time_context()
    context.__enter__()
    try:
        yield
    finally:
        with suppress(ValueError):  # a fixture's last part runs in another context, which has nothing to reset
            context.__exit__(None, None, None)


async def restart(env: simcord.Env, bot: discord.Client) -> None:
    """Let the process die and a new one start: another bot in the same world. The old one is closed at the end."""
    env.__dict__["bots"].append(bot)
    await env.restart_bot(bot)


async def burst(env: simcord.Env, *presses: tuple[simcord.MemberActor, Any, str]) -> list[simcord.InteractionResult]:
    """Deliver several presses (person, message, custom_id) before the bot gets to run: all at the same moment."""
    backend, records = env.backend, []
    env._begin_operation("burst")
    try:
        for person, message, custom_id in presses:
            stored = backend.get_message(message.channel.id, message.id)
            record, payload = interactions.base_payload(
                backend,
                type=3,
                channel_id=stored.channel_id,
                guild_id=person.guild.id,
                user_id=person.id,
                data={"custom_id": custom_id, "component_type": BUTTON},
            )
            record.source_message_id = stored.id
            payload["message"] = dict(serializers.message_payload(backend, stored))
            backend.emit("INTERACTION_CREATE", payload)
            records.append(record)
        await env._settle_internal(dispatch="BURST")
    finally:
        env._end_operation()
    return [simcord.InteractionResult(env, record) for record in records]
