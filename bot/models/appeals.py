"""What authors object to, and what another moderator makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.models.matters import Matter

if TYPE_CHECKING:
    from bot.models.audit import Action
    from bot.models.decisions import Case
    from bot.models.guidelines import Guideline


class AppealOutcome(StrEnum):
    """What became of an appeal."""

    UPHELD = "upheld"  # the author was right
    DISMISSED = "dismissed"
    SETTLED = "settled"  # the decision was taken back before anybody had decided the appeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal(Matter):
    """An author's objection to a rejection or a removal of theirs, of which each takes one."""

    decision_id: int
    action: Action  # what was decided: rejected or removed
    first_moderator_id: int  # who had; not shown to who decides the appeal
    guideline: Guideline | None  # of that decision
    reasons: str  # the author's
    outcome: AppealOutcome | None = None
    sentence: str | None = None  # to the author, of who decided the appeal

    @property
    def is_by_same(self) -> bool:
        """True when the only moderator decided about their own decision."""
        return self.outcome is not AppealOutcome.SETTLED and self.decided_by == self.first_moderator_id


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why something was decided against a reply."""

    guideline: Guideline | None
    passages: tuple[str, ...]
    sentence: str | None


@dataclass(frozen=True, slots=True)
class Appealed:
    """Everything that the card of an appeal shows."""

    card: Appeal
    case: Case
    grounds: Grounds
    is_blind: bool = False  # who wrote the reply is not to be shown
