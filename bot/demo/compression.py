"""The two ways in which Discord's gateway compresses its stream of frames."""

from __future__ import annotations

import importlib
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


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
