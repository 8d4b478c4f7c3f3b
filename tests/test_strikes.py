"""A strike is given by a moderator under a guideline, counts until it expires, and the ladder says what follows."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.durations import parse, read, spell
from bot.errors import (
    AlreadyStruck,
    DurationInvalid,
    GuidelineUnknown,
    NotDecidedAgainst,
    NothingToLift,
    NotTheirReply,
    OwnSanction,
    SettingInvalid,
)
from bot.ladder import read_ladder, read_strike_days
from bot.models import Action, Guideline, NoticeKind, Reply, Sanction, SanctionKind, Strike, Wording
from bot.services import guidelines, ladder, removals, review, settings, strikes
from bot.storage import Database, audit, records
from bot.storage import sanctions as stored_sanctions
from bot.storage import strikes as stored
from bot.storage.tables import notices
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    given_article,
    given_published,
    given_reply,
    given_server,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Article

LADDER = "2 in 30 days: warning; 3 in 30 days: pause 1 day; 4 in 60 days: timeout 1 day; 6 in 90 days: ban"
DAY = timedelta(days=1)


async def climb(db: Database, text: str = LADDER) -> None:
    """Have a server with this ladder."""
    await given_server(db)
    await settings.change(db, SERVER, "ladder", text, actor_id=1, now=NOW)


async def strike(
    db: Database, *, member: int = ANN, now: datetime = NOW, reply: Reply | None = None, guideline: str = "spam"
) -> tuple[Strike, list[Sanction]]:
    return await strikes.give(
        db,
        member,
        server_id=SERVER,
        moderator_id=MODERATOR,
        guideline=guideline,
        reply_id=reply.id if reply else None,
        now=now,
    )


async def imposed(db: Database, count: int, *, apart: timedelta = timedelta()) -> list[SanctionKind | None]:
    """What followed from each of so many strikes."""
    given = [await strike(db, now=NOW + n * apart) for n in range(count)]
    return [followed[0].kind if followed else None for _, followed in given]


async def actions(db: Database) -> list[Action]:
    async with db.read() as conn:
        return [entry.action for entry in await audit.list_all(conn, SERVER)]


async def told(db: Database) -> list[str]:
    async with db.read() as conn:
        return [row.kind for row in await conn.execute(notices.select().order_by(notices.c.id))]


async def rejected(db: Database, article: Article, text: str = "Vile words.") -> Reply:
    reply = await given_reply(db, article, text)
    about = {"guideline": Guideline.SPAM, "sentence": "Not here.", "revision": 1}
    return await review.reject(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW, **about)


async def test_without_a_ladder_strikes_are_counted_and_nothing_follows(db: Database) -> None:
    await given_server(db)

    assert await imposed(db, 7) == [None] * 7
    assert await told(db) == [NoticeKind.STRUCK] * 7


async def test_each_rung_of_the_ladder_follows_from_its_number_of_strikes_and_the_last_goes_on(db: Database) -> None:
    await climb(db)

    followed = await imposed(db, 7)

    warning, pause, timeout, ban = (SanctionKind(kind) for kind in ("warning", "pause", "timeout", "ban"))
    assert followed == [None, warning, pause, timeout, timeout, ban, None]  # banned once, and then banned already


async def test_strikes_too_far_apart_for_a_rung_do_not_reach_it(db: Database) -> None:
    await climb(db, "2 in 30 days: warning; 3 in 60 days: ban")

    assert await imposed(db, 3, apart=31 * DAY) == [None, None, None]


async def test_an_expired_or_lifted_strike_counts_no_longer(db: Database) -> None:
    await climb(db, "2 in 365 days: warning")
    await settings.change(db, SERVER, "strike_days", "90; hate_speech 200", actor_id=1, now=NOW)
    await strike(db, guideline=Guideline.SPAM)

    first = await ladder.foresee(db, SERVER, ANN, now=NOW + 89 * DAY)
    late = await ladder.foresee(db, SERVER, ANN, now=NOW + 90 * DAY)
    await strike(db, now=NOW + 90 * DAY, guideline=Guideline.HATE_SPEECH)
    longer = await ladder.foresee(db, SERVER, ANN, now=NOW + 289 * DAY)
    await strikes.lift(db, ANN, server_id=SERVER, moderator_id=OTHER_MODERATOR, now=NOW + 100 * DAY)
    lifted = await ladder.foresee(db, SERVER, ANN, now=NOW + 101 * DAY)

    assert [look.number for look in (first, late, longer, lifted)] == [2, 1, 2, 1]
    assert [bool(look.rungs) for look in (first, late, longer, lifted)] == [True, False, True, False]
    assert first.of == 2


async def test_a_rung_on_trial_is_written_down_and_nothing_happens(db: Database) -> None:
    await climb(db, "1 in 30 days: ban trial")
    reply = await given_reply(db, await given_article(db))

    _, (sanction,) = await strike(db)

    async with db.read() as conn:
        in_force = await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW)
        record = await records.get(conn, reply)
    assert sanction.trial
    assert in_force == []
    assert (len(record.strikes), record.sanctions) == (1, ())
    assert Action.WOULD_SANCTION in await actions(db)
    assert Action.BAN not in await actions(db)
    assert await told(db) == [NoticeKind.STRUCK]  # of the strike alone


async def test_a_rung_on_trial_leaves_a_lower_one_in_force(db: Database) -> None:
    await climb(db, "1 in 30 days: warning trial; 2 in 30 days: pause 1 day; 3 in 30 days: ban trial")
    outlooks, followed = [], []

    for _ in range(3):
        outlooks.append(await ladder.foresee(db, SERVER, ANN, now=NOW))
        followed.append((await strike(db))[1])

    warning, pause, ban = SanctionKind.WARNING, SanctionKind.PAUSE, SanctionKind.BAN
    kinds = [[(each.kind, each.trial) for each in sanctions] for sanctions in followed]
    assert kinds == [[(warning, True)], [(pause, False)], [(pause, False), (ban, True)]]
    assert [[(rung.kind, rung.trial) for rung in look.rungs] for look in outlooks] == kinds
    assert await told(db) == [NoticeKind.STRUCK, NoticeKind.SANCTIONED, NoticeKind.SANCTIONED]


async def test_what_a_strike_led_to_stays_when_one_less_had_changed_only_what_is_on_trial(db: Database) -> None:
    await climb(db, "2 in 30 days: pause 1 day; 3 in 30 days: ban trial")
    vile = await rejected(db, await given_article(db))
    await strike(db, reply=vile)
    for _ in range(2):
        await strike(db)

    async with db.begin() as conn:
        await strikes.lift_of_reply(conn, vile, moderator_id=MODERATOR, now=NOW)

    async with db.read() as conn:
        in_force = await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW)
    assert [each.kind for each in in_force] == [SanctionKind.PAUSE]  # the second's, not the first's


async def test_of_twenty_strikes_at_once_each_counts_and_each_rung_is_reached_once(db: Database) -> None:
    await climb(db, "5 in 30 days: warning; 20 in 30 days: ban")

    given = await asyncio.gather(*(strike(db) for _ in range(20)))

    kinds = [sanction.kind for _, followed in given for sanction in followed]
    assert len({each.id for each, _ in given}) == 20
    assert kinds.count(SanctionKind.BAN) == 1
    assert kinds.count(SanctionKind.WARNING) == 15


async def test_a_strike_for_a_reply_cites_its_passages_and_words_and_there_is_one(db: Database) -> None:
    reply = await given_published(db, await given_article(db), "First. Second is vile.")
    await removals.remove(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, sentence="Not here.", guideline="spam", now=NOW
    )

    attempts = [strike(db, reply=reply) for _ in range(5)]
    results = await asyncio.gather(*attempts, return_exceptions=True)

    given = [result[0] for result in results if isinstance(result, tuple)]
    assert [isinstance(result, AlreadyStruck) for result in results].count(True) == 4
    assert (given[0].reply_id, given[0].sentence, given[0].guideline) == (reply.id, "Not here.", "spam")


async def test_putting_a_removed_reply_back_lifts_its_strike(db: Database) -> None:
    reply = await given_published(db, await given_article(db))
    about = {"server_id": SERVER, "sentence": None, "now": NOW}
    await removals.remove(db, reply.id, moderator_id=MODERATOR, **about)
    given, _ = await strike(db, reply=reply)

    await removals.restore(db, reply.id, moderator_id=OTHER_MODERATOR, **about)

    async with db.read() as conn:
        lifted = await stored.get(conn, given.id)
    assert lifted is not None
    assert (lifted.lifted_at, lifted.lifted_by) == (NOW, OTHER_MODERATOR)
    assert Action.STRIKE_LIFTED in await actions(db)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2 in 30 days: warning; 3 in 30 days: pause 1 day", []),
        ("1 in 30 days: warning; 3 in 30 days: ban", ["warning"]),
        ("2 in 30 days: pause 1 day", ["pause"]),  # that of the third strike: it would have been the second
    ],
)
async def test_with_a_decision_taken_back_falls_what_later_strikes_led_to_only_because_of_it(
    db: Database, text: str, left: list[str]
) -> None:
    await climb(db, text)
    article = await given_article(db)
    replies = [await rejected(db, article, f"Vile words, {n} of them.") for n in range(3)]
    for reply in replies:
        await strike(db, reply=reply)

    async with db.begin() as conn:
        await strikes.lift_of_reply(conn, replies[0], moderator_id=OTHER_MODERATOR, now=NOW)

    async with db.read() as conn:
        in_force = await stored_sanctions.list_in_force(conn, SERVER, ANN, NOW)
    assert [sanction.kind for sanction in in_force] == left


async def test_who_and_what_cannot_be_struck(db: Database) -> None:
    article = await given_article(db)
    held = await given_reply(db, article)
    struck = await rejected(db, article)

    with pytest.raises(NotDecidedAgainst):
        await strike(db, reply=held)
    with pytest.raises(NotTheirReply):
        await strike(db, reply=struck, member=BORIS)
    with pytest.raises(OwnSanction):
        await strike(db, member=MODERATOR)
    with pytest.raises(GuidelineUnknown):
        await strike(db, guideline="manners")
    with pytest.raises(NothingToLift):
        await strikes.lift(db, ANN, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
    assert Action.STRIKE not in await actions(db)


async def test_the_audit_says_who_gave_it_to_whom_for_what(db: Database) -> None:
    reply = await rejected(db, await given_article(db))
    given, _ = await strike(db, reply=reply)

    async with db.read() as conn:
        entry = (await audit.list_all(conn, SERVER))[-1]
    details = json.loads(entry.details)
    assert (entry.action, entry.actor_id, entry.subject_id) == (Action.STRIKE, MODERATOR, given.id)
    assert (details["member_id"], details["guideline"], details["reply_id"]) == (ANN, "spam", reply.id)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (LADDER, LADDER),
        ("off", "off"),
        ("3 in 60 days: timeout 2h; 2 in 30 days: warning", "2 in 30 days: warning; 3 in 60 days: timeout 2 hours"),
        ("2 in 7 days: pause 3 дня trial", "2 in 7 days: pause 3 days trial"),
        ("1 in 1 day: ban trial", "1 in 1 day: ban trial"),
    ],
)
def test_a_ladder_is_kept_in_one_way_of_writing_and_reads_itself(typed: str, kept: str) -> None:
    assert read_ladder(typed) == kept
    assert read_ladder(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "warning", "2: warning", "2 in 30 days: pause", "2 in 30 days: warning 1 day", "2 in 30 days: ban 1 day",
        "2 in 30 days: timeout 29 days", "2 in 30 days: pause 2 years", "2 in 30 days: kick", "0 in 3 days: ban",
        "2 in 9999 days: ban", "2 in 30 days: warning; 2 in 60 days: ban",
        "; ".join(f"{n} in 30 days: warning" for n in range(1, 12)),
    ],
)  # fmt: skip
async def test_a_ladder_that_cannot_be_climbed_is_refused_with_a_sentence(sqlite_db: Database, typed: str) -> None:
    with pytest.raises(SettingInvalid, match="does not fit ladder: rungs such as"):
        await settings.change(sqlite_db, SERVER, "ladder", typed, actor_id=1, now=NOW)


def test_days_of_strikes_may_differ_by_guideline() -> None:
    assert read_strike_days("90;  hate_speech 365;spam 30") == "90; hate_speech 365; spam 30"
    for typed in ("", "0", "x", "90; spam", "90; spam 0", "90; spam 30; spam 40", "9999"):
        with pytest.raises(ValueError, match=r".*"):
            read_strike_days(typed)


async def test_days_are_given_to_guidelines_that_there_are_by_key_or_title(db: Database) -> None:
    await given_server(db)
    words = Wording(guidelines.NEW, "en", "No links", "Links belong elsewhere.")
    added = await guidelines.add(db, SERVER, words, admin_id=1, now=NOW)

    chosen = await settings.change(db, SERVER, "strike_days", "90; Hate speech 365; no links 7", actor_id=1, now=NOW)

    assert chosen.strike_days == f"90; hate_speech 365; {added.guideline} 7"
    for typed in ("90; hate speach 365", "90; spam 30; спам 40"):
        with pytest.raises(SettingInvalid, match="names a guideline of this server once"):
            await settings.change(db, SERVER, "strike_days", typed, actor_id=1, now=NOW)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("3 days", 4320), ("2h", 120), ("90 min", 90), ("1 week", 10080), ("1 day 12 hours", 2160), ("1d12h", 2160),
        ("3 дня", 4320), ("5 дней", 7200), ("2 ч", 120), ("2 ч 30 мин", 150), ("1 неделя", 10080), ("21 день", 30240),
        ("1 неделю", 10080), ("5 суток", 7200), ("1 минуту", 1), ("1 day and 12 hours", 2160), ("2 ч и 30 мин", 150),
    ],
)  # fmt: skip
def test_durations_are_read_in_the_languages_shipped(typed: str, minutes: int) -> None:
    assert parse(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "typed", ["", "soon", "3", "-3 days", "1.5 h", "3 parsecs", "and 2 h", "2 h and", "0 min", "366 days", "9" * 30]
)
def test_what_is_no_duration_is_refused_with_a_sentence_that_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(DurationInvalid, match="write a number and a unit, such as 30 min, 2h, 3 days"):
        read(typed)


def test_durations_are_written_in_the_largest_unit_that_needs_no_second_one() -> None:
    assert [spell(timedelta(hours=hours)) for hours in (24, 36, 168)] == ["1 day", "36 hours", "1 week"]
    assert spell(3 * DAY, "ru") == "3 дня"
