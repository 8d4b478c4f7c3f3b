"""The roots of all errors, what an operator is told at the start, and what became of a request to Discord."""

from __future__ import annotations

from typing import ClassVar


class StandfirstError(Exception):
    """Anything that Standfirst raises on purpose."""


class StartError(StandfirstError):
    """The process cannot start; the message is one line that says what to do."""


class TokenMissing(StartError):
    """No token in the environment nor in `.env`."""


class TokenRefused(StartError):
    """Discord does not accept the token."""


class IntentMissing(StartError):
    """Discord does not grant an intent that the bot asks for."""


class ConfigInvalid(StartError):
    """A value in the environment cannot be used."""


class DatabaseUnusable(StartError):
    """The database cannot be opened, read or migrated."""

    is_damaged = False  # True: the file is no database, or no longer a sound one, and only a backup helps


class OutcomeUnknown(StandfirstError):
    """Discord did not answer a request that must not be sent twice: it may have been carried out."""


class PostRefused(StandfirstError):
    """Discord said no, so nothing was carried out; the message says why, for the log."""

    code = 0  # Discord's own
    is_known = False  # it was logged before
    is_final = False  # what the reply says is refused, as often as it is tried


class UserError(StandfirstError):
    """A refusal. `sentence` is English and the key of its translations; `values` fill its fields."""

    sentence: ClassVar[str]

    def __init__(self, **values: object) -> None:
        super().__init__(self.sentence.format(**values))
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way out of a worker process: made anew without `__init__`, whose values are gone by then."""
        return type(self).__new__, (type(self), *self.args), self.__dict__
