"""Guidelines: an administrator words, adds and retires them; a member confirms that they have read them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.errors import (
    GuidelineChanged,
    GuidelineRetired,
    GuidelinesFull,
    GuidelinesOutdated,
    GuidelineTaken,
    GuidelineUnchanged,
    GuidelineUnknown,
    LastGuideline,
    TextEmpty,
    TextTooLong,
    TitleUnfit,
)
from bot.guidelines import EXAMPLES_LENGTH, MOST_IN_FORCE, PLACES, TEXT_LENGTH, TITLE_LENGTH, digest
from bot.i18n import Language, language_of
from bot.models import Action, Guideline, Wording
from bot.screening.cleaning import clean, is_readable
from bot.storage import audit, guidelines, servers, settings

if TYPE_CHECKING:
    from datetime import datetime

    from bot.guidelines import Book
    from bot.storage import Connection, Database

KEY_LENGTH = 24  # of the words in a key; a number follows
UNFIT = "\\*_~|`[]<>#"  # in a title: Discord would take them for its markdown
NEW = Guideline("")  # what is to be added has no key yet


async def add(db: Database, server_id: int, words: Wording, *, admin_id: int, now: datetime) -> Wording:
    """Have one more guideline in force. Raises GuidelinesFull, GuidelineTaken, TextEmpty, TextTooLong or TitleUnfit."""
    words = replace(_read(words), written_by=admin_id, written_at=now)
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        book = await guidelines.load(conn, server_id)
        if len(book.in_force) >= MOST_IN_FORCE:
            raise GuidelinesFull(most=MOST_IN_FORCE)
        _require_free(book, words)
        position = await guidelines.next_position(conn, server_id)
        words = replace(words, guideline=_key(words.title, position))
        await guidelines.add(conn, server_id, words.guideline, position=position, now=now)
        await guidelines.write(conn, server_id, words)
        await _finish(conn, server_id, Action.GUIDELINE_ADDED, words, actor_id=admin_id, now=now)
    return words


async def edit(db: Database, server_id: int, words: Wording, *, seen: int, admin_id: int, now: datetime) -> Wording:
    """Word a guideline anew in one language; `seen` is the id of the server's own words that were changed, or 0.

    Decisions of before go on citing the old words. Raises GuidelineUnknown, GuidelineRetired, GuidelineUnchanged,
    GuidelineChanged, GuidelineTaken, TextEmpty, TextTooLong or TitleUnfit.
    """
    words = replace(_read(words), written_by=admin_id, written_at=now)
    language = Language(words.language)
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        book = await guidelines.load(conn, server_id)
        words = replace(words, guideline=_find(book, words.guideline))
        before = book.own_wording(words.guideline, language)
        current = book.wording(words.guideline, language)
        if current.language == language.code and digest(current) == digest(words):
            raise GuidelineUnchanged
        if (before.id if before else 0) != seen:
            raise GuidelineChanged(text=current.text)
        _require_free(book, words)
        await _ensure(conn, server_id, words.guideline, now=now)
        await guidelines.write(conn, server_id, words)
        await _finish(conn, server_id, Action.GUIDELINE_EDITED, words, actor_id=admin_id, now=now)
    return words


async def retire(db: Database, server_id: int, place: int, *, version: int, admin_id: int, now: datetime) -> Wording:
    """Take the guideline at a place out of force, as it was shown at this version; what was decided under it stays.

    Raises GuidelineUnknown, GuidelineRetired, GuidelinesOutdated or LastGuideline.
    """
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        book = await guidelines.load(conn, server_id)
        guideline = _find(book, book.at(place) or "")
        if book.version != version:
            raise GuidelinesOutdated
        if len(book.in_force) == 1:
            raise LastGuideline
        await _ensure(conn, server_id, guideline, now=now)
        await guidelines.retire(conn, server_id, guideline, now=now)
        words = book.wording(guideline, language_of(book.language))
        await _finish(conn, server_id, Action.GUIDELINE_RETIRED, words, actor_id=admin_id, now=now)
    return words


async def confirm(db: Database, server_id: int, *, member_id: int, version: int, now: datetime) -> bool:
    """Remember that a member has read the guidelines; False when they have changed since this version."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        if (await guidelines.load(conn, server_id)).version != version:
            return False
        if await guidelines.record_reading(conn, server_id, member_id, version=version, now=now):
            await audit.append(conn, server_id, Action.GUIDELINES_READ, actor_id=member_id, at=now, version=version)
    return True


async def is_to_read(conn: Connection, server_id: int, member_id: int) -> bool:
    """Tell whether a member has to confirm the guidelines, as they are now, before they write."""
    asks = (await settings.load(conn, server_id)).ask_to_read
    return asks and not await guidelines.has_read(conn, server_id, member_id)


async def require_in_force(conn: Connection, server_id: int, typed: str | None) -> Guideline:
    """The guideline chosen, by its key or its title. Raises GuidelineUnknown or GuidelineRetired."""
    return _find(await guidelines.load(conn, server_id), typed or "")


def _find(book: Book, typed: str) -> Guideline:
    guideline = book.find(typed)
    if guideline is None:
        raise GuidelineUnknown
    if guideline in book.retired:
        raise GuidelineRetired(title=book.wording(guideline, language_of(book.language)).title)
    return guideline


def _read(words: Wording) -> Wording:
    title = " ".join(clean(words.title).split())
    text, covered, uncovered = (clean(each).strip() for each in (words.text, words.covered, words.uncovered))
    if not is_readable(title) or not is_readable(text):
        raise TextEmpty
    if any(character in UNFIT for character in title):
        raise TitleUnfit(characters=" ".join(UNFIT))
    for typed, limit in (
        (title, TITLE_LENGTH),
        (text, TEXT_LENGTH),
        (covered, EXAMPLES_LENGTH),
        (uncovered, EXAMPLES_LENGTH),
    ):
        if len(typed) > limit:
            raise TextTooLong(length=len(typed), limit=limit)
    return replace(words, title=title, text=text, covered=covered, uncovered=uncovered)


def _require_free(book: Book, words: Wording) -> None:
    language = Language(words.language)
    for guideline in book.in_force:
        title = book.wording(guideline, language).title
        if guideline != words.guideline and title.casefold() == words.title.casefold():
            raise GuidelineTaken(title=title)


def _key(title: str, position: int) -> Guideline:
    """A key that says something to who reads the audit; the number makes it the only one."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).lstrip("0123456789_")[:KEY_LENGTH].rstrip("_")
    return Guideline(f"{words or 'guideline'}_{position}")


async def _ensure(conn: Connection, server_id: int, guideline: Guideline, *, now: datetime) -> None:
    if guideline in PLACES:
        await guidelines.add(conn, server_id, guideline, position=PLACES[guideline], now=now)


async def _finish(
    conn: Connection, server_id: int, action: Action, words: Wording, *, actor_id: int, now: datetime
) -> None:
    await guidelines.count_change(conn, server_id)
    await audit.append(
        conn,
        server_id,
        action,
        actor_id=actor_id,
        at=now,
        guideline=words.guideline.value,
        language=words.language,
        title=words.title,
        text=words.text,
        covered=words.covered,
        uncovered=words.uncovered,
    )
