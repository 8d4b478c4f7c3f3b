"""What a moderator is refused who is concerned by a reply, or who waits for another's opinion on it."""

from __future__ import annotations

from bot.errors.refusals import OwnReply
from bot.errors.roots import UserError
from bot.i18n import N_


class ReplyToYou(OwnReply):
    """Nobody decides what answers them."""

    sentence = N_(
        "This reply answers one of yours. Ask another moderator to decide it; "
        "if there is none, an administrator can switch on only_moderator with /settings set."
    )


class OpinionAsked(UserError):
    """Who asked for a second opinion waits for it."""

    sentence = N_(
        "You asked for a second opinion on {number}, so another moderator decides it. "
        "To decide it yourself, take the request back with /moderate second-opinion."
    )


class OpinionOpen(UserError):
    """Somebody has asked already."""

    sentence = N_("A second opinion on {number} is asked for already. You give it by deciding the reply on its card.")


class OpinionGone(UserError):
    """There is nothing to take back."""

    sentence = N_("You have no open request about {number}: it was answered meanwhile, or the reply is decided.")


class SeniorDecides(UserError):
    """Two moderators disagree, and only the senior role may decide."""

    sentence = N_("Two moderators disagree about {number}. A senior moderator decides it now.")


class ThirdDecides(UserError):
    """Two moderators disagree, and this is one of them."""

    sentence = N_("You and another moderator disagree about {number}. A third moderator decides it now.")
