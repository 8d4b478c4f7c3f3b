"""What is said once to all moderators: many replies are held, an article is full, how the day went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.models import BulletinKind
from bot.outgoing import bulletin_mark
from cogs.ui.buttons import view_of
from cogs.ui.replies import HELD, QUIET, REFUSED
from cogs.ui.shifts import held_line, people
from cogs.ui.text import excerpt, message_url

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Article, Bulletin, News, Server

TITLE_ROOM = 150
MOST_CALLED = 20  # people in one message
COLOURS = {BulletinKind.BACKLOG: HELD, BulletinKind.FULL: REFUSED, BulletinKind.DIGEST: QUIET}


def called(bulletin: Bulletin, news: News, server: Server) -> tuple[list[int], list[int]]:
    """Return the people and the roles who are called: who is on duty, or the role when somebody should be."""
    if bulletin.kind is not BulletinKind.BACKLOG:
        return [], []
    users = [shift.moderator_id for shift in news.duty.shifts][:MOST_CALLED]
    is_role_due = not users and news.duty.is_scheduled and server.moderator_role_id is not None
    return users, [server.moderator_role_id or 0] if is_role_due else []


def bulletin_line(bulletin: Bulletin, news: News, server: Server, language: Language) -> discord.ui.LayoutView:
    """Build the message; the number of its container tells it from every other."""
    lines = {
        BulletinKind.BACKLOG: _backlog,
        BulletinKind.FULL: _full,
        BulletinKind.DIGEST: _digest,
    }[bulletin.kind](news, language)
    users, roles = called(bulletin, news, server)
    lines.append(" ".join([*(f"<@{each}>" for each in users), *(f"<@&{each}>" for each in roles)]))
    container: discord.ui.Container[Any] = discord.ui.Container(
        accent_colour=COLOURS[bulletin.kind], id=bulletin_mark(bulletin.id)
    )
    container.add_item(discord.ui.TextDisplay("\n".join(filter(None, lines))))
    return view_of(container)


def _backlog(news: News, language: Language) -> list[str]:
    return [_held(news, language)]


def _full(news: News, language: Language) -> list[str]:
    if news.article is None:
        return []
    said = language.count(
        "{article} takes no new replies: {n} is held there.",
        "{article} takes no new replies: {n} are held there.",
        news.limit,
        article=_title(news.article),
    )
    return [said, "-# " + language.say("It takes them again by itself when a fifth of them is decided.")]


def _digest(news: News, language: Language) -> list[str]:
    parts = [
        _held(news, language) if news.held else language.say("No reply is held at the moment."),
        language.say(
            "Since yesterday: {approved} approved, {rejected} rejected, {changes} with changes requested.",
            approved=news.approved,
            rejected=news.rejected,
            changes=news.changes_requested,
        ),
    ]
    if news.usual_wait is not None:
        parts.append(language.say("Usual wait: {wait}.", wait=language.duration(news.usual_wait).rstrip(".")))
    if on_duty := people(news.duty):
        parts.append(language.say("On duty: {people}.", people=on_duty))
    return [" ".join(parts)]


def _held(news: News, language: Language) -> str:
    line = held_line(news.held, language, is_more=news.is_more)
    if news.oldest_at is None:
        return line
    when = f"<t:{int(news.oldest_at.timestamp())}:R>"
    return f"{line} " + language.say("The next one was sent {when}.", when=when)


def _title(article: Article) -> str:
    title = excerpt(article.page.title, TITLE_ROOM)
    if article.thread_id is None:
        return f"**{title}**"
    return f"[{title}]({message_url(article.server_id, article.thread_id)})"
