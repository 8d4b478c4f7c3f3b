"""Whatever people do in whatever order, a reply is only in states, and comes there only by ways, that are drawn."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.storage import open_database
from tests.givens import given_article
from tests.sequences.looking import KEEP, Postgres, Sqlite
from tests.sequences.machine import Sequences

if TYPE_CHECKING:
    from asyncio import Runner
    from collections.abc import Iterator

COUNT = int(os.environ.get("SEQUENCES") or 20)
SEED = int(os.environ.get("SEED") or 1)
STEPS = 15
RANDOM = settings(
    max_examples=COUNT,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    print_blob=False,
    phases=[Phase.generate, *([Phase.shrink] if os.environ.get("SHRINK") else [])],  # which takes up to five minutes
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def runner() -> Iterator[Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def source(database_url: str, runner: Runner) -> Iterator[Sqlite | Postgres]:
    source = Sqlite(database_url) if database_url.startswith("sqlite") else Postgres(database_url, runner)
    yield source
    source.close()


def test_no_sequence_leads_out_of_the_diagram(database_url: str, runner: Runner, source: Sqlite | Postgres) -> None:
    db = runner.run(open_database(database_url))
    article = runner.run(given_article(db))
    source.run(KEEP)
    there = type("SequencesThere", (Sequences,), {"db": db, "runner": runner, "source": source, "article": article})
    print(f"{COUNT} sequences with seed {SEED}")  # noqa: T201 - shown when one of them fails

    try:
        run_state_machine_as_test(seed(SEED)(there), settings=RANDOM)
    finally:
        runner.run(db.close())
