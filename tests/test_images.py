"""A picture is shown with the credit of whoever made it, or not at all."""

from __future__ import annotations

import pytest

from bot.extraction.credits import read_caption
from bot.extraction.pages import page_from_html
from bot.models import Image
from tests.article_pages import TEXT, URL, page


def figure(caption: str, image: str = '<img src="/a.jpg">') -> bytes:
    return page(f"<figure>{image}<figcaption>{caption}</figcaption></figure><p>{TEXT}</p>")


def credit_of(body: bytes) -> str | None:
    image = page_from_html(body, URL).image
    return image and image.credit


@pytest.mark.parametrize(
    ("caption", "shows", "credit"),
    [
        (
            "Atyrau, Kazakhstan. Image by Flickr user hellium666 (CC BY-NC 2.0).",
            "Atyrau, Kazakhstan",
            "hellium666 (CC BY-NC 2.0)",
        ),
        ("Photo: Jane Doe / Agency", "", "Jane Doe / Agency"),
        ("The harbour (Photo: Jane Doe)", "The harbour", "Jane Doe"),
        ("Der Hafen. Foto: Jana Doe/dpa", "Der Hafen", "Jana Doe/dpa"),
        ("Гавань. Фото: Иван Иванов", "Гавань", "Иван Иванов"),
        ("The harbour. © Jane Doe", "The harbour", "© Jane Doe"),
        ("Courtesy of the City Archive", "", "Courtesy of the City Archive"),
        ("Photo by Jane Doe. Used with permission.", "", "Jane Doe. Used with permission"),
        ("Photo: J. K. Doe. The harbour in May.", "The harbour in May", "J. K. Doe"),
        ("A photo by the river", "A photo by the river", None),
        ("The mayor looks at a photo by Ann", "The mayor looks at a photo by Ann", None),
        ("Photo:", "", None),
    ],
)
def test_a_caption_tells_what_is_shown_and_who_made_it(caption, shows, credit):
    assert read_caption(caption) == (shows, credit)


def test_a_picture_without_a_credit_is_not_shown():
    assert page_from_html(figure("The harbour in May"), URL).image is None


@pytest.mark.parametrize(
    "body",
    [
        figure('The harbour <span class="credit">Jane Doe</span>'),
        figure("The harbour", '<img src="a.jpg" alt="The harbour. Photo: Jane Doe">'),
        page(f'<p><img src="/a.jpg"></p><p>The harbour. Photo: Jane Doe</p><p>{TEXT}</p>'),
        page(f'<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">Photo: Jane Doe</p></div>{TEXT}'),
    ],
)
def test_a_credit_is_found_wherever_it_is_printed(body):
    assert credit_of(body) == "Jane Doe"


def test_a_credit_of_one_picture_is_not_given_to_another():
    head = '<title>Harbour</title><meta property="og:image" content="https://cdn.example/logo.png">'
    body = page(f'<figure><img src="/a.jpg"><figcaption>Photo: Jane Doe</figcaption></figure><p>{TEXT}</p>', head)

    image = page_from_html(body, URL).image

    assert image == Image("https://news.example/a.jpg", "Jane Doe", None)


def test_a_credit_from_schema_org_names_the_licence():
    head = (
        '<title>Harbour</title><meta property="og:image" content="/big/a.jpg"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "image": {"@type": "ImageObject", "url": "/a-300x200.jpg", "author":'
        '{"name": "Jane Doe"}, "license": "https://creativecommons.org/licenses/by-nc/2.0/"}}</script>'
    )

    assert page_from_html(page(head=head), URL).image == Image(
        "https://news.example/big/a.jpg", "Jane Doe (CC BY-NC 2.0)"
    )


@pytest.mark.parametrize(
    "source", ["javascript:alert(1)", "data:image/png;base64,AAAA", "ftp://a/b.jpg", "/" + "a" * 2048]
)
def test_a_picture_at_a_strange_address_is_not_shown(source):
    assert page_from_html(figure("Photo: Jane Doe", f'<img src="{source}">'), URL).image is None
