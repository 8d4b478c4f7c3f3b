"""What is refused on account of strikes and sanctions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors.roots import UserError
from bot.i18n import N_

if TYPE_CHECKING:
    from bot.models import Penalty


class MayNotReply(UserError):
    """A sanction keeps the member from replying; `penalty` is what they are shown."""

    sentence = N_("You may not reply in this server at the moment.")

    def __init__(self, penalty: Penalty, **values: object) -> None:
        super().__init__(**values)
        self.penalty = penalty


class WarningUnread(MayNotReply):
    """The member was warned and has not said yet that they have read it."""

    sentence = N_("Moderators have warned you. Please read why, and press “I understand”; then you can reply.")


class Paused(MayNotReply):
    """The member may not reply for a time."""

    sentence = N_("You may not reply in this server until {until}.")


class Banned(MayNotReply):
    """The member may not reply at all."""

    sentence = N_("You may not take part in the discussions of this server any more.")


class DurationInvalid(UserError):
    """What was typed is no length of time that can be used."""

    sentence = N_(
        "“{value}” does not fit: write a number and a unit, such as 30 min, 2h, 3 days or 1 week, "
        "from one minute to {days} days."
    )


class AlreadyBanned(UserError):
    """One ban is enough."""

    sentence = N_("This member is banned from the discussions already. /moderate lift takes that back.")


class AlreadyStruck(UserError):
    """One reply leads to one strike."""

    sentence = N_("There is a strike for this reply already. /moderate history shows it.")


class NotDecidedAgainst(UserError):
    """What follows from a reply comes after the decision on it."""

    sentence = N_("Reject or remove this reply first; then it can be what this is about.")


class NotTheirReply(UserError):
    """The reply that was named is somebody else's."""

    sentence = N_("That reply is not by this member. Pick one of theirs, or leave it out.")


class NothingToLift(UserError):
    """Nothing of that kind is in force."""

    sentence = N_("Nothing of that kind is in force for this member. /moderate history shows what was.")


class NothingToAcknowledge(UserError):
    """The warning was acknowledged or lifted."""

    sentence = N_("This warning is settled already.")


class OwnSanction(UserError):
    """Nobody decides on themselves."""

    sentence = N_("This is you. Another moderator has to do that.")


class UndoTooLate(UserError):
    """Somebody lifted the ban, or the member was told of it."""

    sentence = N_("This cannot be undone any more. /moderate lift ends the ban.")
