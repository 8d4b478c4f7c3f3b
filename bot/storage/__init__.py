"""What is kept: the only place that speaks SQL."""

from bot.storage.database import Database, open_database

__all__ = ["Database", "open_database"]
