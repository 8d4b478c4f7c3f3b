"""The table of appeals, each with the card on which it is decided."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, Text

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import card_columns, metadata, unique

appeals = Table(
    "appeals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("decision_id", ForeignKey("decisions.id"), nullable=False, unique=True),
    Column("action", String(24), nullable=False),
    Column("first_moderator_id", BigInteger, nullable=False),
    Column("guideline", String(32)),
    Column("reasons", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    *card_columns(),
    Column("decided_at", Moment),
    Column("decided_by", BigInteger),
    Column("outcome", String(16)),
    Column("sentence", Text),  # to the author
    unique("uq_appeals_open", "reply_id", where="decided_at IS NULL"),
    Index("ix_appeals_reply", "reply_id", "revision"),
    Index("ix_appeals_decided", "server_id", "decided_at"),
)
