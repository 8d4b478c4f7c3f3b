"""How old an account is: Discord's ids tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_FIRST = datetime(2015, 1, 1, tzinfo=UTC)  # from which Discord counts
_COUNTER = 22  # bits below the milliseconds


def made_at(account_id: int) -> datetime:
    """When the account was made."""
    return _FIRST + timedelta(milliseconds=account_id >> _COUNTER)
