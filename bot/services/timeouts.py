"""Timeouts: set in Discord and taken back there; somebody else's that lasts longer is left as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.errors import PostRefused
from bot.models import Sanction, TimeoutState
from bot.services.errands import Clock, putting_off
from bot.storage import sanctions, troubles
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from bot.storage import Database

# Each may run twice, and says what it found.
Act = Callable[[Sanction], Awaitable[TimeoutState]]


async def carry_out(db: Database, sanction_id: int, *, clock: Clock, apply: Act, lift: Act) -> Sanction | None:
    """Do in Discord what a timeout still needs; None when it is not due or somebody else is at it.

    What Discord refuses is told to the moderators once, and tried again until it is over.
    """
    async with db.begin() as conn:
        sanction = await sanctions.lease(conn, sanction_id, now=clock())
    if sanction is None:
        return None
    act = lift if sanction.discord is TimeoutState.LIFT else apply
    if sanction.ends_at is not None and sanction.ends_at <= clock():
        act = _let_go
    try:
        async with putting_off(db, clock, sanctions.put_off, sanction_id):
            state = await act(sanction)
    except PostRefused as error:
        if error.code:  # Discord's answer, not a connection that failed
            error.is_known = not await _tell(db, sanction, error, clock)
        raise
    async with db.begin() as conn:
        await sanctions.record(conn, sanction, state)
        await troubles.mend(conn, sanction.server_id, TroubleKind.TIMEOUT_REFUSED, subject_id=sanction.id, now=clock())
    return sanction


async def _let_go(_sanction: Sanction) -> TimeoutState:
    return TimeoutState.LATE


async def _tell(db: Database, sanction: Sanction, error: PostRefused, clock: Clock) -> bool:
    """Return whether that is news."""
    about = {"mention": f"<@{sanction.member_id}>", "reason": str(error)}
    kind = TroubleKind.TIMEOUT_REFUSED
    async with db.begin() as conn:
        told = await troubles.add(conn, sanction.server_id, kind, subject_id=sanction.id, details=about, now=clock())
    return told is not None
