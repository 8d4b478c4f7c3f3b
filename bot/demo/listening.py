"""The port that the simulated Discord listens on: taken, and given up without losing who is just coming in."""

from __future__ import annotations

import asyncio
import socket

HOST = "127.0.0.1"


def listen(port: int, *, or_another: bool) -> socket.socket:
    """Take this port, 0 for a free one; `or_another` takes a free one when it is taken. Raises OSError."""
    try:
        return socket.create_server((HOST, port))
    except OSError:
        if not or_another:
            raise
        return socket.create_server((HOST, 0))


async def stop_accepting(listening: socket.socket) -> None:
    """Let nobody in any more, and whoever is coming in be in: asyncio never closes who comes while its server closes.

    A connection is accepted in one turn of the loop and belongs to the server in the next one.
    """
    asyncio.get_running_loop().remove_reader(listening)
    await turns(2)


async def turns(number: int) -> None:
    """Let the loop turn."""
    for _ in range(number):
        await asyncio.sleep(0)
