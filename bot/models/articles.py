"""The piece discussed, as read and as posted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class ArticleStatus(StrEnum):
    """A draft is seen by its editor alone; an open article takes replies."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Image:
    """A lead image. Shown only when its credit is known."""

    url: str
    credit: str  # as printed by the source, without "Image by": "hellium666 (CC BY-NC 2.0)"
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from a web page or typed by an editor: an article before it is stored."""

    title: str
    summary: str
    url: str | None = None  # where it was read; None when written by hand without a link
    canonical_url: str | None = None  # what two addresses of the same article share
    site: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1: "en"
    published_at: datetime | None = None
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The piece discussed, with the places in Discord that belong to it."""

    id: int
    server_id: int
    editor_id: int
    status: ArticleStatus
    page: Page
    created_at: datetime
    channel_id: int | None = None  # the sealed channel its card is in
    card_message_id: int | None = None  # None until the card is posted
    thread_id: int | None = None  # None until the thread is made
    attempted_at: datetime | None = None  # when a card was sent first whose outcome is not recorded yet
    young_days: int | None = None  # whose account or membership is younger may not reply
    young_until: datetime | None = None  # until then
    letters_minutes: int | None = None  # approved replies appear together, every so many minutes
    full_at: datetime | None = None  # too many replies are held: no new ones until there are fewer
