"""Pages that the tests of extraction read, and a server that shows them."""

from __future__ import annotations

import html
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data/samples"
BLASTS = ROOT.parent / "shared/articles/kazakhstan-blasts.txt"
URL = "https://news.example/2026/harbour"
TEXT = (
    "The old harbour will be rebuilt next year. The council agreed on it on Monday, after two years of talks. "
    "Boats will have to leave in March, and the fish market moves to the station until the work is done. "
    "Most of the money comes from the region, which wants to see more visitors in the town. "
    "Fishermen are not convinced, and have asked for a second crane before they sign anything at all."
)


def page(body: str = f"<p>{TEXT}</p>", head: str = "<title>Harbour to be rebuilt</title>", lang: str = "en") -> bytes:
    return f'<html lang="{lang}"><head>{head}</head><body><article>{body}</article></body></html>'.encode()


@asynccontextmanager
async def serve(body: bytes) -> AsyncIterator[str]:
    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(body=body, content_type="text/html")

    runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def blasts_page() -> bytes:
    """The founding article as its site prints it: headline, figure, block quotes."""
    if not BLASTS.exists():
        pytest.skip("the founding article is not part of the repository")
    text = BLASTS.read_text("utf-8").partition("Join the conversation")[0]
    title, *lines = [html.escape(line.strip(), quote=True) for line in text.split("\n") if line.strip()]
    parts = []
    for before, line in zip([title, *lines], lines, strict=False):
        if line.startswith("Atyrau, Kazakhstan."):
            if before == line:
                parts.append(f'<figure><img src="/atyrau.jpg" alt="{line}"><figcaption>{line}</figcaption></figure>')
        elif before.endswith(":"):
            parts.append(f"<blockquote><p>{line}</p></blockquote>")
        else:
            parts.append(f"<p>{line}</p>")
    head = f'<title>{title} · Global Voices</title><meta property="og:site_name" content="Global Voices">'
    return page(f"<h1>{title}</h1>{''.join(parts)}", head)
