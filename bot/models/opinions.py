"""What another moderator thinks of a reply: asked for, or compared without being told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.models.audit import Action

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.guidelines import Guideline


class Purpose(StrEnum):
    """Why two moderators judge one revision."""

    SECOND = "second"  # a moderator asked for it
    RECHECK = "recheck"  # the check of consistency: whoever gives it takes the reply for a held one


@dataclass(frozen=True, slots=True)
class View:
    """What a moderator would do with a reply."""

    action: Action
    guideline: Guideline | None = None

    def agrees_with(self, other: View) -> bool:
        """True for the same action; of two rejections, under the same guideline."""
        is_same = self.action == other.action
        return is_same and (self.action != Action.REJECT or self.guideline == other.guideline)


@dataclass(frozen=True, slots=True)
class Opinion:
    """Two views on one revision of a reply; the second is None until it is given."""

    id: int
    reply_id: int
    revision: int
    purpose: Purpose
    asked_by: int | None  # whose view the first is
    asked_at: datetime
    first: View | None
    moderator_id: int | None  # who gives the second one
    second: View | None
    sentence: str | None  # to the colleagues, of who asked

    @property
    def is_disputed(self) -> bool:
        """True once both views are known and differ."""
        return self.first is not None and self.second is not None and not self.second.agrees_with(self.first)
