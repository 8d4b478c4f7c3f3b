"""The tables of what follows from breaking the guidelines: strikes and sanctions."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, false

from bot.storage.columns import Id, Moment
from bot.storage.tables.schema import metadata, unique

strikes = Table(
    "strikes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("guideline", String(32), nullable=False),
    Column("wording_id", BigInteger),  # in `wordings`: what the guideline said that day, in the member's language
    Column("reply_id", ForeignKey("replies.id")),
    Column("moderator_id", BigInteger, nullable=False),
    Column("sentence", Text),
    Column("passages", Text),  # JSON list
    Column("given_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Column("lifted_by", BigInteger),
    unique("uq_strikes_in_force", "reply_id", where="lifted_at IS NULL"),
    Index("ix_strikes_member", "server_id", "member_id", "id"),
)

sanctions = Table(
    "sanctions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("server_id", ForeignKey("servers.id"), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("strike_id", ForeignKey("strikes.id")),  # that led to it
    Column("reply_id", ForeignKey("replies.id")),
    Column("guideline", String(32)),
    Column("wording_id", BigInteger),  # in `wordings`: what the guideline said that day, in the member's language
    Column("sentence", Text),
    Column("moderator_id", BigInteger, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("trial", Boolean, nullable=False, server_default=false()),  # nothing but this row
    Column("acknowledged_at", Moment),
    Column("lifted_at", Moment),
    Column("lifted_by", BigInteger),
    Column("bulk_id", ForeignKey("bulks.id")),  # the replies that a ban rejected
    Column("discord", String(16)),  # how far a timeout has come there
    Column("lease_until", Moment),
    unique(
        "uq_sanctions_ban",
        "server_id",
        "member_id",
        "kind",
        where="ends_at IS NULL AND lifted_at IS NULL AND NOT trial AND kind IN ('ban', 'discord_ban')",
    ),
    Index("ix_sanctions_member", "server_id", "member_id", "id"),
)
