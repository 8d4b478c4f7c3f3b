"""Health: a bot that works says so in one line, and what is wrong is said with what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from sqlalchemy import text as sql

from bot.config import Config
from bot.errors import DatabaseUnusable, StartError
from bot.healthz import serving_health
from bot.models import Guideline
from bot.services import articles, health, publishing, removals, review, troubles
from bot.storage import backups, open_database, servers
from bot.storage.database import open_to_read
from bot.troubles import TroubleKind
from tests.givens import (
    MODERATOR,
    NOW,
    SERVER,
    a_page,
    approve,
    given_article,
    given_published,
    given_reply,
    nothing_found,
    report,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply
    from bot.services.health import Health
    from bot.storage import Database

SOON, LATER = timedelta(minutes=1), timedelta(minutes=3)


async def line(db: Database, after: timedelta = SOON) -> str:
    return (await examine(db, after)).line


async def examine(db: Database, after: timedelta = SOON, *, is_connected: bool = True) -> Health:
    """As it is so long after NOW, on a machine without backups."""
    config = Config("", "postgresql://host/database", Path("nowhere"), allow_private_addresses=False)
    return await health.examine(db, config, now=NOW + after, is_connected=is_connected)


async def test_a_bot_that_has_nothing_to_do_is_well(db):
    found = await examine(db)

    assert found.line == "0 unsent, 0 double, nothing pending, seal intact, backups are PostgreSQL's"
    assert found.is_well


async def test_what_is_due_counts_as_unsent_after_two_minutes(db):
    await given_reply(db, await given_article(db))

    assert await line(db, SOON) == "0 unsent, 0 double, oldest pending 1 min, seal intact, backups are PostgreSQL's"
    assert (await line(db, LATER)).startswith("1 unsent, 0 double, oldest pending 3 min")
    assert "(card 1): is the bot running?" in str(await examine(db, LATER))


@pytest.mark.parametrize("kind", ["article", "card", "publication", "removal", "report"])
async def test_each_kind_of_work_that_people_wait_for_is_counted(db, kind):
    article = await given_article(db)
    if kind == "article":
        draft = await articles.draft(db, a_page(address=None), server_id=SERVER, editor_id=1, now=NOW)
        await articles.post(db, draft.id, server_id=SERVER, editor_id=1, now=NOW)
    elif kind == "card":
        await given_reply(db, article)
    elif kind == "publication":
        await approve(db, await given_reply(db, article))
    else:
        published = await given_published(db, article)
        if kind == "removal":
            await take_out(db, published)
        else:
            await report(db, published)

    assert (await line(db, SOON)).startswith("0 unsent")
    assert f"({kind} 1)" in str(await examine(db, LATER))


async def take_out(db: Database, reply: Reply) -> None:
    await removals.remove(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence=None, now=NOW)


async def test_a_long_queue_that_moves_is_well_and_one_that_stands_still_is_not(db):
    article = await given_article(db)
    first, second = [await approve(db, await given_reply(db, article, words)) for words in ("First.", "Second.")]

    async def post(_case: object) -> int:
        return 401

    published = await publishing.publish(db, first.id, clock=lambda: NOW + LATER, post=post, find=nothing_found)

    assert published is not None
    assert second.id != first.id
    assert (await line(db, LATER + SOON)).startswith("0 unsent")
    assert (await line(db, 2 * LATER)).startswith("1 unsent")


async def test_direct_messages_that_wait_for_their_turn_are_well(db):
    reply = await given_reply(db, await given_article(db))
    await review.reject(
        db,
        reply.id,
        server_id=SERVER,
        moderator_id=MODERATOR,
        revision=1,
        guideline=Guideline.SPAM,
        sentence="No.",
        now=NOW,
    )

    assert (await line(db, timedelta(hours=20))).startswith("0 unsent")
    assert (await line(db, timedelta(hours=26))).startswith("1 unsent")


async def test_a_server_that_is_away_is_nothing_to_worry_about(db):
    await given_reply(db, await given_article(db))
    await troubles.notice(db, SERVER, TroubleKind.SEAL_BROKEN, subject_id=1, now=NOW)
    async with db.begin() as conn:
        await servers.set_away(conn, SERVER, since=NOW)

    assert (await examine(db, LATER)).is_well


async def test_open_troubles_are_told_until_they_are_mended(db):
    await given_article(db)
    for kind in (TroubleKind.SEAL_BROKEN, TroubleKind.DOUBLE):
        await troubles.notice(db, SERVER, kind, subject_id=1, now=NOW)
    broken = await examine(db)
    for kind in (TroubleKind.SEAL_BROKEN, TroubleKind.DOUBLE):
        await troubles.mend(db, SERVER, kind, now=NOW)

    assert broken.line.startswith("0 unsent, 1 double, nothing pending, seal broken")
    assert [problem.partition(" since ")[0] for problem in broken.problems] == [
        f"Server {SERVER}: seal broken",
        f"Server {SERVER}: double",
    ]
    assert (await examine(db)).is_well


async def test_what_the_moderators_of_a_server_have_to_mend_is_told_and_calls_nobody_else(db):
    await given_article(db)
    await troubles.notice(db, SERVER, TroubleKind.EDITORS_GONE, subject_id=1, now=NOW)
    found = await examine(db)

    assert found.is_well
    assert str(found).splitlines()[1].startswith(f"Server {SERVER}: editors gone since ")


async def test_a_bot_that_discord_does_not_reach_is_not_well(db):
    found = await examine(db, is_connected=False)

    assert found.problems[0].startswith("Not connected to Discord.")


# Backups


async def of_backups(url: str, folder: Path, made: datetime | None, *, keep: int = 7) -> Health:
    if made is not None:
        backups.make_daily(Path(url.removeprefix("sqlite:///")), folder / "backups", keep=7, now=made)
    db = await open_to_read(url)
    config = Config("", url, folder, allow_private_addresses=False, backups=keep)
    found = await health.examine(db, config, now=NOW)
    await db.close()
    return found


async def test_the_last_backup_is_told(sqlite_url, tmp_path):
    made = NOW - timedelta(hours=20)

    found = await of_backups(sqlite_url, tmp_path, made)

    assert f"{made.astimezone():%H:%M}" in found.line
    assert found.is_well


async def test_two_days_without_a_backup_are_not_well(sqlite_url, tmp_path):
    none = await of_backups(sqlite_url, tmp_path, None)
    old = await of_backups(sqlite_url, tmp_path, NOW - timedelta(hours=49))

    assert none.line.endswith("no backup")
    assert [found.problems[0].partition(":")[0] for found in (none, old)] == ["No backup for two days"] * 2


async def test_backups_that_are_switched_off_are_not_missed(sqlite_url, tmp_path):
    found = await of_backups(sqlite_url, tmp_path, None, keep=0)

    assert found.line.endswith("backups off")
    assert found.is_well


# Reading beside the bot, and over HTTP


async def test_a_check_reads_tables_of_this_version_alone(database_url):
    db = await open_database(database_url)
    async with db.begin() as conn:
        await conn.execute(sql("UPDATE alembic_version SET version_num = '0001'"))
    await db.close()

    with pytest.raises(DatabaseUnusable, match="Start the bot once"):
        await open_to_read(database_url)


async def test_a_check_does_not_make_a_database_that_is_missing(tmp_path):
    with pytest.raises(DatabaseUnusable, match="There is no database"):
        await open_to_read(f"sqlite:///{tmp_path}/none.db")

    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def port(unused_tcp_port: int) -> int:
    return unused_tcp_port


async def get(port: int) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as response:
        return response.status, await response.text()


def config_of(url: str, folder: Path, port: int) -> Config:
    return Config("", url, folder, allow_private_addresses=False, backups=0, health_port=port)


async def test_healthz_answers_200_when_all_is_well_and_503_with_the_reason_when_not(
    sqlite_db, sqlite_url, tmp_path, port
):
    connected = [True]
    async with serving_health(config_of(sqlite_url, tmp_path, port), sqlite_db, lambda: connected[0]):
        well = await get(port)
        connected[0] = False
        wrong = await get(port)

    assert well == (200, "0 unsent, 0 double, nothing pending, seal intact, backups off\n")
    assert wrong[0] == 503
    assert "Not connected to Discord." in wrong[1]


async def test_a_port_that_is_taken_is_one_sentence(sqlite_db, sqlite_url, tmp_path, port):
    config = config_of(sqlite_url, tmp_path, port)
    async with serving_health(config, sqlite_db, lambda: True):
        with pytest.raises(StartError, match="STANDFIRST_HEALTH_PORT"):
            async with serving_health(config, sqlite_db, lambda: True):
                pass


def damage(file: Path) -> None:
    """Overwrite all but the first page."""
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\x5a" * (file.stat().st_size - 4096))


async def test_a_damaged_database_is_said_by_healthz_as_well(sqlite_url, tmp_path, port, logged_errors):
    db = await open_database(sqlite_url)
    damage(Path(sqlite_url.removeprefix("sqlite:///")))
    async with serving_health(config_of(sqlite_url, tmp_path, port), db, lambda: True):
        status, told = await get(port)
    await db.close()

    assert status == 503
    assert told.startswith("database out of order, backups off\n")
    assert told.count("is damaged. Restore a backup") == 1
    logged_errors.clear()
