"""Discord's rate limits as far as they are published, for a simulated Discord: counted, announced in headers, enforced.

A bucket is a window that begins with its first request, as Discord's headers describe it; what Discord counts without
saying so in a header (the parent channel's limit for webhooks, renames, the limit of the whole bot) slides.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import TYPE_CHECKING, NamedTuple

from discord.utils import snowflake_time

from bot.demo.faults import json_response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aiohttp import web
    from simcord.backend import Backend

HOUR = 3600.0
TOO_MANY_EDITS = 30046
OLD_EDITS = 3  # of one message older than an hour, in an hour; Discord does not publish its figure


class Rule(NamedTuple):
    """So many requests in so many seconds."""

    limit: int
    seconds: float
    told: bool = True  # False: no header speaks of it
    scope: str = "user"


GLOBAL = Rule(50, 1, told=False, scope="global")
MESSAGES = Rule(5, 5)  # created in a channel; edited and read likewise, each in a bucket of its own
DELETIONS = Rule(5, 1)
WEBHOOK = Rule(5, 2)
PARENT = Rule(30, 60, told=False, scope="shared")  # a channel's webhooks together, its threads included
CHANNEL = Rule(10, 15)
RENAME = Rule(2, 600, told=False)
CONVERSATIONS = Rule(5, 5)  # direct messages opened
OTHERS = Rule(10, 5)  # everything of which nothing is published


@dataclass
class Count:
    """The requests of one bucket."""

    rule: Rule
    times: deque[float] = field(default_factory=deque)

    def forget(self, now: float) -> None:
        """Drop what no longer counts."""
        if self.rule.told:
            if self.times and now - self.times[0] >= self.rule.seconds:
                self.times.clear()
            return
        while self.times and now - self.times[0] >= self.rule.seconds:
            self.times.popleft()

    @property
    def is_full(self) -> bool:
        """Whether another request would be refused."""
        return len(self.times) >= self.rule.limit

    def wait(self, now: float) -> float:
        """Seconds until the first request counts no more."""
        return max(self.times[0] + self.rule.seconds - now, 0.001) if self.times else 0.0


class Limits:
    """Off until `enforced` is set; `refused` counts the 429 by route, which a well-behaved bot never sees."""

    def __init__(self, backend: Backend, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.backend = backend
        self.clock = clock
        self.enforced = False
        self.refused: Counter[str] = Counter()
        self._counts: dict[tuple[str, Rule], Count] = {}

    def refuse(self, method: str, path: str, body: object = None) -> web.Response | None:
        """Count a request; give the 429 when it is one too many."""
        if not self.enforced:
            return None
        now = self.clock()
        counts = list(self._of(method, path, body))
        for count in counts:
            count.forget(now)
        full = max((count for count in counts if count.is_full), key=lambda count: count.wait(now), default=None)
        if full is not None:
            self.refused[_route(method, path)] += 1
            return _refusal(full, now)
        if self._is_old_edit(method, path, now):
            self.refused[_route(method, path)] += 1
            return _too_many_edits()
        for count in counts:
            count.times.append(now)
        return None

    def headers(self, method: str, path: str, body: object = None) -> Mapping[str, str]:
        """What Discord says with an answer about the request's bucket."""
        if not self.enforced:
            return {}
        now = self.clock()
        found = [(key, count) for key, count in self._keyed(method, path, body) if count.rule.told]
        return _headers(*found[0], now) if found else {}

    def _of(self, method: str, path: str, body: object) -> Iterator[Count]:
        return (count for _, count in self._keyed(method, path, body))

    def _keyed(self, method: str, path: str, body: object) -> Iterator[tuple[str, Count]]:
        for key, rule in self._rules(method, path.strip("/").split("/"), body):
            yield key, self._counts.setdefault((key, rule), Count(rule))

    def _rules(self, method: str, parts: list[str], body: object) -> Iterator[tuple[str, Rule]]:
        """Yield the buckets that a request falls into, each with its rule."""
        if parts[0] in ("interactions", "gateway"):
            return  # answers to interactions are free
        if parts[0] == "webhooks" and len(parts) > 2:  # noqa: PLR2004 - /webhooks/{id}/{token}
            yield from self._webhook_rules(method, parts)
            return
        yield "bot", GLOBAL
        match parts:
            case ["channels", channel, "messages"] | ["channels", channel, "messages", _]:
                yield f"{method} messages {channel}", DELETIONS if method == "DELETE" else MESSAGES
            case ["channels", channel] if method == "PATCH":
                yield f"PATCH channel {channel}", CHANNEL
                if isinstance(body, dict) and body.keys() & {"name", "topic"}:
                    yield f"rename {channel}", RENAME
            case ["users", "@me", "channels"]:
                yield "conversations", CONVERSATIONS
            case _:
                yield f"{_route(method, '/'.join(parts))} {parts[1] if len(parts) > 1 else ''}", OTHERS

    def _webhook_rules(self, method: str, parts: list[str]) -> Iterator[tuple[str, Rule]]:
        webhook = self.backend.webhooks.get(int(parts[1]))
        if webhook is None:  # an interaction's own: its answers are edited and followed up here
            yield f"{method} interaction {parts[2]}", WEBHOOK
            return
        yield "without a token", GLOBAL
        yield f"{method} webhook {parts[1]}", WEBHOOK
        if method == "POST":
            yield f"webhooks of {webhook.channel_id}", PARENT

    def _is_old_edit(self, method: str, path: str, now: float) -> bool:
        parts = path.strip("/").split("/")
        if method != "PATCH" or len(parts) < 4 or parts[-2] != "messages":  # noqa: PLR2004 - …/messages/{id}
            return False
        if parts[0] == "webhooks" and int(parts[1]) not in self.backend.webhooks:
            return False
        age = self.backend.clock.now() - snowflake_time(int(parts[-1]))
        if age.total_seconds() < HOUR:
            return False
        rule = Rule(OLD_EDITS, HOUR, told=False)
        count = self._counts.setdefault((f"old {parts[-1]}", rule), Count(rule))
        count.forget(now)
        if count.is_full:
            return True
        count.times.append(now)
        return False


def _route(method: str, path: str) -> str:
    return f"{method} /" + "/".join("{id}" if part.isdigit() else part[:12] for part in path.strip("/").split("/"))


def _headers(key: str, count: Count, now: float) -> dict[str, str]:
    rule, wait = count.rule, count.wait(now)
    return {
        "X-RateLimit-Limit": str(rule.limit),
        "X-RateLimit-Remaining": str(max(rule.limit - len(count.times), 0)),
        "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
        "X-RateLimit-Reset-After": f"{wait:.3f}",
        "X-RateLimit-Bucket": blake2s(f"{key.rpartition(' ')[0]} {rule}".encode(), digest_size=16).hexdigest(),
    }


def _refusal(count: Count, now: float) -> web.Response:
    wait, is_global = round(count.wait(now), 3), count.rule.scope == "global"
    headers = {"Via": "1.1 google", "Retry-After": str(wait), "X-RateLimit-Scope": count.rule.scope}
    if is_global:
        headers["X-RateLimit-Global"] = "true"
    body = {"message": "You are being rate limited.", "retry_after": wait, "global": is_global}
    return json_response(body, status=429, headers=headers | (_headers("", count, now) if count.rule.told else {}))


def _too_many_edits() -> web.Response:
    message = "Maximum number of edits to messages older than 1 hour reached. Try again later"
    body = {"message": message, "code": TOO_MANY_EDITS, "retry_after": 600.0, "global": False}
    headers = {"Via": "1.1 google", "Retry-After": "600", "X-RateLimit-Scope": "user"}
    return json_response(body, status=429, headers=headers)
