"""What every test can ask for."""

from __future__ import annotations

from tests.databases import (
    database_url,
    db,
    make_postgres_url,
    memory_folder,
    postgres_server,
    postgres_url,
    run_sql,
    sqlite_db,
    sqlite_template,
    sqlite_url,
)
from tests.in_process import logged_errors

# pytest finds a fixture by its name here.
__all__ = [
    "database_url",
    "db",
    "logged_errors",
    "make_postgres_url",
    "memory_folder",
    "postgres_server",
    "postgres_url",
    "run_sql",
    "sqlite_db",
    "sqlite_template",
    "sqlite_url",
]
