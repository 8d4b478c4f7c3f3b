"""A page is fetched from real servers, and nothing private is ever connected to."""

from __future__ import annotations

import asyncio
import gzip
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot import __version__
from bot.extraction import fetching, refusals
from bot.extraction.fetching import fetch, is_public

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE = "<html><body><p>Hello</p></body></html>"


@asynccontextmanager
async def serve(handler: Handler) -> AsyncIterator[str]:
    """Run a server on 127.0.0.1; yields its address without a slash."""
    server = web.Server(handler)
    runner = web.ServerRunner(server, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def answering(body: str | bytes = PAGE, content_type: str = "text/html", **values: object) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        raw = body.encode() if isinstance(body, str) else body
        return web.Response(body=raw, content_type=content_type, **values)

    return handler


async def refusal(handler: Handler, **values: object) -> type[Exception]:
    async with serve(handler) as address:
        with pytest.raises(refusals.PageRefused) as raised:
            await fetch(f"{address}/a", allow_private=True, **values)
    assert str(raised.value) == raised.value.sentence.format(**raised.value.values)
    return raised.type


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "https://localhost/",
        "http://[::1]/",
        "http://0x7f.1/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://224.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::127.0.0.1]/",
        "http://[2002:7f00:1::]/",
        "http://[2001:0:7f00:1::]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fec0::1]/",
        "http://[ff02::1]/",
    ],
)
async def test_a_private_address_is_refused_before_anything_is_sent(url):
    with pytest.raises(refusals.AddressPrivate):
        await fetch(url)


@pytest.mark.parametrize("url", ["", "example.com", "ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)"])
async def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(refusals.AddressInvalid):
        await fetch(url)


@pytest.mark.parametrize(
    "url",
    ["http://me:secret@example.com/", "http://me@example.com/"],
)
async def test_user_names_are_refused(url):
    with pytest.raises(refusals.AddressInvalid):
        await fetch(url)


@pytest.mark.parametrize("url", ["http://example.com:8080/", "https://example.com:22/"])
async def test_unusual_ports_are_refused(url):
    with pytest.raises(refusals.PortRefused):
        await fetch(url)


@pytest.mark.parametrize(
    "url",
    ["http://exa mple.com/", "http://[::1", "https://h:99999/", "http://2130706433/", f"http://e.com/{'a' * 2048}"],
)
async def test_a_broken_address_is_refused(url):
    with pytest.raises(refusals.AddressInvalid):
        await fetch(url)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700:4700::1111"])
def test_an_address_of_the_open_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize("url", ["http://nowhere.invalid/", f"http://{'a' * 64}.example/", "http://a..b/"])
async def test_a_host_that_does_not_exist_cannot_be_reached(url):
    with pytest.raises(refusals.PageUnreachable):
        await fetch(url)


async def test_a_port_where_nobody_listens_cannot_be_reached():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/"

        with pytest.raises(refusals.PageUnreachable):
            await fetch(url, allow_private=True)


async def test_a_page_comes_with_its_final_address_and_charset():
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/a":
            raise web.HTTPMovedPermanently("/b?x=1")
        return web.Response(text=PAGE, content_type="text/html", charset="windows-1251")

    async with serve(handler) as address:
        fetched = await fetch(f"<{address}/a#top>", allow_private=True)

    assert fetched.url == f"{address}/b?x=1"
    assert fetched.body == PAGE.encode()
    assert fetched.charset == "windows-1251"


async def test_the_bot_says_who_it_is_and_keeps_no_cookies():
    seen: list[web.BaseRequest] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request)
        if request.path == "/a":
            raise web.HTTPFound("/b", headers={"Set-Cookie": "visitor=7"})
        return web.Response(text=PAGE, content_type="text/html")

    async with serve(handler) as address:
        await fetch(f"{address}/a", allow_private=True)

    assert [request.headers["User-Agent"] for request in seen] == [f"Standfirst/{__version__}"] * 2
    assert not any("Cookie" in request.headers for request in seen)


async def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with serve(answering()) as address:
        fetched = await fetch(address, allow_private=True)

    assert fetched.body == PAGE.encode()


@pytest.mark.parametrize(("port", "family"), [(80, "127.0.0.1"), (80, "[::1]"), (443, "169.254.169.254")])
async def test_a_redirect_to_a_private_address_is_refused(port, family):
    async def handler(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://{family}:{port}/secret")

    async with serve(handler) as address:
        public = address.partition("//")[2].partition(":")[0]
        asked: list[str] = []

        def guard(target: str) -> bool:
            asked.append(target)
            return len(asked) == 1 and target == public  # the first hop plays the open internet

        async with fetching._open_session(guard) as session:
            with pytest.raises(fetching.aiohttp.ClientConnectorError) as raised:
                await fetching._follow(session, f"{address}/a", any_port=True)

    assert isinstance(raised.value.os_error, fetching._PrivateAddressError)
    assert asked[1:] == [family.strip("[]")]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.com/", "http://me:pw@127.0.0.1/", "http://["])
async def test_a_redirect_out_of_the_web_is_refused(target):
    async def handler(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    assert await refusal(handler) in (refusals.AddressInvalid, refusals.PageUnreachable)


async def test_a_redirect_loop_ends_after_five_hops():
    hops: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        hops.append(request.path)
        raise web.HTTPFound("/a")

    assert await refusal(handler) is refusals.PageUnreachable
    assert len(hops) == 6


@pytest.mark.parametrize("status", [404, 410])
async def test_a_page_that_does_not_exist_is_not_found(status):
    assert await refusal(answering(status=status)) is refusals.PageNotFound


@pytest.mark.parametrize("status", [304, 401, 403, 429, 500, 503])
async def test_a_site_that_refuses_cannot_be_reached(status):
    assert await refusal(answering(status=status)) is refusals.PageUnreachable


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/json", "text/plain"])
async def test_a_file_that_is_no_page_is_refused(content_type):
    assert await refusal(answering("%PDF-1.7", content_type)) is refusals.PageNotHtml


async def test_a_page_of_six_megabytes_is_too_large():
    assert await refusal(answering(b"<p>" + b"a" * 6_000_000)) is refusals.PageTooLarge


async def test_a_page_of_five_megabytes_is_read():
    async with serve(answering(b"a" * 5_000_000)) as address:
        fetched = await fetch(address, allow_private=True)

    assert len(fetched.body) == 5_000_000


async def test_a_gzip_bomb_is_stopped_at_the_limit():
    bomb = gzip.compress(b"\0" * 200_000_000, compresslevel=1)

    assert await refusal(answering(bomb, headers={"Content-Encoding": "gzip"})) is refusals.PageTooLarge


async def test_broken_compression_cannot_be_read():
    assert await refusal(answering(b"no gzip", headers={"Content-Encoding": "gzip"})) is refusals.PageUnreachable


async def test_a_slow_drip_is_stopped_in_total_time():
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"<p>")
            await asyncio.sleep(0.05)
        return response

    started = asyncio.get_running_loop().time()

    assert await refusal(handler, seconds=0.3) is refusals.PageTooSlow
    assert asyncio.get_running_loop().time() - started < 1


async def test_what_does_not_speak_http_cannot_be_reached():
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        with pytest.raises(refusals.PageUnreachable):
            await fetch(f"http://127.0.0.1:{port}/", allow_private=True)


async def test_a_server_without_tls_cannot_be_reached_by_https():
    async with serve(answering()) as address:
        with pytest.raises(refusals.PageUnreachable):
            await fetch(address.replace("http:", "https:"), allow_private=True)
