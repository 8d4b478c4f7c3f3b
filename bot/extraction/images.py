"""An article's lead image, shown only with the credit of whoever made it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.extraction.credits import Caption, read_caption, tidy_credit
from bot.extraction.markup import absolute_url, is_type, meta, named, schemas, text_of
from bot.extraction.texts import clean, clip
from bot.models import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.extraction.markup import Element, Schema

MAX_ALT: Final = 1024  # Discord's limit for a description
MAX_CAPTION: Final = 1000
MAX_PICTURES: Final = 10  # the lead image is among the first

_SOURCES: Final = ("src", "data-src", "data-original", "data-lazy-src")
_SHARED: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_CREDITS: Final = ("og:image:credit", "image:credit", "image-credit", "photo-credit", "twitter:image:credit")
_ELSEWHERE: Final = "ancestor::nav or ancestor::aside or ancestor::footer"
_ARTICLE_PICTURES: Final = f"(//article//img | //main//img | //figure//img)[not({_ELSEWHERE})]"
_ANY_PICTURES: Final = f"//body//img[not({_ELSEWHERE})]"
_CAPTIONED: Final = "ancestor::figure | ancestor::*[contains(@class, 'caption') or contains(@class, 'figure')]"
_CREDIT_ELEMENTS: Final = (
    ".//*[contains(@class, 'credit') or contains(@class, 'copyright') or contains(@class, 'photographer')"
    " or @itemprop='creditText' or @itemprop='copyrightHolder' or @itemprop='creator' or @itemprop='author']"
)
_CAPTIONS: Final = ".//figcaption | .//*[contains(@class, 'caption')]"
_SIZE: Final = re.compile(r"[-_@.]?(?:\d{2,4}x\d{2,4}|\d{2,4}w|\dx|scaled)(?=\.\w+$)")
_FILE_NAME: Final = re.compile(
    r"[\w-]+\.(?:jpe?g|png|gif|webp|avif|svg)|(?:img|dsc|image|photo)[\W_]*\d*", re.IGNORECASE
)
_LICENCE: Final = re.compile(r"creativecommons\.org/(licenses|publicdomain)/([a-z-]+)(?:/(\d\.\d))?")


def lead_image(tree: Element, base: str | None) -> Image | None:
    """Return the first picture whose credit is known; `base` is what relative addresses are relative to.

    A credit is never carried from one picture to another: the picture for social networks is used only
    when it has a credit of its own or is the same file.
    """
    shared = absolute_url(base, meta(tree, *_SHARED))
    for picture in _pictures(tree):
        url = _source(picture, base)
        caption = _caption(picture)
        if url and caption.credit:
            best = shared if shared and _file(shared) == _file(url) else url
            return Image(best, caption.credit, _alt(picture.get("alt"), caption.shows))
    return _declared(tree, base, shared)


def _pictures(tree: Element) -> Iterator[Element]:
    found = tree.xpath(_ARTICLE_PICTURES) or tree.xpath(_ANY_PICTURES)
    yield from found[:MAX_PICTURES]


def _source(picture: Element, base: str | None) -> str | None:
    """Return the picture's address; pages that load pictures late hide it in other attributes."""
    addresses = [picture.get(name) for name in _SOURCES]
    addresses += [part.split()[0] for part in (picture.get("srcset") or "").split(",")[-1:] if part.split()]
    return next((url for address in addresses if (url := absolute_url(base, address))), None)


def _caption(picture: Element) -> Caption:
    """Read the caption around a picture; a credit in the alternative text counts as well."""
    around = picture.xpath(_CAPTIONED)
    caption = _inner_caption(around[-1]) if around else _next_paragraph(picture)
    return caption if caption.credit else read_caption(clip(clean(picture.get("alt")), MAX_CAPTION))


def _inner_caption(figure: Element) -> Caption:
    text = clip(text_of(next(iter(figure.xpath(_CAPTIONS)), None)), MAX_CAPTION)
    credit = clip(text_of(next(iter(figure.xpath(_CREDIT_ELEMENTS)), None)), MAX_CAPTION)
    if not credit:
        return read_caption(text)
    shows = read_caption(text.replace(credit, "")).shows
    return Caption(shows, read_caption(credit).credit or tidy_credit(credit))


def _next_paragraph(picture: Element) -> Caption:
    """Read the line after a bare picture: in older articles the caption is an ordinary paragraph."""
    block = picture
    while block.getnext() is None and not clean(block.tail) and block.getparent() is not None and block.tag != "p":
        block = block.getparent()
    text = clean(block.tail) or text_of(block.getnext())
    return read_caption(text) if len(text) <= MAX_CAPTION else Caption("", None)


def _alt(written: str | None, shows: str) -> str | None:
    """Prefer the alternative text, without the credit that some pages repeat in it."""
    alt = read_caption(clean(written)).shows
    return clip(shows if not alt or _FILE_NAME.fullmatch(alt) else alt, MAX_ALT) or None


def _file(url: str) -> str:
    """Return what two sizes of the same picture share: the file's name."""
    return _SIZE.sub("", urlsplit(url).path.rpartition("/")[2])


def _declared(tree: Element, base: str | None, shared: str | None) -> Image | None:
    """Return the image that the page's head describes together with its credit."""
    alt = meta(tree, "og:image:alt", "twitter:image:alt")
    for schema in schemas(tree):
        if is_type(schema, "ImageObject"):
            url = absolute_url(base, named(schema.get("contentUrl")) or named(schema.get("url")))
            credit = _schema_credit(schema)
            if url and credit and (shared is None or _file(url) == _file(shared)):
                return Image(shared or url, credit, _alt(alt, read_caption(named(schema.get("caption")) or "").shows))
    credit = tidy_credit(meta(tree, *_CREDITS) or "")
    return Image(shared, credit, _alt(alt, "")) if shared and credit else None


def _schema_credit(schema: Schema) -> str | None:
    keys = ("creditText", "author", "creator", "copyrightHolder", "copyrightNotice")
    words = next((said for key in keys if (said := named(schema.get(key)))), None)
    credit = (read_caption(words).credit or tidy_credit(words)) if words else None
    licence = _LICENCE.search(named(schema.get("license")) or "")
    if credit is None or licence is None:
        return credit
    kind = "CC0" if licence[1] == "publicdomain" else f"CC {licence[2].upper()}"
    return f"{credit} ({' '.join(filter(None, (kind, licence[3])))})"
