"""What is kept: the only place that speaks SQL."""

from sqlalchemy.ext.asyncio import AsyncConnection as Connection  # so that services can name it

from bot.storage.database import Database, open_database
from bot.storage.outages import StorageFailed

__all__ = ["Connection", "Database", "StorageFailed", "open_database"]
