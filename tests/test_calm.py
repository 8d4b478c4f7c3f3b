"""The calm part of the queue is offered to who has decided many severe replies within an hour."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from bot.services import settings
from bot.services.calm import needs_calm
from bot.storage import Database, tables
from tests.givens import MODERATOR, NOW, OTHER_MODERATOR, SERVER, approve, given_article, given_reply


async def given_decided(db: Database, *severities: int) -> None:
    article = await given_article(db)
    for number, severity in enumerate(severities):
        reply = await given_reply(db, article, f"Point {number}.")
        async with db.begin() as conn:
            changed = update(tables.replies).where(tables.replies.c.id == reply.id)
            await conn.execute(changed.values(severity=severity))
        await approve(db, reply)


async def test_after_so_many_severe_ones_within_an_hour_calm_is_offered_to_who_read_them(db: Database) -> None:
    await given_decided(db, 2, 2, 1, 0, 2)
    await settings.change(db, SERVER, "severe_an_hour", "3", actor_id=1, now=NOW)

    assert await needs_calm(db, SERVER, MODERATOR, NOW)
    assert not await needs_calm(db, SERVER, OTHER_MODERATOR, NOW)
    assert not await needs_calm(db, SERVER, MODERATOR, NOW + timedelta(minutes=61))
    await settings.change(db, SERVER, "severe_an_hour", "4", actor_id=1, now=NOW)
    assert not await needs_calm(db, SERVER, MODERATOR, NOW)


async def test_calm_is_never_offered_where_the_setting_is_zero(db: Database) -> None:
    await given_decided(db, 2)
    await settings.change(db, SERVER, "severe_an_hour", "0", actor_id=1, now=NOW)

    assert not await needs_calm(db, SERVER, MODERATOR, NOW)
