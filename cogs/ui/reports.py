"""Reports as people see them: the card on which moderators decide, and the form that came back to its writer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import Accuracy, Reported, ReportOutcome
from bot.outgoing import report_mark
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.forms import kept
from cogs.ui.hiding import shown_text
from cogs.ui.names import shown_name
from cogs.ui.replies import DONE, QUIET, REFUSED, published_url
from cogs.ui.text import body, cut, excerpt, link, quoted, room_beside

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Report

TEXT_ROOM = 1600  # of the reply, unless it is blurred: then it is as long as a spoiler may be
SENTENCE_ROOM = 300  # of a reporter's words
MORE_ROOM = 60  # of the line that says how many reports are not shown
SENTENCE, GUIDELINE = 0, 1  # the places of what a returned form keeps

DECIDED = {
    ReportOutcome.KEPT: (DONE, N_("kept by {person} {when}")),
    ReportOutcome.REMOVED: (REFUSED, N_("removed by {person} {when}")),
    ReportOutcome.RESTORED: (DONE, N_("removed by {person} {when}, and put back since")),
    ReportOutcome.CHANGES: (QUIET, N_("given back by {person} {when}, to be changed")),
    ReportOutcome.GONE: (QUIET, N_("taken back by its author {when}")),
}


def report_card(reported: Reported, language: Language) -> discord.ui.LayoutView:
    """Build the card of all reports about a reply that are decided together."""
    card, reply = reported.card, reported.case.reply
    head, foot = _head(reported, language), _foot(reported, language)
    text = shown_text(reply) if reply.blurred else cut(quoted(body(reply.text)), TEXT_ROOM)
    reasons = _reasons(reported, language, room=room_beside(head, text, foot))
    colour = DECIDED[card.outcome][0] if card.outcome else REFUSED
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour, id=report_mark(card.id))
    container.add_item(discord.ui.TextDisplay(head)).add_item(discord.ui.TextDisplay(text))
    container.add_item(discord.ui.Separator()).add_item(discord.ui.TextDisplay(reasons))
    if foot:
        container.add_item(discord.ui.TextDisplay(foot))
    if card.decided_at is None:
        keep = button("report:keep", language, reply.id)
        changes = button("report:changes", language, reply.id, card.revision)
        container.add_item(discord.ui.ActionRow(keep, button("review:remove", language, reply.id), changes))
    return view_of(container)


def returned_report(
    sentence: str, guideline: str, typed: str, language: Language, again: DrawnButton | None
) -> discord.ui.LayoutView:
    """Give a reporter back what they chose and typed, with the button that opens the form with it."""
    parts: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay(sentence)]
    if again is not None and guideline:
        parts += kept(language.say("Guideline: **{guideline}**", guideline=guideline), place=GUIDELINE)
    parts += kept(typed[: room_beside(sentence, guideline) - MORE_ROOM], place=SENTENCE)
    if again is not None:
        parts.append(discord.ui.ActionRow(again))
    return view_of(*parts)


def accuracy_line(accuracy: Accuracy, language: Language) -> str:
    """Say how far earlier reports of a member were right."""
    if not accuracy.decided:
        return language.say("no earlier reports")
    return language.count(
        "{upheld} of {n} earlier report was upheld",
        "{upheld} of {n} earlier reports were upheld",
        accuracy.decided,
        upheld=accuracy.upheld,
    )


def _head(reported: Reported, language: Language) -> str:
    reply = reported.case.reply
    address = published_url(reply, reported.case.article)
    number = link(f"#{reply.number}", address) if address else f"#{reply.number}"
    count = language.count(
        "{number} was reported by {n} member",
        "{number} was reported by {n} members",
        reported.count,
        number=f"**{number}**",
    )
    author = f"<@{reply.author.id}> ({shown_name(reply.author)})"
    return f"{count}\n{language.say('author hidden') if reported.is_blind else author}"


def _reasons(reported: Reported, language: Language, *, room: int) -> str:
    lines: list[str] = []
    room -= MORE_ROOM
    for report in reported.reports:
        line = _reason(report, reported.accuracy.get(report.reporter_id, Accuracy()), language)
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    if left := reported.count - len(lines):
        lines.append("-# " + language.count("and {n} more", "and {n} more", left))
    return "\n".join(lines)


def _reason(report: Report, accuracy: Accuracy, language: Language) -> str:
    parts = [f"**{language.word(report.guideline)}**"] if report.guideline else []
    parts += [f"<@{report.reporter_id}>", accuracy_line(accuracy, language)]
    said = f"\n> {excerpt(report.sentence, SENTENCE_ROOM)}" if report.sentence else ""
    return " · ".join(parts) + said


def _foot(reported: Reported, language: Language) -> str:
    card = reported.card
    if card.outcome is not None and card.decided_at is not None:
        person, when = f"<@{card.decided_by}>", f"<t:{int(card.decided_at.timestamp())}:R>"
        if reported.case.reply.appealed and card.outcome is ReportOutcome.REMOVED:
            return language.say("removed {when} · its author has appealed", when=when)
        return language.say(DECIDED[card.outcome][1], person=person, when=when)
    if card.hidden_at is not None:
        return language.say("Readers do not see it until this is decided.")
    if card.would_hide_at is not None:
        return language.say("It would be hidden now: hide_trial is on.")
    return ""
