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
    STRUCK = "struck"
    STRIKE_LIFTED = "strike_lifted"
    SANCTIONED = "sanctioned"
    LIFTED = "lifted"


class NoticeStatus(StrEnum):
    """REFUSED: Discord would not deliver it; `/my replies` still shows what it says."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Notice:
    """A direct message about one reply of a member, a strike or a sanction."""

    id: int
    reply_id: int | None
    member_id: int
    kind: NoticeKind
    status: NoticeStatus
    created_at: datetime
    tried: bool = False  # it may have been sent before
    strike_id: int | None = None
    sanction_id: int | None = None
