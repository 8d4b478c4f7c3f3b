"""Alembic's entry: runs steps on the connection it is given, in the transaction that is open there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context

from bot.storage.columns import Moment
from bot.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.autogenerate.api import AutogenContext


def render_item(_kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as what it is in the database: a step must not change when `tables.py` does."""
    return "sa.DateTime(timezone=True)" if isinstance(item, Moment) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=context.config.attributes.get("batch", True),  # SQLite alters a table by copying it
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
