"""Reports: a member complains about a published reply, and a moderator decides what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import (
    AlreadyReported,
    GuidelineUnknown,
    NoReportsOpen,
    NotPublished,
    OwnReplyReported,
    ReplyKept,
    ReplyNotFound,
    ReportDecided,
    ReportsUpToNow,
    StaleRevision,
    TextEmpty,
    TooManyOpenReports,
)
from bot.models import STANDS, Action, Picked, Reply, ReplyStatus
from bot.services import decisions, guards, reasons, report_cards
from bot.storage import audit, replies, reports, servers, settings
from bot.storage import report_cards as stored

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Report, ReportCard, Reporter
    from bot.storage import Connection, Database

MOST_OPEN = 10  # reports of one person in one server that wait for a decision
MOST_AT_ONCE, AT_ONCE = 5, timedelta(minutes=10)
INDEPENDENT = timedelta(days=7)  # in the server


async def require_reportable(db: Database, reply_id: int, *, server_id: int, reporter_id: int, now: datetime) -> Reply:
    """The reply, if this person may report it now; raises as `report` does."""
    async with db.read() as conn:
        return await _check(conn, reply_id, server_id=server_id, reporter_id=reporter_id, now=now)


async def report(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    reporter: Reporter,
    guideline: str,
    sentence: str | None,
    now: datetime,
) -> Report:
    """Store a complaint about the present revision; where there are many, the reply is hidden until they are decided.

    Raises ReplyNotFound, OwnReplyReported, NotPublished, AlreadyReported, ReportDecided, ReplyKept for a revision that
    the moderators have kept, TooManyOpenReports, ReportsUpToNow, GuidelineUnknown or TextTooLong; stores nothing then.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        reply = await _check(conn, reply_id, server_id=server_id, reporter_id=reporter.id, now=now)
        if not guideline:
            raise GuidelineUnknown
        why = await reasons.complete(conn, reply, guideline=guideline, sentence=sentence, picked=reasons.NOTHING_PICKED)
        card = await stored.open_for(conn, reply, now=now)
        said = {"guideline": why["guideline"], "sentence": why["sentence"], "reporter_language": reporter.language}
        is_new = reporter.joined_at is not None and now - reporter.joined_at < INDEPENDENT
        added = await reports.add(
            conn, reply, card, reporter_id=reporter.id, now=now, is_independent=not is_new, **said
        )
        if added is None:
            raise AlreadyReported
        about = {"number": reply.number, "revision": reply.revision, "guideline": added.guideline}
        await audit.append(conn, server_id, Action.REPORT, actor_id=reporter.id, at=now, subject_id=reply_id, **about)
        await _hide(conn, reply, card, now=now)
    return added


async def keep(db: Database, reply_id: int, *, server_id: int, moderator_id: int, now: datetime) -> Reply:
    """Decide that a reported reply stays; if it was hidden, it is shown again.

    Raises ReplyNotFound, OwnReply, or NoReportsOpen when somebody was faster.
    """
    async with db.begin() as conn:
        reply = await decisions.take(conn, reply_id, server_id, moderator_id)
        await _require_open(conn, reply)
        await decisions.write_down(conn, reply, Action.REPORT_KEPT, moderator_id=moderator_id, now=now)
        await report_cards.close(conn, reply, Action.REPORT_KEPT, decided_by=moderator_id, now=now)
        return await replies.get(conn, reply_id) or reply


async def request_changes(
    db: Database,
    reply_id: int,
    *,
    server_id: int,
    moderator_id: int,
    revision: int,
    sentence: str | None,
    now: datetime,
    guideline: str | None = None,
    picked: Picked = reasons.NOTHING_PICKED,
) -> Reply:
    """Take a published reply out and give it back to its author, whose revised text is held and published anew.

    Raises ReplyNotFound, OwnReply, StaleRevision, NotPublished, GuidelineUnknown, PhraseUnknown, TextTooLong or
    TextEmpty.
    """
    async with db.begin() as conn:
        before = await decisions.take(conn, reply_id, server_id, moderator_id)
        reason = await reasons.complete(conn, before, guideline=guideline, sentence=sentence, picked=picked)
        if reason["sentence"] is None:
            raise TextEmpty
        if revision != before.revision:
            raise StaleRevision(before)
        reply = await replies.decide(
            conn,
            reply_id,
            expected=ReplyStatus.PUBLISHED,
            revision=revision,
            status=ReplyStatus.CHANGES_REQUESTED,
            decided_by=moderator_id,
            decided_at=now,
            **reason,
        )
        if reply is None:
            raise NotPublished(number=f"#{before.number}", status=before.status)
        await decisions.record(conn, reply, Action.REQUEST_CHANGES, moderator_id=moderator_id, now=now)
    return reply


async def require_open(db: Database, reply_id: int, *, server_id: int, moderator_id: int) -> Reply:
    """The reply, if this moderator may decide the reports about it; raises as `keep` does."""
    async with db.read() as conn:
        reply = await replies.get(conn, reply_id, server_id=server_id)
        if reply is None:
            raise ReplyNotFound
        await guards.require_unconcerned(conn, reply, moderator_id)
        await _require_open(conn, reply)
        return reply


async def _require_open(conn: Connection, reply: Reply) -> None:
    card = await stored.get_latest(conn, reply)
    if card is None or card.decided_at is not None:
        raise NoReportsOpen(number=f"#{reply.number}", status=reply.status)


async def _check(conn: Connection, reply_id: int, *, server_id: int, reporter_id: int, now: datetime) -> Reply:
    reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    if reply.author.id == reporter_id:
        raise OwnReplyReported
    if earlier := await reports.get_of(conn, reply, reporter_id):
        raise ReportDecided(earlier[1]) if earlier[1] else AlreadyReported
    if not reply.may_be_visible:
        raise NotPublished(number=f"#{reply.number}", status=reply.status)
    card = await stored.get_latest(conn, reply)
    if card is not None and card.outcome in STANDS:  # the same words; another revision is another matter
        raise ReplyKept
    if await reports.count_open(conn, server_id, reporter_id) >= MOST_OPEN:
        raise TooManyOpenReports(n=MOST_OPEN)
    if await reports.count_since(conn, server_id, reporter_id, now - AT_ONCE) >= MOST_AT_ONCE:
        raise ReportsUpToNow(n=MOST_AT_ONCE)
    return reply


async def _hide(conn: Connection, reply: Reply, card: ReportCard, *, now: datetime) -> None:
    """Hide a reply that enough independent members have reported, or write down that it would be.

    Reports are independent when they are different members' (each has one), none of whom is known to have joined the
    server within the last seven days: accounts that are made or brought for it do not count.
    """
    chosen = await settings.load(conn, reply.server_id)
    if not chosen.hide_after_reports:
        return
    count = await reports.count_of(conn, card.id, only_independent=True)
    is_trial = chosen.hide_trial
    if count >= chosen.hide_after_reports and await stored.hide(conn, card, now=now, is_trial=is_trial):
        action = Action.WOULD_HIDE if is_trial else Action.HIDE
        about = {"number": reply.number, "reports": count}
        await audit.append(conn, reply.server_id, action, actor_id=0, at=now, subject_id=reply.id, **about)
