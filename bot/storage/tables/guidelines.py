"""The tables of the guidelines: which there are, how worded on which day, who has read them, where they stand.

A built-in guideline has a row only once a server has changed something about it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import metadata, unique

guidelines = Table(
    "guidelines",
    metadata,
    Column("server_id", ForeignKey("servers.id"), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("retired_at", Moment),  # decisions of before still cite it
    UniqueConstraint("server_id", "position"),
)

# Rows are never changed: of those somebody wrote, the newest of each language is in force. What is built in is written
# down when a decision cites it first, so that a later version can word it otherwise.
wordings = Table(
    "wordings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("key", String(32), nullable=False),
    Column("language", String(8), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("covered", Text, nullable=False),
    Column("uncovered", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("written_by", BigInteger),  # None: built in
    Column("written_at", Moment, nullable=False),
    unique("uq_wordings_built_in", "server_id", "key", "language", "digest", where="written_by IS NULL"),
    Index("ix_wordings_key", "server_id", "key", "language", "id"),
)

readings = Table(
    "readings",
    metadata,
    Column("server_id", ForeignKey("servers.id"), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),  # of `servers.guidelines_version`
    Column("read_at", Moment, nullable=False),
)

guideline_cards = Table(
    "guideline_cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("message_id", BigInteger),
    Column("version", Integer, nullable=False, server_default="0"),  # counts what changes the card
    Column("shows", Integer),
    Column("posted_at", Moment, nullable=False),
    Column("replaced_at", Moment),
    Column("attempted_at", Moment),  # it was sent, and the outcome is not recorded yet
    Column("lease_until", Moment),
    unique("uq_guideline_cards_server", "server_id", where="replaced_at IS NULL"),
)
