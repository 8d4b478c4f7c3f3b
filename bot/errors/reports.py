"""What is refused about reports: to who makes one, and to who decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bot.errors.refusals import OwnReply
from bot.errors.roots import UserError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.models import ReportOutcome


class OwnReplyReported(UserError):
    """Nobody reports what they wrote."""

    sentence = N_("This reply is your own. To have it taken out, ask a moderator.")


class ReportDecided(UserError):
    """The moderators have decided about this person's report."""

    sentence = N_("You have reported this reply. {outcome}")
    outcomes: ClassVar = {
        "kept": N_("The moderators have looked at it and kept it."),
        "removed": N_("The moderators have removed it."),
        "restored": N_("The moderators have removed it, and put it back since."),
        "changes": N_("The moderators have asked its author to change it."),
        "gone": N_("Its author has taken it back."),
    }

    def __init__(self, outcome: ReportOutcome) -> None:
        super().__init__(outcome=self.outcomes[outcome])


class ReplyKept(UserError):
    """The moderators have decided about reports of this text; a revised one can be reported."""

    sentence = N_("The moderators have looked at this reply and kept it.")


class TooManyOpenReports(UserError):
    """The moderators are to look at some first."""

    sentence = N_(
        "The moderators have not decided {n} of your reports yet. Please wait until they have looked at some of them."
    )


class ReportsUpToNow(UserError):
    """Several within minutes."""

    sentence = N_("You have reported {n} replies within ten minutes. Please try again in some minutes.")


class ReportedByYou(OwnReply):
    """Nobody decides what they complained about."""

    sentence = N_(
        "You have reported this reply yourself. Ask another moderator to decide it; "
        "if there is none, an administrator can switch on only_moderator with /settings set."
    )


class NoReportsOpen(UserError):
    """Somebody was faster."""

    sentence = N_("There are no open reports about {number} any more ({status}). The card says what was decided.")
