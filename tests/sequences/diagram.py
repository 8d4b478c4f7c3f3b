"""The states of a reply as `design.md` draws them, and what must hold in each: written by hand, not read from code."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from tests.sequences.looking import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from tests.sequences.looking import Seen

PENDING, CHANGES, APPROVED, PUBLISHED = "pending", "changes_requested", "approved", "published"
REJECTED, WITHDRAWN, REMOVED, DUPLICATE = "rejected", "withdrawn", "removed", "duplicate"

# What an entry of the audit does: from which state to which.
EDGES = {
    "submit": {None: {PENDING}},
    "revise": {PENDING: {PENDING}, CHANGES: {PENDING}},
    "withdraw": {PENDING: {WITHDRAWN}, CHANGES: {WITHDRAWN}, APPROVED: {WITHDRAWN}},
    "approve": {PENDING: {APPROVED}},
    "approve on appeal": {REJECTED: {APPROVED}},
    "reject": {PENDING: {REJECTED}},
    "reject with a ban": {PENDING: {REJECTED}, CHANGES: {REJECTED}},
    "request_changes": {PENDING: {CHANGES}, PUBLISHED: {CHANGES}},
    "duplicate": {PENDING: {DUPLICATE}},
    "publish": {APPROVED: {PUBLISHED}},
    "send_back": {APPROVED: {PENDING}},
    "undo": {APPROVED: {PENDING}, REJECTED: {PENDING, CHANGES}},
    "remove": {PUBLISHED: {REMOVED}},
    "restore": {REMOVED: {PUBLISHED, APPROVED}},
}
# What changes no state, and in which it can be done.
STANDS = {
    "claim": {PENDING},
    "release": {PENDING},
    "ask_opinion": {PENDING},
    "report": {PUBLISHED, APPROVED},  # approved: its message may stand there and is not recorded yet
    "hide": {PUBLISHED, APPROVED},
    "would_hide": {PUBLISHED, APPROVED},
    "report_kept": {PUBLISHED, APPROVED, PENDING},
    "appeal": {REJECTED, REMOVED},
    "appeal_upheld": {REJECTED, REMOVED},
    "appeal_dismissed": {REJECTED, REMOVED},
}
DECISIONS = {"approve", "reject", "request_changes", "duplicate", "remove"}
OF_MODERATORS = DECISIONS | {"undo", "restore", "report_kept", "appeal_upheld", "appeal_dismissed"}
# Which decisions on the present revision are in force in each state.
IN_FORCE: dict[str, tuple[set[str], ...]] = {
    PENDING: (set(),),
    APPROVED: ({"approve"},),
    PUBLISHED: ({"approve"},),
    REMOVED: ({"approve", "remove"},),
    CHANGES: ({"request_changes"}, {"approve", "request_changes"}),  # the second: it was published
    REJECTED: ({"reject"}, {"request_changes", "reject"}, {"approve", "request_changes", "reject"}),  # by a ban
    DUPLICATE: ({"duplicate"},),
    WITHDRAWN: (set(), {"approve"}, {"request_changes"}, {"approve", "request_changes"}),
}
# What an author is yet to be told holds, until it is told.
TRUE_IN = {
    "rejected": {REJECTED},
    "changes_requested": {CHANGES},
    "removed": {REMOVED},
    "duplicate": {DUPLICATE},
    "restored": {APPROVED, PUBLISHED},
    "appeal_upheld": {APPROVED, PUBLISHED},
    "appeal_dismissed": {REJECTED, REMOVED},
}
BARRING = {"warning", "pause", "timeout", "ban", "discord_ban"}
BANS = {"ban", "discord_ban"}


class Watcher:
    """Follows one sequence from step to step; `check` fails on the first thing that must not be."""

    def __init__(self, *, is_only_moderator: bool) -> None:
        self.is_only_moderator = is_only_moderator
        self.states: dict[int, set[str]] = {}  # those in which each reply may be: what undoes says not which
        self.published: set[int] = set()  # ever
        self.edges: Counter[str] = Counter()
        self._reports: dict[int, set[int]] = defaultdict(set)  # reply → who reported it and waits
        self._against: dict[int, int] = {}  # reply → who decided against it last
        self._read = 0  # entries of the audit

    @property
    def has_reports(self) -> bool:
        """True while a report waits for a decision."""
        return any(self._reports.values())

    def check(self, before: Seen | None, seen: Seen, *, now: datetime, is_sweep: bool) -> None:
        """Compare what a step has left with what it may have done."""
        replies = {reply.id: reply for reply in seen.replies}
        entries = [entry for entry in seen.audit if entry.sequence > self._read]
        self._read += len(entries)
        if is_sweep:  # a message that could not be turned back is published anew
            for states in self.states.values():
                if PUBLISHED in states:
                    states.add(APPROVED)
        self._follow(entries, replies)
        if before is not None:
            _check_barred(before, entries, now)
        for reply in seen.replies:
            states = self.states.get(reply.id, set())
            assert reply.status in states, f"{reply.id} is {reply.status}, though it can only be {states}"
            self.states[reply.id] = {reply.status}
            assert reply.status != DUPLICATE or reply.copy_of_id not in (None, reply.id), "of which?"
        _check_decisions(seen)
        _check_strikes(seen, replies)
        self._check_notices(seen, replies)

    def _follow(self, entries: Iterable[Any], replies: dict[int, Any]) -> None:
        banned: set[int] = set()
        upheld: set[int] = set()
        excused: set[tuple[int, int]] = set()
        for entry in entries:
            action, about = entry.action, entry.subject_id
            if action in BANS:
                banned.add(json.loads(entry.details)["member_id"])
            elif action == "only_moderator":
                assert self.is_only_moderator
                excused.add((about, entry.actor_id))
            elif action == "appeal_upheld":
                upheld.add(about)
            if action in OF_MODERATORS:
                self._check_concern(entry, replies, excused)
            if action in STANDS:
                assert self.states[about] & STANDS[action], f"{action} of a reply that is {self.states[about]}"
            if action in EDGES:
                is_banned = action == "reject" and replies[about].author_id in banned
                is_on_appeal = action == "approve" and about in upheld
                self._step("reject with a ban" if is_banned else "approve on appeal" if is_on_appeal else action, about)
            self._remember(entry)

    def _remember(self, entry: Any) -> None:
        """What tells later whom it concerns."""
        if entry.action == "report":
            self._reports[entry.subject_id].add(entry.actor_id)
        elif entry.action in DECISIONS | {"report_kept", "withdraw"}:
            self._reports[entry.subject_id].clear()
        if entry.action in ("reject", "remove"):
            self._against[entry.subject_id] = entry.actor_id

    def _step(self, name: str, reply_id: int) -> None:
        befores = self.states.get(reply_id, {None})
        taken = {before for before in befores if before in EDGES[name]}
        assert taken, f"{name} of reply {reply_id}, which is {befores}"
        self.states[reply_id] = set().union(*(EDGES[name][before] for before in taken))
        self.edges.update(f"{before} → {name}" for before in taken)
        if name == "publish":
            self.published.add(reply_id)

    def _check_concern(self, entry: Any, replies: dict[int, Any], excused: set[tuple[int, int]]) -> None:
        reply = replies[entry.subject_id]
        parent = replies.get(reply.parent_id)
        concerned = {reply.author_id, *([parent.author_id] if parent else []), *self._reports[reply.id]}
        if entry.action in ("appeal_upheld", "appeal_dismissed"):
            concerned.add(self._against[reply.id])
        if entry.actor_id in concerned:
            assert (reply.id, entry.actor_id) in excused, f"{entry.action} by who is concerned"

    def _check_notices(self, seen: Seen, replies: dict[int, Any]) -> None:
        for notice in seen.notices:
            reply = replies.get(notice.reply_id)
            if reply is None or notice.member_id != reply.author_id:
                continue
            if notice.kind == "published":
                assert reply.id in self.published, "told to be published, and never was"
            if notice.status == "waiting" and notice.is_free and notice.kind in TRUE_IN:
                assert reply.status in TRUE_IN[notice.kind], f"“{notice.kind}” waits, and it is {reply.status}"


def bars(sanction: Any, now: datetime) -> bool:
    """Tell whether a row of the sanctions holds."""
    ends_at = moment(sanction.ends_at)
    is_over = ends_at is not None and ends_at <= now
    return not (sanction.trial or sanction.lifted or sanction.acknowledged or is_over)


def _check_barred(before: Seen, entries: Iterable[Any], now: datetime) -> None:
    """Who was paused, banned or had a warning to read before the step has stored nothing in it."""
    in_force = [sanction for sanction in before.sanctions if bars(sanction, now)]
    barred = {sanction.member_id for sanction in in_force if sanction.kind in BARRING}
    banned = {sanction.member_id for sanction in in_force if sanction.kind in BANS}
    for entry in entries:
        assert not (entry.action == "submit" and entry.actor_id in barred), "stored of who may not reply"
        assert not (entry.action == "revise" and entry.actor_id in banned), "stored of who is banned"


def _check_decisions(seen: Seen) -> None:
    in_force: dict[int, Counter[str]] = defaultdict(Counter)
    present = {reply.id: reply.revision for reply in seen.replies}
    for decision in seen.decisions:
        if decision.in_force and decision.revision == present[decision.reply_id]:
            in_force[decision.reply_id][decision.action] += 1
    for reply in seen.replies:
        found = in_force[reply.id]
        assert found.keys() in IN_FORCE[reply.status], f"{reply.status} with {set(found)} in force"
        assert max(found.values(), default=1) == 1, "the same decision twice in force"
    written = Counter((entry.subject_id, entry.action) for entry in seen.audit if entry.action in DECISIONS)
    kept = Counter((decision.reply_id, decision.action) for decision in seen.decisions)
    assert written == kept, "the audit and the decisions say different things"


def _check_strikes(seen: Seen, replies: dict[int, Any]) -> None:
    given = sum(entry.action == "strike" for entry in seen.audit)
    lifted = sum(entry.action == "strike_lifted" for entry in seen.audit)
    assert len(seen.strikes) == given
    assert sum(bool(strike.in_force) for strike in seen.strikes) == given - lifted
    for strike in seen.strikes:
        if strike.in_force and strike.reply_id is not None:
            status = replies[strike.reply_id].status
            assert status in (REJECTED, REMOVED), f"a strike in force for a reply that is {status}"
