"""A world on simcord with one server, one channel and one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
import pytest

from tests.in_process import make_env
from tests.recorder import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import simcord


@pytest.fixture
async def env() -> AsyncIterator[simcord.Env]:
    async with make_env(Recorder) as env:
        yield env


@pytest.fixture
def guild(env: simcord.Env) -> simcord.GuildHandle:
    return env.create_guild("The Harbour Courier", preferred_locale="fr")


@pytest.fixture
def channel(env: simcord.Env, guild: simcord.GuildHandle) -> discord.TextChannel:
    found = env.bot.get_channel(guild.create_text_channel("articles").id)
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.fixture
async def thread(channel: discord.TextChannel) -> discord.Thread:
    return await (await channel.send("card")).create_thread(name="Discussion")
