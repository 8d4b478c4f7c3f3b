"""The process starts, stops and refuses to start as an operator expects: real processes, real signals."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__

ROOT = Path(__file__).parent.parent
TOKEN = "MTA.not-a-real.token"

# A client in Discord's place: it says that it runs, then does what the test is about.
CLIENT = """
import asyncio, logging, sys, types
from bot.errors import TokenRefused

async def run_client(config, db, *, announce):
    async with db.read():
        print("running", flush=True)
    logging.getLogger("discord").warning("connecting with %s", config.token)
    {body}

sys.modules["bot.client"] = types.SimpleNamespace(run_client=run_client)
from bot.cli import main
main()
"""


def start(*arguments: str, folder: Path, body: str | None = None, **environ: str) -> subprocess.Popen[str]:
    program = ["-m", "bot"] if body is None else ["-c", CLIENT.replace("{body}", body)]
    clean = {name: value for name, value in os.environ.items() if name not in {"DISCORD_TOKEN", "DATABASE_URL"}}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore::DeprecationWarning", *program, *arguments],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    output, errors = process.communicate(timeout=20)
    return process.returncode, output, errors


def test_the_version_is_told(tmp_path):
    assert finish(start("--version", folder=tmp_path)) == (0, f"standfirst {__version__}\n", "")


def test_without_a_token_one_line_says_what_to_do(tmp_path):
    code, output, errors = finish(start("run", folder=tmp_path))

    assert (code, output) == (2, "")
    assert errors.startswith("standfirst: No bot token.")
    assert errors.count("\n") == 1


def test_a_token_that_discord_refuses_is_one_line_without_the_token(tmp_path):
    body = 'raise TokenRefused("Discord does not accept the token.\\nMake a new one.")'

    code, _, errors = finish(start("run", folder=tmp_path, body=body, DISCORD_TOKEN=TOKEN))

    assert code == 2
    assert errors.splitlines()[-1] == "standfirst: Discord does not accept the token. Make a new one."
    assert "Traceback" not in errors
    assert TOKEN not in errors
    assert "connecting with ***" in errors


def test_a_database_that_cannot_be_opened_is_one_line_without_the_password(tmp_path):
    url = "postgresql://standfirst:very-secret@127.0.0.1:1/replies"

    code, _, errors = finish(start("run", folder=tmp_path, body="", DISCORD_TOKEN=TOKEN, DATABASE_URL=url))

    assert (code, errors.count("\n")) == (2, 1)
    assert "cannot be reached" in errors
    assert "very-secret" not in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_process_cleanly(tmp_path, number):
    body = "await asyncio.Event().wait()"
    process = start("run", folder=tmp_path, body=body, DISCORD_TOKEN=TOKEN, STANDFIRST_BACKUPS="0")
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    process.send_signal(number)

    code, _, errors = finish(process)

    assert code == 0
    assert "Traceback" not in errors
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["standfirst.db"]  # closed: nothing is left open


def test_an_unexpected_error_is_logged_with_its_traceback_and_without_the_token(tmp_path):
    body = "token = config.token; raise RuntimeError(f'no luck with {token}')"

    code, _, errors = finish(start("run", folder=tmp_path, body=body, DISCORD_TOKEN=TOKEN))

    assert code == 1
    assert "RuntimeError: no luck with ***" in errors
    assert TOKEN not in errors


def test_the_demo_says_how_to_install_what_it_needs(tmp_path):
    program = "import sys; sys.modules['simcord'] = None; from bot.cli import main; main()"
    process = subprocess.run(
        [sys.executable, "-c", program, "demo"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert process.returncode == 2
    assert process.stderr == "standfirst: The demo needs simcord. In the folder of the source run: make demo\n"
