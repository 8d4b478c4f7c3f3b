"""A crash storm: people act on servers while Discord fails at random and the bot is killed; what holds afterwards.

Run with `make storm`; `KILLS=50` makes it shorter, `SEED=7` throws the dice as in another run, and DATABASE_URL
names an empty database of PostgreSQL instead of a file of SQLite.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path
from random import SystemRandom

from tests.storm.storm import Storm, run

KILLS = 200


def main() -> int:
    """Print the table, then everything that is wrong; the exit code says whether there is anything."""
    storm = Storm(
        kills=int(os.environ.get("KILLS") or KILLS),
        seed=int(os.environ.get("SEED") or SystemRandom().randrange(10**6)),
        database_url=os.environ.get("DATABASE_URL"),
        after_each_kill=lambda kills: print(f"\r{kills} killed", end=" ", flush=True),
    )
    print(f"storm with seed {storm.seed}: {storm.kills} kills", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        outcome = asyncio.run(run(storm, Path(folder)))
    print(end="\r")
    for name, value in outcome.table():
        print(f"{name:24} {value}")
    for sentence in outcome.wrong:
        print(sentence)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
