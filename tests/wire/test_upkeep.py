"""What an operator does to a running bot and its disk: backups, checks, a full disk, a damaged file."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import aiohttp
import pytest

from bot.demo.sight import buttons
from bot.storage import open_database
from tests.wire.conftest import PROJECT
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.demo.newsroom import Server
    from tests.wire.conftest import BotProcess, StartBot

LOGGED = "nothing can be stored until this is mended"
REFUSED = "I cannot store anything at the moment"


async def make_database(folder: Path) -> None:
    """Make it here: the bot would take a process of its own for that, and a second or two."""
    await (await open_database(f"sqlite:///{folder}/standfirst.db")).close()


async def standfirst(*words: str, data: Path) -> tuple[int, str]:
    """Run the command as an operator does, without a token; its exit code and what it says."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT), "STANDFIRST_DATA": str(data)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore::DeprecationWarning", "-m", "bot", *words),
        cwd=data,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def get_health(port: int) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as response:
        return response.status, await response.text()


async def test_beside_a_running_bot_one_backs_up_and_checks_but_does_not_restore(
    start_bot: StartBot, tmp_path: Path, unused_tcp_port: int
) -> None:
    await make_database(tmp_path)
    bot = await start_bot(env={"STANDFIRST_HEALTH_PORT": str(unused_tcp_port)})
    await bot.says("backed up into")
    async with asyncio.timeout(10):
        while (health := await get_health(unused_tcp_port))[0] != 200:
            await asyncio.sleep(0.05)
    backed_up, checked = await asyncio.gather(
        standfirst("db", "backup", "copy.db", data=tmp_path), standfirst("check", data=tmp_path)
    )
    refused = await standfirst("db", "restore", "copy.db", data=tmp_path)

    assert backed_up[0] == 0
    assert checked == (0, health[1])
    assert health[1].startswith("0 unsent, 0 double, nothing pending, seal intact, last backup ")
    assert refused[0] == 2
    assert refused[1].count("\n") == 1
    assert "in use by another program. Stop" in refused[1]
    assert await bot.stop() == 0


async def test_a_file_that_is_damaged_while_the_bot_runs_ends_it_with_one_line_and_exit_code_2(
    newsroom: Server, start_bot: StartBot, tmp_path: Path
) -> None:
    await make_database(tmp_path)
    bot = await start_bot(env={"STANDFIRST_BACKUPS": "0"})
    await bot.says("Invite the bot")
    damage(tmp_path / "standfirst.db")
    await newsroom.owner.run("setup", where=newsroom.channel("general"))

    assert await bot.ended() == 2
    assert "standfirst.db is damaged. Restore a backup" in bot.output.splitlines()[-1]
    assert "Traceback" not in bot.output


def damage(file: Path) -> None:
    """Bring everything into the file itself, then overwrite all but its first page."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\x5a" * (file.stat().st_size - 4096))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB, half of which an empty database with its log takes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False).returncode:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(b"x" * 4096)
        except OSError:
            return filler


def make_read_only(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)


async def send_until_refused(desk: Desk) -> int:
    """Send replies until one comes back with its text; how many were taken before."""
    for number in range(200):
        words = f"Reply {number}. " + "A fair point. " * 100
        answer = await desk.join(desk.jonas, words)
        if REFUSED in answer.text:
            assert words.strip() in answer.text
            assert "Try again" in buttons(answer.message or {})
            return number
        assert f"#{number + 1}" in answer.text
    raise AssertionError("the disk never was full")


async def test_on_a_full_disk_nobody_is_thanked_in_vain_and_with_room_the_bot_goes_on(
    newsroom: Server, start_bot: StartBot, small_disk: Path
) -> None:
    await make_database(small_disk)
    bot: BotProcess = await start_bot(env={"STANDFIRST_DATA": str(small_disk), "STANDFIRST_BACKUPS": "0"})
    desk = Desk(newsroom)
    await desk.set_up()
    await desk.write("A full disk")
    filler = fill(small_disk)
    taken = await send_until_refused(desk)
    refused = await desk.join(desk.lea, "Refused as well.")
    filler.unlink()
    again = await desk.join(desk.lea, "There is room again.")
    await bot.says("the database works again")
    await desk.approve(taken + 1)
    await eventually(lambda: desk.published() == ["There is room again."])
    await bot.stop()

    assert REFUSED in refused.text
    assert f"#{taken + 1}" in again.text
    # A little may fit in between: then it works again, and the next line is news.
    assert bot.output.count(LOGGED) == bot.output.count("the database works again") > 0
    assert f"The disk that holds {small_disk}/standfirst.db is full. Make room there." in bot.output
    assert "Traceback" not in bot.output


@pytest.mark.parametrize("trouble", ["full", "read-only"])
async def test_on_a_disk_that_is_full_or_read_only_the_bot_does_not_start(
    start_bot: StartBot, small_disk: Path, trouble: str
) -> None:
    env = {"STANDFIRST_DATA": str(small_disk), "STANDFIRST_BACKUPS": "0"}
    await make_database(small_disk)
    fill(small_disk) if trouble == "full" else make_read_only(small_disk)
    bot = await start_bot(env=env, wait=False)

    assert await bot.ended() == 2
    (line,) = bot.output.splitlines()
    sentence = {"full": "is full. Make room there.", "read-only": "cannot be written. Give this user the right"}
    assert sentence[trouble] in line
