"""Avatars for simulated people: a PNG in one colour, which the avatar's hash names."""

from __future__ import annotations

import re
import struct
import zlib

SIZE = 128
_DEFAULT_COLOURS = (0x5865F2, 0x757E8A, 0x3BA55C, 0xFAA61A, 0xED4245, 0xEB459E)  # Discord's own six
_AVATAR = re.compile(r"(?:guilds/\d+/users/\d+/)?avatars/(?:\d+/)?(?P<hash>[0-9a-f]{32})\.(?:png|webp|jpg)")
_DEFAULT = re.compile(r"embed/avatars/(?P<index>[0-5])\.png")


def avatar_hash(colour: int) -> str:
    """Return the avatar hash that stands for a colour (0xRRGGBB)."""
    return f"{colour:032x}"


def colour_of(avatar: str | None, user_id: int) -> int:
    """Return the colour of an avatar hash, or of the default avatar that Discord gives this user."""
    return int(avatar, 16) & 0xFFFFFF if avatar else _DEFAULT_COLOURS[(user_id >> 22) % len(_DEFAULT_COLOURS)]


def portrait(path: str) -> bytes | None:
    """Return the picture at a path of Discord's file server, or None when it is no avatar."""
    if found := _AVATAR.fullmatch(path):
        return png(int(found["hash"], 16) & 0xFFFFFF)
    if found := _DEFAULT.fullmatch(path):
        return png(_DEFAULT_COLOURS[int(found["index"])])
    return None


def png(colour: int) -> bytes:
    """Draw a square of one colour."""
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    row = b"\0" + colour.to_bytes(3, "big") * SIZE
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(row * SIZE), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(chunk) for chunk in chunks)


def _chunk(chunk: bytes) -> bytes:
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
