"""More about a reply, for a moderator alone: the article, what was said around it, its author, what is like it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from cogs.ui.buttons import button, link_button, view_of
from cogs.ui.flags import flag_lines
from cogs.ui.hiding import blur_button
from cogs.ui.names import shown_name
from cogs.ui.record import record, standing_lines
from cogs.ui.replies import QUIET, decision_lines, published_url
from cogs.ui.sanctions import penalty_lines
from cogs.ui.similar import similar_line
from cogs.ui.text import DISPLAY_LIMIT, URL_LIMIT, cut, excerpt, fit, gist, is_web_address, link

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Article, Reply, Surroundings

# Further actions, as keys of LABELS; each button carries the reply's id.
ACTIONS = ("claim:take", "claim:release", "review:duplicate", "note:reply", "opinion:ask")
ROW = 5  # buttons
TITLE_ROOM = 200
SUMMARY_ROOM = 600
PARENT_ROOM = 1100
GIST_ROOM = 160
DECISION_ROOM = 60


def more_message(about: Surroundings, language: Language, *, now: datetime | None = None) -> discord.ui.LayoutView:
    """Build the message, the most telling parts first: what finds no room is left out."""
    case, room = about.case, DISPLAY_LIMIT
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=QUIET)
    for section in (_article(about), _parent(about, language), _suspicions(about, language), _around(about, language)):
        room = _add(container, section, room)
    _add(container, _author(about, language, now=now), room)
    page = case.article.page
    if page.url and is_web_address(page.url, limit=URL_LIMIT):
        container.add_item(discord.ui.ActionRow(link_button(language.say("Read the article"), page.url)))
    buttons = [button(action, language, case.reply.id) for action in ACTIONS]
    buttons.append(blur_button(case.reply, language))
    if case.is_blind:
        buttons.append(button("blind:reveal", language, case.reply.id))
    else:
        buttons.append(button("history:member", language, case.reply.author.id, 0))
        buttons += [button(action, language, case.reply.author.id) for action in ("pause:member", "ban:member")]
    rows = [discord.ui.ActionRow[Any](*buttons[begin : begin + ROW]) for begin in range(0, len(buttons), ROW)]
    return view_of(container, *rows)


def _add(container: discord.ui.Container[Any], lines: Iterable[str], room: int) -> int:
    """Add a section as far as there is room for its lines, and return what is left."""
    shown: list[str] = []
    for line in filter(None, lines):
        if sum(map(len, shown)) + len(shown) + len(line) > room:
            break
        shown.append(line)
    if shown:
        if container.children:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay("\n".join(shown)))
    return room - sum(map(len, shown)) - len(shown)


def _article(about: Surroundings) -> list[str]:
    page = about.case.article.page
    return [f"**{excerpt(page.title, TITLE_ROOM)}**", cut(fit(page.summary, SUMMARY_ROOM), SUMMARY_ROOM)]


def _parent(about: Surroundings, language: Language) -> list[str]:
    parent = about.case.parent
    if parent is None:
        return []
    head = language.say("In answer to {who}:", who=_who(parent, about.case.article))
    return [head, _veiled(parent, fit(parent.text, PARENT_ROOM))]


def _suspicions(about: Surroundings, language: Language) -> list[str]:
    return [*flag_lines(about.case, language), similar_line(about.case, language)]


def _around(about: Surroundings, language: Language) -> list[str]:
    if not about.around:
        return []
    lines = [f"{_who(each, about.case.article)} · {_gist(each)}" for each in about.around]
    return ["**" + language.say("Said before it") + "**", *lines]


def _author(about: Surroundings, language: Language, *, now: datetime | None) -> list[str]:
    reply = about.case.reply
    if about.case.is_blind:
        return [language.say("author hidden")]
    name = f"**{shown_name(reply.author)}** · {record(about.case.record, language)}"
    lines = [_entry(each, article, language) for each, article in about.earlier]
    penalties = penalty_lines(about.case.record, language, now=now) if now is not None else []
    return [name, *penalties, *standing_lines(about.case, language), *lines]


def _entry(reply: Reply, article: Article | None, language: Language) -> str:
    address = published_url(reply, article)
    number = link(f"#{reply.number}", address) if address else f"#{reply.number}"
    why = decision_lines(reply, language, room=DECISION_ROOM).replace("\n", " · ")
    return " · ".join(filter(None, [number, language.word(reply.status), why, _gist(reply)]))


def _who(reply: Reply, article: Article) -> str:
    address = published_url(reply, article)
    name = f"**{shown_name(reply.author)}**"
    return f"{name} {link(f'#{reply.number}', address)}" if address else f"{name} #{reply.number}"


def _gist(reply: Reply) -> str:
    return _veiled(reply, gist(reply.text, GIST_ROOM))


def _veiled(reply: Reply, text: str) -> str:
    """Hide a text with severe flags until it is tapped."""
    return f"||{text}||" if reply.blurred else text
