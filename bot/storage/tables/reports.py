"""The tables of members' complaints, and of the cards on which moderators decide them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    true,
)

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import card_columns, metadata, unique

# All reports about one revision of a reply until moderators decide them together; then a new one may be opened.
report_cards = Table(
    "report_cards",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    *card_columns(),
    Column("hidden_at", Moment),  # so many reports hid the reply until they are decided
    Column("would_hide_at", Moment),  # they would have, but for the trial mode
    Column("decided_at", Moment),
    Column("decided_by", BigInteger),
    Column("outcome", String(16)),
    unique("uq_report_cards_open", "reply_id", where="decided_at IS NULL"),
    Index("ix_report_cards_reply", "reply_id", "revision"),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("reply_id", ForeignKey("replies.id"), nullable=False),
    Column("reporter_id", BigInteger, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("card_id", ForeignKey("report_cards.id")),  # None: told on a line of its own, as an earlier version did
    Column("guideline", String(32)),
    Column("sentence", Text),
    Column("reporter_language", String(8)),
    Column("is_independent", Boolean, nullable=False, server_default=true()),  # counts towards hiding the reply
    UniqueConstraint("reply_id", "revision", "reporter_id"),
    Index("ix_reports_card", "card_id"),
    Index("ix_reports_reporter", "server_id", "reporter_id", "created_at"),
)
