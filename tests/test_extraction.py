"""What is told about an article is what its page says, and what is no article is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.extraction import refusals
from bot.extraction.pages import page_from_html
from tests.article_pages import TEXT, URL, blasts_page, page


def test_the_founding_articles_summary_quotes_no_blogger():
    article = page_from_html(blasts_page(), "https://news.example/blasts")

    for words in ("Today media representatives", "Normal terrorists", "opined", "Image by", "hellium666", "[ru]"):
        assert words not in article.summary
    assert len(article.summary) <= 600
    assert article.summary.endswith(".")
    assert article.published_at is None  # October 31, 2011 is the date of the event
    assert article.authors == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html></html>",
        b"no page at all",
        page("<p>Too short to be discussed.</p>"),
        page(f"<form>{TEXT}<input type=password></form>"),
        page("<nav>" + "<a href=/x>Section</a> " * 200 + "</nav>"),
    ],
)
def test_a_page_without_an_article_is_refused(body):
    with pytest.raises(refusals.PageNotArticle):
        page_from_html(body, URL)


@pytest.mark.parametrize("url", ["https://news.example", "https://news.example/", "https://news.example/news"])
def test_a_start_page_is_no_article(url):
    teaser = f"<article><h2><a href='/a'>Harbour</a></h2><p>{TEXT}</p></article>"
    body = f"<html><head><title>News</title></head><body>{teaser * 8}</body></html>"

    with pytest.raises(refusals.PageNotArticle):
        page_from_html(body.encode(), url)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Harbour to be rebuilt · The News", "Harbour to be rebuilt"),
        ("Harbour to be rebuilt | The News", "Harbour to be rebuilt"),
        ("The News – Harbour to be rebuilt", "Harbour to be rebuilt"),
        ("Harbour: a plan | for everybody", "Harbour: a plan | for everybody"),
        ("Harbour \u202e\u0007to\u200b\n be &amp; <rebuilt>", "Harbour to be & <rebuilt>"),
    ],
)
def test_the_title_comes_clean_and_without_the_sites_name(title, expected):
    head = f'<meta property="og:site_name" content="The News"><meta property="og:title" content="{title}">'

    assert page_from_html(page(head=head), URL).title == expected


def test_a_title_that_is_too_long_is_cut_on_a_word():
    title = page_from_html(page(head=f"<title>{'harbour ' * 60}</title>"), URL).title

    assert len(title) <= 256
    assert title.endswith("harbour…")


@pytest.mark.parametrize(
    ("root", "head", "expected"),
    [
        ('lang="ru"', "", "ru"),
        ('lang="pt-BR"', '<meta property="og:locale" content="de_DE">', "pt"),
        ("", '<meta property="og:locale" content="kk_KZ">', "kk"),
        ('lang="tok"', "", None),
        ("", "", None),
    ],
)
def test_the_language_is_what_the_page_declares(root, head, expected):
    body = f"<html {root}><head><title>Harbour</title>{head}</head><body><p>{TEXT}</p></body></html>"

    assert page_from_html(body.encode(), URL).language == expected


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<meta property="article:published_time" content="2024-05-01T23:30:00-02:00">', "2024-05-02T01:30:00+00:00"),
        ('<meta name="date" content="2024-05-01">', "2024-05-01T00:00:00+00:00"),
        (
            """<script type="application/ld+json">
            {"@graph": [{"@type": "NewsArticle", "datePublished": "2024-05-01T10:00:00Z"}]}</script>""",
            "2024-05-01T10:00:00+00:00",
        ),
        ('<meta name="date" content="0001-01-01T00:00:00+05:00">', None),
        ('<meta name="date" content="9999-12-31T23:59:59-05:00">', None),
        ('<meta name="date" content="2999-01-01">', None),
        ('<meta name="date" content="soon">', None),
        ("", None),
    ],
)
def test_the_date_of_publication_is_never_invented(head, expected):
    body = f"<p>On 3 May 2023 it began; <time datetime='2023-05-03'>that day</time> was wet. {TEXT}</p>"

    found = page_from_html(page(body, f"<title>Harbour</title>{head}"), URL).published_at

    assert (found and found.isoformat()) == expected


def test_the_date_in_the_address_is_the_last_resort():
    found = page_from_html(page(), "https://news.example/2011/11/02/harbour").published_at

    assert found == datetime(2011, 11, 2, tzinfo=UTC)


def test_a_good_description_is_the_summary():
    description = "The council rebuilds the harbour; boats leave in March, the market moves, and fishermen have doubts."
    head = f'<title>Harbour</title><meta property="og:description" content="{description}">'

    assert page_from_html(page(head=head), URL).summary == description


@pytest.mark.parametrize(
    "description", ["Short.", "word " * 150, "Harbour to be rebuilt", f"{TEXT[:120]} […]", f"{TEXT[:120]}..."]
)
def test_a_poor_description_gives_way_to_the_first_sentences(description):
    head = f'<title>Harbour to be rebuilt</title><meta name="description" content="{description}">'

    assert page_from_html(page(head=head), URL).summary == TEXT


def test_the_summary_skips_quotes_captions_tweets_and_labels():
    body = (
        "<p>By Jane Doe, Monday</p><p>A boat in the rain. Photo: Jane Doe / Agency</p>"
        "<blockquote><p>We will never leave this harbour, whatever they say!</p></blockquote>"
        "<p>The mayor answered:</p><blockquote><p>Progress cannot be stopped by anyone at all.</p></blockquote>"
        '<blockquote class="twitter-tweet"><p>What a day! pic.twitter.com/x</p></blockquote>'
        f"<p>{TEXT}</p>"
    )

    assert page_from_html(page(body), URL).summary == TEXT


def test_the_summary_ends_with_a_sentence():
    summary = page_from_html(page(f"<p>{TEXT}</p><p>{TEXT.replace('harbour', 'port')}</p>"), URL).summary

    assert 400 < len(summary) <= 600
    assert summary.endswith(".")


def test_a_sentence_that_is_too_long_alone_is_cut_on_a_word():
    summary = page_from_html(page(f"<p>{'harbour ' * 200}end.</p>"), URL).summary

    assert len(summary) <= 600
    assert summary.endswith("harbour…")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://www.news.example/harbour?x=1", "https://news.example/harbour?x=1"),
        ("/harbour", "https://m.news.example/harbour"),
        ("https://news.example/", "https://m.news.example/p"),
        ("https://elsewhere.example/harbour", "https://m.news.example/p"),
        ("https://evilnews.example/harbour", "https://m.news.example/p"),
        ("javascript:alert(1)", "https://m.news.example/p"),
        ("http://[", "https://m.news.example/p"),
    ],
)
def test_what_the_page_calls_its_address_wins_on_the_same_site(declared, expected):
    head = f'<title>Harbour</title><link rel="canonical" href="{declared}">'

    assert page_from_html(page(head=head), "https://m.news.example/p").canonical_url == expected
