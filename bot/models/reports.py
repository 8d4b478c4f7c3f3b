"""What members complain about, and what moderators make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.models.matters import Matter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.models.decisions import Case
    from bot.models.guidelines import Guideline


class ReportOutcome(StrEnum):
    """What became of all open reports about a reply together."""

    KEPT = "kept"
    REMOVED = "removed"
    CHANGES = "changes"
    RESTORED = "restored"  # removed, and put back since
    GONE = "gone"  # its author took the reply back


UPHELD = frozenset({ReportOutcome.REMOVED, ReportOutcome.CHANGES})
STANDS = frozenset({ReportOutcome.KEPT, ReportOutcome.RESTORED})  # the text that was reported


@dataclass(frozen=True, slots=True)
class Reporter:
    """A member as they are at the moment they report a reply."""

    id: int
    language: str  # Discord's locale
    joined_at: datetime | None = None  # the server


@dataclass(frozen=True, slots=True)
class Report:
    """A member's complaint about a published reply."""

    id: int
    server_id: int
    reply_id: int
    reporter_id: int
    created_at: datetime
    card_id: int | None = None
    guideline: Guideline | None = None  # None: of an earlier version, which did not ask
    sentence: str | None = None


@dataclass(frozen=True, slots=True)
class ReportCard(Matter):
    """The reports about one revision of a reply that are decided together, and the message that shows them."""

    hidden_at: datetime | None = None  # the reply has been hidden from then on
    would_hide_at: datetime | None = None  # it would have been, but for the trial mode
    outcome: ReportOutcome | None = None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of a member's earlier reports were decided, and how many of those were right."""

    decided: int = 0
    upheld: int = 0


@dataclass(frozen=True, slots=True)
class Reported:
    """Everything that the card of reports shows."""

    card: ReportCard
    case: Case
    reports: tuple[Report, ...]  # the first ones
    count: int  # of all
    accuracy: Mapping[int, Accuracy] = field(default_factory=dict)  # by the reporter's id
    is_blind: bool = False  # who wrote the reply is not to be shown
