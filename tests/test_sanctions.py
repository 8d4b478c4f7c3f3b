"""Warned, paused, timed out, banned: what a member may still do, until when, and how moderators take it back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import (
    AlreadyBanned,
    Banned,
    NotDecidedAgainst,
    NothingToAcknowledge,
    NothingToLift,
    OwnSanction,
    Paused,
    PostRefused,
    UndoTooLate,
    WarningUnread,
)
from bot.models import Action, NoticeKind, ReplyStatus, Sanction, SanctionKind, TimeoutState
from bot.services import notices, replies, review, sanctions, settings, strikes, timeouts
from bot.storage import Database, audit, sweep, tables, troubles
from bot.storage import notices as stored_notices
from bot.storage import replies as stored_replies
from bot.storage import sanctions as stored
from bot.troubles import TroubleKind
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    a_draft,
    given_article,
    given_reply,
    given_server,
)

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Article

DAY = timedelta(days=1)
BAN, PAUSE, TIMEOUT, WARNING = SanctionKind.BAN, SanctionKind.PAUSE, SanctionKind.TIMEOUT, SanctionKind.WARNING


async def impose(
    db: Database, kind: SanctionKind, length: timedelta | None = None, *, member: int = ANN, **about: object
) -> Sanction:
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "guideline": "spam", "now": NOW}
    return await sanctions.impose(db, member, kind, length=length, **(who | about))  # type: ignore[arg-type]


async def lift(db: Database, *kinds: SanctionKind, now: datetime = NOW) -> int:
    return await sanctions.lift(db, ANN, kinds, server_id=SERVER, moderator_id=OTHER_MODERATOR, now=now)


async def submit(db: Database, article: Article, text: str, *, now: datetime = NOW, author: int = ANN) -> ReplyStatus:
    return (await replies.submit(db, a_draft(article, text, author=author), now=now)).reply.status


async def statuses(db: Database) -> list[ReplyStatus]:
    async with db.read() as conn:
        found = await stored_replies.list_by_author(conn, SERVER, ANN)
    return [reply.status for reply in reversed(found)]


async def last_entry(db: Database) -> tuple[Action, int]:
    async with db.read() as conn:
        entry = (await audit.list_all(conn, SERVER))[-1]
    return entry.action, entry.actor_id


async def waiting(db: Database, kind: NoticeKind) -> int:
    async with db.read() as conn:
        rows = await conn.execute(tables.notices.select().where(tables.notices.c.kind == kind))
        return len(list(rows))


async def test_who_is_paused_is_refused_until_then_and_not_longer(db: Database) -> None:
    article = await given_article(db)
    await impose(db, PAUSE, 2 * DAY, guideline="spam")
    until = int((NOW + 2 * DAY).timestamp())

    with pytest.raises(Paused, match=f"until <t:{until}:f>") as refusal:
        await submit(db, article, "One.")

    assert refusal.value.penalty.guideline == "spam"
    assert await statuses(db) == []
    assert await submit(db, article, "Two.", author=BORIS) is ReplyStatus.PENDING
    assert await submit(db, article, "Three.", now=NOW + 2 * DAY) is ReplyStatus.PENDING


async def test_who_was_warned_replies_after_saying_that_they_have_read_it(db: Database) -> None:
    article = await given_article(db)
    warning = await impose(db, WARNING)
    with pytest.raises(WarningUnread) as refusal:
        await submit(db, article, "One.")
    with pytest.raises(NothingToAcknowledge):
        await sanctions.acknowledge(db, warning.id, member_id=BORIS, now=NOW)

    await sanctions.acknowledge(db, warning.id, member_id=ANN, now=NOW)

    assert refusal.value.penalty.sanction == warning
    assert await last_entry(db) == (Action.ACKNOWLEDGE, ANN)
    assert await submit(db, article, "Two.") is ReplyStatus.PENDING
    with pytest.raises(NothingToAcknowledge):
        await sanctions.acknowledge(db, warning.id, member_id=ANN, now=NOW)


async def test_a_ban_rejects_everything_on_hold_at_once_and_refuses_more(db: Database) -> None:
    article = await given_article(db)
    held = [await given_reply(db, article, text) for text in ("One.", "Two.")]
    await review.request_changes(
        db, held[0].id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Shorter.", now=NOW
    )
    await given_reply(db, article, "Mine.", author=BORIS)

    ban = await impose(db, BAN, sentence="Enough.")

    assert await statuses(db) == [ReplyStatus.REJECTED] * 2
    assert ban.bulk_id is not None
    with pytest.raises(Banned):
        await submit(db, article, "Three.")
    with pytest.raises(Banned):
        await replies.revise(db, held[0].id, "Four.", author_id=ANN, now=NOW)
    with pytest.raises(AlreadyBanned):
        await impose(db, BAN)


async def test_an_undone_ban_puts_every_reply_back_where_it_was_and_tells_nobody(db: Database) -> None:
    article = await given_article(db)
    held = [await given_reply(db, article, text) for text in ("One.", "Two.")]
    await review.request_changes(
        db, held[0].id, server_id=SERVER, moderator_id=MODERATOR, revision=1, sentence="Shorter.", now=NOW
    )
    await settings.change(db, SERVER, "grace_time", "60", actor_id=1, now=NOW)
    ban = await impose(db, BAN)

    who = {"server_id": SERVER, "moderator_id": MODERATOR}
    undone = await sanctions.undo_ban(db, ban.id, now=NOW + timedelta(seconds=30), **who)

    async with db.read() as conn:
        asked = await stored_replies.get(conn, held[0].id)
    assert undone == 2
    assert await statuses(db) == [ReplyStatus.CHANGES_REQUESTED, ReplyStatus.PENDING]
    assert asked is not None
    assert (asked.sentence, asked.decided_by) == ("Shorter.", MODERATOR)
    assert await waiting(db, NoticeKind.SANCTIONED) + await waiting(db, NoticeKind.LIFTED) == 0
    assert await waiting(db, NoticeKind.REJECTED) == 0
    assert await submit(db, article, "Three.") is ReplyStatus.PENDING
    with pytest.raises(UndoTooLate):
        await sanctions.undo_ban(db, ban.id, now=NOW, **who)


async def test_a_ban_of_which_the_member_was_told_is_not_undone_but_lifted(db: Database) -> None:
    await given_reply(db, await given_article(db))
    ban = await impose(db, BAN)  # without a grace time the notice may leave at once

    with pytest.raises(UndoTooLate):
        await sanctions.undo_ban(db, ban.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert await statuses(db) == [ReplyStatus.REJECTED]
    assert await waiting(db, NoticeKind.SANCTIONED) == 1
    assert await waiting(db, NoticeKind.REJECTED) == 0  # the ban tells of all of them


async def test_nothing_of_twenty_replies_sent_while_their_author_is_banned_stays_held(db: Database) -> None:
    article = await given_article(db)
    sent = [submit(db, article, f"Number {n}.") for n in range(20)]

    results = await asyncio.gather(*sent[:10], impose(db, BAN), *sent[10:], return_exceptions=True)

    refused = [result for result in results if isinstance(result, Banned)]
    assert set(await statuses(db)) <= {ReplyStatus.REJECTED}
    assert len(await statuses(db)) + len(refused) == 20


async def test_what_answers_the_moderator_who_bans_is_left_for_another(db: Database) -> None:
    article = await given_article(db)
    await submit(db, article, "Mine.", author=MODERATOR)
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().values(status=ReplyStatus.PUBLISHED, message_id=401))
        parent = await stored_replies.get_by_number(conn, SERVER, 1)
    await replies.submit(db, a_draft(article, "No!", parent=parent), now=NOW)

    ban = await impose(db, BAN)

    assert ban.bulk_id is None
    assert await statuses(db) == [ReplyStatus.PENDING]


async def test_of_ten_moderators_who_ban_at_once_one_does(db: Database) -> None:
    await given_reply(db, await given_article(db))

    attempts = [impose(db, BAN, moderator_id=MODERATOR + 100 + n) for n in range(10)]
    results = await asyncio.gather(*attempts, return_exceptions=True)

    assert [type(result) for result in results].count(AlreadyBanned) == 9
    assert await statuses(db) == [ReplyStatus.REJECTED]


async def test_what_is_lifted_is_over_at_once_and_told(db: Database) -> None:
    article = await given_article(db)
    await impose(db, PAUSE, DAY)
    await impose(db, BAN)

    await lift(db, BAN, PAUSE)

    assert await last_entry(db) == (Action.LIFT, OTHER_MODERATOR)
    assert await submit(db, article, "One.") is ReplyStatus.PENDING
    assert await waiting(db, NoticeKind.LIFTED) == 2
    with pytest.raises(NothingToLift):
        await lift(db, BAN, PAUSE, WARNING)


async def test_nobody_sanctions_or_pardons_themselves(db: Database) -> None:
    await given_server(db)
    for act in (
        impose(db, BAN, member=MODERATOR),
        sanctions.lift(db, MODERATOR, [BAN], server_id=SERVER, moderator_id=MODERATOR, now=NOW),
    ):
        with pytest.raises(OwnSanction):
            await act


async def test_a_held_reply_tells_nobody_whose_it_is(db: Database) -> None:
    reply = await given_reply(db, await given_article(db))

    for member in (ANN, BORIS):
        with pytest.raises(NotDecidedAgainst):
            await impose(db, PAUSE, DAY, member=member, reply_id=reply.id)


async def test_a_ban_of_discord_is_known_once_and_its_end_too(db: Database) -> None:
    article = await given_article(db)
    for _ in range(2):
        await sanctions.note_discord_ban(db, ANN, server_id=SERVER, now=NOW)

    with pytest.raises(Banned):
        await submit(db, article, "One.")
    with pytest.raises(NothingToLift):  # it is not ours to lift
        await lift(db, *SanctionKind)
    for _ in range(2):
        await sanctions.note_discord_unban(db, ANN, server_id=SERVER, now=NOW)

    assert await submit(db, article, "Two.") is ReplyStatus.PENDING
    async with db.read() as conn:
        entries = [entry.action for entry in await audit.list_all(conn, SERVER)]
    assert (entries.count(Action.DISCORD_BAN), entries.count(Action.LIFT)) == (1, 1)


class Discord:
    """Where timeouts are set: what each member has, and whether it lets us."""

    def __init__(self) -> None:
        self.until: dict[int, datetime] = {}
        self.refuses = False

    async def apply(self, sanction: Sanction) -> TimeoutState:
        if self.refuses:
            error = PostRefused("Missing Permissions")
            error.code = 50013
            raise error
        assert sanction.ends_at is not None
        self.until[sanction.member_id] = sanction.ends_at
        return TimeoutState.APPLIED

    async def lift(self, sanction: Sanction) -> TimeoutState:
        self.until.pop(sanction.member_id, None)
        return TimeoutState.LIFTED

    async def sweep(self, db: Database, *, now: datetime = NOW) -> None:
        """What a process does until nothing is due."""
        async with db.read() as conn:
            found = await sweep.list_due(conn, "timeout", now)
        for row_id in found:
            await timeouts.carry_out(db, row_id, clock=lambda: now, apply=self.apply, lift=self.lift)


async def test_a_timeout_is_set_once_and_taken_back_when_it_is_lifted(db: Database) -> None:
    await given_server(db)
    place = Discord()
    await impose(db, TIMEOUT, DAY)
    await place.sweep(db)
    place.until.clear()  # somebody takes it back by hand: it is not set again
    await place.sweep(db)
    again = dict(place.until)
    await impose(db, TIMEOUT, 2 * DAY)
    await place.sweep(db)
    before = dict(place.until)

    await lift(db, TIMEOUT)
    await place.sweep(db)

    assert again == {}
    assert before == {ANN: NOW + 2 * DAY}
    assert place.until == {}


async def test_a_timeout_that_discord_refuses_is_told_once_and_set_as_soon_as_it_is_allowed(db: Database) -> None:
    await given_server(db)
    place = Discord()
    sanction = await impose(db, TIMEOUT, DAY)
    place.refuses = True
    for minutes in range(3):
        with pytest.raises(PostRefused):
            await place.sweep(db, now=NOW + timedelta(minutes=minutes))
    async with db.read() as conn:
        trouble = await troubles.get_open(conn, SERVER, TroubleKind.TIMEOUT_REFUSED, sanction.id)

    place.refuses = False
    await place.sweep(db, now=NOW + timedelta(minutes=10))

    assert trouble is not None
    assert trouble.details["mention"] == f"<@{ANN}>"
    assert place.until == {ANN: NOW + DAY}
    async with db.read() as conn:
        assert await troubles.get_open(conn, SERVER, TroubleKind.TIMEOUT_REFUSED, sanction.id) is None


async def test_a_timeout_that_is_over_before_it_could_be_set_is_let_go(db: Database) -> None:
    await given_server(db)
    place = Discord()
    sanction = await impose(db, TIMEOUT, DAY)

    await place.sweep(db, now=NOW + DAY)

    async with db.read() as conn:
        settled = await stored.get(conn, sanction.id)
    assert place.until == {}
    assert settled is not None
    assert settled.discord is TimeoutState.LATE


async def test_members_are_told_of_strikes_and_sanctions_with_guideline_and_passage(db: Database) -> None:
    reply = await given_reply(db, await given_article(db), "Vile words. Good words.")
    about = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    await review.reject(db, reply.id, revision=1, guideline="spam", sentence=None, **about)
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().values(passages='["Vile words."]'))
        await conn.execute(tables.notices.delete())
    await settings.change(db, SERVER, "ladder", "1 in 9 days: pause 2 h", actor_id=1, now=NOW)
    await strikes.give(db, ANN, guideline="spam", reply_id=reply.id, **about)
    delivered = []

    async def deliver(notice, penalty) -> bool:
        delivered.append((notice.kind, penalty))
        return False

    async with db.read() as conn:
        notice_id = (await conn.execute(tables.notices.select())).one().id
    await notices.send(db, notice_id, a_day=9, clock=lambda: NOW, deliver=deliver)

    ((kind, penalty),) = delivered
    assert kind is NoticeKind.SANCTIONED
    assert (penalty.guideline, penalty.passages, penalty.number) == ("spam", ("Vile words.",), reply.number)
    assert penalty.sanction.ends_at == NOW + timedelta(hours=2)
    async with db.read() as conn:
        assert len(await stored_notices.list_refused(conn, SERVER, ANN)) == 1
