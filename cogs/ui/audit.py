"""Pages of the audit trail, and what came out when it was verified."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.models import ABOUT_ARTICLE, ABOUT_REPLY, Action, ReplyStatus
from bot.models.audit import whole
from bot.services.audit import FAULTS
from cogs.ui.buttons import button, view_of
from cogs.ui.deeds import circumstances, deed
from cogs.ui.replies import QUIET, published_url
from cogs.ui.text import excerpt, link, message_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.i18n import Language
    from bot.models import Article, AuditFilter, Finding, Reply, StoredEntry

PAGE = 12  # entries at most
ROOM = 3500  # characters of all entries together
TITLE_ROOM = 40
ODD_ROOM = 30
DIGEST_SHOWN = 16
MARKS = {zlib.crc32(action.encode()): action for action in Action}  # in a custom_id; the same in every version


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the entries of a page are about, as far as it still is there."""

    replies: Mapping[int, tuple[Reply, Article | None]] = field(default_factory=dict)
    articles: Mapping[int, Article] = field(default_factory=dict)
    is_blind: bool = False  # who wrote a held reply is not shown


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries, the newest first; `number` is that of the reply in the filter."""

    entries: Sequence[StoredEntry]
    wanted: AuditFilter
    number: int | None
    has_newer: bool
    has_older: bool


def encode(wanted: AuditFilter) -> tuple[int, int, int]:
    """Return the filter as numbers; 0: all."""
    return wanted.actor_id or 0, zlib.crc32(wanted.action.encode()) if wanted.action else 0, wanted.reply_id or 0


def first_fitting(entries: Sequence[StoredEntry], about: Subjects, language: Language) -> Sequence[StoredEntry]:
    """Return the first entries that fit on a page together, at least one."""
    room = ROOM
    for place, entry in enumerate(entries):
        room -= len(_line(entry, about, language)) + 1
        if room < 0 and place:
            return entries[:place]
    return entries


def audit_page(page: Page, about: Subjects, language: Language) -> discord.ui.LayoutView:
    """Build a page."""
    lines = [_line(entry, about, language) for entry in page.entries]
    head = "\n".join(filter(None, ["### " + language.say("Audit"), _chosen(page, language)]))
    text = "\n".join(lines) or language.say("There is nothing here.")
    container: discord.ui.Container[Any] = discord.ui.Container(
        discord.ui.TextDisplay(head), discord.ui.TextDisplay(text), accent_colour=QUIET
    )
    turns = [*_turn("audit:newer", page.has_newer, page, 0, language)]
    turns += _turn("audit:older", page.has_older, page, -1, language)
    return view_of(container, *([discord.ui.ActionRow(*turns)] if turns else []))


def finding_sentence(found: Finding, language: Language) -> str:
    """Say whether the trail is right, or which entry is the first that is not."""
    if found.fault is None:
        right = language.count(
            "{n} entry is as it was written.", "All {n} entries are as they were written.", found.right
        )
        if not found.digest:
            return f"✅ {right}"
        last = language.say("The digest of the last one begins with `{digest}`.", digest=found.digest[:DIGEST_SHOWN])
        return f"✅ {right} {last}"
    wrong = language.say(FAULTS[found.fault], sequence=f"**{excerpt(found.sequence, ODD_ROOM)}**")
    if not found.right:
        return f"❌ {wrong}"
    before = language.count("The {n} entry before it is right.", "The {n} entries before it are right.", found.right)
    return f"❌ {wrong} {before}"


def _turn(action: str, is_there: bool, page: Page, place: int, language: Language) -> list[Any]:  # noqa: FBT001
    if not is_there or not page.entries:
        return []
    return [button(action, language, *encode(page.wanted), page.entries[place].number or 0)]


def _chosen(page: Page, language: Language) -> str:
    parts = []
    if page.wanted.actor_id is not None:
        parts.append(_who(str(page.wanted.actor_id)))
    if page.wanted.action is not None:
        parts.append(deed(page.wanted.action, language))
    if page.wanted.reply_id is not None:
        parts.append(f"#{page.number}" if page.number else language.say("a reply"))
    return " · ".join(parts)


def _line(entry: StoredEntry, about: Subjects, language: Language) -> str:
    number = entry.sequence if entry.number is not None else excerpt(entry.sequence or "?", ODD_ROOM)
    parts = [f"**{number}**", _when(entry.at), _author_or(entry, about, language), deed(entry.action, language)]
    parts += [_subject(entry, about), circumstances(entry.details, language)]
    return " · ".join(filter(None, parts))


def _when(at: str | None) -> str:
    try:
        return f"<t:{int(datetime.fromisoformat(at or '').replace(tzinfo=UTC).timestamp())}:f>"
    except (ValueError, OverflowError):
        return excerpt(at or "?", ODD_ROOM)


def _who(actor_id: str | None) -> str:
    if actor_id == "0":
        return "Standfirst"
    return f"<@{actor_id}>" if whole(actor_id) is not None else excerpt(actor_id or "?", ODD_ROOM)


def _author_or(entry: StoredEntry, about: Subjects, language: Language) -> str:
    """Return who did it: of what is held and reviewed blindly, not its author."""
    reply, _ = about.replies.get(whole(entry.subject_id) or 0, (None, None))
    is_author = reply is not None and entry.action in ABOUT_REPLY and entry.actor_id == str(reply.author.id)
    if about.is_blind and is_author and reply is not None and reply.status is ReplyStatus.PENDING:
        return language.say("author hidden")
    return _who(entry.actor_id)


def _subject(entry: StoredEntry, about: Subjects) -> str:
    subject_id = whole(entry.subject_id) or 0
    if entry.action in ABOUT_REPLY and subject_id in about.replies:
        reply, article = about.replies[subject_id]
        address = published_url(reply, article)
        if address is None and reply.card_channel_id is not None and reply.card_message_id is not None:
            address = message_url(reply.server_id, reply.card_channel_id, reply.card_message_id)
        return link(f"#{reply.number}", address) if address else f"#{reply.number}"
    if entry.action in ABOUT_ARTICLE and subject_id in about.articles:
        article = about.articles[subject_id]
        title = excerpt(article.page.title, TITLE_ROOM)
        return link(title, message_url(article.server_id, article.thread_id)) if article.thread_id else title
    return ""
