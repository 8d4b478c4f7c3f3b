"""What stands in the discussion, and what the sweep does there: the services' acts, carried out on a dictionary."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from bot.errors import OutcomeUnknown, PostRefused
from bot.models import NoticeStatus, TimeoutState
from bot.services import notices, publishing, removals, review, timeouts

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Case, Reply
    from bot.storage import Database
    from tests.sequences.looking import Postgres, Sqlite

TEXT, TOMBSTONE, VEIL = "text", "tombstone", "veil"
# What may be due; the services know what is.
PERHAPS = """
    SELECT id, 'publication' AS kind FROM replies WHERE status = 'approved' AND message_id IS NULL
    UNION ALL SELECT id, 'removal' FROM replies WHERE status <> 'published' AND message_id IS NOT NULL
        AND (status <> 'removed' OR message_shows IS NULL OR message_shows <> 'tombstone')
    UNION ALL SELECT id, CASE WHEN hidden THEN 'hiding' ELSE 'restoration' END FROM replies WHERE status = 'published'
        AND ((hidden AND (message_shows IS NULL OR message_shows <> 'hidden'))
        OR (NOT hidden AND message_shows IS NOT NULL))
    UNION ALL SELECT id, 'timeout' FROM sanctions WHERE discord IN ('apply', 'lift') ORDER BY 2, 1
"""
ROUNDS = 4


class Thread:
    """Message's id → (reply's id, what is to be read there)."""

    def __init__(self, db: Database, source: Sqlite | Postgres) -> None:
        self.db = db
        self.source = source
        self.messages: dict[int, tuple[int, str]] = {}
        self.failure: str | None = None  # of the next publication: "lost" or "refused"
        self.can_edit = True
        self._ids = count(401)

    async def sweep(self, now: datetime) -> None:
        """Do what is due, as a process would, until nothing is."""
        for _ in range(ROUNDS):
            done = [await self._act(row.kind, row.id, now) for row in await self.source.fetch(PERHAPS)]
            if not any(done):
                return

    async def tell(self, now: datetime) -> NoticeStatus | None:
        """Send the direct message that is next, if it may be sent by now."""

        async def deliver(*_: object) -> bool:
            return True

        notice_id, when = await notices.find_next(self.db, a_day=250, now=now)
        if notice_id is None or when > now:
            return None
        return await notices.send(self.db, notice_id, a_day=250, clock=lambda: now, deliver=deliver)

    async def _act(self, kind: str, row_id: int, now: datetime) -> bool:
        """Return whether anything was done."""

        def clock() -> datetime:
            return now

        try:
            if kind == "publication":
                act: Any = publishing.publish(self.db, row_id, clock=clock, post=self._post, find=self._find)
            elif kind == "removal":
                act = removals.take_down(self.db, row_id, clock=clock, bury=self._bury, delete=self._delete)
            elif kind == "restoration":
                act = removals.put_back(self.db, row_id, clock=clock, unearth=self._unearth, delete=self._delete)
            elif kind == "hiding":
                act = removals.hide(self.db, row_id, clock=clock, veil=self._veil, delete=self._delete)
            else:
                act = timeouts.carry_out(self.db, row_id, clock=clock, apply=_applied, lift=_lifted)
            return await act is not None
        except PostRefused as error:
            await review.send_back(self.db, row_id, reason=str(error), now=now)
        except OutcomeUnknown:
            pass
        return True

    async def _post(self, case: Case) -> int:
        failure, self.failure = self.failure, None
        if failure == "refused":
            raise PostRefused("Discord does not like what it says")
        message_id = next(self._ids)
        self.messages[message_id] = (case.reply.id, TEXT)
        if failure == "lost":
            raise OutcomeUnknown("no answer")
        return message_id

    async def _find(self, case: Case, after: int | None) -> int | None:
        later = [each for each, (reply_id, _) in self.messages.items() if reply_id == case.reply.id]
        return next((each for each in later if after is None or each > after), None)

    async def _bury(self, case: Case) -> bool:
        return self._edit(case, TOMBSTONE)

    async def _unearth(self, case: Case) -> bool:
        return self._edit(case, TEXT)

    async def _veil(self, case: Case) -> bool:
        return self._edit(case, VEIL)

    async def _delete(self, reply: Reply, _thread_id: int) -> None:
        self.messages.pop(reply.message_id or 0, None)

    def _edit(self, case: Case, shows: str) -> bool:
        message_id = case.reply.message_id
        if message_id not in self.messages or not self.can_edit:
            return False
        self.messages[message_id] = (case.reply.id, shows)
        return True


async def _applied(_: object) -> TimeoutState:
    return TimeoutState.APPLIED


async def _lifted(_: object) -> TimeoutState:
    return TimeoutState.LIFTED
