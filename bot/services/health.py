"""Health: whether all is well, in one line, and a line for each thing that is not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.storage import StorageFailed, backups, health, servers, troubles
from bot.storage.address import sqlite_file
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.config import Config
    from bot.storage import Connection, Database
    from bot.troubles import Trouble

NO_BACKUP = timedelta(hours=48)  # for so long the daily backup may fail


# Other troubles are told as well, but are for the moderators of that server to mend.
SERIOUS = frozenset({TroubleKind.SEAL_BROKEN, TroubleKind.DOUBLE})


@dataclass(frozen=True, slots=True)
class Health:
    """What an operator is told; English, as all that is printed for operators."""

    line: str  # "0 unsent, 0 double, oldest pending 3 min, seal intact, last backup 02:00"
    problems: tuple[str, ...]  # what to do about each; none: all is well
    remarks: tuple[str, ...] = ()  # what others have to mend

    @property
    def is_well(self) -> bool:
        """True when nobody need be called."""
        return not self.problems

    def __str__(self) -> str:
        """All of it, a line each."""
        return "\n".join([self.line, *self.problems, *self.remarks])


async def examine(db: Database, config: Config, *, now: datetime, is_connected: bool = True) -> Health:
    """Look at the database and its backups; `is_connected` tells of Discord's gateway. Never raises StorageFailed."""
    work = Health("database out of order", ())
    with suppress(StorageFailed):
        async with db.read() as conn:
            work = await _judge_work(conn, now)
    backup, problems = _judge_backup(config, now)
    if not is_connected:
        problems.append("Not connected to Discord. If that lasts, look at the log and the network.")
    if db.outages.reason is not None:
        problems.append(db.outages.reason)
    return Health(f"{work.line}, {backup}", (*work.problems, *problems), work.remarks)


async def _judge_work(conn: Connection, now: datetime) -> Health:
    present = set(await servers.list_present(conn))
    known = [trouble for trouble in await troubles.list_open(conn) if trouble.server_id in present]
    serious = [trouble for trouble in known if trouble.kind in SERIOUS]
    kinds = [trouble.kind for trouble in serious]
    unsent = await health.count_unsent(conn, now)
    oldest = await health.get_oldest_pending(conn)
    parts = [
        f"{sum(unsent.values())} unsent",
        f"{kinds.count(TroubleKind.DOUBLE)} double",
        f"oldest pending {_duration(now - oldest)}" if oldest else "nothing pending",
        "seal broken" if TroubleKind.SEAL_BROKEN in kinds else "seal intact",
    ]
    problems = (*_tell_unsent(unsent), *map(_tell_trouble, serious))
    return Health(", ".join(parts), problems, tuple(_tell_trouble(each) for each in known if each not in serious))


def _tell_unsent(unsent: dict[str, int]) -> Iterable[str]:
    if unsent:
        kinds = ", ".join(f"{kind} {number}" for kind, number in unsent.items())
        yield f"Unsent for minutes ({kinds}): is the bot running? If it is, the log says why Discord takes nothing."


def _tell_trouble(trouble: Trouble) -> str:
    what = trouble.kind.replace("_", " ")
    since = f"{trouble.noticed_at.astimezone():%d %b %H:%M}"
    return f"Server {trouble.server_id}: {what} since {since}. In that server, /check says what to do."


def _judge_backup(config: Config, now: datetime) -> tuple[str, list[str]]:
    if sqlite_file(config.database_url) is None:
        return "backups are PostgreSQL's", []
    last = backups.get_last_daily(config.data_folder / backups.FOLDER, now)
    told = f"last backup {_moment(last, now)}" if last else "no backup"
    if not config.backups:
        return "backups off", []
    if last is not None and now - last < NO_BACKUP:
        return told, []
    return told, ["No backup for two days: the log says why. To make one now: standfirst db backup FILE"]


def _moment(moment: datetime, now: datetime) -> str:
    local = moment.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d %b %H:%M}"


def _duration(time: timedelta) -> str:
    minutes = max(0, int(time.total_seconds())) // 60
    if minutes < 60:  # noqa: PLR2004
        return f"{minutes} min"
    hours = minutes // 60
    return f"{hours} h" if hours < 48 else f"{hours // 24} days"  # noqa: PLR2004
