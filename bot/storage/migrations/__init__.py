"""Bring a database's tables up to this version, one numbered step after another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, inspect, select

from bot.errors import DatabaseUnusable
from bot.storage.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection

FOLDER = Path(__file__).parent

# The steps are named `0001_first.py`, `0002_…`: reading the names spares every start the import of Alembic (6 MB).
REVISIONS = tuple(sorted(path.stem.partition("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py")))
HEAD = REVISIONS[-1] if REVISIONS else None

_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def get_revision(connection: Connection) -> str | None:
    """The step that the tables are at; None for a database without our tables."""
    if not inspect(connection).has_table(_version.name):
        return None
    return connection.scalar(select(_version.c.version_num))


def check_revision(connection: Connection) -> str | None:
    """As `get_revision`. Raises DatabaseUnusable for tables of a newer version or of another program."""
    revision = get_revision(connection)
    if revision is not None and revision not in REVISIONS:
        raise DatabaseUnusable(
            f"The database was written by a newer Standfirst (its tables are at {revision}, "
            f"this version knows {HEAD}). Install that version, or restore a backup."
        )
    if revision is None and metadata.tables.keys() & set(inspect(connection).get_table_names()):
        raise DatabaseUnusable("The database holds the tables of another program. Name another one in DATABASE_URL.")
    return revision


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the missing steps inside the caller's transaction, and record them there."""
    from alembic import command  # noqa: PLC0415 - needed at a few starts only

    command.upgrade(config(connection), revision)


def config(connection: Connection) -> Config:
    """Alembic's configuration, which has no file."""
    from alembic.config import Config  # noqa: PLC0415 - needed at a few starts only

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return settings
