"""Proof of who did what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Action(StrEnum):
    """What an audit entry says was done."""

    SET_UP = "set_up"
    SETTING_CHANGED = "setting_changed"
    ARTICLE_POSTED = "article_posted"
    ARTICLE_CLOSED = "article_closed"
    ARTICLE_REOPENED = "article_reopened"
    ARTICLE_POSTED_AGAIN = "article_posted_again"  # its card or its discussion had been deleted
    SUBMIT = "submit"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    APPROVE_BY_ROLE = "approve_by_role"  # its author is staff, who need not wait in this server; no moderator did it
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    PUBLISH = "publish"
    SEND_BACK = "send_back"  # Discord refuses to publish an approved reply
    UNDO = "undo"
    REMOVE = "remove"
    REPORT = "report"
    SEAL_REPAIRED = "seal_repaired"
    CLAIM = "claim"
    RELEASE = "release"
    DUPLICATE = "duplicate"
    RESTORE = "restore"
    NOTE = "note"
    NOTE_REMOVED = "note_removed"
    ASK_OPINION = "ask_opinion"
    GIVE_OPINION = "give_opinion"
    REVEAL = "reveal"  # a moderator looked at who wrote it, before deciding
    ONLY_MODERATOR = "only_moderator"  # somebody decided what concerns them, since nobody else could
    PHRASE_SAVED = "phrase_saved"
    PHRASE_REMOVED = "phrase_removed"
    SHIFT_BEGAN = "shift_began"
    SHIFT_ENDED = "shift_ended"
    YOUNG_HELD = "young_held"  # who joined lately may not reply in a discussion, for some hours
    LETTERS = "letters"  # approved replies of an article appear together, or no longer
    ARTICLE_FULL = "article_full"  # too many replies are held: no new ones
    ARTICLE_FREE = "article_free"
    GUIDELINE_ADDED = "guideline_added"
    GUIDELINE_EDITED = "guideline_edited"
    GUIDELINE_RETIRED = "guideline_retired"
    GUIDELINES_POSTED = "guidelines_posted"
    GUIDELINES_READ = "guidelines_read"  # a member has confirmed that they have
    GUARD = "guard"  # somebody typed where only the bot publishes
    STRIKE = "strike"
    STRIKE_LIFTED = "strike_lifted"
    WARN = "warn"
    PAUSE = "pause"
    TIMEOUT = "timeout"
    BAN = "ban"
    DISCORD_BAN = "discord_ban"  # somebody banned the member from the server itself
    LIFT = "lift"
    ACKNOWLEDGE = "acknowledge"  # the member has read a warning
    WOULD_SANCTION = "would_sanction"  # a rung of the ladder that is on trial
    AUTHOR_LINKED = "author_linked"  # a member is an author of an article
    AUTHOR_UNLINKED = "author_unlinked"
    REPORT_KEPT = "report_kept"  # the reports about a reply were decided, and it stays
    HIDE = "hide"  # so many reports hide a reply until they are decided
    WOULD_HIDE = "would_hide"  # they would, but for the trial mode
    APPEAL = "appeal"  # an author objects to a decision
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DISMISSED = "appeal_dismissed"
    AUDIT_EXPORTED = "audit_exported"  # somebody took a copy of these entries


# Those whose subject is a reply, and those whose subject is an article; the others name their own kind of thing.
ABOUT_REPLY = frozenset({
    Action.SUBMIT, Action.REVISE, Action.WITHDRAW, Action.APPROVE, Action.REJECT, Action.REQUEST_CHANGES,
    Action.PUBLISH, Action.SEND_BACK, Action.UNDO, Action.REMOVE, Action.REPORT, Action.CLAIM, Action.RELEASE,
    Action.DUPLICATE, Action.RESTORE, Action.ASK_OPINION, Action.GIVE_OPINION, Action.REVEAL, Action.ONLY_MODERATOR,
    Action.REPORT_KEPT, Action.HIDE, Action.WOULD_HIDE, Action.APPEAL, Action.APPEAL_UPHELD, Action.APPEAL_DISMISSED,
    Action.APPROVE_BY_ROLE,
})  # fmt: skip
ABOUT_ARTICLE = frozenset({
    Action.ARTICLE_POSTED, Action.ARTICLE_CLOSED, Action.ARTICLE_REOPENED, Action.ARTICLE_POSTED_AGAIN,
    Action.YOUNG_HELD, Action.LETTERS, Action.ARTICLE_FULL, Action.ARTICLE_FREE,
    Action.AUTHOR_LINKED, Action.AUTHOR_UNLINKED,
})  # fmt: skip


class Fault(StrEnum):
    """What is wrong with a trail."""

    CHANGED = "changed"  # the entry is not what was written
    MISSING = "missing"  # others follow it
    CUT = "cut"  # it and all that followed it are gone
    MISPLACED = "misplaced"  # its number is none that a trail has
    ADDED = "added"  # more than were written
    REWRITTEN = "rewritten"  # this one or an earlier one was, and all that followed it


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Proof of who did what; `digest` covers this entry and the one before it."""

    server_id: int
    sequence: int  # 1, 2, … per server, without gaps
    at: datetime
    actor_id: int
    action: Action
    subject_id: int | None
    details: str  # JSON
    digest: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An audit entry as it stands in the database, whatever was done to it: texts, None where there is nothing."""

    server_id: str | None
    sequence: str | None
    at: str | None  # "2026-05-04 12:30:00.000000", in UTC
    actor_id: str | None
    action: str | None
    subject_id: str | None
    details: str | None
    digest: str | None
    is_sound: bool = True  # False: a column is of another kind than it should be, or no text at all

    @property
    def number(self) -> int | None:
        """Its sequence, if that is a number."""
        return whole(self.sequence)


@dataclass(frozen=True, slots=True)
class Finding:
    """What came out when a server's trail was verified."""

    right: int  # so many entries from the first on are what they were when they were written
    digest: str  # of the last of them
    fault: Fault | None = None
    sequence: str = ""  # of the first entry that is wrong, as it stands there


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries to show; None: all."""

    actor_id: int | None = None
    action: Action | None = None
    reply_id: int | None = None
    is_blind: bool = False  # nothing tells which held replies the actor wrote


def whole(text: str | None) -> int | None:
    """Read a whole number that is written in the one usual way; None: it is not."""
    if text is None or not re.fullmatch(r"0|-?[1-9][0-9]{0,18}", text):
        return None
    return int(text)
