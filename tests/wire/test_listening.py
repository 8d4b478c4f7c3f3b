"""The simulated Discord lets go of everybody when it stops, whoever is just coming in included."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import pytest

from bot.demo.discord_server import SimulatedDiscord


@pytest.mark.parametrize("turns", range(6))
async def test_whoever_comes_in_while_it_stops_is_let_go(turns):
    discord = SimulatedDiscord()
    await discord.start()
    with socket.create_connection(("127.0.0.1", int(discord.url.rpartition(":")[2])), timeout=5) as visitor:
        for _ in range(turns):
            await asyncio.sleep(0)

        await discord.stop()

        with suppress(ConnectionResetError):  # nobody had let them in
            assert visitor.recv(1) == b""
