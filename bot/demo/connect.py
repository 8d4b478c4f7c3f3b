"""Run the bot, otherwise unmodified, against a simulated Discord: `python -m bot.demo.connect URL run`."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route
from discord.state import ConnectionState

API = "/api/v10"
GUILD_READY_TIMEOUT = 0.2  # seconds; discord.py waits 2 for guilds that Discord sends late, ours come at once


def point_discord_at(url: str) -> None:
    """Let discord.py in this process talk to the simulated Discord at `url` instead of the real one."""
    server = yarl.URL(url)
    Route.BASE = str(server.with_path(API))
    Asset.BASE = str(server.with_path("/cdn"))
    DiscordWebSocket.DEFAULT_GATEWAY = server.with_scheme("ws").with_path("/gateway")
    _wait_less_for_guilds()


def _wait_less_for_guilds() -> None:
    original = ConnectionState.__init__

    def init(self: Any, **options: Any) -> None:
        options.setdefault("guild_ready_timeout", GUILD_READY_TIMEOUT)
        original(self, **options)

    name = "__init__"
    setattr(ConnectionState, name, init)


def main(arguments: list[str]) -> None:
    """Take the simulated Discord's URL off the command line and run the bot's own command line with the rest."""
    if not arguments:
        sys.exit("usage: python -m bot.demo.connect URL run")
    point_discord_at(arguments[0])
    sys.argv = ["standfirst", *arguments[1:]]
    importlib.import_module("bot.cli").main()


if __name__ == "__main__":
    main(sys.argv[1:])
