"""What moderators write down about a member for each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Note:
    """A note about a member; no member ever sees one."""

    id: int
    server_id: int
    member_id: int
    moderator_id: int  # who wrote it
    text: str
    written_at: datetime
    reply_id: int | None = None  # written on this reply
