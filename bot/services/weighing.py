"""Weighing: a decision on a reply about which another moderator was asked, compared with the view there is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import OpinionAsked, SeniorDecides, ThirdDecides
from bot.models import Action, View
from bot.storage import audit, claims, opinions, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Opinion, Reply
    from bot.storage import Connection

CHECKED = (Action.APPROVE, Action.REJECT)


async def require_turn(
    conn: Connection, reply: Reply, *, moderator_id: int, is_senior: bool, now: datetime
) -> Opinion | None:
    """The second opinion on a held reply, asked for or given; None: nobody has asked.

    Raises OpinionAsked to who has asked and waits. Once the two disagree, raises SeniorDecides to everybody but the
    senior ones, where there is such a role, and ThirdDecides to the two, senior or not, unless nobody else is known.
    """
    opinion = await opinions.get_second(conn, reply)
    if opinion is None:
        return None
    number = f"#{reply.number}"
    if opinion.second is None and opinion.asked_by == moderator_id:
        raise OpinionAsked(number=number)
    if opinion.is_disputed:
        if not is_senior and await _has_senior_role(conn, reply.server_id):
            raise SeniorDecides(number=number)
        pair = (opinion.asked_by, opinion.moderator_id)
        if moderator_id in pair and await opinions.has_third(conn, reply.server_id, pair, now=now):
            raise ThirdDecides(number=number)
    return opinion


async def weigh(
    conn: Connection, reply: Reply, view: View, *, moderator_id: int, is_senior: bool, now: datetime
) -> bool:
    """Take a decision as the second view where one is asked for; False: it must not be carried out, they disagree.

    Where nobody else could decide then, it is carried out all the same, and the audit says so. Raises as
    `require_turn` does.
    """
    opinion = await require_turn(conn, reply, moderator_id=moderator_id, is_senior=is_senior, now=now)
    if opinion is None or opinion.second is not None:
        return True
    given = await opinions.give(conn, opinion, moderator_id=moderator_id, view=view, now=now)
    if given is None:  # nobody else gives one while we hold the server
        return True
    stands = not given.is_disputed or not await _is_somebody_left(conn, reply, given, now=now)
    await claims.give_up(conn, reply.id)
    await _write_down(conn, reply, given, carried_out=stands, now=now)
    return stands


async def answer_recheck(
    conn: Connection, reply: Reply, view: View, *, moderator_id: int, now: datetime
) -> Reply | None:
    """Record what this moderator thinks of a decided reply that was shown to them as a held one.

    None: they were not shown it. The decision stands; who answers is told what they would be told of a held one.
    """
    opinion = await opinions.get_recheck(conn, reply, moderator_id)
    if opinion is None:
        return None
    given = await opinions.give(conn, opinion, moderator_id=moderator_id, view=view, now=now)
    if given is not None:
        await _write_down(conn, reply, given, carried_out=False, now=now)
    return replace(reply, decided_by=moderator_id, decided_at=now, guideline=view.guideline, sentence=None)


async def plan_recheck(conn: Connection, reply: Reply, action: Action, *, now: datetime) -> None:
    """Have one of so many decided replies judged once more, where the server's setting says so."""
    one_in = (await settings.load(conn, reply.server_id)).recheck_one_in
    if action in CHECKED and one_in is not None and is_sampled(reply.id, reply.revision, one_in=one_in):
        await opinions.plan_recheck(conn, reply, View(action, reply.guideline), now=now)


def is_sampled(reply_id: int, revision: int, *, one_in: int) -> bool:
    """Tell whether this revision is among the ones shown again: by a hash, so that nobody can see or choose which.

    The same for the same revision always, in every process; one of `one_in` on average.
    """
    digest = hashlib.sha256(f"recheck:{reply_id}:{revision}".encode()).digest()
    return int.from_bytes(digest[:8]) % one_in == 0


async def _is_somebody_left(conn: Connection, reply: Reply, opinion: Opinion, *, now: datetime) -> bool:
    pair = (opinion.asked_by, opinion.moderator_id)
    return await _has_senior_role(conn, reply.server_id) or await opinions.has_third(
        conn, reply.server_id, pair, now=now
    )


async def _has_senior_role(conn: Connection, server_id: int) -> bool:
    return (await settings.load(conn, server_id)).senior_role_id is not None


async def _write_down(conn: Connection, reply: Reply, opinion: Opinion, *, carried_out: bool, now: datetime) -> None:
    await audit.append(
        conn,
        reply.server_id,
        Action.GIVE_OPINION,
        actor_id=opinion.moderator_id or 0,
        at=now,
        subject_id=reply.id,
        number=reply.number,
        revision=reply.revision,
        purpose=opinion.purpose,
        view=opinion.second.action if opinion.second else None,
        guideline=opinion.second.guideline if opinion.second else None,
        agrees=not opinion.is_disputed,
        carried_out=carried_out,
    )
