"""What the tables have in common: one collection, names of constraints, indexes of some rows only, and cards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Index, Integer, MetaData, text

from bot.storage.columns import Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def unique(name: str, *columns: str, where: str) -> Index:
    """One row at most with these values, among the rows of which the condition holds."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


def partial(name: str, *columns: Any, where: ColumnElement[bool]) -> Index:
    """An index of the rows of which the condition holds.

    A condition's values stand in the SQL itself, since a database uses such an index only where it can see them.
    """
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


def card_columns() -> list[Column[Any]]:
    """What is known of the message in the review channel on which a row is decided."""
    return [
        Column("version", Integer, nullable=False, server_default="1"),  # counts what changes the card
        Column("shows", Integer),  # the version it was last drawn for
        Column("channel_id", BigInteger),
        Column("message_id", BigInteger),
        Column("attempted_at", Moment),  # a message was sent whose outcome is not recorded yet
        Column("lease_until", Moment),
    ]
