"""The review card: all a moderator needs to decide one reply, and afterwards who decided what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.models import ReplyStatus
from bot.outgoing import card_mark
from cogs.ui.appearances import appearance_line
from cogs.ui.buttons import DrawnButton, button, view_of
from cogs.ui.claims import claim_line
from cogs.ui.clusters import cluster_buttons, cluster_line
from cogs.ui.differences import difference
from cogs.ui.flags import flag_lines, marked_body
from cogs.ui.hiding import shown_text, spoiler
from cogs.ui.names import shown_name
from cogs.ui.notes import notes_lines
from cogs.ui.opinions import opinion_lines
from cogs.ui.record import record, standing_lines
from cogs.ui.replies import COLOURS, REFUSED, badge_mark, decision_lines, parent_line, published_url
from cogs.ui.sanctions import penalty_lines
from cogs.ui.similar import similar_line
from cogs.ui.text import BODY_LIMIT, cut, excerpt, hidden_links, link, message_url, room_beside

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Article, Case, Reply

LATE = timedelta(hours=24)  # a card drawn after this long a wait is red
LINKS_SHOWN = 3
TITLE_ROOM = 90  # three lines on a phone
SENTENCE_ROOM = 400
CHANGES_ROOM = 1000
CHANGES_LEAST = 40


def review_card(case: Case, language: Language, *, now: datetime) -> discord.ui.LayoutView:
    """Build the card for the state the reply is in; its times are Discord's own and stay current without edits."""
    reply = case.reply
    head = _head(case, language, now=now)
    foot = "\n".join(filter(None, (claim_line(reply, language, now=now), _foot(case, language, now=now))))
    quote = _quote(case, language)
    text = shown_text(reply) if reply.blurred else cut(marked_body(case), BODY_LIMIT)
    foot = cut(foot, room_beside(head, quote, text)) if foot else ""
    changes = _changes(case, language, room=room_beside(head, quote, text, foot))
    is_late = reply.status is ReplyStatus.PENDING and now - reply.submitted_at > LATE
    container: discord.ui.Container[Any] = discord.ui.Container(
        accent_colour=REFUSED if is_late else COLOURS[reply.status], id=card_mark(reply.id)
    )
    container.add_item(discord.ui.TextDisplay(head))
    container.add_item(discord.ui.Separator())
    for line in filter(None, (quote, text)):
        container.add_item(discord.ui.TextDisplay(line))
    if changes:
        container.add_item(discord.ui.Separator()).add_item(discord.ui.TextDisplay(changes))
    if foot:  # our own lines stand apart, so that no author can write them
        container.add_item(discord.ui.Separator()).add_item(discord.ui.TextDisplay(foot))
    if buttons := _buttons(reply, language):
        reveal = [button("blind:reveal", language, reply.id)] if case.is_blind else []
        container.add_item(discord.ui.ActionRow(*buttons, *reveal))
    if buttons := cluster_buttons(case, language, now=now):
        container.add_item(discord.ui.ActionRow(*buttons))
    return view_of(container)


def _buttons(reply: Reply, language: Language) -> list[DrawnButton]:
    if reply.status is ReplyStatus.PUBLISHED:
        return [button("review:remove", language, reply.id)]
    if reply.status is ReplyStatus.REMOVED:
        return [button("review:restore", language, reply.id)]
    if reply.status is ReplyStatus.APPROVED:
        return [button("review:undo", language, reply.id)]
    if reply.status is not ReplyStatus.PENDING:
        return []
    actions = ("review:approve", "review:reject", "review:changes")
    more = button("review:more", language, reply.id)
    return [*(button(action, language, reply.id, reply.revision) for action in actions), more]


def author_line(case: Case, language: Language) -> str:
    """Say who wrote it and how their earlier replies were decided."""
    reply = case.reply
    person = f"{badge_mark(reply, language)}<@{reply.author.id}> ({shown_name(reply.author)})"
    return f"{person} · {record(case.record, language)}"


def _author_lines(case: Case, language: Language, *, now: datetime) -> list[str]:
    if case.is_blind:
        return [language.say("author hidden")]
    standing = standing_lines(case, language) if case.reply.status is ReplyStatus.PENDING else []
    return [author_line(case, language), *penalty_lines(case.record, language, now=now), *standing]


def _quote(case: Case, language: Language) -> str:
    if case.parent is not None and case.parent.blurred:
        return "> " + language.say("severe text hidden")
    return parent_line(case, language, server_id=case.reply.server_id)


def _head(case: Case, language: Language, *, now: datetime) -> str:
    reply = case.reply
    return "\n".join(
        [
            f"**#{reply.number}** · {_standing(reply, language)}",
            *(_author_lines(case, language, now=now)),
            language.say("On {article}", article=_title(case.article)),
        ]
    )


def _standing(reply: Reply, language: Language) -> str:
    if reply.status is ReplyStatus.PENDING:
        return language.say("held for review · sent {when}", when=_ago(reply.submitted_at))
    if reply.status is ReplyStatus.WITHDRAWN:
        return language.say("withdrawn by its author")
    if reply.decided_at is None or (reply.decided_by is None and not reply.by_role):
        return language.word(reply.status)
    return _decided(reply, language, when=_ago(reply.decided_at))


def _decided(reply: Reply, language: Language, *, when: str) -> str:
    if reply.by_role:
        return language.say("{status} without review, by its author’s own role {when}", status=reply.status, when=when)
    if reply.appealed:
        return language.say("{status} {when} · its author has appealed", status=reply.status, when=when)
    person = f"<@{reply.decided_by}>"
    if reply.status is ReplyStatus.PUBLISHED:
        return language.say("published · approved by {person} {when}", person=person, when=when)
    return language.say("{status} by {person} {when}", status=reply.status, person=person, when=when)


def _title(article: Article) -> str:
    title = excerpt(article.page.title, TITLE_ROOM)
    if article.thread_id is None:
        return f"**{title}**"
    return f"[{title}]({message_url(article.server_id, article.thread_id)})"


def _foot(case: Case, language: Language, *, now: datetime) -> str:
    reply = case.reply
    lines = [*flag_lines(case, language), similar_line(case, language), cluster_line(case, language, now=now)]
    lines += [_links(reply, language), _revision(case, language), opinion_lines(case.opinion, language)]
    if case.refusal is not None:
        reason = excerpt(case.refusal, SENTENCE_ROOM)
        lines.append(language.say("Discord refused to publish this: {reason}", reason=reason))
    if not case.is_blind:
        lines.append(notes_lines(case.notes, language))
    if reply.status is ReplyStatus.APPROVED:
        lines.append(appearance_line(case, language))
    if decision := decision_lines(reply, language, room=SENTENCE_ROOM, quotes=SENTENCE_ROOM):
        lines.append(decision)
    if address := published_url(reply, case.article):
        lines.append(link(language.say("Go to it"), address))
    return "\n".join(filter(None, lines))


def _revision(case: Case, language: Language) -> str:
    revision, request = case.reply.revision, case.request
    if revision == 1:
        return ""
    if request is None:
        return "-# " + language.say("Revision {revision}: changed by its author", revision=revision)
    words = request.sentence  # a phrase may have called the author by name
    if case.is_blind:
        words = words.replace(case.reply.author.name, language.say("author hidden"))
    person, sentence = f"<@{request.moderator_id}>", excerpt(words, SENTENCE_ROOM)
    return "-# " + language.say(
        "Revision {revision}: changed after {person} had asked: {sentence}",
        revision=revision,
        person=person,
        sentence=sentence,
    )


def _changes(case: Case, language: Language, *, room: int) -> str:
    """Show what differs from the text that a moderator asked to be changed, as long as the new one is to be judged."""
    if case.request is None or case.reply.status is not ReplyStatus.PENDING:
        return ""
    label = language.say("Changed since:")
    room = min(room - len(label) - len(" ||||"), CHANGES_ROOM)
    if room < CHANGES_LEAST:
        return ""
    marked = difference(case.request.text, case.reply.text, room)
    if marked and case.reply.blurred:
        marked = f"||{marked}||"
    return f"{label} {marked}" if marked else ""


def _links(reply: Reply, language: Language) -> str:
    """Show where masked links lead: the text itself does not."""
    found = [excerpt(address, 100) for address in hidden_links(reply.text)]
    if not found:
        return ""
    shown = ", ".join(found[:LINKS_SHOWN]) + (" …" if len(found) > LINKS_SHOWN else "")
    shown = spoiler(shown) if reply.blurred else shown
    return "-# " + language.say("Links lead to: {addresses}", addresses=shown)


def _ago(moment: datetime) -> str:
    return f"<t:{int(moment.timestamp())}:R>"
