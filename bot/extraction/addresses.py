"""Web addresses: which may be opened, and when two of them lead to the same article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from yarl import URL

from bot.extraction.refusals import AddressInvalid, PortRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_URL: Final = 2048
USUAL_PORTS: Final = {"http": 80, "https": 443}

# What newsletters, social networks and advertisers append: it says where the reader came from, not what is read.
_TRACKING: Final = re.compile(
    r"utm_.*|at_(?:medium|campaign|link.*|format|ptr_name)|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|oly_(?:enc|anon)_id"
    r"|(?:fb|g|tt|tw|dc|ms|y|ys)clid|gclsrc|[gw]braid|li_fat_id|igsh(?:id)?|mkt_tok|vero_(?:id|conv)|wickedid"
    r"|__twitter_impression|ref_(?:src|url)|cmpid|ncid|smid|sr_share|fb_(?:action_.*|source|ref)"
)
_BARE: Final = re.compile(r"^www\.(?=.+\.)")  # "www.com" is itself a site
_EDITION: Final = re.compile(r"^(?:www|m|mobile|amp)\.(?=.+\.)")


def web_address(text: str, *, any_port: bool = False) -> URL:
    """Parse an http or https address without a fragment; a link in Discord's angle brackets is understood.

    Raises PortRefused for other ports, AddressInvalid for other schemes, a user name, and over 2,048 characters.
    """
    try:
        url = URL(text.strip().removeprefix("<").removesuffix(">").strip()).with_fragment(None)
        text = str(url)
    except ValueError as error:
        raise AddressInvalid from error
    usual = USUAL_PORTS.get(url.scheme)
    if usual is None or not url.raw_host or not url.raw_host.strip(".") or " " in url.raw_host or len(text) > MAX_URL:
        raise AddressInvalid
    if url.raw_user is not None or url.raw_password is not None:
        raise AddressInvalid
    if not any_port and url.port not in USUAL_PORTS.values():
        raise PortRefused
    return url


def canonical_url(url: str, declared: str | None = None) -> str:
    """Return the form that all addresses of one article share: a key to compare, not an address to open.

    `declared` is what the page itself calls its address; it wins when it lies on the same site.
    Equal are http and https, "www." and none, the order of the query, and any trailing slash.
    Raises AddressInvalid when `url` is no web address.
    """
    address = web_address(url, any_port=True)
    if declared is not None and (better := _trusted(address, declared)) is not None:
        address = better
    host = (address.raw_host or "").rstrip(".")
    port = None if address.port in USUAL_PORTS.values() else address.port
    key = address.with_scheme("https").with_host(_BARE.sub("", host)).with_port(port)
    key = key.with_path(address.raw_path.rstrip("/") or "/", encoded=True)
    return str(key.with_query(sorted(_telling(address), key=lambda pair: pair[0])))


def _telling(address: URL) -> Iterator[tuple[str, str]]:
    """Leave out the parts of the query that do not say what is read."""
    return ((key, value) for key, value in address.query.items() if not _TRACKING.fullmatch(key.lower()))


def _trusted(address: URL, declared: str) -> URL | None:
    """Return the declared address unless it leads to another site or, as careless templates do, to the start page."""
    try:
        better = web_address(urljoin(str(address), declared.strip()), any_port=True)
    except (AddressInvalid, ValueError):
        return None
    here, there = (_EDITION.sub("", (each.raw_host or "").rstrip(".")) for each in (address, better))
    same = here == there or here.endswith(f".{there}") or there.endswith(f".{here}")
    is_start = better.path in ("", "/") and not better.query and (address.path not in ("", "/") or bool(address.query))
    return better if same and "." in here and "." in there and not is_start else None
