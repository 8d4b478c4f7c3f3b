"""Matters: what moderators decide on a card of its own; the message is posted, found, drawn again and forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy import select, update

from bot.models import Matter
from bot.storage import leases
from bot.storage.tables import servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Row, Table
    from sqlalchemy.ext.asyncio import AsyncConnection

WITHOUT_MESSAGE = {"message_id": None, "shows": None, "attempted_at": None, "lease_until": None}

AMatter = TypeVar("AMatter", bound=Matter)


class Matters(Generic[AMatter]):
    """One kind of them: the table, when a row's message is due and when it is out of date, and what a row says."""

    def __init__(
        self,
        table: Table,
        *,
        due: ColumnElement[bool],
        outdated: ColumnElement[bool],
        read: Callable[[Row[Any]], AMatter],
    ) -> None:
        self.table = table
        self.is_open = table.c.decided_at.is_(None)
        self.next = {"version": table.c.version + 1}  # has the card drawn again
        self.due = due
        self.outdated = outdated
        self.read = read

    async def get(self, conn: AsyncConnection, card_id: int) -> AMatter | None:
        """The matter, open or decided."""
        return await self.one(conn, select(self.table).where(self.table.c.id == card_id))

    async def one(self, conn: AsyncConnection, query: Any) -> AMatter | None:
        """The one that a query finds or changes."""
        row = (await conn.execute(query)).one_or_none()
        return self.read(row) if row else None

    async def lease(
        self, conn: AsyncConnection, card_id: int, *, now: datetime
    ) -> tuple[AMatter, datetime | None] | None:
        """Take a card to post it, with the time that was tried first and not recorded."""
        row = await leases.take(conn, self.table, card_id, self.due, now=now)
        if row is None:
            return None
        first = update(self.table).where(self.table.c.id == card_id).values(attempted_at=row.attempted_at or now)
        return self.read((await conn.execute(first.returning(*self.table.c))).one()), row.attempted_at

    async def lease_edit(self, conn: AsyncConnection, card_id: int, *, now: datetime) -> AMatter | None:
        """Take a card that is out of date to draw it again; nothing counts as shown until that is recorded."""
        row = await leases.take(conn, self.table, card_id, self.outdated, now=now)
        if row is None:
            return None
        await conn.execute(update(self.table).where(self.table.c.id == card_id).values(shows=None))
        return self.read(row)

    async def record(self, conn: AsyncConnection, card: Matter, message_id: int, *, shows: int | None) -> None:
        """Remember the message; `shows` is the version it was drawn for, None when nobody knows."""
        channel = select(servers.c.review_channel_id).where(servers.c.id == card.server_id).scalar_subquery()
        values = {"message_id": message_id, "shows": shows, "attempted_at": None, "channel_id": channel}
        await leases.release(conn, self.table, card.id, until=None, **values)

    async def record_edit(self, conn: AsyncConnection, card: Matter) -> None:
        """Remember that the card was drawn for `card`."""
        await leases.release(conn, self.table, card.id, until=None, shows=card.version)

    async def put_off(
        self, conn: AsyncConnection, card_id: int, *, until: datetime | None, forget: bool = False
    ) -> None:
        """Let go of a card until then; `forget` when it certainly was not posted."""
        values = {"attempted_at": None} if forget else {}
        await leases.release(conn, self.table, card_id, until=until, **values)

    async def forget(self, conn: AsyncConnection, card: Matter) -> None:
        """Its message is gone: an open card gets a new one, a decided one needs none."""
        await conn.execute(update(self.table).where(self.table.c.id == card.id).values(WITHOUT_MESSAGE))

    async def list_messages(self, conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> list[int]:
        """Those of the messages that are such cards."""
        cards = (self.table.c.server_id == server_id, self.table.c.message_id.in_(list(message_ids)))
        return list((await conn.execute(select(self.table.c.message_id).where(*cards))).scalars())

    async def forget_messages(self, conn: AsyncConnection, server_id: int, message_ids: Iterable[int]) -> None:
        """These messages are gone, likewise."""
        are_gone = (self.table.c.server_id == server_id, self.table.c.message_id.in_(list(message_ids)))
        await conn.execute(update(self.table).where(*are_gone).values(WITHOUT_MESSAGE))

    async def move(self, conn: AsyncConnection, server_id: int) -> None:
        """Post the open cards of a server anew, since there is another review channel."""
        here = (self.table.c.server_id == server_id, self.is_open, self.table.c.message_id.is_not(None))
        await conn.execute(update(self.table).where(*here).values(WITHOUT_MESSAGE))


def columns_of(row: Row[Any]) -> dict[str, Any]:
    """What every kind of matter has, from a row."""
    names = ("id", "server_id", "reply_id", "revision", "opened_at", "version", "channel_id", "message_id")
    return {name: getattr(row, name) for name in (*names, "attempted_at", "decided_at", "decided_by")}
