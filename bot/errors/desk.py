"""What is refused about the moderators' own words: saved phrases, notes, reasons."""

from __future__ import annotations

from bot.errors.refusals import NotAllowed, TextRefused
from bot.errors.roots import UserError
from bot.i18n import N_


class PhraseUnknown(UserError):
    """No phrase of this server has that name."""

    sentence = N_("There is no saved phrase “{name}” in this server. /phrase list shows all of them.")


class PhraseTaken(UserError):
    """Another phrase has that name."""

    sentence = N_("There is a phrase “{name}” already. Choose another name, or remove that one first: /phrase remove.")


class PlaceholderUnknown(TextRefused):
    """A phrase names something that nobody can fill in."""

    sentence = N_("{placeholder} cannot be filled in. A phrase may use: {known}.")


class SubjectUnclear(UserError):
    """A note is about a reply or about a member."""

    sentence = N_("Please name either a reply or a member that the note is about.")


class NoteNotFound(UserError):
    """The note was removed."""

    sentence = N_("This note does not exist any more.")


class NotYourNote(NotAllowed):
    """Somebody else wrote it."""

    sentence = N_("Only who wrote a note can remove it, or somebody who manages this server.")


class ReasonUnused(UserError):
    """An approval has no guideline and no sentence."""

    sentence = N_(
        "An approval tells the authors no reason. Choose decision: reject, or leave out guideline and sentence."
    )
