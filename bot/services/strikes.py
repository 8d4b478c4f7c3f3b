"""Strikes: a moderator gives one under a guideline, and the ladder says what follows; one can be lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import (
    AlreadyStruck,
    NotDecidedAgainst,
    NothingToLift,
    NotTheirReply,
    OwnSanction,
    ReplyNotFound,
)
from bot.ladder import strike_days_of
from bot.models import Action, NoticeKind, ReplyStatus
from bot.services import ladder, notices, sanctions
from bot.services.decisions import read_sentence
from bot.services.guidelines import require_in_force
from bot.storage import audit, cards, penalties, replies, servers, settings, strikes

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Reply, Sanction, Strike
    from bot.storage import Connection, Database

DECIDED_AGAINST = frozenset({ReplyStatus.REJECTED, ReplyStatus.REMOVED})


async def give(
    db: Database,
    member_id: int,
    *,
    server_id: int,
    moderator_id: int,
    guideline: str | None,
    sentence: str | None = None,
    reply_id: int | None = None,
    now: datetime,
) -> tuple[Strike, list[Sanction]]:
    """Give a member a strike, for a reply decided against or for none; gives what the ladder imposed, too.

    What it would have imposed but for the trial mode comes last.

    Raises OwnSanction, GuidelineUnknown, TextTooLong, ReplyNotFound, NotTheirReply, NotDecidedAgainst or AlreadyStruck.
    """
    said = read_sentence(sentence)
    if member_id == moderator_id:
        raise OwnSanction
    async with db.begin() as conn:
        await servers.hold(conn, server_id)  # strikes of one member are counted one after the other
        reply = await _judged(conn, reply_id, server_id, member_id) if reply_id is not None else None
        rule = await require_in_force(conn, server_id, guideline)
        days = strike_days_of((await settings.load(conn, server_id)).strike_days, rule)
        strike = await strikes.add(
            conn,
            server_id=server_id,
            member_id=member_id,
            guideline=rule,
            wording_id=await penalties.cite(conn, server_id, member_id, rule, now=now),
            reply_id=reply_id,
            moderator_id=moderator_id,
            sentence=said or (reply.sentence if reply is not None else None),
            passages=reply.passages if reply is not None else (),
            given_at=now,
            expires_at=now + days,
        )
        if strike is None:
            raise AlreadyStruck
        await write_down(conn, strike, Action.STRIKE, actor_id=moderator_id, now=now)
        rungs = await ladder.find_rungs(conn, server_id, member_id, now=now)
        reached = [await sanctions.climb(conn, strike, rung, now=now) for rung in rungs]
        followed = [sanction for sanction in reached if sanction is not None]
        if all(sanction.trial for sanction in followed):
            await notices.tell_penalty(conn, strike, NoticeKind.STRUCK, now=now)
        await cards.outdate_of(conn, server_id, member_id)
        return strike, followed


async def lift(
    db: Database, member_id: int, *, server_id: int, moderator_id: int, is_all: bool = False, now: datetime
) -> list[Strike]:
    """Let a member's last strike in force, or each of them, count no longer. Raises NothingToLift, OwnSanction."""
    if member_id == moderator_id:
        raise OwnSanction
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        found = await strikes.list_unlifted(conn, server_id, member_id, since=now)
        if not found:
            raise NothingToLift
        for strike in found if is_all else found[:1]:
            await _lift(conn, strike, moderator_id=moderator_id, now=now)
        return found if is_all else found[:1]


async def lift_of_reply(conn: Connection, reply: Reply, *, moderator_id: int, now: datetime) -> None:
    """Lift the strike that a reply has led to, with what was imposed, since the decision against it is taken back.

    That is also what later strikes have led to only because this one counted.
    """
    by: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
    for strike in await strikes.list_of_reply(conn, reply.id):
        await take_back(conn, strike.id, **by)
    await sanctions.lift_of_reply(conn, reply, **by)


async def take_back(conn: Connection, strike_id: int, *, moderator_id: int, now: datetime) -> None:
    """Lift a strike, with all that it has led to, as part of a transaction."""
    strike = await strikes.get(conn, strike_id)
    if strike is None:
        return
    await _lift(conn, strike, moderator_id=moderator_id, now=now)
    for each in (strike, *await ladder.list_carried(conn, strike)):
        await sanctions.lift_of_strike(conn, each, moderator_id=moderator_id, now=now)


async def write_down(conn: Connection, strike: Strike, action: Action, *, actor_id: int, now: datetime) -> None:
    """Add to the audit what was done with a strike."""
    await audit.append(
        conn,
        strike.server_id,
        action,
        actor_id=actor_id,
        at=now,
        subject_id=strike.id,
        member_id=strike.member_id,
        guideline=strike.guideline,
        reply_id=strike.reply_id,
        sentence=strike.sentence,
        passages=list(strike.passages),
        expires_at=strike.expires_at.isoformat(),
    )


async def _lift(conn: Connection, strike: Strike, *, moderator_id: int, now: datetime) -> None:
    lifted = await strikes.lift(conn, strike.id, moderator_id=moderator_id, now=now)
    if lifted is not None:
        await write_down(conn, lifted, Action.STRIKE_LIFTED, actor_id=moderator_id, now=now)
        await notices.tell_lifted(conn, lifted, now=now)
        await cards.outdate_of(conn, lifted.server_id, lifted.member_id)


async def _judged(conn: Connection, reply_id: int, server_id: int, member_id: int) -> Reply:
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    if reply.status not in DECIDED_AGAINST:  # first: whose a held one is may be hidden
        raise NotDecidedAgainst
    if reply.author.id != member_id:
        raise NotTheirReply
    return reply
