"""The tables of the moderators' desk: what is said about replies, who is on duty, what is done with many at once."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import metadata, unique

flags = Table(
    "flags",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("check", String(24), nullable=False),  # which one raised it: the name of its file
    Column("guideline", String(32)),
    Column("severity", Integer, nullable=False),  # 1 or 2
    Column("start", Integer, nullable=False),  # of the matched span, in characters of the revision's text
    Column("length", Integer, nullable=False),
    Index("ix_flags_reply", "reply_id", "revision"),
)

# Which replies are near-identical; each pair once, the later reply first.
likenesses = Table(
    "likenesses",
    metadata,
    Column("reply_id", ForeignKey("replies.id"), primary_key=True),
    Column("other_id", ForeignKey("replies.id"), primary_key=True),
    Index("ix_likenesses_other", "other_id"),
)

# A second view on a reply: asked for by a moderator, by a disagreement, or by the check of consistency.
opinions = Table(
    "opinions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("asked_by", BigInteger),
    Column("asked_at", Moment, nullable=False),
    Column("first_view", String(24)),  # of who asked; nobody else sees it before they have given theirs
    Column("first_guideline", String(32)),
    Column("moderator_id", BigInteger),  # who gave it
    Column("view", String(24)),
    Column("guideline", String(32)),
    Column("sentence", Text),
    Column("given_at", Moment),
    unique("uq_opinions_asked", "reply_id", "revision", "purpose", where="given_at IS NULL"),
    Index("ix_opinions_reply", "reply_id"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("member_id", BigInteger, nullable=False),  # about whom; of a note on a reply, its author
    Column("reply_id", ForeignKey("replies.id")),
    Column("moderator_id", BigInteger, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Moment, nullable=False),
    Index("ix_notes_member", "server_id", "member_id", "id"),
    Index("ix_notes_reply", "reply_id"),
)

phrases = Table(
    "phrases",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("moderator_id", BigInteger, nullable=False),  # who saved it
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("server_id", "name"),
)

skips = Table(
    "skips",
    metadata,
    Column("moderator_id", BigInteger, primary_key=True, autoincrement=False),
    Column("reply_id", ForeignKey("replies.id"), primary_key=True),
    Column("skipped_at", Moment, nullable=False),
)

# Many replies decided at once: exactly those that the preview named.
bulks = Table(
    "bulks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("moderator_id", BigInteger, nullable=False),
    Column("action", String(24), nullable=False),
    Column("guideline", String(32)),
    Column("sentence", Text),
    Column("previewed_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("undone_at", Moment),
)

bulk_items = Table(
    "bulk_items",
    metadata,
    Column("bulk_id", ForeignKey("bulks.id"), primary_key=True),
    Column("reply_id", ForeignKey("replies.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("outcome", String(24)),  # what became of it; None: not its turn yet
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("moderator_id", BigInteger, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    unique("uq_shifts_running", "server_id", "moderator_id", where="ended_at IS NULL"),
)

# What is said once in the review channel: a backlog, the day's digest.
bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("kind", String(24), nullable=False),
    Column("key", String(64), nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("created_at", Moment, nullable=False),
    Column("message_id", BigInteger),
    Column("attempted_at", Moment),
    Column("lease_until", Moment),
    UniqueConstraint("server_id", "kind", "key"),
)
