"""Random sequences: members, moderators, the sweep and the clock do everything that can be done with a reply."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.errors import UserError
from bot.models import Action, Pick, ReplyStatus, SanctionKind
from bot.services import (
    appeals,
    bulk,
    claims,
    clusters,
    discussions,
    opinions,
    removals,
    replies,
    reports,
    review,
    sanctions,
    strikes,
)
from bot.services import audit as trail
from bot.storage import StorageFailed
from bot.storage import publishing as stored_publishing
from bot.storage import replies as stored_replies
from tests.givens import ANN, BORIS, NOW, SERVER, a_draft
from tests.givens import report as complain
from tests.sequences.diagram import (
    APPROVED,
    CHANGES,
    DUPLICATE,
    PENDING,
    PUBLISHED,
    REJECTED,
    REMOVED,
    Watcher,
)
from tests.sequences.looking import look
from tests.sequences.thread import TEXT, Thread

if TYPE_CHECKING:
    from asyncio import Runner
    from collections.abc import Awaitable

    from bot.models import Article
    from bot.storage import Database
    from tests.sequences.looking import Postgres, Sqlite

MIRA, MARK, MAX = 12, 13, 14  # moderators; Mira and Mark write, too
EDITOR = 11
LONG = "The town should keep the old car park open until the new garden has a gate of its own, as promised in May."
TEXTS = (LONG, LONG, f"{LONG} Yes.", "A fair point.", "I agree with that.", "Who pays for it?", "Not in my street.")
LADDER = "1 in 30 days: warning; 2 in 30 days: pause 1 day; 3 in 30 days: timeout 1 day; 4 in 60 days: ban"
ON_TRIAL = "1 in 30 days: pause 1 day trial; 2 in 30 days: ban trial; 3 in 30 days: ban"
HARSH = "1 in 90 days: ban"
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=31),
    timedelta(minutes=11),
    timedelta(hours=25),
    timedelta(days=31),
    timedelta(days=100),
)

numbers = st.integers(0, 17)
authors = st.sampled_from([ANN, BORIS, MIRA, MARK])
moderators = st.sampled_from([MIRA, MARK, MAX])
flags = st.booleans()
fates = st.sampled_from([PENDING, PENDING, PUBLISHED, PUBLISHED, REJECTED, REMOVED, CHANGES])


def where(*statuses: str) -> Any:
    """A rule for when there is a reply in one of these states."""
    return precondition(lambda self: any(reply.status in statuses for reply in self.replies))


class Sequences(RuleBasedStateMachine):
    """One server from its first reply on; everything is checked after each step."""

    db: Database
    article: Article  # open, and kept in the source
    source: Sqlite | Postgres
    runner: Runner

    def __init__(self) -> None:
        super().__init__()
        self.source.begin_anew()
        self.thread = Thread(self.db, self.source)
        self.now = NOW
        self.seen, self.whole = look(self.source), self.source.whole()
        self.watcher = Watcher(is_only_moderator=False)
        self.is_closed = self.has_failed = False
        self.bulks: list[tuple[int, int]] = []  # bulk's id, moderator's

    @property
    def replies(self) -> list[Any]:
        return self.seen.replies

    @initialize(
        ladder=st.sampled_from(["off", LADDER, LADDER, ON_TRIAL, HARSH]),
        grace=st.sampled_from([0, 10]),
        hides=st.sampled_from([(0, True), (1, False), (2, False), (1, True)]),
        check=st.sampled_from(["off", "off", "1 in 2"]),
        is_tombstone=flags,
        is_only=st.sampled_from([False, False, False, True]),
        first=st.lists(st.tuples(authors, st.sampled_from(TEXTS), fates), min_size=1, max_size=3),
    )
    def choose(
        self,
        ladder: str,
        grace: int,
        hides: tuple[int, bool],
        check: str,
        *,
        is_tombstone: bool,
        is_only: bool,
        first: list[tuple[int, str, str]],
    ) -> None:
        """The settings of the server, and the first replies."""
        chosen = {
            "ladder": ladder,
            "grace_time": grace,
            "hide_after_reports": hides[0],
            "hide_trial": hides[1],
            "consistency_check": check,
            "tombstone": is_tombstone,
            "only_moderator": is_only,
        }
        values = ", ".join(f"({SERVER}, '{name}', '{json.dumps(value)}')" for name, value in chosen.items())
        self.source.run([f"INSERT INTO settings (server_id, name, value) VALUES {values}"])
        self.watcher.is_only_moderator = is_only
        for author, text, fate in first:
            self.do(replies.submit(self.db, a_draft(self.article, text, author=author), now=self.now))
            if fate != PENDING and self.replies[-1].status == PENDING:
                self._decide(self.replies[-1], fate)

    def _decide(self, reply: Any, fate: str) -> None:
        if fate in (REJECTED, CHANGES):
            self.do(self.refusal(reply, MAX, "reject" if fate == REJECTED else "request", 0))
            return
        self.do(review.approve(self.db, reply.id, **self.judging(reply, MAX), despite=True))
        self.now += timedelta(seconds=11)
        self.do(self.thread.sweep(self.now), is_sweep=True)
        if fate == REMOVED:
            self.do(removals.remove(self.db, reply.id, **self.by(MAX), sentence=None))

    @rule(author=authors, text=st.sampled_from(TEXTS), n=numbers, is_answer=flags)
    def submit(self, author: int, text: str, n: int, *, is_answer: bool) -> None:
        draft = a_draft(self.article, text, author=author)
        parent = self.pick(n, PUBLISHED) if is_answer and self.replies else None
        if parent is not None:
            draft = a_draft(self.article, text, author=author, parent=parent)
        self.do(replies.submit(self.db, draft, now=self.now))

    @where(PENDING, CHANGES)
    @rule(n=numbers, text=st.sampled_from(TEXTS))
    def revise(self, n: int, text: str) -> None:
        reply = self.pick(n, CHANGES, PENDING)
        self.do(replies.revise(self.db, reply.id, f"{text} {self.now:%d}", author_id=reply.author_id, now=self.now))

    @where(PENDING, CHANGES, APPROVED)
    @rule(n=numbers)
    def withdraw(self, n: int) -> None:
        reply = self.pick(n, PENDING, CHANGES, APPROVED)
        self.do(replies.withdraw(self.db, reply.id, author_id=reply.author_id, now=self.now))

    @where(PENDING)
    @rule(n=numbers, by=moderators, is_stale=st.sampled_from([False, False, False, True]), with_copies=flags)
    def approve(self, n: int, by: int, *, is_stale: bool, with_copies: bool) -> None:
        reply = self.pick(n, PENDING)
        act = clusters.approve_one if with_copies else review.approve
        self.do(act(self.db, reply.id, **self.judging(reply, by, is_stale=is_stale), despite=True))

    @where(PENDING)
    @rule(n=numbers, by=moderators, what=st.sampled_from(["reject", "reject", "request", "duplicate"]), other=numbers)
    def refuse(self, n: int, by: int, what: str, other: int) -> None:
        self.do(self.refusal(self.pick(n, PENDING), by, what, other))

    @where(PENDING)
    @rule(n=numbers, one=moderators, other=moderators, what=st.sampled_from(["reject", "request", "approve"]))
    def decide_at_once(self, n: int, one: int, other: int, what: str) -> None:
        """Two moderators press at the same moment, or one moderator twice."""
        reply = self.pick(n, PENDING)
        first = review.approve(self.db, reply.id, **self.judging(reply, one), despite=True)
        if what == "approve":
            second: Any = review.approve(self.db, reply.id, **self.judging(reply, other), despite=True)
        else:
            second = self.refusal(reply, other, what, 0)
        self.do(first, second)

    @where(APPROVED, PUBLISHED)
    @rule(n=numbers, by=moderators)
    def undo(self, n: int, by: int) -> None:
        self.do(review.undo(self.db, self.pick(n, APPROVED).id, **self.by(by)))

    @where(PUBLISHED, REMOVED)
    @rule(n=numbers, by=moderators, what=st.sampled_from(["remove", "remove", "request"]))
    def take_out(self, n: int, by: int, what: str) -> None:
        reply = self.pick(n, PUBLISHED)
        if what == "remove":
            self.do(removals.remove(self.db, reply.id, **self.by(by), sentence=None))
        else:
            about = {"revision": reply.revision, "sentence": "Please say it in other words."}
            self.do(reports.request_changes(self.db, reply.id, **self.by(by), **about))

    @where(REMOVED, REJECTED)
    @rule(n=numbers, by=moderators)
    def restore(self, n: int, by: int) -> None:
        self.do(removals.restore(self.db, self.pick(n, REMOVED).id, **self.by(by), sentence="It was fair."))

    @where(PUBLISHED, APPROVED)
    @rule(n=numbers, by=st.sampled_from([23, 24, ANN, MIRA, MAX]))
    def report(self, n: int, by: int) -> None:
        reply = self.pick(n, PUBLISHED, APPROVED)
        self.do(complain(self.db, self.stored(reply), by=by, now=self.now))

    @precondition(lambda self: self.watcher.has_reports)
    @rule(n=numbers, by=moderators)
    def keep(self, n: int, by: int) -> None:
        self.do(reports.keep(self.db, self.pick(n, PUBLISHED, APPROVED).id, **self.by(by)))

    @where(PENDING)
    @rule(n=numbers, by=moderators, view=st.sampled_from(["approve", "reject", "take back"]))
    def ask(self, n: int, by: int, view: str) -> None:
        reply = self.pick(n, PENDING)
        if view == "take back":
            self.do(opinions.take_back(self.db, reply.id, **self.by(by)))
            return
        about = {"guideline": "spam" if view == "reject" else None, "sentence": None, "view": view}
        self.do(opinions.ask(self.db, reply.id, **self.judging(reply, by), **about))

    @where(PENDING)
    @rule(n=numbers, by=moderators, how=st.sampled_from([claims.claim, claims.take_over, claims.release]))
    def claim(self, n: int, by: int, how: Any) -> None:
        self.do(how(self.db, self.pick(n, PENDING).id, **self.by(by)))

    @where(PENDING)
    @rule(by=moderators, what=st.sampled_from([Action.APPROVE, Action.REJECT]))
    def decide_many(self, by: int, what: Action) -> None:
        self.do(self.bulk(by, what))

    @precondition(lambda self: self.bulks)
    @rule(n=numbers)
    def undo_many(self, n: int) -> None:
        bulk_id, by = self.bulks[n % len(self.bulks)]
        self.do(bulk.undo(self.db, bulk_id, **self.by(by)))

    @where(REJECTED, REMOVED)
    @rule(n=numbers, by=moderators, is_about=st.sampled_from([True, True, False]))
    def strike(self, n: int, by: int, *, is_about: bool) -> None:
        reply = self.pick(n, REJECTED, REMOVED)
        about = {"guideline": "spam", "reply_id": reply.id if is_about else None}
        self.do(strikes.give(self.db, reply.author_id, **self.by(by), **about))

    @precondition(lambda self: self.seen.strikes)
    @rule(member=authors, by=moderators, is_all=flags)
    def lift_strikes(self, member: int, by: int, *, is_all: bool) -> None:
        self.do(strikes.lift(self.db, member, **self.by(by), is_all=is_all))

    @rule(member=authors, by=moderators, kind=st.sampled_from([*SanctionKind, SanctionKind.BAN]))
    def impose(self, member: int, by: int, kind: SanctionKind) -> None:
        if kind is SanctionKind.DISCORD_BAN:
            self.do(sanctions.note_discord_ban(self.db, member, server_id=SERVER, now=self.now))
            return
        takes_time = kind in (SanctionKind.PAUSE, SanctionKind.TIMEOUT)
        length = timedelta(hours=1) if takes_time else None
        self.do(sanctions.impose(self.db, member, kind, **self.by(by), length=length, guideline="spam"))

    @precondition(lambda self: self.seen.sanctions)
    @rule(n=numbers, by=moderators, how=st.sampled_from(["lift", "undo", "undo", "acknowledge", "unban"]))
    def end(self, n: int, by: int, how: str) -> None:
        sanction = self.seen.sanctions[-1 - n % len(self.seen.sanctions)]
        member = sanction.member_id
        if how == "lift":
            self.do(sanctions.lift(self.db, member, list(SanctionKind), **self.by(by)))
        elif how == "undo":
            self.do(sanctions.undo_ban(self.db, sanction.id, **self.by(sanction.moderator_id)))
        elif how == "acknowledge":
            self.do(sanctions.acknowledge(self.db, sanction.id, member_id=member, now=self.now))
        else:
            self.do(sanctions.note_discord_unban(self.db, member, server_id=SERVER, now=self.now))

    @where(REJECTED, REMOVED)
    @rule(n=numbers)
    def appeal(self, n: int) -> None:
        reply = self.pick(n, REJECTED, REMOVED)
        self.do(appeals.appeal(self.db, reply.id, "It was fair.", author_id=reply.author_id, now=self.now))

    @precondition(lambda self: self.seen.appeals)
    @rule(
        n=numbers,
        by=st.sampled_from([MAX, MAX, MIRA, MARK]),
        how=st.sampled_from([appeals.uphold, appeals.uphold, appeals.dismiss]),
    )
    def answer(self, n: int, by: int, how: Any) -> None:
        appeal = self.seen.appeals[-1 - n % len(self.seen.appeals)]
        self.do(how(self.db, appeal.reply_id, appeal.id, **self.by(by), sentence=None))

    @rule(failure=st.sampled_from([None, None, None, "lost", "refused"]), can_edit=st.sampled_from([True, True, False]))
    def sweep(self, failure: str | None, *, can_edit: bool) -> None:
        self.thread.failure, self.thread.can_edit = failure, can_edit
        self.do(self.thread.sweep(self.now), is_sweep=True)

    @rule(how_long=st.sampled_from(WAITS))
    def wait(self, how_long: timedelta) -> None:
        """Time passes; what is due then is done, and a direct message leaves."""
        self.thread.failure, self.thread.can_edit = None, True
        self.now += how_long
        self.do(self.thread.sweep(self.now), is_sweep=True)
        self.do(self.thread.tell(self.now))

    @precondition(lambda self: self.now - NOW > timedelta(days=1))
    @rule()
    def close(self) -> None:
        """Close the discussion, or open it again."""
        act = discussions.reopen if self.is_closed else discussions.close
        self.is_closed = not self.is_closed
        self.do(act(self.db, self.article.id, server_id=SERVER, editor_id=EDITOR, now=self.now))

    def teardown(self) -> None:
        """At the end the discussion shows what is published, and nothing else; and the audit is what was written."""
        if self.has_failed:
            return
        self.thread.failure, self.thread.can_edit = None, True
        for _ in range(3):
            self.now += timedelta(minutes=11)
            self.do(self.thread.sweep(self.now), is_sweep=True)
        shown = sorted(reply_id for reply_id, what in self.thread.messages.values() if what == TEXT)
        visible = sorted(reply.id for reply in self.replies if reply.status == PUBLISHED and not reply.hidden)
        assert shown == visible, f"{shown} are to be read, and {visible} are published"
        found = self.runner.run(trail.verify(self.db, SERVER))
        assert (found.fault, found.right) == (None, len(self.seen.audit))

    def do(self, *acts: Awaitable[Any], is_sweep: bool = False) -> None:
        """Act, at once if there are several; a refusal changes nothing, and whatever changes is allowed."""
        self.has_failed = True  # until it turns out to be right
        self._do(acts, is_sweep=is_sweep)
        self.has_failed = False

    def _do(self, acts: tuple[Awaitable[Any], ...], *, is_sweep: bool) -> None:
        # What two do at once must end in the same way when hypothesis runs it again: PostgreSQL does not promise that.
        is_in_order = not self.source.takes_turns
        results = self.runner.run(_gather(*acts, is_in_order=is_in_order))
        for result in results:
            if isinstance(result, BaseException) and not _is_refusal(result):
                raise result
        before, self.whole = self.whole, self.source.whole()
        if self.whole == before:
            return
        assert not all(isinstance(result, UserError) for result in results), f"{results[0]!r} has changed something"
        seen, self.seen = self.seen, look(self.source)
        self.watcher.check(seen, self.seen, now=self.now, is_sweep=is_sweep)

    def pick(self, n: int, *statuses: str) -> Any:
        """A reply, mostly one for which the act is meant."""
        odd, place = n % 3 == 0, n // 3
        fitting = [] if odd else [reply for reply in self.replies if reply.status in statuses]
        among = fitting or self.replies
        return among[-1 - place % len(among)]

    def by(self, moderator: int) -> dict[str, Any]:
        return {"server_id": SERVER, "moderator_id": moderator, "now": self.now}

    def judging(self, reply: Any, by: int, *, is_stale: bool = False) -> dict[str, Any]:
        return {**self.by(by), "revision": reply.revision - is_stale}

    def refusal(self, reply: Any, by: int, what: str, other: int) -> Awaitable[Any]:
        about = self.judging(reply, by)
        if what == "reject":
            return review.reject(self.db, reply.id, **about, guideline="spam", sentence=None, despite=True)
        if what == "request":
            return review.request_changes(self.db, reply.id, **about, sentence="Please be kinder.")
        original = self.pick(other, APPROVED, PUBLISHED, DUPLICATE)
        return clusters.close(self.db, reply.id, **about, original_id=original.id)

    async def bulk(self, by: int, what: Action) -> None:
        """All that are held and whose cards the moderators have seen, which is so here for each."""
        async with self.db.begin() as conn:
            for reply in self.replies:
                stored = await stored_replies.get(conn, reply.id)
                if stored is not None and stored.status is ReplyStatus.PENDING:
                    await stored_publishing.record_card(conn, stored, 900 + stored.id, shows=stored.card_key)
        guideline = "spam" if what is Action.REJECT else None
        chosen, _, _ = await bulk.preview(self.db, Pick(), what, **self.by(by), guideline=guideline)
        self.bulks.append((chosen.id, by))
        while await bulk.carry_out(self.db, chosen.id, **self.by(by)):
            pass

    def stored(self, reply: Any) -> Any:
        async def get() -> Any:
            async with self.db.read() as conn:
                return await stored_replies.get(conn, reply.id)

        return self.runner.run(get())


async def _gather(*acts: Awaitable[Any], is_in_order: bool) -> list[Any]:
    if is_in_order:
        return [(await asyncio.gather(act, return_exceptions=True))[0] for act in acts]
    return await asyncio.gather(*acts, return_exceptions=True)


def _is_refusal(result: BaseException) -> bool:
    return isinstance(result, UserError) and not isinstance(result, StorageFailed)
