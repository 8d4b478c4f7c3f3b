"""Replies: a member sends one, changes it or takes it back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import (
    ArticleFull,
    ArticleNotFound,
    DiscussionClosed,
    DuplicateReply,
    NotHeld,
    NothingChanged,
    NotYourReply,
    ParentNotPublished,
    ReplyNotFound,
    TextEmpty,
    TextTooLong,
)
from bot.models import CHANGEABLE, Action, ArticleStatus, Draft, Duty, Receipt, Reply, ReplyStatus
from bot.screening.cleaning import clean, is_readable
from bot.screening.folding import fingerprint
from bot.services import backlog, impressions, report_cards, sanctions, trust, young
from bot.storage import (
    appeals,
    articles,
    audit,
    clusters,
    deciders,
    decisions,
    guideline_cards,
    guidelines,
    notices,
    queue,
    replies,
    revisions,
    servers,
    settings,
    shifts,
    troubles,
)
from bot.troubles import TroubleKind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.services.impressions import Impression
    from bot.storage import Connection, Database

AGAINST = (ReplyStatus.REJECTED, ReplyStatus.REMOVED)


async def submit(db: Database, draft: Draft, *, now: datetime) -> Receipt:
    """Hold a reply for review; one of staff is approved at once where the server says so, as `services/trust.py` does.

    Raises ArticleNotFound, DiscussionClosed, ArticleFull, AccountTooYoung, ParentNotPublished, TextEmpty, TextTooLong,
    MayNotReply, or DuplicateReply for the same text and for the same form delivered twice; nothing is stored then.
    """
    author = replace(draft.author, name=clean(draft.author.name))
    draft = replace(draft, text=clean(draft.text).strip(), author=author)
    mark = fingerprint(draft.text)
    where = {"server_id": draft.server_id, "article_id": draft.article_id, "author_id": author.id}
    impression = await impressions.form(db, draft.text, **where)
    async with db.begin() as conn:
        await servers.hold(conn, draft.server_id)  # the discussion is not closed meanwhile
        await sanctions.require_free(conn, draft.server_id, author.id, now=now)
        await _check_place(conn, draft, now=now)
        await _check_text(conn, draft.server_id, draft.text)
        number = await servers.next_reply_number(conn, draft.server_id)
        badge = await trust.get_badge(conn, draft)
        reply = await replies.insert_held(conn, draft, number=number, fingerprint=mark, now=now, badge=badge)
        if reply is None:
            raise DuplicateReply(await _stored(conn, draft, mark))
        await revisions.add(conn, reply, now=now)
        reply = await impressions.keep(conn, reply, impression)
        await _audit(conn, Action.SUBMIT, reply, now=now)
        await backlog.follow(conn, reply, now=now)
        reply = await trust.approve_by_role(conn, reply, impression.flags, is_staff=draft.is_staff, now=now)
        return await _receipt(conn, reply, now=now)


async def receipt(db: Database, reply_id: int, *, server_id: int | None = None, now: datetime | None = None) -> Receipt:
    """Where the reply is now; from when on it is reviewed, only `now` tells. Raises ReplyNotFound."""
    async with db.read() as conn:
        reply = await _get(conn, reply_id, server_id)
        return await _receipt(conn, reply, now=now)


async def revise(db: Database, reply_id: int, text: str, *, author_id: int, now: datetime) -> Receipt:
    """Put another text in the place of a held one; the reply keeps its number and its turn.

    Raises ReplyNotFound, NotYourReply, NotHeld, NothingChanged, TextEmpty, TextTooLong, DuplicateReply, Banned, or
    DiscussionClosed for one that was given back and comes too late, and changes nothing then.
    """
    text = clean(text).strip()
    impression = await _look_again(db, reply_id, text)
    async with db.begin() as conn:
        reply = await _own(conn, reply_id, author_id)
        await sanctions.require_not_banned(conn, reply.server_id, author_id, now=now)
        await _check_text(conn, reply.server_id, text)
        if reply.status not in CHANGEABLE:
            raise _not_held(reply)
        await _check_open(conn, reply)
        if text != reply.text:
            reply = await _revise(conn, reply, text, impression, now=now)
        elif reply.status == ReplyStatus.CHANGES_REQUESTED:
            raise NothingChanged
        return await _receipt(conn, reply, now=now)


async def withdraw(db: Database, reply_id: int, *, author_id: int, now: datetime) -> Reply:
    """Take a reply back before it is published. Raises ReplyNotFound, NotYourReply or NotHeld."""
    async with db.begin() as conn:
        reply = await _own(conn, reply_id, author_id)
        withdrawn = await replies.withdraw(conn, reply_id, now=now)
        if withdrawn is None:
            raise _not_held(await replies.get(conn, reply_id) or reply)
        await _audit(conn, Action.WITHDRAW, withdrawn, now=now)
        await troubles.mend(conn, withdrawn.server_id, TroubleKind.REFUSED, subject_id=reply_id, now=now)
        await notices.supersede(conn, withdrawn, now=now)
        await clusters.leave(conn, withdrawn)
        await backlog.follow(conn, withdrawn, now=now)
        await report_cards.close(conn, withdrawn, Action.WITHDRAW, decided_by=author_id, now=now)
        return withdrawn


async def _receipt(conn: Connection, reply: Reply, *, now: datetime | None) -> Receipt:
    usual_wait = await decisions.get_usual_wait(conn, reply.server_id)
    article = await articles.get(conn, reply.article_id)
    duty = await shifts.get_duty(conn, reply.server_id, now=now) if now else Duty()
    can_appeal, appeal = await appeals.get_of_decision(conn, reply) if reply.status in AGAINST else (False, None)
    return Receipt(
        reply,
        ahead=await queue.count_ahead(conn, reply),
        usual_wait=usual_wait,
        letters_minutes=article.letters_minutes if article else None,
        cited=(await guidelines.list_cited(conn, [reply])).get(reply.id),
        guidelines=await guideline_cards.get(conn, reply.server_id),
        decider_id=await deciders.get_of_reply(conn, reply),
        reviewed_from=None if duty.is_somebody else duty.begins_at,
        appeal=appeal,
        may_appeal=can_appeal and appeal is None,
    )


async def _look_again(db: Database, reply_id: int, text: str) -> Impression:
    async with db.read() as conn:
        reply = await _get(conn, reply_id)
    where = {"server_id": reply.server_id, "article_id": reply.article_id, "author_id": reply.author.id}
    return await impressions.form(db, text, **where, reply_id=reply_id)


async def _revise(conn: Connection, reply: Reply, text: str, impression: Impression, *, now: datetime) -> Reply:
    revised = await replies.revise(conn, reply, text=text, fingerprint=fingerprint(text), now=now)
    if revised is None:
        raise _not_held(await replies.get(conn, reply.id) or reply)
    await revisions.add(conn, revised, now=now)
    revised = await impressions.keep(conn, revised, impression)
    await _audit(conn, Action.REVISE, revised, now=now)
    await troubles.mend(conn, revised.server_id, TroubleKind.REFUSED, subject_id=revised.id, now=now)
    await notices.supersede(conn, revised, now=now)
    await backlog.follow(conn, revised, now=now)
    return revised


async def _check_place(conn: Connection, draft: Draft, *, now: datetime) -> None:
    article = await articles.get(conn, draft.article_id, server_id=draft.server_id)
    if article is None or article.status == ArticleStatus.DRAFT:
        raise ArticleNotFound
    if article.status != ArticleStatus.OPEN:
        raise DiscussionClosed
    if article.full_at is not None:
        raise ArticleFull
    young.require_grown(article, draft.author, now=now)
    if draft.parent_id is not None:
        parent = await replies.get(conn, draft.parent_id, server_id=draft.server_id)
        if parent is None or parent.article_id != article.id or not parent.may_be_visible:
            raise ParentNotPublished


async def _check_open(conn: Connection, reply: Reply) -> None:
    """Let a held reply be changed in a closed discussion, but no other become held in it."""
    article = await articles.get(conn, reply.article_id)
    is_closed = article is not None and article.status == ArticleStatus.CLOSED
    if is_closed and reply.status == ReplyStatus.CHANGES_REQUESTED:
        raise DiscussionClosed


async def _check_text(conn: Connection, server_id: int, text: str) -> None:
    if not is_readable(text):
        raise TextEmpty
    limit = (await settings.load(conn, server_id)).reply_length
    if len(text) > limit:
        raise TextTooLong(length=len(text), limit=limit)


async def _stored(conn: Connection, draft: Draft, mark: str) -> Reply:
    stored = await replies.get_by_interaction(conn, draft.interaction_id)
    stored = stored or await replies.get_twin(conn, draft.article_id, draft.author.id, mark)
    if stored is None:
        raise LookupError("a reply was refused as stored already, and is not there")
    return stored


async def _own(conn: Connection, reply_id: int, author_id: int) -> Reply:
    reply = await _get(conn, reply_id)
    if reply.author.id != author_id:
        raise NotYourReply
    await servers.hold(conn, reply.server_id)
    return await _get(conn, reply_id)


async def _get(conn: Connection, reply_id: int, server_id: int | None = None) -> Reply:
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    return reply


def _not_held(reply: Reply) -> NotHeld:
    return NotHeld(number=f"#{reply.number}", status=reply.status)


async def _audit(conn: Connection, action: Action, reply: Reply, *, now: datetime) -> None:
    await audit.append(
        conn,
        reply.server_id,
        action,
        actor_id=reply.author.id,
        at=now,
        subject_id=reply.id,
        number=reply.number,
        revision=reply.revision,
    )
