"""What can be counted about the moderators' work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from bot.models.audit import Action
    from bot.models.guidelines import Guideline


@dataclass(frozen=True, slots=True)
class Workload:
    """What was decided in a server within some days."""

    days: int
    decisions: dict[int, dict[Action, int]]  # moderator's id → action → how many, who decided most first
    appeals: dict[Guideline | None, tuple[int, int]]  # guideline → how many were decided, how many upheld
    usual_wait: timedelta | None  # from sending to the first decision, the median; None: nothing was decided
