"""Notes: a moderator writes down what other moderators should know about a member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import NoteNotFound, NotYourNote, ReplyNotFound, TextEmpty, TextTooLong
from bot.models import Action, Note
from bot.screening.cleaning import clean, is_readable
from bot.storage import audit, notes, replies, servers

if TYPE_CHECKING:
    from datetime import datetime

    from bot.storage import Database

LONGEST = 500  # characters


async def write_on_reply(
    db: Database, reply_id: int, text: str, *, server_id: int, moderator_id: int, now: datetime
) -> Note:
    """Keep a note about a reply's author, written on this reply. Raises ReplyNotFound, TextEmpty or TextTooLong."""
    async with db.read() as conn:
        reply = await replies.get(conn, reply_id, server_id=server_id)
    if reply is None:
        raise ReplyNotFound
    return await write(
        db, reply.author.id, text, server_id=server_id, moderator_id=moderator_id, reply_id=reply_id, now=now
    )


async def write(
    db: Database,
    member_id: int,
    text: str,
    *,
    server_id: int,
    moderator_id: int,
    reply_id: int | None = None,
    now: datetime,
) -> Note:
    """Keep a note about a member; the cards of their held replies show it. Raises TextEmpty or TextTooLong.

    The audit says that it was written and not what: it can be removed.
    """
    text = _read(text)
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        note = await notes.add(conn, server_id, member_id, text, moderator_id=moderator_id, reply_id=reply_id, now=now)
        await notes.redraw_cards(conn, server_id, member_id)
        about: dict[str, Any] = {"actor_id": moderator_id, "at": now, "subject_id": note.id}
        await audit.append(conn, server_id, Action.NOTE, **about, member_id=member_id, reply_id=reply_id)
    return note


async def remove(
    db: Database, note_id: int, *, server_id: int, moderator_id: int, is_admin: bool, now: datetime
) -> Note:
    """Forget a note: only who wrote it may, and who manages the server. Raises NoteNotFound or NotYourNote."""
    async with db.begin() as conn:
        await servers.hold(conn, server_id)
        note = await notes.get(conn, note_id, server_id=server_id)
        if note is None:
            raise NoteNotFound
        if note.moderator_id != moderator_id and not is_admin:
            raise NotYourNote
        await notes.remove(conn, note_id)
        await notes.redraw_cards(conn, server_id, note.member_id)
        about: dict[str, Any] = {"actor_id": moderator_id, "at": now, "subject_id": note_id}
        await audit.append(conn, server_id, Action.NOTE_REMOVED, **about, member_id=note.member_id)
    return note


def _read(typed: str) -> str:
    text = clean(typed).strip()
    if not is_readable(text):
        raise TextEmpty
    if len(text) > LONGEST:
        raise TextTooLong(length=len(text), limit=LONGEST)
    return text
