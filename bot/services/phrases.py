"""Phrases: moderators save sentences that they need again and again, and have them filled in for a reply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import PhraseTaken, PhraseUnknown, PlaceholderUnknown, TextEmpty, TextTooLong
from bot.i18n import language_of
from bot.models import Action, Phrase
from bot.screening.cleaning import clean, is_readable
from bot.storage import articles, audit, phrases, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Guideline, Reply
    from bot.storage import Connection, Database

NAME_LENGTH = 64
TEXT_LENGTH = 500
VALUE_LENGTH = 80  # of what is filled in for one placeholder
PLACEHOLDERS = ("author", "article", "guideline", "number", "server")
KNOWN = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


async def save(db: Database, server_id: int, *, name: str, text: str, moderator_id: int, now: datetime) -> Phrase:
    """Save a phrase. Raises TextEmpty, TextTooLong, PlaceholderUnknown or PhraseTaken, and saves nothing then."""
    text = _read(clean(text).strip(), TEXT_LENGTH)
    for placeholder in _PLACEHOLDER.finditer(text):
        if placeholder[1] not in PLACEHOLDERS:
            raise PlaceholderUnknown(placeholder=f"“{placeholder[0][:VALUE_LENGTH]}”", known=KNOWN)
    phrase = Phrase(_read(read_name(name), NAME_LENGTH), text, moderator_id, now)
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if not await phrases.add(conn, server_id, phrase):
            raise PhraseTaken(name=phrase.name)
        await _audit(conn, server_id, Action.PHRASE_SAVED, phrase, actor_id=moderator_id, now=now)
    return phrase


async def remove(db: Database, server_id: int, *, name: str, moderator_id: int, now: datetime) -> Phrase:
    """Forget a phrase; what was said with it stays. Raises PhraseUnknown."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        phrase = await phrases.remove(conn, server_id, read_name(name))
        if phrase is None:
            raise PhraseUnknown(name=read_name(name)[:NAME_LENGTH])
        await _audit(conn, server_id, Action.PHRASE_REMOVED, phrase, actor_id=moderator_id, now=now)
    return phrase


def read_name(typed: str) -> str:
    """The name as it is kept: on one line, in small letters."""
    return " ".join(clean(typed).split()).casefold()


async def fill(conn: Connection, name: str, reply: Reply, *, guideline: Guideline | None, server_name: str) -> str:
    """The words of a phrase for this reply, in the language of the server. Raises PhraseUnknown."""
    phrase = await phrases.get(conn, reply.server_id, read_name(name))
    if phrase is None:
        raise PhraseUnknown(name=read_name(name)[:NAME_LENGTH])
    return await complete(conn, phrase.text, reply, guideline=guideline, server_name=server_name)


async def complete(conn: Connection, text: str, reply: Reply, *, guideline: Guideline | None, server_name: str) -> str:
    """The text with what its placeholders stand for."""
    if _PLACEHOLDER.search(text) is None:
        return text
    article = await articles.get(conn, reply.article_id)
    server = await servers.get(conn, reply.server_id)
    values = {
        "author": reply.author.name,
        "article": article.page.title if article else "",
        "guideline": language_of(server.language).word(guideline) if guideline else "",
        "number": f"#{reply.number}",
        "server": server_name,
    }
    return fill_in(text, values)


def fill_in(text: str, values: dict[str, str]) -> str:
    """Put values in the places of placeholders, once: what looks like a placeholder in a value stays as it is."""
    return _PLACEHOLDER.sub(lambda found: clean(values.get(found[1], found[0]))[:VALUE_LENGTH], text)


def _read(typed: str, limit: int) -> str:
    if not is_readable(typed):
        raise TextEmpty
    if len(typed) > limit:
        raise TextTooLong(length=len(typed), limit=limit)
    return typed


async def _audit(
    conn: Connection, server_id: int, action: Action, phrase: Phrase, *, actor_id: int, now: datetime
) -> None:
    await audit.append(conn, server_id, action, actor_id=actor_id, at=now, name=phrase.name, text=phrase.text)
