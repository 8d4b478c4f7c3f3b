"""All that is known of a member: what they sent, what moderators noted, who complained."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.models.appeals import Appeal
    from bot.models.articles import Article
    from bot.models.guidelines import Guideline
    from bot.models.notes import Note
    from bot.models.replies import Reply, ReplyStatus
    from bot.models.reports import Report, ReportOutcome
    from bot.models.sanctions import Sanction, Strike


class EntryKind(IntEnum):
    """What an entry of a history is; at the same moment the greater one is the newer one."""

    REPLY = 1
    NOTE = 2
    REPORT_ABOUT = 3  # somebody reported a reply of the member's
    REPORT_BY = 4  # the member reported a reply
    STRIKE = 5
    SANCTION = 6
    APPEAL = 7


class Place(NamedTuple):
    """Where an entry stands in a history."""

    at: datetime
    kind: EntryKind
    id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened with a member."""

    place: Place
    reply: Reply | None = None  # None: of a note on the member
    article: Article | None = None  # of the reply
    note: Note | None = None
    reply_id: int | None = None  # what a note or a report is about
    strike: Strike | None = None
    is_blind: bool = False  # of a strike or a sanction: an open appeal is about the act that it belongs to
    sanction: Sanction | None = None
    report: Report | None = None
    outcome: ReportOutcome | None = None  # of the report; None: not decided yet
    appeal: Appeal | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """How many of a member's replies are in each state; guidelines are those of rejections."""

    statuses: Mapping[ReplyStatus, int] = field(default_factory=dict)
    guidelines: Mapping[Guideline, int] = field(default_factory=dict)
