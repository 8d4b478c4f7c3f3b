"""A member's history: what became of their replies, then everything that happened, the newest first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import Action, EntryKind, ReplyStatus, ReportOutcome
from cogs.ui.appeals import outcome_line
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.hiding import veil
from cogs.ui.replies import QUIET, published_url
from cogs.ui.sanctions import sanction_entry, strike_entry
from cogs.ui.text import excerpt, gist, link, message_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Language
    from bot.models import Appeal, Entry, Reply, Totals

PAGE = 8  # entries at most
ROOM = 3200  # characters of all entries together; the totals stand above them
TEXT_ROOM = 120
TITLE_ROOM = 60
NOTE_ROOM = 1100  # a whole note, with its escapes
OUTCOMES = {
    ReportOutcome.KEPT: N_("kept"),
    ReportOutcome.REMOVED: N_("removed"),
    ReportOutcome.RESTORED: N_("removed, and put back since"),
    ReportOutcome.CHANGES: N_("given back to be changed"),
    ReportOutcome.GONE: N_("taken back by its author"),
}
APPEALS = {
    Action.REJECT: N_("⚖️ Appealed against the rejection of {number} {when}"),
    Action.REMOVE: N_("⚖️ Appealed against the removal of {number} {when}"),
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a history; its entries are the newest first."""

    member_id: int
    totals: Totals
    entries: Sequence[Entry]
    has_newer: bool
    has_older: bool


def veiled(entry: Entry, language: Language, *, is_blind: bool) -> Entry:
    """Return the entry as a history may show it: under blind review nothing tells which held reply is the member's."""
    if entry.reply is None:
        return entry
    if is_blind and entry.reply.status is ReplyStatus.PENDING:
        return replace(entry, reply=None, article=None)
    return replace(entry, reply=veil(entry.reply, language, is_blind=False))


def first_fitting(entries: Sequence[Entry], language: Language) -> list[Entry]:
    """Return the first entries that fit on a page together, at least one."""
    fitting: list[Entry] = []
    room = ROOM
    for entry in entries:
        room -= len(_entry(entry, language))
        if room < 0 and fitting:
            break
        fitting.append(entry)
    return fitting


def history_page(page: Page, language: Language, *, reader_id: int, is_admin: bool) -> discord.ui.LayoutView:
    """Build a page; who wrote a note can remove it here, and who manages the server."""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=QUIET)
    container.add_item(discord.ui.TextDisplay(_head(page, language)))
    for entry in page.entries:
        text = discord.ui.TextDisplay[Any](_entry(entry, language))
        if entry.note is not None and (is_admin or entry.note.moderator_id == reader_id):
            remove = button("note:remove", language, entry.note.id)
            container.add_item(discord.ui.Section(text, accessory=remove))
        else:
            container.add_item(text)
    turns = _turns(page, language)
    return view_of(container, *([discord.ui.ActionRow(*turns)] if turns else []))


def _turns(page: Page, language: Language) -> list[DrawnButton]:
    if not page.entries:
        return []
    turns = []
    if page.has_newer:
        turns.append(button("history:newer", language, page.member_id, *_position(page.entries[0])))
    if page.has_older:
        turns.append(button("history:older", language, page.member_id, *_position(page.entries[-1])))
    return turns


def _position(entry: Entry) -> tuple[int, int, int]:
    at, kind, row_id = entry.place
    return (at - EPOCH) // timedelta(microseconds=1), int(kind), row_id


def _head(page: Page, language: Language) -> str:
    counts = page.totals.statuses
    states = [f"{language.word(status)}: {counts[status]}" for status in ReplyStatus if counts.get(status)]
    rules = [f"{language.word(rule)}: {number}" for rule, number in sorted(page.totals.guidelines.items())]
    lines = ["### " + language.say("History of {member}", member=f"<@{page.member_id}>")]
    lines.append(" · ".join(states) or language.say("No reply was sent here."))
    if rules:
        lines.append(language.say("Rejected under: {guidelines}", guidelines=" · ".join(rules)))
    if not page.entries and states:
        lines.append(language.say("There is nothing more."))
    return "\n".join(lines)


def _entry(entry: Entry, language: Language) -> str:
    when = f"<t:{int(entry.place.at.timestamp())}:R>"
    if entry.place.kind is EntryKind.REPLY:
        if entry.reply is None:
            return language.say("A held reply, hidden until it is decided · {when}", when=when)
        return _reply(entry, entry.reply, language, when)
    if entry.strike is not None:
        return strike_entry(entry.strike, _number(entry), language, when, is_blind=entry.is_blind)
    if entry.sanction is not None:
        return sanction_entry(entry.sanction, _number(entry), language, when, is_blind=entry.is_blind)
    if entry.appeal is not None:
        return _appeal(entry.appeal, _number(entry), language, when)
    return _said(entry, language, when)


def _said(entry: Entry, language: Language, when: str) -> str:
    """Draw what somebody else said about the member or a reply: a note, a report."""
    number = _number(entry)
    if entry.note is not None:
        person = f"<@{entry.note.moderator_id}>"
        said = language.say("📝 Note by {person} {when}", person=person, when=when)
        on = f" · {number}" if number else ""
        return f"{said}{on}\n> {excerpt(entry.note.text, NOTE_ROOM)}"
    return _report(entry, language, number, when)


def _report(entry: Entry, language: Language, number: str, when: str) -> str:
    report = entry.report
    if entry.place.kind is EntryKind.REPORT_ABOUT and report is not None:
        person = f"<@{report.reporter_id}>"
        line = language.say("🚩 {number} was reported by {person} {when}", number=number, person=person, when=when)
    else:
        line = language.say("🚩 Reported {number} {when}", number=number, when=when)
    parts = [line]
    if report is not None and report.guideline is not None:
        parts.append(language.word(report.guideline))
    if entry.outcome is not None:
        parts.append(language.say(OUTCOMES[entry.outcome]))
    said = f"\n> {excerpt(report.sentence, TEXT_ROOM)}" if report is not None and report.sentence else ""
    return " · ".join(parts) + said


def _appeal(appeal: Appeal, number: str, language: Language, when: str) -> str:
    line = language.say(APPEALS[appeal.action], number=number, when=when)
    parts = [line, language.word(appeal.guideline) if appeal.guideline else "", outcome_line(appeal, language)]
    return f"{' · '.join(filter(None, parts))}\n> {excerpt(appeal.reasons, TEXT_ROOM)}"


def _reply(entry: Entry, reply: Reply, language: Language, when: str) -> str:
    parts = [_number(entry), language.word(reply.status)]
    if reply.guideline is not None:
        parts.append(language.word(reply.guideline))
    if entry.article is not None:
        parts.append(excerpt(entry.article.page.title, TITLE_ROOM))
    parts.append(when)
    lines = [" · ".join(parts), f"> {gist(reply.text, TEXT_ROOM)}"]
    if reply.by_role and reply.status in {ReplyStatus.APPROVED, ReplyStatus.PUBLISHED}:
        lines.append("-# " + language.say("published by its author’s own role"))
    if reply.decided_by is not None and reply.decided_at is not None:
        decided = f"<t:{int(reply.decided_at.timestamp())}:R>"
        said = language.say("decided by {person} {when}", person=f"<@{reply.decided_by}>", when=decided)
        if reply.appealed:
            said = language.say("decided {when}", when=decided)
        lines.append(f"-# {said}")
    return "\n".join(lines)


def _number(entry: Entry) -> str:
    """Return the number, linked to the published message, or to the card."""
    reply = entry.reply
    if reply is None:
        return ""
    address = published_url(reply, entry.article)
    if address is None and reply.card_channel_id is not None and reply.card_message_id is not None:
        address = message_url(reply.server_id, reply.card_channel_id, reply.card_message_id)
    return link(f"#{reply.number}", address) if address else f"**#{reply.number}**"
