"""What people were told during a storm, and what they wrote: whatever stands here must be true afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from bot.models import Action


class Told(NamedTuple):
    """A receipt: this text is held, or was, under this number."""

    server_id: int
    number: int
    text: str


class Decided(NamedTuple):
    """A card said that this moderator has decided this revision."""

    reply_id: int
    revision: int
    action: Action
    moderator_id: int


@dataclass
class Ledger:
    """The acknowledgements that people saw."""

    written: int = 0  # texts that somebody tried to send, thanked or not
    receipts: set[Told] = field(default_factory=set)
    decisions: set[Decided] = field(default_factory=set)
    withdrawn: set[tuple[int, int]] = field(default_factory=set)  # server's id, number
    posted: set[tuple[int, str]] = field(default_factory=set)  # server's id, title of an article
    asked: set[int] = field(default_factory=set)  # ids of replies that their authors were asked to change
