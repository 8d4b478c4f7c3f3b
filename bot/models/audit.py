"""Proof of who did what."""

from __future__ import annotations

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
    GUARD = "guard"  # somebody typed where only the bot publishes
    REPORT_KEPT = "report_kept"  # the reports about a reply were decided, and it stays
    HIDE = "hide"  # so many reports hide a reply until they are decided
    WOULD_HIDE = "would_hide"  # they would, but for the trial mode


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
