"""What can go wrong between a bot and Discord, switched on by rule: errors, rate limits, resets, delays, silence."""

from __future__ import annotations

import asyncio
import fnmatch
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

LOGGING_IN = ("/gateway*", "/users/@me", "/oauth2/*", "/applications/*")  # patterns of paths
_RESET_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER on, for zero seconds: closing sends RST


class FaultKind(StrEnum):
    """What a fault does to a request."""

    STATUS = "status"
    RATE_LIMIT = "rate_limit"
    RESET = "reset"
    DELAY = "delay"
    HANG = "hang"


@dataclass
class Fault:
    """One rule: the next `times` requests that match get `kind`."""

    kind: FaultKind
    method: str  # or "*"
    path: str  # an fnmatch pattern of the path below /api/v10
    times: int
    after: bool = False  # True: Discord does what was asked, and only the answer is lost
    status: int = 500
    body: Mapping[str, Any] | None = None
    seconds: float = 0.0  # of a delay, or until a retry is welcome
    is_global: bool = False
    via: bool = True  # without the header Via, discord.py takes a 429 for a ban and does not retry
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        """Whether this rule is still due and meant for this request."""
        return self.hits < self.times and self.method in ("*", method) and fnmatch.fnmatchcase(path, self.path)

    async def strike(self, request: web.Request) -> web.StreamResponse | None:
        """Return what the bot gets instead of an answer, or None when the request shall go on."""
        match self.kind:
            case FaultKind.DELAY:
                await asyncio.sleep(self.seconds)
                return None
            case FaultKind.HANG:
                await asyncio.Event().wait()
            case FaultKind.RESET:
                reset_connection(request)
        return self._refusal()

    def _refusal(self) -> web.Response:
        if self.kind is not FaultKind.RATE_LIMIT:
            return json_response(self.body or {"message": "Simulated failure", "code": 0}, status=self.status)
        wait = {"message": "You are being rate limited.", "retry_after": self.seconds, "global": self.is_global}
        headers = {"Retry-After": str(self.seconds), "X-RateLimit-Scope": "global" if self.is_global else "user"}
        return json_response(wait, status=429, headers=headers | ({"Via": "1.1 google"} if self.via else {}))


@dataclass
class Chaos:
    """Strikes a share of all requests but those of logging in, each with a fault drawn at random."""

    random: Random
    share: float  # 0.05: every twentieth request
    seconds: float  # of a delay
    injected: Counter[str] = field(default_factory=Counter)  # how many of each kind

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request; None for most."""
        if any(fnmatch.fnmatchcase(path, spared) for spared in LOGGING_IN) or self.random.random() >= self.share:
            return None
        name, kind, after = self.random.choice(
            (
                ("reset before", FaultKind.RESET, False),
                ("reset after", FaultKind.RESET, True),
                ("502 after", FaultKind.STATUS, True),
                ("delay before", FaultKind.DELAY, False),
                ("delay after", FaultKind.DELAY, True),
            )
        )
        self.injected[name] += 1
        return Fault(kind, method, path, times=1, after=after, status=502, seconds=self.seconds)


class Faults:
    """The rules in force; the first that matches a request strikes it. Where none does, chaos may."""

    def __init__(self) -> None:
        self.rules: list[Fault] = []
        self.disorder: Chaos | None = None

    def _add(self, fault: Fault) -> Fault:
        self.rules.append(fault)
        return fault

    def status(
        self,
        method: str,
        path: str,
        status: int,
        *,
        times: int = 1,
        after: bool = False,
        body: Mapping[str, Any] | None = None,
    ) -> Fault:
        """Answer with an HTTP status, before or after Discord has done what was asked."""
        return self._add(Fault(FaultKind.STATUS, method, path, times, after, status=status, body=body))

    def rate_limit(
        self, method: str, path: str, retry_after: float, *, times: int = 1, is_global: bool = False, via: bool = True
    ) -> Fault:
        """Answer 429; `retry_after` is in seconds."""
        fault = Fault(FaultKind.RATE_LIMIT, method, path, times, seconds=retry_after, is_global=is_global, via=via)
        return self._add(fault)

    def reset(self, method: str, path: str, *, times: int = 1, after: bool = False) -> Fault:
        """Reset the connection, before or after Discord has done what was asked."""
        return self._add(Fault(FaultKind.RESET, method, path, times, after))

    def delay(self, method: str, path: str, seconds: float, *, times: int = 1, after: bool = False) -> Fault:
        """Let the bot wait, before or after the effect; then answer as usual."""
        return self._add(Fault(FaultKind.DELAY, method, path, times, after, seconds=seconds))

    def hang(self, method: str, path: str, *, times: int = 1, after: bool = False) -> Fault:
        """Never answer."""
        return self._add(Fault(FaultKind.HANG, method, path, times, after))

    def chaos(self, random: Random, share: float, *, seconds: float = 20.0) -> Chaos:
        """From now on strike this share of the requests at random: reset, answered 502, or delayed by `seconds`."""
        self.disorder = Chaos(random, share, seconds)
        return self.disorder

    def clear(self) -> None:
        """Make everything work again."""
        self.rules.clear()
        self.disorder = None

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        fault = next((rule for rule in self.rules if rule.matches(method, path)), None)
        if fault is None and self.disorder is not None:
            fault = self.disorder.take(method, path)
        if fault is not None:
            fault.hits += 1
        return fault


def reset_connection(request: web.Request) -> None:
    """Close the request's connection with a TCP reset."""
    transport = request.transport
    if transport is not None:
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        transport.abort()


def json_response(payload: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return JSON with the exact content type that discord.py compares with."""
    return web.Response(
        body=web.json_response(payload).body,
        status=status,
        headers={"Content-Type": "application/json", **(headers or {})},
    )
