"""What an author is told by direct message about one reply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.i18n import N_
from bot.models import ABOUT_REPORTS, NoticeKind
from cogs.ui.buttons import DrawnButton, button, link_button, view_of
from cogs.ui.guidelines import guidelines_line
from cogs.ui.reasons import answer_lines, decider_line, reason_lines
from cogs.ui.replies import DONE, HELD, QUIET, REFUSED, decision_lines, published_url
from cogs.ui.text import body, cut, excerpt, link, quoted, room_beside

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Article, Case, GuidelineCard, Reply

HEADS = {
    NoticeKind.PUBLISHED: (DONE, N_("Your reply {number} on “{title}” is published.")),
    NoticeKind.REJECTED: (REFUSED, N_("Your reply {number} on “{title}” was not approved.")),
    NoticeKind.CHANGES_REQUESTED: (HELD, N_("A moderator asks you to change your reply {number} on “{title}”.")),
    NoticeKind.DUPLICATE: (QUIET, N_("Your reply {number} on “{title}” was closed as a duplicate of {original}.")),
    NoticeKind.REMOVED: (REFUSED, N_("Your reply {number} on “{title}” was removed by a moderator.")),
    NoticeKind.RESTORED: (DONE, N_("A moderator has put your reply {number} on “{title}” back.")),
    NoticeKind.APPEAL_UPHELD: (
        DONE,
        N_("Your appeal about your reply {number} on “{title}” was upheld: the reply appears."),
    ),
    NoticeKind.APPEAL_DISMISSED: (
        REFUSED,
        N_("Your appeal about your reply {number} on “{title}” was dismissed: the decision stands."),
    ),
    NoticeKind.REPORT_KEPT: (
        QUIET,
        N_("You reported the reply {number} on “{title}”. The moderators have looked at it and kept it."),
    ),
    NoticeKind.REPORT_UPHELD: (
        DONE,
        N_("You reported the reply {number} on “{title}”. The moderators have removed it. Thank you."),
    ),
    NoticeKind.REPORT_RESTORED: (
        QUIET,
        N_(
            "You reported the reply {number} on “{title}”, and it was removed. "
            "The moderators have looked at it again and put it back."
        ),
    ),
    NoticeKind.REPORT_CHANGES: (
        DONE,
        N_("You reported the reply {number} on “{title}”. Its author was asked to change it. Thank you."),
    ),
    NoticeKind.REPORT_GONE: (
        QUIET,
        N_("You reported the reply {number} on “{title}”. Its author has taken it back meanwhile."),
    ),
}
GO_ON = 7102  # the number of a component by which what was shown before a press is known again
APPEALABLE = {NoticeKind.REJECTED, NoticeKind.REMOVED}
ABOUT_APPEALS = {NoticeKind.APPEAL_UPHELD, NoticeKind.APPEAL_DISMISSED}
UNDER_GUIDELINES = {NoticeKind.REJECTED, NoticeKind.CHANGES_REQUESTED, NoticeKind.REMOVED}
BY_SOMEBODY = {*UNDER_GUIDELINES, NoticeKind.PUBLISHED, NoticeKind.DUPLICATE}  # who may be named where the server does


def notice(
    kind: NoticeKind,
    case: Case,
    language: Language,
    *,
    marked: int | None = None,
    posted: GuidelineCard | None = None,
) -> discord.ui.LayoutView:
    """Build the message; the text is quoted, so that nothing the author wrote is lost; not to who reported it.

    Its buttons carry ids only and work in a direct message, where there is no server. `posted` is where the
    guidelines stand.
    """
    reply, language = case.reply, language.citing(case.cited)
    colour, sentence = HEADS[kind]
    title = excerpt(case.article.page.title, 150)
    head = language.say(sentence, number=f"**#{reply.number}**", title=title, original=_original(case))
    is_author = kind not in ABOUT_REPORTS
    why = _why(kind, case, language) if is_author else ""
    below = f"-# {guidelines_line(posted, language)}" if kind in UNDER_GUIDELINES else ""
    if kind in BY_SOMEBODY:
        below = "\n".join(filter(None, [decider_line(case.decider_id, language), below]))
    text = cut(quoted(body(reply.text)), room_beside(head, why, below)) if is_author else ""
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour, id=marked)
    for line in filter(None, (head, why, text, below)):
        container.add_item(discord.ui.TextDisplay(line))
    if kind is NoticeKind.CHANGES_REQUESTED:
        container.add_item(discord.ui.ActionRow(button("reply:revise", language, reply.id)))
    if kind in APPEALABLE:
        container.add_item(discord.ui.ActionRow(button("appeal:open", language, reply.id)))
    if address := published_url(reply, case.article):
        container.add_item(discord.ui.ActionRow(link_button(language.say("Go to it"), address)))
    return view_of(container)


def go_on(language: Language, *, more: int = 0, pressed: discord.ui.Button[Any] | None = None) -> discord.ui.LayoutView:
    """Say why this was shown here, with the button that was pressed to go on with; `more` were not shown."""
    lines = [language.say("Discord did not let me tell you this by direct message.")]
    if more:
        lines.append(language.count("{n} more waits in /my replies.", "{n} more wait in /my replies.", more))
    parts: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay("-# " + " ".join(lines), id=GO_ON)]
    if pressed is not None:
        looks: dict[str, Any] = {"label": pressed.label, "emoji": pressed.emoji, "style": pressed.style}
        parts.append(discord.ui.ActionRow(DrawnButton(**looks, custom_id=pressed.custom_id)))
    return view_of(*parts)


def head_line(kind: NoticeKind, reply: Reply, article: Article, language: Language) -> str:
    """Say on one line what a direct message would have said."""
    title = excerpt(article.page.title, 60)
    return "⚠️ " + language.say(HEADS[kind][1], number=f"**#{reply.number}**", title=title, original="")


def _why(kind: NoticeKind, case: Case, language: Language) -> str:
    if kind is NoticeKind.RESTORED and case.reply.sentence:
        return reason_lines(language, guideline=None, passages=(), sentence=case.reply.sentence)
    if kind in ABOUT_APPEALS:
        return answer_lines(case.appeal, language) if case.appeal is not None else ""
    return decision_lines(case.reply, language) if kind is not NoticeKind.PUBLISHED else ""


def _original(case: Case) -> str:
    """Name the reply of which this one is a duplicate, with a link as soon as everybody can read it."""
    if case.original is None:
        return ""
    number = f"#{case.original.number}"
    address = published_url(case.original, case.article) if case.original.article_id == case.article.id else None
    return link(number, address) if address else number
