"""Who is on duty: moderators go on and off, a forgotten shift ends, a receipt says from when it is reviewed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.models import Action
from bot.services import replies, settings, shifts
from bot.storage import Database, audit
from bot.storage import shifts as stored
from tests.discussions import given_article, given_reply, send
from tests.givens import ANN, MODERATOR, NOW, OTHER_MODERATOR, SERVER, a_draft, given_server
from tests.givens import given_article as given_open_article
from tests.world import new_world, said, world

__all__ = ["new_world", "world"]  # fixtures

NIGHT = NOW + timedelta(hours=10)  # a Monday, 22:30
LATER = NOW + timedelta(hours=12)


async def begin(db: Database, moderator: int = MODERATOR, *, now=NOW):
    return await shifts.begin(db, server_id=SERVER, moderator_id=moderator, now=now)


async def on_duty(db: Database, *, now=NOW) -> list[int]:
    async with db.read() as conn:
        return [shift.moderator_id for shift in (await stored.get_duty(conn, SERVER, now=now)).shifts]


async def trail(db: Database) -> list[tuple[Action, int]]:
    async with db.read() as conn:
        entries = await audit.list_all(conn, SERVER)
    return [(e.action, e.actor_id) for e in entries if e.action in (Action.SHIFT_BEGAN, Action.SHIFT_ENDED)]


async def test_a_shift_runs_from_on_to_off_and_is_written_down(db: Database) -> None:
    await given_server(db)
    duty = await begin(db)
    both = await begin(db, OTHER_MODERATOR, now=NOW + timedelta(minutes=1))

    was_on = await shifts.end(db, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
    again = await shifts.end(db, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert [shift.moderator_id for shift in duty.shifts] == [MODERATOR]
    assert [shift.moderator_id for shift in both.shifts] == [MODERATOR, OTHER_MODERATOR]
    assert (was_on, again) == (True, False)
    assert await on_duty(db) == [OTHER_MODERATOR]
    began, ended = Action.SHIFT_BEGAN, Action.SHIFT_ENDED
    assert await trail(db) == [(began, MODERATOR), (began, OTHER_MODERATOR), (ended, MODERATOR)]


async def test_twenty_presses_at_once_begin_one_shift(db: Database) -> None:
    await given_server(db)

    await asyncio.gather(*(begin(db) for _ in range(20)))

    assert await on_duty(db) == [MODERATOR]
    assert await trail(db) == [(Action.SHIFT_BEGAN, MODERATOR)]


async def test_a_forgotten_shift_ends_after_twelve_hours_and_another_can_begin(db: Database) -> None:
    await given_server(db)
    await begin(db)
    before = await on_duty(db, now=LATER - timedelta(seconds=1))
    after = await on_duty(db, now=LATER)

    await shifts.end_forgotten(db, now=LATER)
    await shifts.end_forgotten(db, now=LATER)

    assert (before, after) == ([MODERATOR], [])
    assert await trail(db) == [(Action.SHIFT_BEGAN, MODERATOR), (Action.SHIFT_ENDED, MODERATOR)]
    await begin(db, now=LATER)
    assert await on_duty(db, now=LATER) == [MODERATOR]


async def test_at_night_a_receipt_says_from_when_replies_are_reviewed(db: Database) -> None:
    article = await given_open_article(db)
    await settings.change(db, SERVER, "schedule", "mon-fri 08:00-18:00", actor_id=1, now=NOW)

    by_day = await replies.submit(db, a_draft(article, "By day.", author=ANN), now=NOW)
    by_night = await replies.submit(db, a_draft(article, "By night.", author=ANN), now=NIGHT)
    await begin(db, now=NIGHT)
    with_a_shift = await replies.receipt(db, by_night.reply.id, now=NIGHT)

    assert by_day.reviewed_from is None
    assert by_night.reviewed_from == NOW.replace(day=5, hour=8, minute=0)
    assert with_a_shift.reviewed_from is None


async def test_a_moderator_goes_on_duty_and_learns_who_else_is_and_how_much_is_held(world):
    await given_reply(world, await given_article(world))
    await world.max.slash(world.general, "review on")

    on = await world.mira.slash(world.general, "review on")
    off = await world.mira.slash(world.general, "review off")
    again = await world.mira.slash(world.general, "review off")
    refused = await world.ann.slash(world.general, "review on")

    assert "You are on duty until <t:" in said(on)
    assert f"Also on duty: <@{world.max.id}>\n**1** reply is held." in said(on)
    assert on.ephemeral
    assert "You are off duty" in said(off)
    assert "You were not on duty" in said(again)
    assert "Only moderators" in said(refused)


async def test_a_member_reads_on_the_receipt_when_somebody_will_be_there(world):
    card = await given_article(world)
    # The world begins at midnight on a Thursday.
    await world.ada.slash(world.general, "settings set", name="schedule", value="daily 08:00-18:00")

    receipt = await send(world.ann, card, "At midnight.")

    assert "reviewed from <t:" in said(receipt)
    shown = await world.ada.slash(world.general, "settings show")
    assert "**schedule**: daily 08:00-18:00" in said(shown)
    assert "Mon, Tue, Wed, Thu, Fri, Sat, Sun 8:00" in said(shown)
