"""One websocket of Discord's gateway: frames leave in order, compressed in one of the two ways that Discord offers."""

from __future__ import annotations

import asyncio
import importlib
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp import web


@dataclass
class Connection:
    """One open websocket and its stream of compressed frames."""

    socket: web.WebSocketResponse
    compress: Callable[[bytes], bytes] | None
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def send(self, text: str) -> None:
        """Queue one payload; the frames leave in this order."""
        self.outgoing.put_nowait(text)

    async def write(self) -> None:
        """Send what is queued until the socket closes."""
        while True:
            text = await self.outgoing.get()
            try:
                if self.compress is None:
                    await self.socket.send_str(text)
                else:
                    await self.socket.send_bytes(self.compress(text.encode()))
            except (ConnectionError, RuntimeError):
                return


def compressor(kind: str | None) -> Callable[[bytes], bytes] | None:
    """Return what compresses the next frame of one connection, or None when frames go as text."""
    if kind == "zlib-stream":
        stream = zlib.compressobj()
        return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        zstandard = importlib.import_module("zstandard")
        chunks = zstandard.ZstdCompressor().compressobj()
        flush_block = zstandard.COMPRESSOBJ_FLUSH_BLOCK

        def compress(data: bytes) -> bytes:
            compressed: bytes = chunks.compress(data) + chunks.flush(flush_block)
            return compressed

        return compress
    return None
