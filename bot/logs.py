"""What the process says while it runs: readable lines on stderr, without secrets and without anybody's words."""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from structlog.typing import Processor

HIDDEN = "***"
SHORTEST_SECRET = 6  # hiding a shorter one would hide ordinary words
WEBHOOK_TOKEN = re.compile(r"(webhooks/\d+/)[\w.-]+")


def set_up(*, secrets: Iterable[str] = (), level: int = logging.INFO) -> None:
    """Send structlog and the standard library's loggers through one handler; safe to call twice."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    exception_formatter=structlog.dev.plain_traceback,  # the others print local variables
                ),
                scrub(secrets),  # last, so that tracebacks are covered too
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.captureWarnings(capture=True)


def scrub(secrets: Iterable[str]) -> Processor:
    """Make a processor that hides secrets in a finished line."""
    hidden = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]

    def hide(_logger: object, _name: str, line: object) -> str:
        text = WEBHOOK_TOKEN.sub(rf"\1{HIDDEN}", str(line))
        for secret in hidden:
            text = text.replace(secret, HIDDEN)
        return text

    return hide
