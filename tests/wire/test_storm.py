"""A short crash storm over a real socket; `make storm` runs a long one."""

from __future__ import annotations

import os
from random import SystemRandom
from typing import TYPE_CHECKING

from tests.storm.storm import Storm, run
from tests.wire.conftest import HURRIED
from tests.wire.hurried_bot import PACE

if TYPE_CHECKING:
    from pathlib import Path


async def test_twenty_kills_amid_a_failing_discord_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    storm = Storm(
        kills=20, seed=seed, servers=3, pace=0.4, longest_life=1.5, delay=20 / PACE, share=0.08, program=HURRIED
    )
    outcome = await run(storm, tmp_path)

    assert outcome.wrong == [], f"SEED={seed} throws the same dice again"
    assert outcome.accounts.stored
    assert outcome.reaper.kills.total() == 20
    assert outcome.chaos.injected
