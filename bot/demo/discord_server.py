"""A simulated Discord on a real port: an unmodified bot logs in, hears events and calls back over HTTP.

What Discord does is simcord's backend and routes, with our repairs; the clock is the wall clock.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import unquote

import simcord
from aiohttp import BodyPartReader, web
from simcord._clock import Clock
from simcord.backend import Backend
from simcord.backend.cdn import CDN_BASE
from simcord.backend.errors import SetupError
from simcord.http import router

from bot.demo import repairs
from bot.demo.changes import Changes
from bot.demo.faults import Faults, json_response
from bot.demo.gateway import Gateway
from bot.demo.limits import Limits
from bot.demo.listening import HOST, listen, stop_accepting, turns
from bot.demo.portraits import portrait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

API = "/api/v10"
KEPT_REQUESTS = 5_000
LARGEST_BODY = 30 * 1024 * 1024
CARRIES_A_TOKEN = re.compile(r"/(?:interactions|webhooks)/\d+/.+")  # such a path needs no Authorization

__all__ = ["Request", "SimulatedDiscord", "WallClock"]


class WallClock(Clock):
    """The real time, which a test may move forward."""

    def now(self) -> datetime:
        """Return the present moment, plus what was skipped."""
        return datetime.now(UTC) + timedelta(seconds=self.elapsed)


@dataclass
class Request:
    """One call of the bot, for tests to look at."""

    method: str
    path: str  # below /api/v10
    query: Mapping[str, str]
    json: Any
    at: float  # seconds of time.monotonic()
    status: int | None = None  # None: the bot never got an answer
    reason: str | None = None  # of the audit log
    seconds: float = 0.0


@dataclass
class Upload:
    """One uploaded file, in the shape simcord reads."""

    fp: io.BytesIO
    filename: str
    description: str | None = None


@dataclass
class Received:
    """The body of a request, whichever way it came."""

    json: Any = None
    files: list[Upload] = field(default_factory=list)


class SimulatedDiscord:
    """One simulated Discord: start it, point a bot at its `url`, let people act, look at what happened."""

    def __init__(self, *, token: str = "simulated-token", bot_name: str = "Standfirst") -> None:  # noqa: S107
        repairs.apply()
        self.token = token
        self.backend = Backend(clock=WallClock())
        self.backend.bot_user.name = bot_name
        self.backend.transcript = cast("list[Any]", deque(maxlen=KEPT_REQUESTS))
        self.backend.http_requests = cast("list[Any]", deque(maxlen=KEPT_REQUESTS))
        self.world = repairs.world(self.backend)
        self.gateway = Gateway(self.backend, token=token)
        self.faults = Faults()
        self.limits = Limits(self.backend)
        self.visible = Changes()
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.on_effect: Callable[[Request], None] = lambda _request: None  # called before the bot hears of it
        self.not_simulated: list[str] = []  # what the bot asked that Discord knows and this one does not
        self.url = ""
        self.app = web.Application(client_max_size=LARGEST_BODY)
        self.app.router.add_get("/gateway", self.gateway.serve)
        self.app.router.add_get("/gateway/", self.gateway.serve)
        self.app.router.add_get("/cdn/{path:.*}", self._file)
        self.app.router.add_route("*", API + "/{path:.*}", self._call)
        self._runner: web.AppRunner | None = None
        self._answered: dict[int, asyncio.Event] = {}
        self.backend.subscribers.append(lambda _event, _payload: self.visible.bump())

    # Starting and stopping

    async def start(self, port: int = 0, *, or_another: bool = False) -> None:
        """Listen; port 0 takes a free one, and so does `or_another` when the port is taken. `url` says where."""
        self._listening = listen(port, or_another=or_another)
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.SockSite(self._runner, self._listening).start()
        address = f"{HOST}:{self._listening.getsockname()[1]}"
        self.url = f"http://{address}"
        self.gateway.url = f"ws://{address}/gateway"
        self.gateway.public_text = self.public_text

    async def stop(self) -> None:
        """Close every connection and stop listening. Safe to call twice."""
        await self.gateway.close()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            self.visible.bump()  # pages that were closed are noticed when they are told something
            await stop_accepting(self._listening)
            await runner.cleanup()
            await turns(3)  # a request that hung ends in the next turn of the loop, its transport after that

    async def __aenter__(self) -> Self:
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    # What tests and pages ask

    @property
    def connected(self) -> bool:
        """Whether a bot is connected to the gateway."""
        return bool(self.gateway.connected)

    async def wait_connected(self, seconds: float = 10) -> None:
        """Wait until a bot has connected; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self.gateway.wait_connected()

    async def wait_disconnected(self, seconds: float = 10) -> None:
        """Wait until the last bot's connection has ended; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self.gateway.wait_disconnected()

    def drop_gateway(self) -> int:
        """Cut the bot's gateway connection abnormally; it will RESUME. Returns how many were cut."""
        return self.gateway.drop()

    def changes(self) -> AsyncIterator[int]:
        """Iterate over the changes that anybody could see, one number per wake-up."""
        return self.visible.follow()

    def calls(self, method: str, part: str) -> list[Request]:
        """Return the bot's calls with this method whose path contains `part`, oldest first."""
        return [request for request in self.requests if request.method == method and part in request.path]

    def public_text(self, text: str) -> str:
        """Let the addresses of uploaded files lead to this server."""
        return text.replace(CDN_BASE, f"{self.url}/cdn")

    def expect_answer(self, interaction_id: int) -> asyncio.Event:
        """Return an event that is set when the bot answers this interaction."""
        return self._answered.setdefault(interaction_id, asyncio.Event())

    def forget_answer(self, interaction_id: int) -> None:
        """Stop waiting for an answer."""
        self._answered.pop(interaction_id, None)

    # HTTP

    async def _call(self, request: web.Request) -> web.StreamResponse:
        path = "/" + request.match_info["path"]
        received = await _read(request)
        reason = request.headers.get("X-Audit-Log-Reason")
        entry = Request(request.method, path, dict(request.query), received.json, time.monotonic())
        entry.reason = unquote(reason) if reason else None
        self.requests.append(entry)
        limited = self.limits.refuse(entry.method, path, received.json)
        response = limited or await self._answer(request, entry, received)
        if limited is None and not response.prepared:
            response.headers.update(self.limits.headers(entry.method, path, received.json))
        entry.status, entry.seconds = response.status, time.monotonic() - entry.at
        return response

    async def _answer(self, request: web.Request, entry: Request, received: Received) -> web.StreamResponse:
        if not self._may_call(request, entry.path):
            return json_response({"message": "401: Unauthorized", "code": 0}, status=401)
        fault = self.faults.take(entry.method, entry.path)
        if fault is not None and not fault.after:
            instead = await fault.strike(request)
            if instead is not None:
                return instead
        response = self._carry_out(entry, received)
        if fault is not None and fault.after:
            return await fault.strike(request) or response
        return response

    def _may_call(self, request: web.Request, path: str) -> bool:
        authorization = request.headers.get("Authorization")
        if authorization is None:
            return path == "/gateway" or CARRIES_A_TOKEN.fullmatch(path) is not None
        return authorization == f"Bot {self.token}"

    def _carry_out(self, entry: Request, received: Received) -> web.Response:
        if entry.path in ("/gateway", "/gateway/bot"):
            return json_response(self._gateway_address())
        try:
            result = router.dispatch(
                self.backend,
                entry.method,
                entry.path,
                json=received.json,
                params=dict(entry.query),
                files=cast("list[Any]", received.files),
                reason=entry.reason,
                message_content_access="message_content" in self.gateway.allowed_privileged,
            )
        except simcord.BackendError as error:
            if error.status == HTTPStatus.NOT_IMPLEMENTED:
                self.not_simulated.append(error.message)
            return json_response(error.to_json(), status=error.status)
        except (SetupError, KeyError, TypeError, ValueError) as error:
            return json_response({"message": f"Invalid Form Body: {error!r}", "code": 50035}, status=400)
        self._announce(entry)
        if result is None:
            return web.Response(status=204)
        text = self.public_text(json.dumps(result))
        return web.Response(body=text.encode(), headers={"Content-Type": "application/json"})

    def _announce(self, entry: Request) -> None:
        if entry.method == "GET":
            return
        self.visible.bump()
        self.on_effect(entry)
        parts = entry.path.split("/")
        if parts[1] == "interactions" and parts[-1] == "callback":
            self.expect_answer(int(parts[2])).set()

    def _gateway_address(self) -> dict[str, Any]:
        limit = {"total": 1000, "remaining": 999, "reset_after": 3_600_000, "max_concurrency": 1}
        return {"url": self.gateway.url, "shards": 1, "session_start_limit": limit}

    async def _file(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        data = self.backend.cdn.get(f"{CDN_BASE}/{path}") or portrait(path)
        if data is None:
            return web.Response(status=404)
        kind = "image/png" if path.endswith(".png") else "application/octet-stream"
        return web.Response(body=data, content_type=kind)


async def _read(request: web.Request) -> Received:
    if request.content_type == "application/json":
        body = await request.read()
        return Received(json.loads(body) if body else None)
    if not request.content_type.startswith("multipart/"):
        return Received()
    received = Received()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            data = bytes(await part.read())
            if part.name == "payload_json":
                received.json = json.loads(data)
            elif part.filename is not None:
                received.files.append(Upload(io.BytesIO(data), part.filename))
            elif part.name is not None:
                received.json = {**(received.json or {}), part.name: data.decode()}
    _describe(received)
    return received


def _describe(received: Received) -> None:
    body = received.json if isinstance(received.json, dict) else {}
    attachments = body.get("attachments") or body.get("data", {}).get("attachments") or []
    fresh = [item for item in attachments if isinstance(item, dict) and int(item.get("id", -1)) < len(received.files)]
    for item in fresh:
        received.files[int(item["id"])].description = item.get("description")
