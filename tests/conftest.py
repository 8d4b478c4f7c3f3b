"""What every test can ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
from tests.spreading import Spreading

if TYPE_CHECKING:
    from xdist.remote import Producer

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


@pytest.hookimpl(optionalhook=True)  # xdist asks, when it runs
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spreading:
    """Spread the tests over processes."""
    return Spreading(config, log)
