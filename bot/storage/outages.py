"""What a driver's error means while the bot runs: out of order for now, ruined for good, or a mistake of ours."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from bot.errors import DatabaseUnusable, UserError
from bot.i18n import N_
from bot.storage.address import explain_postgres, explain_sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import URL

log = logging.getLogger(__name__)

# Starts of SQLite's names for errors. What is not here is a mistake of ours, such as a constraint that does not hold.
SQLITE_OUT_OF_ORDER = (
    *("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_BUSY", "SQLITE_LOCKED"),
    *("SQLITE_PROTOCOL", "SQLITE_NOMEM", "SQLITE_CORRUPT", "SQLITE_NOTADB"),
)
# Starts of PostgreSQL's SQLSTATEs: connection, authorization, no such database, resources, shutdown, system.
POSTGRES_OUT_OF_ORDER = ("08", "28", "3D", "53", "57P", "58")
# A transaction that only reads gets these when it writes, which is a mistake of ours.
READ_ONLY = {"SQLITE_READONLY", "25006"}


class StorageFailed(UserError):
    """The database is out of order and nothing was changed; the value `reason` is for the operator, and logged."""

    sentence = N_("I cannot store anything at the moment, so nothing was changed. Please try again in a few minutes.")


class Outages:
    """Turns errors of the driver into StorageFailed, and tells the operator once when an outage begins and ends."""

    on_ruin: Callable[[], object] | None = None  # called once; nothing is read or written after that
    ruin: DatabaseUnusable | None = None

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}  # what does not work ("read", "write") → why
        self._failed_at: dict[str, float] = {}  # when it was last tried in vain

    @property
    def reason(self) -> str | None:
        """Why the database does not work; None while it does, as far as anybody has tried."""
        return str(self.ruin) if self.ruin is not None else next(iter(self._reasons.values()), None)

    @contextmanager
    def translating(self, act: str, asked_at: float) -> Iterator[None]:
        """Raise StorageFailed when the database does not work; `asked_at` is when the caller began to wait.

        Whoever waited while another tried in vain does not try again: each try can take seconds, and so all who wait
        get their answer together.
        """
        self._look()
        if self.ruin is not None or self._failed_at.get(act, asked_at) > asked_at:
            raise StorageFailed(reason=self.reason)
        try:
            yield
        except (DBAPIError, OSError) as error:
            unusable = self.explain(error, act)
            if unusable is None:
                raise
            self._failed_at[act] = monotonic()
            self._tell(act, unusable)
            if unusable.is_damaged:
                self._give_up(unusable)
            raise StorageFailed(reason=str(unusable)) from error
        else:
            if self._reasons.pop(act, None) is not None and not self._reasons:
                log.warning("the database works again")

    def _look(self) -> None:
        """Find out what no error of the driver tells."""

    def explain(self, error: Exception, act: str) -> DatabaseUnusable | None:
        """Say what is wrong with the database; None: the error is a mistake of ours. `act` is "read" or "write"."""
        raise NotImplementedError

    def _give_up(self, ruin: DatabaseUnusable) -> None:
        """Have the process end: another word to this database would make it worse."""
        if self.ruin is None:
            self.ruin = ruin
            if self.on_ruin is not None:
                self.on_ruin()

    def _tell(self, act: str, unusable: DatabaseUnusable) -> None:
        if str(unusable) not in self._reasons.values():
            log.error("nothing can be stored until this is mended: %s", unusable)
        self._reasons[act] = str(unusable)


class SqliteOutages(Outages):
    """Of one file, which nobody else looks after."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file
        self._opened = file.stat()

    def _look(self) -> None:
        """SQLite goes on writing into a file that has been moved or deleted, where nobody would find it again."""
        try:
            is_there = os.path.samestat(self._file.stat(), self._opened)
        except OSError:
            is_there = False
        if not is_there:
            self._give_up(DatabaseUnusable(f"{self._file} was moved or deleted. Put it back, then start again."))

    def explain(self, error: Exception, act: str) -> DatabaseUnusable | None:
        """By SQLite's name for the error."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        name: str = getattr(cause, "sqlite_errorname", "")
        is_mistake = act == "read" and name in READ_ONLY
        return explain_sqlite(error, self._file) if name.startswith(SQLITE_OUT_OF_ORDER) and not is_mistake else None


class PostgresOutages(Outages):
    """Of a server that others look after: nothing that it says ends the bot."""

    def __init__(self, url: URL) -> None:
        super().__init__()
        self._url = url

    def explain(self, error: Exception, act: str) -> DatabaseUnusable | None:
        """By the SQLSTATE, or because there is no connection."""
        if not isinstance(error, DBAPIError):
            return explain_postgres(error, self._url)
        state = getattr(error.orig, "sqlstate", None) or ""
        if error.connection_invalidated and not state.startswith(POSTGRES_OUT_OF_ORDER[1:]):
            return explain_postgres(ConnectionError(), self._url)
        is_out_of_order = state.startswith(POSTGRES_OUT_OF_ORDER) or (act == "write" and state in READ_ONLY)
        return explain_postgres(error, self._url) if is_out_of_order else None
