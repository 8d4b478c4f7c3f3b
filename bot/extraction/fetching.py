"""The web → bytes: one page is fetched, and nothing that leads into a private network is touched."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

import aiohttp

from bot import __version__
from bot.extraction.addresses import web_address
from bot.extraction.refusals import (
    AddressInvalid,
    AddressPrivate,
    PageNotFound,
    PageNotHtml,
    PageTooLarge,
    PageTooSlow,
    PageUnreachable,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohappyeyeballs import AddrInfoType
    from yarl import URL

MAX_MEGABYTES: Final = 5
MAX_SECONDS: Final = 10.0
MAX_REDIRECTS: Final = 5
MEGABYTE: Final = 1_000_000

_HTML_TYPES: Final = ("text/html", "application/xhtml+xml")
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_GONE: Final = (404, 410)
_SUCCESS: Final = range(200, 300)
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")  # leaves out mapped, NAT64, site-local and multicast addresses


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a site answered."""

    url: str  # the final address, after redirects
    body: bytes  # decompressed
    charset: str | None  # as the header says


class _PrivateAddressError(OSError):
    """A connection was refused by us.

    It has to be an OSError with one constant message: aiohttp and its happy eyeballs hand on no other kind,
    and merge differing messages of several addresses ("::1", "127.0.0.1") into an error of their own.
    """


async def fetch(url: str, *, allow_private: bool = False, seconds: float = MAX_SECONDS) -> Fetched:
    """Fetch one HTML page. `allow_private` also allows every port; it is for tests and the demo.

    Raises one of the PageRefused errors, whatever the site does.
    """
    guard = None if allow_private else is_public
    try:
        async with asyncio.timeout(seconds), _open_session(guard) as session:
            return await _follow(session, url, any_port=allow_private)
    except TimeoutError as error:
        raise PageTooSlow(seconds=f"{seconds:g}") from error
    except aiohttp.ClientConnectorError as error:
        refusal = AddressPrivate if isinstance(error.os_error, _PrivateAddressError) else PageUnreachable
        raise refusal from error
    except aiohttp.InvalidURL as error:
        raise AddressInvalid from error
    except (aiohttp.ClientError, OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA refuses
        raise PageUnreachable from error


def is_public(address: str) -> bool:
    """Tell whether an IP address is part of the open internet, reached without a transition mechanism."""
    ip = ip_address(address.partition("%")[0])
    if not ip.is_global or ip.is_multicast:
        return False
    return isinstance(ip, IPv4Address) or (ip in _GLOBAL_IPV6 and ip.sixtofour is None and ip.teredo is None)


def _open_session(guard: Callable[[str], bool] | None) -> aiohttp.ClientSession:
    """Open a session that keeps no cookies, uses no proxy, and connects only where `guard` agrees."""

    def open_socket(target: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = target
        if guard is not None and not guard(str(where[0])):
            raise _PrivateAddressError("refused: a private address")
        return socket.socket(family, kind, protocol)

    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(socket_factory=open_socket, force_close=True),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": f"Standfirst/{__version__}", "Accept": ", ".join(_HTML_TYPES)},
        timeout=aiohttp.ClientTimeout(total=None),  # `fetch` limits the whole, redirects included
        trust_env=False,
    )


async def _follow(session: aiohttp.ClientSession, url: str, *, any_port: bool) -> Fetched:
    """Follow redirects by hand, so that each address on the way is checked as the first one is."""
    address = web_address(url, any_port=any_port)
    for _ in range(MAX_REDIRECTS + 1):
        async with session.get(address, allow_redirects=False) as response:
            target = response.headers.get("Location")
            if response.status not in _REDIRECTS or not target:
                return await _read(response, address)
        address = web_address(_join(address, target), any_port=any_port)
    raise PageUnreachable


def _join(address: URL, target: str) -> str:
    try:
        return urljoin(str(address), target)
    except ValueError as error:
        raise PageUnreachable from error


async def _read(response: aiohttp.ClientResponse, address: URL) -> Fetched:
    """Read the body up to the limit, counted after decompression."""
    if response.status in _GONE:
        raise PageNotFound
    if response.status not in _SUCCESS:
        raise PageUnreachable
    if response.content_type not in _HTML_TYPES:
        raise PageNotHtml
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_MEGABYTES * MEGABYTE:
            raise PageTooLarge(limit=MAX_MEGABYTES)
    return Fetched(str(address), bytes(body), response.charset)
