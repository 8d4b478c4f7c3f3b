"""A page's HTML as a tree, and what its head says about it: meta elements and schema.org."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import urljoin

from trafilatura.utils import load_html

from bot.extraction.addresses import web_address
from bot.extraction.refusals import AddressInvalid, PageNotArticle
from bot.extraction.texts import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

Element: TypeAlias = Any  # lxml.html.HtmlElement; lxml has no type information
Schema: TypeAlias = dict[str, Any]

_MAX_SCHEMA_DEPTH: Final = 6
_NEW_LINES: Final = frozenset(("br", "p", "div", "li", "figcaption", "h1", "h2", "h3", "td", "lb", "item", "cell"))
_COMMENT_IN_SCRIPT: Final = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*$")


def parse(html: str) -> Element:
    """Raise PageNotArticle for what is no page at all."""
    tree = load_html(html)
    if tree is None:
        raise PageNotArticle
    return tree


def metas(tree: Element, *names: str) -> Iterator[str]:
    """Yield what the head says under these names, in the names' order, without the empty ones."""
    for name in names:
        for element in tree.iter("meta"):
            said = element.get("property") or element.get("name") or element.get("itemprop") or ""
            if said.lower() == name and (content := clean(element.get("content"))):
                yield content


def meta(tree: Element, *names: str) -> str | None:
    """Return the first of `metas`."""
    return next(metas(tree, *names), None)


def link(tree: Element, relation: str) -> str | None:
    """Return the address of the first `<link>` with this relation, as written."""
    for element in tree.iter("link"):
        if relation in (element.get("rel") or "").lower().split():
            return clean(element.get("href")) or None
    return None


def base_url(tree: Element, url: str | None) -> str | None:
    """Return what relative addresses of this page are relative to."""
    for element in tree.iter("base"):
        return absolute_url(url, element.get("href")) or url
    return url


def absolute_url(base: str | None, address: str | None) -> str | None:
    """Return an http or https address of at most 2,048 characters, or None."""
    if not address:
        return None
    try:
        return str(web_address(urljoin(base or "", address.strip()), any_port=True))
    except (AddressInvalid, ValueError):
        return None


def text_of(element: Element | None) -> str:
    """Return the element's text, cleaned; "" for None."""
    return clean("".join(_pieces(element))) if element is not None else ""


def _pieces(element: Element) -> Iterator[str]:
    """Yield the text with a space where a browser begins a new line."""
    yield element.text or ""
    for child in element:
        if child.tag in _NEW_LINES:
            yield " "
        yield from _pieces(child)
        if child.tag in _NEW_LINES:
            yield " "
        yield child.tail or ""


def schemas(tree: Element) -> list[Schema]:
    """Return every schema.org object of the page, nested ones too, outer ones first."""
    found: list[Schema] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() == "application/ld+json":
            try:
                data = json.loads(_COMMENT_IN_SCRIPT.sub("", script.text or ""), strict=False)
            except (ValueError, RecursionError):
                continue
            found.extend(_objects(data, _MAX_SCHEMA_DEPTH))
    return found


def is_type(schema: Schema, *endings: str) -> bool:
    """Tell whether a schema's type ends in one of these: "Article" fits "NewsArticle"."""
    kinds = schema.get("@type")
    return any(str(kind).endswith(endings) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def named(value: Any) -> str | None:
    """Return the text of a schema's value: a string, an object's name, or the first of a list."""
    while isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return clean(value) or None if isinstance(value, str) else None


def _objects(data: Any, depth: int) -> Iterator[Schema]:
    if depth == 0:
        return
    if isinstance(data, dict):
        yield data
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for value in inner:
        yield from _objects(value, depth - 1)
