"""What follows from breaking the guidelines: strikes, and the sanctions to which they lead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.models.guidelines import Guideline, Wording


class SanctionKind(StrEnum):
    """What a member is imposed, the mildest first."""

    WARNING = "warning"  # must be acknowledged before the next reply
    PAUSE = "pause"  # may not reply for a time
    TIMEOUT = "timeout"  # of Discord: may not write anywhere in the server for a time
    BAN = "ban"  # may not reply at all
    DISCORD_BAN = "discord_ban"  # the server's own, made elsewhere; it is only known here


class TimeoutState(StrEnum):
    """How far a timeout has come in Discord."""

    APPLY = "apply"  # to be done
    APPLIED = "applied"
    LIFT = "lift"  # to be taken back
    LIFTED = "lifted"
    RESPECTED = "respected"  # another one, which lasts longer, was left as it is
    GONE = "gone"  # the member has left
    LATE = "late"  # it was over before Discord allowed it


@dataclass(frozen=True, slots=True)
class Strike:
    """A mark against a member, under a guideline, until it expires."""

    id: int
    server_id: int
    member_id: int
    guideline: Guideline
    reply_id: int | None
    moderator_id: int
    sentence: str | None
    passages: tuple[str, ...]  # the member's words that it is about
    given_at: datetime
    expires_at: datetime
    lifted_at: datetime | None = None
    lifted_by: int | None = None
    wording_id: int | None = None  # of what the guideline said that day; None: of an earlier version


@dataclass(frozen=True, slots=True)
class Sanction:
    """What was imposed on a member; in a trial nothing but this row."""

    id: int
    server_id: int
    member_id: int
    kind: SanctionKind
    moderator_id: int  # 0: done in Discord, nobody knows by whom
    begun_at: datetime
    ends_at: datetime | None = None  # None: when it is lifted, or for a warning, acknowledged
    strike_id: int | None = None  # that led to it
    reply_id: int | None = None
    guideline: Guideline | None = None
    wording_id: int | None = None  # likewise
    sentence: str | None = None
    trial: bool = False
    acknowledged_at: datetime | None = None
    lifted_at: datetime | None = None
    lifted_by: int | None = None
    bulk_id: int | None = None  # the replies that a ban rejected
    discord: TimeoutState | None = None  # of a timeout

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether it holds at that moment."""
        is_over = self.ends_at is not None and self.ends_at <= now
        return not (self.trial or is_over or self.lifted_at is not None or self.acknowledged_at is not None)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: so many strikes within a time lead to a sanction."""

    strikes: int
    within: timedelta
    kind: SanctionKind
    length: timedelta | None = None  # of a pause or a timeout
    trial: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one strike more would be, and lead to."""

    number: int  # of strikes in force then
    of: int | None  # that lead to the last rung; None: there is no ladder
    rungs: tuple[Rung, ...]  # reached then: the highest one, and the highest one on trial if that is higher


@dataclass(frozen=True, slots=True)
class Penalty:
    """A strike or a sanction as its member is told of it."""

    server_id: int
    member_id: int
    language: str  # the member's, as far as it is known
    strike: Strike | None = None
    sanction: Sanction | None = None
    number: int | None = None  # of the reply
    passages: tuple[str, ...] = ()
    guideline: Guideline | None = None
    cited: Wording | None = None  # what the guideline said that day
    sentence: str | None = None
    decider_id: int | None = None  # the moderator whom the member may be told of
    others: tuple[Sanction, ...] = ()  # that the member has besides, and that are not lifted
    swept: tuple[int, ...] = ()  # numbers of what a ban rejected, or, lifted, let be held again

    def is_in_force(self, now: datetime) -> bool:
        """Tell whether the sanction, or the strike that led to none, still counts."""
        if self.sanction is not None:
            return self.sanction.is_in_force(now)
        return self.strike is not None and self.strike.lifted_at is None and self.strike.expires_at > now
