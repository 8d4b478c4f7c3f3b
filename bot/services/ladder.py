"""The ladder: which sanction follows from a member's strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ladder import ladder_of
from bot.models import Outlook
from bot.storage import settings, strikes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.models import Rung, Strike
    from bot.storage import Connection, Database


async def foresee(db: Database, server_id: int, member_id: int, *, now: datetime) -> Outlook:
    """What one strike more would be, and what would follow from it."""
    async with db.read() as conn:
        rungs = ladder_of((await settings.load(conn, server_id)).ladder)
        given = [strike.given_at for strike in await _in_force(conn, server_id, member_id, now)]
    return Outlook(len(given) + 1, rungs[-1].strikes if rungs else None, _reached(rungs, [*given, now], now))


async def find_rungs(conn: Connection, server_id: int, member_id: int, *, now: datetime) -> tuple[Rung, ...]:
    """The highest rung that the strikes in force reach, each within its own time; and one on trial that is higher."""
    rungs = ladder_of((await settings.load(conn, server_id)).ladder)
    given = [strike.given_at for strike in await _in_force(conn, server_id, member_id, now)]
    return _reached(rungs, given, now)


async def list_carried(conn: Connection, lifted: Strike) -> list[Strike]:
    """The member's later strikes that would have led to something else without the one that is lifted now."""
    rungs = [rung for rung in ladder_of((await settings.load(conn, lifted.server_id)).ladder) if not rung.trial]
    others = await strikes.list_unlifted(conn, lifted.server_id, lifted.member_id)
    later = [each for each in others if each.id > lifted.id and not _was_lifted(lifted, each.given_at)]
    return [each for each in later if _is_carried(rungs, others, each, lifted)]


def _was_lifted(strike: Strike, when: datetime) -> bool:
    return strike.lifted_at is not None and strike.lifted_at <= when


def _is_carried(rungs: Sequence[Rung], others: Sequence[Strike], later: Strike, lifted: Strike) -> bool:
    now = later.given_at
    counted = [each for each in others if each.id <= later.id and each.expires_at > now]
    without = [each.given_at for each in counted]
    before = [*without, lifted.given_at] if lifted.expires_at > now else without
    return _reached(rungs, before, now) != _reached(rungs, without, now)


async def _in_force(conn: Connection, server_id: int, member_id: int, now: datetime) -> list[Strike]:
    return await strikes.list_unlifted(conn, server_id, member_id, since=now)


def _reached(rungs: Sequence[Rung], given: Sequence[datetime], now: datetime) -> tuple[Rung, ...]:
    reached = [rung for rung in rungs if sum(at > now - rung.within for at in given) >= rung.strikes]
    if not reached or not reached[-1].trial:
        return tuple(reached[-1:])
    return (*[rung for rung in reached if not rung.trial][-1:], reached[-1])
