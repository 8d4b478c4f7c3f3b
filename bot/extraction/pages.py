"""Bytes → a `Page`; imported in the worker process alone, because trafilatura needs 60 MB and trusts its input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from trafilatura import bare_extraction
from trafilatura.metadata import extract_metadata

from bot.extraction.addresses import canonical_url, web_address
from bot.extraction.dates import published_at
from bot.extraction.images import lead_image
from bot.extraction.markup import base_url, link, meta, metas, parse, text_of
from bot.extraction.refusals import FileRefused, PageNotArticle, PageNotHtml, PageRefused
from bot.extraction.summaries import Paragraph, summarise
from bot.extraction.texts import clean, clip, count_words, decode, is_binary
from bot.models import Page

if TYPE_CHECKING:
    from bot.extraction.markup import Element

MAX_TITLE: Final = 256  # Discord's limit for an embed's title
MAX_NAME: Final = 100
MAX_AUTHORS: Final = 10
MIN_WORDS: Final = 60
MIN_WORDS_BEHIND_LOGIN: Final = 150
MAX_TEASERS: Final = 3

_SEPARATORS: Final = r"\s*[·|•»«–—:-]\s*"
_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_].*)?", re.IGNORECASE)
_LOOKS_LIKE_HTML: Final = re.compile(r"<(?:!doctype\s+html|html|head|body|article|title|p|div|h1)\b", re.IGNORECASE)
_SENTENCE_STOP: Final = re.compile("[.!?…。！？؟।։]")  # menus and lists of links have none
_TEXT: Final = {"p", "quote", "item", "head"}


def page_from_html(body: bytes, url: str | None = None, charset: str | None = None) -> Page:
    """Read an article's page; `url` is its final address, `charset` the header's word.

    Raises PageNotHtml, or PageNotArticle for a start page, a login page and less than 60 words.
    """
    if is_binary(body):
        raise PageNotHtml
    tree = parse(decode(body, charset))
    url = url or _declared_address(tree)
    site, language = _site(tree, url), _language(tree)
    found = extract_metadata(tree, url, extensive=False)
    title = _title(found.title, site) or _title(text_of(tree.find(".//title")), site)
    paragraphs = _paragraphs(tree, url)
    descriptions = metas(tree, "og:description", "description", "twitter:description")
    summary = summarise(descriptions, paragraphs, title=title, language=language)
    if not title or not summary:
        raise PageNotArticle
    return Page(
        title=title,
        summary=summary,
        url=url,
        canonical_url=canonical_url(url, link(tree, "canonical") or meta(tree, "og:url")) if url else None,
        site=site,
        authors=_authors(found.author),
        language=language,
        published_at=published_at(tree, url),
        image=lead_image(tree, base_url(tree, url)),
    )


def _declared_address(tree: Element) -> str | None:
    """What an uploaded page says its address is, so that the same article is known again."""
    for declared in (link(tree, "canonical"), meta(tree, "og:url")):
        try:
            return str(web_address(declared or ""))
        except PageRefused:
            continue
    return None


def page_from_file(name: str, body: bytes) -> Page:
    """Read an uploaded file: HTML, or a plain text whose first line is the title.

    Raises FileRefused for a binary file and PageNotArticle for a text without a title and something to read.
    """
    if is_binary(body):
        raise FileRefused
    text = decode(body)
    if name.lower().endswith((".html", ".htm", ".xhtml")) or _LOOKS_LIKE_HTML.search(text[:2000]):
        return page_from_html(body)
    title, *rest = [line for line in map(clean, text.splitlines()) if line] or [""]
    paragraphs = [Paragraph(line) for line in rest]
    summary = summarise((), paragraphs, title=title, language=None)
    if not title or not summary:
        raise PageNotArticle
    return Page(title=clip(title, MAX_TITLE), summary=summary)


def _paragraphs(tree: Element, url: str | None) -> list[Paragraph]:
    """Return the article's text. Raises PageNotArticle when there is too little of it."""
    document = None if _is_list_of_articles(tree, url) else bare_extraction(
        tree, url=url, fast=True, include_comments=False, include_tables=False
    )  # fmt: skip
    if document is None or isinstance(document, dict) or document.body is None:
        raise PageNotArticle
    paragraphs = [
        Paragraph(text, is_quote=element.tag == "quote" or next(element.iterancestors("quote"), None) is not None)
        for element in document.body.iter(*_TEXT)
        if element.tag != "head" and (text := text_of(element))
    ]
    has_login = bool(tree.xpath("//input[@type='password']"))
    if sum(count_words(text) for text, _ in paragraphs if _SENTENCE_STOP.search(text)) < (
        MIN_WORDS_BEHIND_LOGIN if has_login else MIN_WORDS
    ):
        raise PageNotArticle
    return paragraphs


def _is_list_of_articles(tree: Element, url: str | None) -> bool:
    """Tell a start page or a section's page by its place, or by many headlines that are links."""
    if meta(tree, "og:type") == "article":
        return False
    if url and urlsplit(url).path in ("", "/") and not urlsplit(url).query:
        return True
    return len(tree.xpath("//article[.//h2//a or .//h3//a or .//a//h2 or .//a//h3]")) > MAX_TEASERS


def _site(tree: Element, url: str | None) -> str | None:
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    return clip(meta(tree, "og:site_name", "application-name") or host, MAX_NAME) or None


def _title(text: str | None, site: str | None) -> str:
    """Strip the site's name, with which many pages end or begin their title."""
    title = clean(text)
    if site:
        name = re.escape(site)
        bare = re.sub(rf"{_SEPARATORS}{name}$|^{name}{_SEPARATORS}", "", title, flags=re.IGNORECASE)
        title = bare or title
    return clip(title, MAX_TITLE)


def _authors(text: str | None) -> tuple[str, ...]:
    names = (clip(clean(name), MAX_NAME) for name in (text or "").split(";"))
    return tuple(dict.fromkeys(name for name in names if name and "://" not in name))[:MAX_AUTHORS]


def _language(tree: Element) -> str | None:
    """Return two letters as of ISO 639-1; three-letter languages have none."""
    root = tree.getroottree().getroot()
    for said in (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), meta(tree, "og:locale")):
        if said and (found := _LANGUAGE.fullmatch(said.strip())):
            return found[1].lower()
    return None
