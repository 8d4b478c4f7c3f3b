"""What the process says while it runs: one readable line an event on stderr, without secrets and anybody's words."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HIDDEN = "***"
SHORTEST_SECRET = 6  # hiding a shorter one would hide ordinary words
WEBHOOK_TOKEN = re.compile(r"(webhooks/\d+/)[\w.-]+")
# They say what an operator cannot use, and aiosqlite even people's words.
QUIET = {"aiosqlite": logging.WARNING, "alembic": logging.WARNING, "discord.client": logging.ERROR}


class Formatter(logging.Formatter):
    """A line, and the traceback if there is one, in which no secret stands."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self.secrets = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def format(self, record: logging.LogRecord) -> str:
        """Hide webhooks' tokens as well: they stand in the addresses of requests."""
        text = WEBHOOK_TOKEN.sub(rf"\1{HIDDEN}", super().format(record))
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


def set_up(*, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send every logger through one handler; safe to call twice."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(secrets))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)
    for name, quiet in QUIET.items():
        logging.getLogger(name).setLevel(quiet)
