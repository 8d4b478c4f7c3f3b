"""What moderators decide on a card of its own, beside the cards of held replies: open reports, an appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.decisions import Case


@dataclass(frozen=True, slots=True)
class Matter:
    """Something about one revision of a reply that is to be decided, and the message that shows it."""

    id: int
    server_id: int
    reply_id: int
    revision: int
    opened_at: datetime
    version: int  # counts what changes the card
    channel_id: int | None = None
    message_id: int | None = None
    attempted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: int | None = None


class Shown(Protocol):
    """Everything that such a card shows."""

    @property
    def card(self) -> Matter:
        """What is to be decided."""

    @property
    def case(self) -> Case:
        """The reply that it is about."""
