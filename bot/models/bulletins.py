"""What is said once in the review channel to all moderators."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.models.shifts import Duty

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.models.articles import Article


NOBODY = Duty()


class BulletinKind(StrEnum):
    """What a bulletin is about; its key says which one of the kind."""

    BACKLOG = "backlog"  # so many replies are held; the key is the number, while it has not been told again
    FULL = "full"  # an article takes no new replies for now
    DIGEST = "digest"  # how reviewing stands; the key is the day


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Something to be said once."""

    id: int
    server_id: int
    kind: BulletinKind
    key: str
    details: dict[str, Any]
    created_at: datetime
    attempted_at: datetime | None = None  # it was sent first then, and that is not recorded yet


@dataclass(frozen=True, slots=True)
class News:
    """What a bulletin says, as it is at the moment of saying."""

    held: int = 0
    is_more: bool = False  # than `held`, which was not counted to the end
    oldest_at: datetime | None = None  # the reply that is next was sent then
    duty: Duty = NOBODY
    approved: int = 0
    rejected: int = 0
    changes_requested: int = 0
    usual_wait: timedelta | None = None  # the median of those decided
    article: Article | None = None
    limit: int = 0  # at which the article was closed
