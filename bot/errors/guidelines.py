"""What is refused about the guidelines of a server."""

from __future__ import annotations

from bot.errors.refusals import TextRefused
from bot.errors.roots import UserError
from bot.i18n import N_


class GuidelineUnknown(UserError):
    """What was chosen is none of the guidelines."""

    sentence = N_("There is no such guideline. Please choose one from the list.")


class GuidelineMissing(GuidelineUnknown):
    """A ban rejects what the member has on hold, and a rejection names a guideline."""

    sentence = N_("This member has replies on hold, which the ban rejects. Please choose a guideline for that.")


class GuidelineRetired(GuidelineUnknown):
    """It is not in force any more."""

    sentence = N_("The guideline “{title}” is not in force any more. Please choose another one from the list.")


class GuidelineTaken(UserError):
    """Another one in force has that title."""

    sentence = N_("There is a guideline “{title}” already. Please give this one another title.")


class GuidelineUnchanged(UserError):
    """What was sent is what it says already."""

    sentence = N_("It says exactly this already; nothing was changed.")


class GuidelineChanged(UserError):
    """Somebody else has worded it anew since the form was opened."""

    sentence = N_("Somebody has changed this guideline meanwhile; nothing of yours is saved yet. It now reads: {text}")


class GuidelinesOutdated(UserError):
    """They were changed between being shown and being confirmed."""

    sentence = N_("The guidelines have changed a moment ago. Please read them once more.")


class GuidelinesFull(UserError):
    """A select takes no more."""

    sentence = N_("There are {most} guidelines, and Discord cannot offer more in a list. Please retire one first.")


class LastGuideline(UserError):
    """A rejection has to name one."""

    sentence = N_("This is the only guideline in force, and a rejection has to name one. Please add another one first.")


class TitleUnfit(TextRefused):
    """It would not look as it was typed."""

    sentence = N_("A title cannot hold any of these characters: {characters}")
