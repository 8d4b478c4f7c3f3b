"""Sanctions: what was imposed on whom, until when, and how far a timeout has come in Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, or_, select, update

from bot.models import Guideline, Sanction, SanctionKind, TimeoutState
from bot.storage import leases
from bot.storage.inserts import insert
from bot.storage.tables import TIMEOUT_DUE, sanctions

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncConnection

_UNLIFTED = and_(~sanctions.c.trial, sanctions.c.lifted_at.is_(None), sanctions.c.acknowledged_at.is_(None))


async def add(conn: AsyncConnection, **values: Any) -> Sanction | None:
    """Keep a sanction; None when the member is banned already and this is a ban."""
    new = insert(conn, sanctions).values(**values).on_conflict_do_nothing().returning(*sanctions.c)
    row = (await conn.execute(new)).one_or_none()
    return sanction_of(row) if row else None


async def get(conn: AsyncConnection, sanction_id: int) -> Sanction | None:
    """The sanction, whatever became of it."""
    row = (await conn.execute(select(sanctions).where(sanctions.c.id == sanction_id))).one_or_none()
    return sanction_of(row) if row else None


async def list_in_force(conn: AsyncConnection, server_id: int, member_id: int, now: datetime) -> list[Sanction]:
    """What holds for a member at that moment, the newest first."""
    found = await list_unlifted(conn, server_id, member_id)
    return [sanction for sanction in found if sanction.is_in_force(now)]


async def list_unlifted(conn: AsyncConnection, server_id: int, member_id: int) -> list[Sanction]:
    """What was imposed on a member and neither lifted nor acknowledged, over or not, the newest first."""
    query = select(sanctions).where(sanctions.c.server_id == server_id, sanctions.c.member_id == member_id, _UNLIFTED)
    return [sanction_of(row) for row in await conn.execute(query.order_by(sanctions.c.id.desc()))]


async def acknowledge(conn: AsyncConnection, sanction_id: int, *, member_id: int, now: datetime) -> Sanction | None:
    """Remember that a member has read a warning of theirs; None when there is nothing to acknowledge."""
    mine = (sanctions.c.id == sanction_id, sanctions.c.member_id == member_id)
    query = update(sanctions).where(*mine, sanctions.c.kind == SanctionKind.WARNING, _UNLIFTED)
    row = (await conn.execute(query.values(acknowledged_at=now).returning(*sanctions.c))).one_or_none()
    return sanction_of(row) if row else None


async def lift(
    conn: AsyncConnection,
    server_id: int,
    member_id: int,
    kinds: Collection[SanctionKind],
    *,
    moderator_id: int,
    now: datetime,
    strike_id: int | None = None,
    reply_id: int | None = None,
) -> list[Sanction]:
    """End what of these kinds is in force, or of it what a strike or a reply has led to.

    A timeout also ends in Discord then.
    """
    is_running = or_(sanctions.c.ends_at.is_(None), sanctions.c.ends_at > now)
    is_set = sanctions.c.discord.in_([TimeoutState.APPLY, TimeoutState.APPLIED, TimeoutState.RESPECTED])
    query = (
        update(sanctions)
        .where(sanctions.c.server_id == server_id, sanctions.c.member_id == member_id, _UNLIFTED, is_running)
        .where(sanctions.c.kind.in_(list(kinds)))
        .values(lifted_at=now, lifted_by=moderator_id)
        .values(discord=case((is_set, TimeoutState.LIFT.value), else_=sanctions.c.discord))
        .returning(*sanctions.c)
    )
    if strike_id is not None:
        query = query.where(sanctions.c.strike_id == strike_id)
    if reply_id is not None:
        query = query.where(sanctions.c.reply_id == reply_id)
    return [sanction_of(row) for row in await conn.execute(query)]


async def name_bulk(conn: AsyncConnection, sanction_id: int, bulk_id: int) -> None:
    """Remember which replies a ban has rejected."""
    await conn.execute(update(sanctions).where(sanctions.c.id == sanction_id).values(bulk_id=bulk_id))


async def lease(conn: AsyncConnection, sanction_id: int, *, now: datetime) -> Sanction | None:
    """Take a timeout to set it in Discord, or to take it back."""
    row = await leases.take(conn, sanctions, sanction_id, TIMEOUT_DUE, now=now)
    return sanction_of(row) if row else None


async def record(conn: AsyncConnection, sanction: Sanction, state: TimeoutState) -> None:
    """Remember how far a timeout has come, unless it is to be taken back since."""
    await leases.release(conn, sanctions, sanction.id, until=None)
    same = (sanctions.c.id == sanction.id, sanctions.c.discord == sanction.discord)
    await conn.execute(update(sanctions).where(*same).values(discord=state))


async def put_off(conn: AsyncConnection, sanction_id: int, *, until: datetime) -> None:
    """Let go of a timeout until then."""
    await leases.release(conn, sanctions, sanction_id, until=until)


def sanction_of(row: Row[Any]) -> Sanction:
    """The sanction in a row of this table."""
    return Sanction(
        id=row.id,
        server_id=row.server_id,
        member_id=row.member_id,
        kind=SanctionKind(row.kind),
        moderator_id=row.moderator_id,
        begun_at=row.begun_at,
        ends_at=row.ends_at,
        strike_id=row.strike_id,
        reply_id=row.reply_id,
        guideline=Guideline(row.guideline) if row.guideline else None,
        wording_id=row.wording_id,
        sentence=row.sentence,
        trial=row.trial,
        acknowledged_at=row.acknowledged_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
        bulk_id=row.bulk_id,
        discord=TimeoutState(row.discord) if row.discord else None,
    )
