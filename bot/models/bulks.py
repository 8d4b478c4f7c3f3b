"""Many held replies that a moderator decides together: which, why some are left out, what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.audit import Action
    from bot.models.decisions import Guideline


@dataclass(frozen=True, slots=True)
class Pick:
    """Which held replies are meant; what is None or False does not matter."""

    article_id: int | None = None
    language: str | None = None  # Discord's locale, or the beginning of it
    flagged: bool | None = None
    waiting_minutes: int | None = None  # at least
    first_voices: bool = False


class LeftOut(StrEnum):
    """Why a reply that is meant is not decided with the others; of several, the first."""

    OWN = "own"
    ANSWER = "answer"  # to the moderator
    CONSIDERED = "considered"  # by two moderators: a second opinion is asked for, or they differ
    CLAIMED = "claimed"  # by another moderator
    SEVERE = "severe"  # or blurred
    CONTRARY = "contrary"  # near-identical ones were decided the other way
    UNSEEN = "unseen"  # its card does not show its text as it is now


class Outcome(StrEnum):
    """What became of one of them."""

    DONE = "done"
    DECIDED = "decided"  # by somebody else, or withdrawn
    CHANGED = "changed"  # by its author since the preview
    LEFT_OUT = "left_out"  # for one of the reasons above, which came up since
    UNDONE = "undone"
    LATE = "late"  # to be undone


@dataclass(frozen=True, slots=True)
class Bulk:
    """Exactly those that the preview named."""

    id: int
    server_id: int
    moderator_id: int
    action: Action
    guideline: Guideline | None
    sentence: str | None
    previewed_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How far it has come."""

    named: int
    open: int  # not their turn yet
    done: int
    waiting: int  # of those done, approved and not published yet
    published: int
    undone: int
    failed: tuple[tuple[int, Outcome], ...] = ()  # numbers of the replies, the first few
    failures: int = 0
