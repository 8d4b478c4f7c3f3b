"""What is refused when somebody looks through the audit trail."""

from __future__ import annotations

from bot.errors.roots import UserError
from bot.i18n import N_


class ActionUnknown(UserError):
    """Nothing of that name is ever done."""

    sentence = N_("There is no action “{action}”. Please choose one from the list that appears while you type.")


class DateUnclear(UserError):
    """What was typed is no day."""

    sentence = N_("“{date}” is not a day. Write it like this: {example}.")
