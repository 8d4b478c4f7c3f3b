"""When a page says it was published; dates in the running text are never taken for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.extraction.markup import is_type, meta, named, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.extraction.markup import Element

_METAS: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.created", "citation_publication_date",
    "publishdate", "pubdate", "publication_date", "date",
)  # fmt: skip
_MARKED: Final = (
    "//*[@itemprop='datePublished'] | //time[@pubdate]"
    " | //time[contains(@class, 'publi') or contains(@class, 'entry-date') or contains(@class, 'dateline')]"
    " | //article//header//time"
)
_IN_ADDRESS: Final = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_FIRST_YEAR: Final = 1900


def published_at(tree: Element, url: str | None) -> datetime | None:
    """Return an aware UTC time; a date or a time without a zone is read as UTC.

    Looked at, in this order: meta elements, schema.org, elements marked as the date of publication, and the
    address ("/2011/11/02/"). None when there is none, or when it is before 1900 or in the future.
    """
    return next((at for text in _candidates(tree, url) if (at := _parse(text))), None)


def _candidates(tree: Element, url: str | None) -> Iterator[str]:
    for name in _METAS:
        yield meta(tree, name) or ""
    for schema in schemas(tree):
        if is_type(schema, "Article", "Posting", "Report", "WebPage"):
            yield named(schema.get("datePublished")) or ""
    for element in tree.xpath(_MARKED)[:5]:
        yield element.get("datetime") or element.get("content") or ""
    if url and (found := _IN_ADDRESS.search(urlsplit(url).path)):
        yield f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}"


def _parse(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text.strip())
            at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        if at.year >= _FIRST_YEAR and at <= datetime.now(UTC) + timedelta(days=1):
            return at
    return None
