"""The audit trail over a real socket: read, checked and taken along as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.demo.sight import text
from tests.wire.desk import Desk, eventually

if TYPE_CHECKING:
    from bot.demo.newsroom import Server
    from tests.wire.conftest import StartBot


@pytest.fixture
def desk(newsroom: Server) -> Desk:
    return Desk(newsroom)


async def test_what_was_done_is_read_checked_and_taken_along(desk: Desk, start_bot: StartBot) -> None:
    bot = await start_bot()
    await desk.open_discussion()
    await desk.join(desk.jonas, "A fair point.")
    await desk.approve(1)
    await eventually(lambda: any("is published" in text(notice) for notice in desk.jonas.direct_messages()))
    owner, where = desk.newsroom.owner, desk.newsroom.channel("general")

    shown = await owner.run("audit show", where=where, reply="1")
    found = await (await owner.run("audit verify", where=where)).finished()
    taken = await (await owner.run("audit export", where=where, format="csv")).finished()

    assert shown.ephemeral
    assert [line.split(" · ")[3] for line in shown.text.splitlines()[2:]] == [
        "Reply published",
        "Reply approved",
        "Reply submitted",
    ]
    [verdict] = [found.text, *map(text, found.followups)][-1:]
    assert "entries are as they were written" in verdict
    [file] = (taken.followups or [taken.message])[-1]["attachments"]
    assert file["filename"].endswith("-1.csv")
    assert file["size"] > 1000
    assert await bot.stop() == 0
    assert "Traceback" not in bot.output
