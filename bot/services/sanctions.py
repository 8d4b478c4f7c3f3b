"""Sanctions: a warning to be acknowledged, a pause, a timeout, a ban from discussions; and how each ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import (
    AlreadyBanned,
    Banned,
    NotDecidedAgainst,
    NothingToAcknowledge,
    NothingToLift,
    NotTheirReply,
    OwnSanction,
    Paused,
    ReplyNotFound,
    UndoTooLate,
    WarningUnread,
)
from bot.models import Action, NoticeKind, ReplyStatus, SanctionKind, TimeoutState
from bot.services import appearances, bans, notices, strikes
from bot.services.decisions import read_sentence
from bot.services.guidelines import require_in_force
from bot.storage import audit, cards, penalties, replies, sanctions, servers
from bot.storage import notices as stored_notices

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime, timedelta

    from bot.models import Guideline, Reply, Rung, Sanction, Strike
    from bot.storage import Connection, Database

ACTIONS = {
    SanctionKind.WARNING: Action.WARN,
    SanctionKind.PAUSE: Action.PAUSE,
    SanctionKind.TIMEOUT: Action.TIMEOUT,
    SanctionKind.BAN: Action.BAN,
    SanctionKind.DISCORD_BAN: Action.DISCORD_BAN,
}
LIFTABLE = frozenset(SanctionKind) - {SanctionKind.DISCORD_BAN}


async def impose(
    db: Database,
    member_id: int,
    kind: SanctionKind,
    *,
    server_id: int,
    moderator_id: int,
    length: timedelta | None = None,
    guideline: str | None = None,
    sentence: str | None = None,
    reply_id: int | None = None,
    now: datetime,
) -> Sanction:
    """Impose a sanction by hand; a ban rejects the member's held replies with it.

    Raises OwnSanction, GuidelineUnknown, TextTooLong, ReplyNotFound, NotDecidedAgainst, NotTheirReply or
    AlreadyBanned.
    """
    said = read_sentence(sentence)
    if member_id == moderator_id:
        raise OwnSanction
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if reply_id is not None:
            await _require_theirs(conn, reply_id, server_id, member_id)
        rule = await require_in_force(conn, server_id, guideline) if guideline is not None else None
        about: dict[str, Any] = {"guideline": rule, "sentence": said, "reply_id": reply_id}
        who: dict[str, Any] = {"server_id": server_id, "member_id": member_id, "moderator_id": moderator_id}
        sanction = await _impose(conn, kind, length, now=now, **who, **about)
        if sanction is None:
            raise AlreadyBanned
        return sanction


async def climb(conn: Connection, strike: Strike, rung: Rung, *, now: datetime) -> Sanction | None:
    """Impose what a rung of the ladder says, or write down what would have been; None: banned already."""
    return await _impose(
        conn,
        rung.kind,
        rung.length,
        now=now,
        server_id=strike.server_id,
        member_id=strike.member_id,
        moderator_id=strike.moderator_id,
        strike_id=strike.id,
        reply_id=strike.reply_id,
        guideline=strike.guideline,
        sentence=strike.sentence,
        trial=rung.trial,
    )


async def lift(
    db: Database,
    member_id: int,
    kinds: Collection[SanctionKind],
    *,
    server_id: int,
    moderator_id: int,
    now: datetime,
) -> int:
    """End what of these kinds is in force for a member; gives how many replies are held again that a ban rejected.

    Raises OwnSanction or NothingToLift.
    """
    if member_id == moderator_id:
        raise OwnSanction
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        by: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
        lifted, held = await _lift(conn, server_id, member_id, LIFTABLE & set(kinds), **by)
        if not lifted:
            raise NothingToLift
        return held


async def lift_of_strike(conn: Connection, strike: Strike, *, moderator_id: int, now: datetime) -> None:
    """End what a strike has led to and is still in force, as part of a transaction."""
    who = (strike.server_id, strike.member_id)
    await _lift(conn, *who, LIFTABLE, moderator_id=moderator_id, now=now, strike_id=strike.id)


async def lift_of_reply(conn: Connection, reply: Reply, *, moderator_id: int, now: datetime) -> None:
    """End what was imposed on account of a reply, by the ladder or by hand, likewise."""
    who = (reply.server_id, reply.author.id)
    await _lift(conn, *who, LIFTABLE, moderator_id=moderator_id, now=now, reply_id=reply.id)


async def undo_ban(db: Database, sanction_id: int, *, server_id: int, moderator_id: int, now: datetime) -> int:
    """Lift a ban of which the member was not told yet, and hold the replies again that it rejected; gives how many.

    The strike that led to it is lifted with it: its member has heard of neither. Raises UndoTooLate when the member was
    told, or it is lifted already, or is not this moderator's.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        ban = await sanctions.get(conn, sanction_id)
        is_theirs = ban is not None and (ban.server_id, ban.moderator_id) == (server_id, moderator_id)
        if ban is None or not is_theirs or ban.kind is not SanctionKind.BAN or not ban.is_in_force(now):
            raise UndoTooLate
        if await stored_notices.is_told(conn, ban, now=now):
            raise UndoTooLate
        by: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
        _, held = await _lift(conn, server_id, ban.member_id, {SanctionKind.BAN}, **by)
        if ban.strike_id is not None:
            await strikes.take_back(conn, ban.strike_id, **by)
        return held


async def acknowledge(db: Database, sanction_id: int, *, member_id: int, now: datetime) -> Sanction:
    """Remember that a member has read a warning; they can reply then. Raises NothingToAcknowledge."""
    async with db.begin() as conn:
        known = await sanctions.get(conn, sanction_id)
        if known is None or known.member_id != member_id:
            raise NothingToAcknowledge
        await servers.hold(conn, known.server_id)
        warning = await sanctions.acknowledge(conn, sanction_id, member_id=member_id, now=now)
        if warning is None:
            raise NothingToAcknowledge
        await _write_down(conn, warning, Action.ACKNOWLEDGE, actor_id=member_id, now=now)
        return warning


async def require_free(conn: Connection, server_id: int, member_id: int, *, now: datetime) -> None:
    """Raise Banned, Paused or WarningUnread when a member may not reply; the gravest of several."""
    in_force = await sanctions.list_in_force(conn, server_id, member_id, now)
    for sanction in sorted(in_force, key=_gravity, reverse=True):
        penalty = await penalties.complete(conn, sanction=sanction)
        if penalty is None:
            continue
        if sanction.ends_at is not None:
            raise Paused(penalty, until=f"<t:{int(sanction.ends_at.timestamp())}:f>")
        raise WarningUnread(penalty) if sanction.kind is SanctionKind.WARNING else Banned(penalty)


async def require_not_banned(conn: Connection, server_id: int, member_id: int, *, now: datetime) -> None:
    """Raise Banned when a member may not even change what they sent."""
    for sanction in await sanctions.list_in_force(conn, server_id, member_id, now):
        if sanction.kind in (SanctionKind.BAN, SanctionKind.DISCORD_BAN):
            penalty = await penalties.complete(conn, sanction=sanction)
            if penalty is not None:
                raise Banned(penalty)


async def note_discord_ban(db: Database, member_id: int, *, server_id: int, now: datetime) -> None:
    """Remember that somebody banned a member from the server; what they have on hold is marked. Safe to call twice."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        who: dict[str, Any] = {"server_id": server_id, "member_id": member_id, "moderator_id": 0}
        await _impose(conn, SanctionKind.DISCORD_BAN, None, now=now, **who)


async def note_discord_unban(db: Database, member_id: int, *, server_id: int, now: datetime) -> None:
    """Remember that the server's ban is over. Safe to call twice."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        await _lift(conn, server_id, member_id, {SanctionKind.DISCORD_BAN}, moderator_id=0, now=now)


def _gravity(sanction: Sanction) -> tuple[int, float]:
    return list(SanctionKind).index(sanction.kind), sanction.ends_at.timestamp() if sanction.ends_at else 0


async def _impose(
    conn: Connection,
    kind: SanctionKind,
    length: timedelta | None,
    *,
    server_id: int,
    member_id: int,
    now: datetime,
    guideline: Guideline | None = None,
    trial: bool = False,
    **about: Any,
) -> Sanction | None:
    state = TimeoutState.APPLY if kind is SanctionKind.TIMEOUT and not trial else None
    ends_at = now + length if length is not None else None
    about |= {"server_id": server_id, "member_id": member_id, "guideline": guideline, "trial": trial, "discord": state}
    cited = await penalties.cite(conn, server_id, member_id, guideline, now=now)
    sanction = await sanctions.add(conn, kind=kind, begun_at=now, ends_at=ends_at, wording_id=cited, **about)
    if sanction is None:
        return None
    action = Action.WOULD_SANCTION if trial else ACTIONS[kind]
    await _write_down(conn, sanction, action, actor_id=sanction.moderator_id, now=now)
    if trial:
        return sanction
    await cards.outdate_of(conn, sanction.server_id, sanction.member_id)
    if kind is SanctionKind.DISCORD_BAN:
        return sanction
    told_at = None
    if kind is SanctionKind.BAN:
        told_at = now + await appearances.get_grace(conn, sanction.server_id)
        sanction = await bans.sweep(conn, sanction, now=now)
    await notices.tell_penalty(conn, sanction, NoticeKind.SANCTIONED, now=now, leaves_at=told_at)
    return sanction


async def _lift(
    conn: Connection,
    server_id: int,
    member_id: int,
    kinds: Collection[SanctionKind],
    *,
    moderator_id: int,
    now: datetime,
    strike_id: int | None = None,
    reply_id: int | None = None,
) -> tuple[list[Sanction], int]:
    by: dict[str, Any] = {"moderator_id": moderator_id, "now": now}
    led: dict[str, Any] = {"strike_id": strike_id, "reply_id": reply_id}
    lifted = await sanctions.lift(conn, server_id, member_id, kinds, **by, **led)
    held = 0
    for sanction in lifted:
        held += await bans.hold_again(conn, sanction, **by)
        await _write_down(conn, sanction, Action.LIFT, actor_id=moderator_id, now=now)
        if sanction.kind is not SanctionKind.DISCORD_BAN:
            await notices.tell_lifted(conn, sanction, now=now)
    if lifted:
        await cards.outdate_of(conn, server_id, member_id)
    return lifted, held


async def _write_down(conn: Connection, sanction: Sanction, action: Action, *, actor_id: int, now: datetime) -> None:
    await audit.append(
        conn,
        sanction.server_id,
        action,
        actor_id=actor_id,
        at=now,
        subject_id=sanction.id,
        member_id=sanction.member_id,
        kind=sanction.kind,
        guideline=sanction.guideline,
        sentence=sanction.sentence,
        reply_id=sanction.reply_id,
        strike_id=sanction.strike_id,
        ends_at=sanction.ends_at.isoformat() if sanction.ends_at else None,
    )


async def _require_theirs(conn: Connection, reply_id: int, server_id: int, member_id: int) -> None:
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    if reply.status is ReplyStatus.PENDING:  # whose it is may be hidden
        raise NotDecidedAgainst
    if reply.author.id != member_id:
        raise NotTheirReply
