"""The way in: an address or a file → a `Page`, parsed in a process that can be killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from pebble import ProcessExpired, ProcessPool

from bot.extraction.fetching import MAX_MEGABYTES, MAX_SECONDS, MEGABYTE, fetch
from bot.extraction.refusals import PageRefused, PageTooLarge, PageTooSlow

if sys.platform != "win32":
    import resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.models import Page

MAX_WORKER_BYTES: Final = 1_000_000_000  # of addresses; the worst page of 5 MB took 800 MB

# At most two pages are parsed at a time, each in its own process of about 100 MB; the others wait.
_WAITING: Final = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reading")


async def read_url(url: str, *, allow_private: bool = False, seconds: float = MAX_SECONDS) -> Page:
    """Read the article at an address. Raises one of the PageRefused errors, whatever the page contains.

    `seconds` limit the fetching and then the parsing; `allow_private` is for tests and the demo.
    """
    fetched = await fetch(url, allow_private=allow_private, seconds=seconds)
    return await run_apart(_read_html, fetched.body, fetched.url, fetched.charset, seconds=seconds)


async def read_file(name: str, body: bytes) -> Page:
    """Read an uploaded HTML page, or a plain text whose first line is the title.

    Raises PageTooLarge, PageTooSlow, PageNotHtml or PageNotArticle.
    """
    if len(body) > MAX_MEGABYTES * MEGABYTE:
        raise PageTooLarge(limit=MAX_MEGABYTES)
    return await run_apart(_read_file, name, body, seconds=MAX_SECONDS)


async def run_apart(function: Callable[..., Page], *values: object, seconds: float) -> Page:
    """Call a function in a process of its own, which ends with the call and is killed when time is up.

    Raises PageTooSlow then, PageRefused when the process dies, and what the function raises.
    """
    return await asyncio.get_running_loop().run_in_executor(_WAITING, _call, function, values, seconds)


def _call(function: Callable[..., Page], values: tuple[object, ...], seconds: float) -> Page:
    # Spawned, not forked: the bot's sockets, threads and memory stay out of what reads hostile input.
    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=1, initializer=_limit_worker, context=context) as pool:
        try:
            return pool.schedule(function, args=values, timeout=seconds).result()
        except TimeoutError as error:
            raise PageTooSlow(seconds=f"{seconds:g}") from error
        except (ProcessExpired, MemoryError, RecursionError) as error:
            raise PageRefused from error


def _limit_worker() -> None:
    """Let the worker be killed at once and keep it from taking all memory (not limited on Windows)."""
    # Undoes pebble's own handler, which Python would call only when the parser's C code returns, if ever.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MAX_WORKER_BYTES, MAX_WORKER_BYTES))


def _read_html(body: bytes, url: str, charset: str | None) -> Page:
    from bot.extraction.pages import page_from_html  # noqa: PLC0415 - trafilatura stays out of the main process

    return page_from_html(body, url, charset)


def _read_file(name: str, body: bytes) -> Page:
    from bot.extraction.pages import page_from_file  # noqa: PLC0415 - likewise

    return page_from_file(name, body)
