"""A database that stops working while the bot runs: nobody is thanked in vain, one line is logged, work resumes."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text as sql

from bot.config import Config
from bot.models import ReplyStatus
from bot.storage import Database, StorageFailed, memory, open_database
from bot.upkeep import Upkeep
from tests.discussions import TITLE, count_replies, given_article, given_reply, last, reply_of
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    import logging
    from collections.abc import AsyncIterator, Iterator

    from tests.world import World

__all__ = ["new_world", "world"]  # fixtures

REFUSED = "I cannot store anything at the moment, so nothing was changed."
LOGGED = "nothing can be stored until this is mended"


def file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


async def note(db: Database, words: str) -> None:
    async with db.begin() as conn:
        await memory.put(conn, "note", words)


async def read_note(db: Database) -> str | None:
    async with db.read() as conn:
        return await memory.get(conn, "note")


async def pragma(db: Database, words: str) -> int:
    """Set something on the one connection that writes."""
    async with db.begin() as conn:
        return (await conn.execute(sql(f"PRAGMA {words}"))).scalar_one()


@contextmanager
def held_by_another_program(url: str) -> Iterator[None]:
    with closing(sqlite3.connect(file_of(url), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


# What the driver says


async def test_a_full_disk_changes_nothing_and_is_over_when_there_is_room(sqlite_db, logged_errors):
    await note(sqlite_db, "before")
    pages = await pragma(sqlite_db, "page_count")
    await pragma(sqlite_db, f"max_page_count={pages}")
    for _ in range(3):
        with pytest.raises(StorageFailed):
            await note(sqlite_db, "x" * 100_000)

    assert await read_note(sqlite_db) == "before"
    await pragma(sqlite_db, "max_page_count=100000")
    await note(sqlite_db, "x" * 100_000)
    assert told_once(logged_errors, "is full. Make room there.")


async def test_a_file_that_became_read_only_is_told_and_is_over_when_it_can_be_written(sqlite_db, logged_errors):
    async with sqlite_db.begin() as conn:
        await conn.execute(sql("PRAGMA query_only=ON"))  # as a file system that was mounted again answers
    with pytest.raises(StorageFailed):
        await note(sqlite_db, "in vain")
    await sqlite_db._writer.dispose()  # another connection
    await note(sqlite_db, "again")

    assert await read_note(sqlite_db) == "again"
    assert told_once(logged_errors, "cannot be written. Give this user the right")


async def test_all_who_wait_for_a_locked_file_are_refused_together(sqlite_db, sqlite_url, logged_errors):
    await pragma(sqlite_db, "busy_timeout=200")
    with held_by_another_program(sqlite_url):
        async with asyncio.timeout(1):  # not twenty times as long as one
            attempts = [note(sqlite_db, "in vain") for _ in range(20)]
            outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    await note(sqlite_db, "again")

    assert {type(outcome) for outcome in outcomes} == {StorageFailed}
    assert await read_note(sqlite_db) == "again"
    assert told_once(logged_errors, "in use by another program")


async def test_a_mistake_of_ours_stays_an_error(db):
    for statement in ("SELECT * FROM nowhere", "INSERT INTO settings VALUES (404, 'a', 'b')"):
        with pytest.raises(Exception, match=r"nowhere|(?i:foreign key)"):
            async with db.begin() as conn:
                await conn.execute(sql(statement))

    assert db.outages.reason is None


@pytest.mark.logs_errors
async def test_a_file_that_is_damaged_while_the_bot_runs_ends_it_before_it_writes_on(sqlite_url, logged_errors):
    db = await open_database(sqlite_url)
    ended: list[bool] = []
    db.outages.on_ruin = lambda: ended.append(True)
    with file_of(sqlite_url).open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\x5a" * (file_of(sqlite_url).stat().st_size - 4096))
    before = file_of(sqlite_url).read_bytes()
    for act in (read_note, lambda db: note(db, "more")):
        with pytest.raises(StorageFailed):
            await act(db)

    assert ended == [True]
    assert "is damaged. Restore a backup" in str(db.outages.ruin)
    assert file_of(sqlite_url).read_bytes() == before
    assert len(logged_errors) == 1
    await db.close()


@pytest.mark.parametrize("lose", ["move", "replace"])
async def test_a_file_that_is_moved_away_ends_the_bot_since_nobody_would_find_what_it_writes(sqlite_url, lose):
    db = await open_database(sqlite_url)
    ended: list[bool] = []
    db.outages.on_ruin = lambda: ended.append(True)
    content = file_of(sqlite_url).read_bytes()
    file_of(sqlite_url).rename(file_of(sqlite_url).with_name("away.db"))
    if lose == "replace":
        file_of(sqlite_url).write_bytes(content)
    with pytest.raises(StorageFailed):
        await note(db, "lost")

    assert ended == [True]
    assert "was moved or deleted" in str(db.outages.ruin)
    await db.close()


# PostgreSQL


@asynccontextmanager
async def a_way_to(socket: Path, folder: Path) -> AsyncIterator[Path]:
    """Another way to the server, which is gone at the end."""
    streams: list[asyncio.StreamWriter] = []

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        streams.append(writer)
        while data := await reader.read(65536):
            writer.write(data)
        writer.close()

    async def on_connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(socket)
        await asyncio.gather(pipe(reader, server_writer), pipe(server_reader, writer), return_exceptions=True)

    server = await asyncio.start_unix_server(on_connect, folder / socket.name)
    yield folder / socket.name
    server.close()
    for stream in streams:
        stream.transport.abort()
    (folder / socket.name).unlink(missing_ok=True)


async def test_postgresql_that_is_gone_and_comes_back_is_told_once_and_nothing_is_lost(
    postgres_url, tmp_path, logged_errors
):
    folder = Path(postgres_url.partition("host=")[2])
    socket = folder / ".s.PGSQL.5432"
    url = postgres_url.replace(str(folder), str(tmp_path))
    async with a_way_to(socket, tmp_path):
        db = await open_database(url)
        await note(db, "before")
    for _ in range(3):
        with pytest.raises(StorageFailed):
            await note(db, "in vain")
        with pytest.raises(StorageFailed):
            await read_note(db)

    async with a_way_to(socket, tmp_path):
        assert await read_note(db) == "before"
        await note(db, "again")
        assert await read_note(db) == "again"
        await db.close()
    assert told_once(logged_errors, "cannot be reached")


def told_once(records: list[logging.LogRecord], words: str) -> bool:
    """Tell whether one line says it, without a traceback; the test has then seen to its errors."""
    lines = [record.getMessage() for record in records]
    tracebacks = [record for record in records if record.exc_info]
    records.clear()
    return len(lines) == 1 and LOGGED in lines[0] and words in lines[0] and not tracebacks


# What people see


@asynccontextmanager
async def locked(world: World, url: str) -> AsyncIterator[None]:
    """Another program holds the file, and the bot waits for it less long than usual."""
    await pragma(world.db, "busy_timeout=20")
    with held_by_another_program(url):
        yield


async def test_a_form_that_cannot_be_stored_comes_back_and_can_be_sent_again(world, sqlite_url, logged_errors):
    form = await world.ann.click(await given_article(world), label="Join the conversation")
    async with locked(world, sqlite_url):
        answer = await world.ann.submit_modal(form, {"text": "Do not lose me."})
    again = await world.ann.click(answer.response.message, label="Try again")
    receipt = await world.ann.submit_modal(again, {"text": again.modal["components"][2]["component"]["value"]})

    assert REFUSED in said(answer)
    assert "Do not lose me." in said(answer)
    assert "#1" in said(receipt)
    assert await count_replies(world) == 1
    assert told_once(logged_errors, "in use by another program")


async def test_a_press_that_cannot_be_stored_says_so_and_the_reply_stays_held(world, sqlite_url, logged_errors):
    card = await given_reply(world, await given_article(world))
    async with locked(world, sqlite_url):
        answer = await world.mira.click(card, label="Approve")
        held = await reply_of(world)
    await world.mira.click(card, label="Approve")

    assert REFUSED in said(answer)
    assert held.status is ReplyStatus.PENDING
    assert "A fair point." in text(last(world.channel(TITLE)))
    assert told_once(logged_errors, "in use by another program")


class FullSoon:
    """The real database, in which one more transaction fits."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.room = 1
        self.read = db.read

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        if not self.room:
            raise StorageFailed
        self.room -= 1
        async with self.db.begin() as conn:
            yield conn


async def test_a_decision_that_was_stored_is_not_denied_when_the_card_cannot_be_recorded(world):
    card = await given_reply(world, await given_article(world))
    world.client.db = FullSoon(world.db)
    answer = await world.mira.click(card, label="Approve")
    world.client.db = world.db
    await world.env.advance_time(60)

    assert REFUSED not in said(answer)
    assert f"published · approved by <@{world.mira.id}>" in text(last(world.review))


async def test_a_listener_that_meets_an_outage_logs_nothing_of_its_own(world, sqlite_url, logged_errors):
    async with locked(world, sqlite_url):
        await world.client._run_event(world.client.on_ready, "on_ready")

    assert told_once(logged_errors, "in use by another program")


async def test_a_moderator_s_words_come_back_when_they_cannot_be_stored(world, sqlite_url, logged_errors):
    card = await given_reply(world, await given_article(world))
    form = await world.mira.click(card, label="Request changes")
    async with locked(world, sqlite_url):
        answer = await world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "Please name a source."})

    assert REFUSED in said(answer)
    assert "Please name a source." in said(answer)
    assert told_once(logged_errors, "in use by another program")


async def test_an_article_that_cannot_be_stored_comes_back_to_its_editor(world, sqlite_url, logged_errors):
    form = await world.ed.slash(world.general, "article write")
    async with locked(world, sqlite_url):
        answer = await world.ed.submit_modal(form, {"title": "A headline", "summary": "In short."})

    assert REFUSED in said(answer)
    assert "A headline" in said(answer)
    assert labels(answer.response.message) == ["Edit"]
    assert told_once(logged_errors, "in use by another program")


async def test_the_sweep_waits_for_the_database_and_then_does_what_is_due_once(world, sqlite_url, logged_errors):
    card = await given_article(world)
    world.client.sweep.stop()
    form = await world.ann.click(card, label="Join the conversation")
    stop_sweeping(world)
    await world.ann.submit_modal(form, {"text": "A fair point."})
    async with locked(world, sqlite_url):
        resume_sweeping(world)
        await world.env.advance_time(60)
        cards_meanwhile = len(world.review.history())
    await world.env.advance_time(10)

    assert cards_meanwhile == 0
    assert len(world.review.history()) == 1
    assert told_once(logged_errors, "in use by another program")


def stop_sweeping(world: World) -> None:
    sweep: Any = world.client.sweep
    sweep.looking.wake = lambda: None


def resume_sweeping(world: World) -> None:
    sweep: Any = world.client.sweep
    del sweep.looking.wake


async def test_the_end_of_an_outage_is_noticed_when_nobody_writes(sqlite_db, sqlite_url, tmp_path, logged_errors):
    await pragma(sqlite_db, "busy_timeout=20")
    config = Config("", sqlite_url, tmp_path, allow_private_addresses=False, backups=0)
    upkeep = Upkeep(config, sqlite_db, clock=lambda: datetime(2026, 3, 4, tzinfo=UTC))
    with held_by_another_program(sqlite_url):
        with pytest.raises(StorageFailed):
            await note(sqlite_db, "in vain")
        await upkeep.look()
        meanwhile = sqlite_db.outages.reason
    await upkeep.look()

    assert meanwhile is not None
    assert sqlite_db.outages.reason is None
    assert told_once(logged_errors, "in use by another program")
