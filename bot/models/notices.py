"""What a member is told by direct message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class NoticeKind(StrEnum):
    """What a member is told by direct message."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    REMOVED = "removed"
    DUPLICATE = "duplicate"
    RESTORED = "restored"
    APPEAL_UPHELD = "appeal_upheld"
    APPEAL_DISMISSED = "appeal_dismissed"
    STRUCK = "struck"
    STRIKE_LIFTED = "strike_lifted"
    SANCTIONED = "sanctioned"
    LIFTED = "lifted"
    REPORT_KEPT = "report_kept"  # these are told to who reported the reply
    REPORT_UPHELD = "report_upheld"
    REPORT_RESTORED = "report_restored"
    REPORT_CHANGES = "report_changes"
    REPORT_GONE = "report_gone"


ABOUT_REPORTS = (
    NoticeKind.REPORT_KEPT,
    NoticeKind.REPORT_UPHELD,
    NoticeKind.REPORT_RESTORED,
    NoticeKind.REPORT_CHANGES,
    NoticeKind.REPORT_GONE,
)


class NoticeStatus(StrEnum):
    """REFUSED: Discord would not deliver it; `/my replies` still shows what it says."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Notice:
    """A direct message: to the author of a reply, to who reported it, or about a strike or a sanction."""

    id: int
    reply_id: int | None
    member_id: int
    kind: NoticeKind
    status: NoticeStatus
    created_at: datetime
    tried: bool = False  # it may have been sent before
    strike_id: int | None = None
    sanction_id: int | None = None
    language: str | None = None  # of who reported it, as a locale of Discord; None: its author's
