"""Second opinions: a moderator has another one judge a reply, who does not see the first view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import AlreadyDecided, GuidelineUnknown, OpinionGone, OpinionOpen, ReplyNotFound, StaleRevision
from bot.models import Action, Case, Reply, ReplyStatus, View
from bot.services import decisions, guards, guidelines, weighing
from bot.storage import audit, cards, cases, claims, opinions, replies, settings
from bot.values import UNCHECKED

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Filter
    from bot.storage import Connection, Database

VIEWS = (Action.APPROVE, Action.REJECT, Action.REQUEST_CHANGES)


async def ask(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    view: str,
    guideline: str | None,
    sentence: str | None,
    is_senior: bool = False,
    now: datetime,
) -> Reply:
    """Have another moderator judge a held reply. Only `sentence` is shown to them, not the view.

    Raises ReplyNotFound, OwnReply, AlreadyDecided, StaleRevision, OpinionOpen, GuidelineUnknown when a view to reject
    names none, and TextTooLong; where two moderators disagree already, what `weighing.require_turn` raises.
    """
    words = decisions.read_sentence(sentence)
    async with db.begin() as conn:
        first = await read_view(conn, server_id, view, guideline)
        reply = await decisions.take(conn, reply_id, server_id, moderator_id)
        shown = await opinions.as_shown(conn, reply, moderator_id)
        if shown.status is not ReplyStatus.PENDING:
            raise AlreadyDecided(reply)
        if reply.revision != revision:
            raise StaleRevision(reply)
        if shown is not reply:  # their view is what the check of consistency asks for
            await weighing.answer_recheck(conn, reply, first, moderator_id=moderator_id, now=now)
            return shown
        earlier = await weighing.require_turn(conn, reply, moderator_id=moderator_id, is_senior=is_senior, now=now)
        asked = await opinions.ask(conn, reply, asked_by=moderator_id, first=first, sentence=words, now=now)
        if asked is None or (earlier is not None and earlier.is_disputed):
            raise OpinionOpen(number=f"#{reply.number}")
        await claims.give_up(conn, reply.id)
        await _write_down(conn, reply, moderator_id=moderator_id, now=now, sentence=words)
        return await replies.get(conn, reply_id) or reply


async def take_back(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Forget one's own request that nobody has answered. Raises ReplyNotFound, OwnReply and OpinionGone."""
    async with db.begin() as conn:
        reply = await decisions.take(conn, reply_id, server_id, moderator_id)
        if reply.status is not ReplyStatus.PENDING or not await opinions.take_back(conn, reply, asked_by=moderator_id):
            raise OpinionGone(number=f"#{reply.number}")
        await cards.outdate(conn, reply.id)
        await _write_down(conn, reply, moderator_id=moderator_id, now=now, taken_back=True)
        return await replies.get(conn, reply_id) or reply


async def require_judge(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int | None,
    is_senior: bool,
    now: datetime,
) -> Reply:
    """The reply, when this moderator could decide it now; what they are shown once more, as if it were held.

    Raises what a decision would raise, so that nobody fills in a form in vain. None as the revision is the present one.
    """
    async with db.read() as conn:
        reply = await replies.get(conn, reply_id, server_id=server_id)
        if reply is None:
            raise ReplyNotFound
        await guards.require_unconcerned(conn, reply, moderator_id)
        if revision is not None and reply.revision != revision:
            raise StaleRevision(reply)
        if reply.status is ReplyStatus.PENDING:
            await weighing.require_turn(conn, reply, moderator_id=moderator_id, is_senior=is_senior, now=now)
            return reply
        shown = await opinions.as_shown(conn, reply, moderator_id)
        if shown is reply:
            raise AlreadyDecided(await decisions.as_answered(conn, reply, moderator_id))
        return shown


async def find_recheck(
    db: Database, wanted: Filter, *, server_id: int, moderator_id: int, now: datetime
) -> Case | None:
    """A decided reply that this moderator is to judge once more, drawn as if it were held; None when none is due.

    It is one that the filter would show if it were held. It stays theirs until they have judged or skipped it, for
    half a day; what they press then is recorded as an opinion by `decisions.decide`. Nothing tells it from a held one.
    """
    if wanted.mine:
        return None
    async with db.read() as conn:
        if (await settings.load(conn, server_id)).consistency_check == UNCHECKED:
            return None
    async with db.begin() as conn:
        reply_id = await opinions.hand_out(conn, server_id, moderator_id, wanted, now=now)
        return await cases.get(conn, reply_id, reader_id=moderator_id) if reply_id is not None else None


async def _write_down(conn: Connection, reply: Reply, *, moderator_id: int, now: datetime, **details: object) -> None:
    about = {"number": reply.number, "revision": reply.revision, **details}
    action = Action.ASK_OPINION
    await audit.append(conn, reply.server_id, action, actor_id=moderator_id, at=now, subject_id=reply.id, **about)


async def read_view(conn: Connection, server_id: int, view: str, guideline: str | None) -> View:
    """What was chosen in a form. Raises GuidelineUnknown; only a view to reject has a guideline."""
    if view not in VIEWS:
        raise GuidelineUnknown
    if view != Action.REJECT:
        return View(Action(view))
    return View(Action.REJECT, await guidelines.require_in_force(conn, server_id, guideline))
