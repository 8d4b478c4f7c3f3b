"""The few things that an operator sets in the environment or in a file `.env`."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from bot.errors import ConfigInvalid, TokenMissing

if TYPE_CHECKING:
    from collections.abc import Mapping

YES = {"1", "true", "yes", "on"}
# Discord locks bots out that open many conversations: some were after 25 to 50 in a short time (reported by others).
NOTICES_A_DAY = 100
MOST_NOTICES_A_DAY = 8640  # as many times ten seconds as a day has
NO = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Config:
    """What the process needs to know before it can open its database; everything else is a setting there."""

    token: str = field(repr=False)
    database_url: str = field(repr=False)  # may hold a password
    data_folder: Path
    allow_private_addresses: bool  # True: articles may be read from the operator's own network
    backups: int = 7  # daily ones that are kept; 0: none are made
    health_port: int = 0  # of GET /healthz on 127.0.0.1; 0: nothing listens
    notices_a_day: int = NOTICES_A_DAY  # direct messages in 24 hours


def load_config(environ: Mapping[str, str], *, dotenv: Path | None, needs_token: bool = True) -> Config:
    """Read the environment, which wins over the file `dotenv`.

    Without `needs_token` the token is left empty. Raises TokenMissing or ConfigInvalid with one sentence that says
    what to do.
    """
    values = {**_read_file(dotenv), **environ}
    folder = Path(values.get("STANDFIRST_DATA", "").strip() or "data")
    return Config(
        token=_read_token(values.get("DISCORD_TOKEN", "")) if needs_token else "",
        database_url=values.get("DATABASE_URL", "").strip() or f"sqlite+aiosqlite:///{folder / 'standfirst.db'}",
        data_folder=folder,
        allow_private_addresses=_read_switch(values, "STANDFIRST_ALLOW_PRIVATE_ADDRESSES"),
        backups=_read_number(values, "STANDFIRST_BACKUPS", default=7, most=365),
        health_port=_read_number(values, "STANDFIRST_HEALTH_PORT", default=0, most=65535),
        notices_a_day=_read_number(
            values, "STANDFIRST_NOTICES_A_DAY", default=NOTICES_A_DAY, least=1, most=MOST_NOTICES_A_DAY
        ),
    )


def _read_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.exists():
        return {}
    try:
        text = path.read_text("utf-8-sig")  # Notepad writes a mark in front
    except (OSError, UnicodeDecodeError):
        raise ConfigInvalid(f"{path} cannot be read. Save it as UTF-8 text that this user may read.") from None
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            raise ConfigInvalid(f"{path}, line {binding.original.line} cannot be read. Write NAME=value on each line.")
    found = dotenv_values(stream=StringIO(text))
    return {name: value for name, value in found.items() if value is not None}


def _read_token(text: str) -> str:
    words = text.split()
    if words[:1] == ["Bot"]:  # as it stands in a request's header
        del words[0]
    if not words:
        raise TokenMissing(
            "No bot token. Copy .env.example to .env and put the token after DISCORD_TOKEN=, "
            "or try the bot without one: make demo."
        )
    if len(words) > 1 or not text.isascii():
        raise ConfigInvalid("DISCORD_TOKEN is not a bot token. Copy it again from the Developer Portal, page Bot.")
    return words[0]


def _read_switch(values: Mapping[str, str], name: str) -> bool:
    value = values.get(name, "").strip().lower()
    if value not in YES | NO:
        raise ConfigInvalid(f"{name} must be 1 or 0.")
    return value in YES


def _read_number(values: Mapping[str, str], name: str, *, default: int, most: int, least: int = 0) -> int:
    text = values.get(name, "").strip()
    if not text:
        return default
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if not is_number or not least <= int(text) <= most:
        raise ConfigInvalid(f"{name} must be a number from {least} to {most}.")
    return int(text)
