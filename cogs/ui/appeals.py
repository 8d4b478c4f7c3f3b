"""Appeals as people see them: the card on which another moderator decides, and what the author is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import Action, AppealOutcome
from bot.outgoing import appeal_mark
from cogs.ui.buttons import button, view_of
from cogs.ui.hiding import spoiler
from cogs.ui.names import shown_name
from cogs.ui.reasons import reason_lines
from cogs.ui.replies import DONE, HELD, QUIET
from cogs.ui.text import body, cut, excerpt, fit, link, message_url, one_line, quoted, room_beside

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Appeal, Appealed

TITLE_ROOM = 90
QUOTES_ROOM = 400  # of the author's words that the decision was about
SENTENCE_ROOM = 300  # of a moderator's words
REASONS_ROOM = 1100  # of the author's
HEADS = {
    Action.REJECT: N_("Appeal against the rejection of {number}"),
    Action.REMOVE: N_("Appeal against the removal of {number}"),
}
DECIDED = {
    AppealOutcome.UPHELD: (DONE, N_("upheld by {person} {when}")),
    AppealOutcome.DISMISSED: (QUIET, N_("dismissed by {person} {when}")),
    AppealOutcome.SETTLED: (QUIET, N_("closed: the decision was taken back by {person} {when}")),
}
BY_SAME = N_("The only moderator decided here, who had also taken the decision. That is logged.")


def appeal_card(appealed: Appealed, language: Language) -> discord.ui.LayoutView:
    """Build the card of an appeal: nothing on it says who took the decision."""
    card, reply = appealed.card, appealed.case.reply
    head, foot = _head(appealed, language), _foot(appealed, language)
    why = _grounds(appealed, language)
    said = f"{language.say('The author’s reasons:')}\n> {excerpt(card.reasons, REASONS_ROOM)}"
    room = room_beside(head, why, said, foot)
    text = spoiler(fit(reply.text, room - len("||||"))) if reply.blurred else cut(quoted(body(reply.text)), room)
    colour = DECIDED[card.outcome][0] if card.outcome else HELD
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour, id=appeal_mark(card.id))
    container.add_item(discord.ui.TextDisplay(head)).add_item(discord.ui.TextDisplay(text))
    container.add_item(discord.ui.Separator())
    for line in filter(None, (why, said, foot)):
        container.add_item(discord.ui.TextDisplay(line))
    if card.outcome is None:
        actions = ("appeal:uphold", "appeal:dismiss")
        container.add_item(discord.ui.ActionRow(*(button(each, language, reply.id, card.id) for each in actions)))
    return view_of(container)


def outcome_line(appeal: Appeal, language: Language) -> str:
    """Say what became of an appeal, and who decided it."""
    if appeal.outcome is None or appeal.decided_at is None:
        return language.say("not decided yet")
    when = f"<t:{int(appeal.decided_at.timestamp())}:R>"
    return language.say(DECIDED[appeal.outcome][1], person=f"<@{appeal.decided_by}>", when=when)


def _head(appealed: Appealed, language: Language) -> str:
    card, case = appealed.card, appealed.case
    author = f"<@{case.reply.author.id}> ({shown_name(case.reply.author)})"
    title, thread_id = case.article.page.title, case.article.thread_id
    about = f"**{excerpt(title, TITLE_ROOM)}**"
    if thread_id is not None:
        about = link(cut(one_line(title), TITLE_ROOM), message_url(card.server_id, thread_id))
    return "\n".join(
        [
            f"**{language.say(HEADS[card.action], number=f'#{case.reply.number}')}**",
            language.say("author hidden") if appealed.is_blind else author,
            language.say("On {article}", article=about),
        ]
    )


def _grounds(appealed: Appealed, language: Language) -> str:
    grounds = appealed.grounds
    quotes = 0 if appealed.case.reply.blurred else QUOTES_ROOM
    why: dict[str, Any] = {"guideline": grounds.guideline, "passages": grounds.passages, "sentence": grounds.sentence}
    return reason_lines(language, **why, room=SENTENCE_ROOM, quotes=quotes)


def _foot(appealed: Appealed, language: Language) -> str:
    card, lines = appealed.card, list[str]()
    if card.outcome is None:
        return "-# " + language.say("Who decided is not shown until this is decided; they cannot decide it.")
    if card.sentence:
        said = excerpt(card.sentence, SENTENCE_ROOM)
        lines.append(language.say("The moderator’s words: {sentence}", sentence=said))
    lines.append(outcome_line(card, language))
    if card.is_by_same:
        lines.append("-# " + language.say(BY_SAME))
    return "\n".join(lines)
