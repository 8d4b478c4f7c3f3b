"""Two addresses of one article are equal, and those of two articles are not."""

from __future__ import annotations

import pytest

from bot.extraction import canonical_url, refusals


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/harbour",
        "http://news.example/harbour",
        "HTTPS://News.Example:443/harbour/",
        "https://www.news.example/harbour#comments",
        "https://news.example/harbour?utm_source=feed&fbclid=1&gclid=2&mc_cid=3",
        "https://news.example/./h%61rbour",
    ],
)
def test_addresses_of_the_same_article_are_equal(url):
    assert canonical_url(url) == "https://news.example/harbour"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/?b=2&a=1", "https://a.example/?a=1&b=2", True),
        ("https://пример.рф/путь", "https://xn--e1afmkfd.xn--p1ai/%d0%bf%d1%83%d1%82%d1%8c", True),
        ("https://a.example/?id=1", "https://a.example/?id=2", False),
        ("https://a.example/a%2Fb", "https://a.example/a/b", False),
        ("https://a.example/A", "https://a.example/a", False),
        ("https://a.example:8080/a", "https://a.example/a", False),
        ("https://www.com/a", "https://com/a", False),
    ],
)
def test_addresses_are_equal_only_when_they_lead_to_the_same_page(one, other, same):
    assert (canonical_url(one) == canonical_url(other)) is same


@pytest.mark.parametrize("url", ["", "harbour", "ftp://a.example/", "https://me:pw@a.example/"])
def test_what_is_no_address_has_no_canonical_form(url):
    with pytest.raises(refusals.AddressInvalid):
        canonical_url(url)
