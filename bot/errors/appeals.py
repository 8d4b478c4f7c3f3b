"""What is refused about appeals: to who makes one, and to who decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bot.errors.refusals import OwnReply
from bot.errors.roots import UserError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.models import AppealOutcome


class NothingToAppeal(UserError):
    """Nothing was decided against the reply, or not any more."""

    sentence = N_("{number} is {status}. You can appeal when a reply of yours was rejected or removed.")


class AlreadyAppealed(UserError):
    """One appeal a decision."""

    sentence = N_("You have appealed about {number}. {outcome}")
    outcomes: ClassVar = {
        None: N_("Another moderator will decide, and you will be told."),
        "upheld": N_("The appeal was upheld."),
        "dismissed": N_("The appeal was dismissed: the decision stands."),
        "settled": N_("The decision was taken back meanwhile."),
    }

    def __init__(self, number: str, outcome: AppealOutcome | None) -> None:
        super().__init__(number=number, outcome=self.outcomes[outcome])


class TooManyOpenAppeals(UserError):
    """The moderators are to decide some first."""

    sentence = N_(
        "The moderators have not decided {n} of your appeals yet. Please wait until they have decided some of them."
    )


class NoAppealOpen(UserError):
    """Somebody was faster, or the decision was taken back."""

    sentence = N_("There is no open appeal about {number} any more ({status}). The card says what was decided.")


class DecisionAppealed(OwnReply):
    """Nobody decides about their own decision."""

    sentence = N_(
        "The author has appealed against your decision on this reply. Another moderator has to decide; "
        "if there is none, an administrator can switch on only_moderator with /settings set."
    )


class ApprovedOnAppeal(UserError):
    """An appeal is decided for good."""

    sentence = N_(
        "{number} was approved on appeal, and its author knows: that cannot be undone. "
        "Remove takes it out once it is published."
    )
