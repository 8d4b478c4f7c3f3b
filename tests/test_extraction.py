"""An article is read from real pages: what is told about it, and what is refused."""

from __future__ import annotations

import asyncio
import html
import os
import pickle
import signal
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from bot import errors
from bot.extraction import canonical_url, read_file, read_url
from bot.extraction.credits import read_caption
from bot.extraction.pages import page_from_file, page_from_html
from bot.extraction.reading import run_apart
from bot.models import Image, Page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "data/samples"
BLASTS = ROOT.parent / "shared/articles/kazakhstan-blasts.txt"
URL = "https://news.example/2026/harbour"
TEXT = (
    "The old harbour will be rebuilt next year. The council agreed on it on Monday, after two years of talks. "
    "Boats will have to leave in March, and the fish market moves to the station until the work is done. "
    "Most of the money comes from the region, which wants to see more visitors in the town. "
    "Fishermen are not convinced, and have asked for a second crane before they sign anything at all."
)


def page(body: str = f"<p>{TEXT}</p>", head: str = "<title>Harbour to be rebuilt</title>", lang: str = "en") -> bytes:
    return f'<html lang="{lang}"><head>{head}</head><body><article>{body}</article></body></html>'.encode()


def figure(caption: str, image: str = '<img src="/a.jpg">') -> bytes:
    return page(f"<figure>{image}<figcaption>{caption}</figcaption></figure><p>{TEXT}</p>")


def credit_of(body: bytes) -> str | None:
    image = page_from_html(body, URL).image
    return image and image.credit


@asynccontextmanager
async def serve(body: bytes) -> AsyncIterator[str]:
    async def handler(request: web.BaseRequest) -> web.Response:
        return web.Response(body=body, content_type="text/html")

    runner = web.ServerRunner(web.Server(handler), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def blasts_page() -> bytes:
    """The founding article as its site prints it: headline, figure, block quotes."""
    if not BLASTS.exists():
        pytest.skip("the founding article is not part of the repository")
    text = BLASTS.read_text("utf-8").partition("Join the conversation")[0]
    title, *lines = [html.escape(line.strip(), quote=True) for line in text.split("\n") if line.strip()]
    parts = []
    for before, line in zip([title, *lines], lines, strict=False):
        if line.startswith("Atyrau, Kazakhstan."):
            if before == line:
                parts.append(f'<figure><img src="/atyrau.jpg" alt="{line}"><figcaption>{line}</figcaption></figure>')
        elif before.endswith(":"):
            parts.append(f"<blockquote><p>{line}</p></blockquote>")
        else:
            parts.append(f"<p>{line}</p>")
    head = f'<title>{title} · Global Voices</title><meta property="og:site_name" content="Global Voices">'
    return page(f"<h1>{title}</h1>{''.join(parts)}", head)


async def test_the_founding_article_is_read_from_its_address():
    async with serve(blasts_page()) as address:
        article = await read_url(f"{address}/2011/11/02/blasts/?utm_source=x", allow_private=True)

    assert article.title == "Kazakhstan: Blasts Spark New Fears Over the Rise of Extremism"
    assert article.site == "Global Voices"
    assert "two blasts occurred in the downtown district of Atyrau" in article.summary
    assert "The second blast hit the area next to the regional administration building" in article.summary
    assert article.image == Image(f"{address}/atyrau.jpg", "hellium666 (CC BY-NC 2.0)", "Atyrau, Kazakhstan")
    assert article.canonical_url == f"{address.replace('http:', 'https:')}/2011/11/02/blasts"
    assert article.language == "en"


def test_the_founding_articles_summary_quotes_no_blogger():
    article = page_from_html(blasts_page(), "https://news.example/blasts")

    for words in ("Today media representatives", "Normal terrorists", "opined", "Image by", "hellium666", "[ru]"):
        assert words not in article.summary
    assert len(article.summary) <= 600
    assert article.summary.endswith(".")
    assert article.published_at is None  # October 31, 2011 is the date of the event
    assert article.authors == ()


async def test_our_sample_article_is_read_completely():
    async with serve((SAMPLES / "article.html").read_bytes()) as address:
        article = await read_url(f"{address}/article.html", allow_private=True)

    assert article == Page(
        title="Council votes to turn Mill Street car park into a town garden",
        summary="Alderbrook's council has voted by nine to six to replace the Mill Street car park with a public "
        "garden. Traders fear for their customers; neighbours have already promised to plant the first beds.",
        url=f"{address}/article.html",
        canonical_url=f"{address.replace('http:', 'https:')}/article.html",
        site="The Alderbrook Courier",
        authors=("Nora Fielding",),
        language="en",
        published_at=datetime(2026, 9, 17, 7, 30, tzinfo=UTC),
        image=Image(
            f"{address}/garden.png",
            "the Standfirst project (CC0)",
            "A town garden with raised beds, a bench and two trees",
        ),
    )


async def test_an_uploaded_page_is_read():
    article = await read_file("article.html", (SAMPLES / "article.html").read_bytes())

    assert article.title == "Council votes to turn Mill Street car park into a town garden"
    assert article.url is None
    assert article.canonical_url is None


def test_a_text_file_begins_with_its_title():
    article = page_from_file("note.txt", f"\ufeffHarbour  rebuilt\r\n\r\n{TEXT}\r\n".encode())

    assert article == Page(title="Harbour rebuilt", summary=TEXT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251"])
def test_a_text_file_is_read_in_any_usual_encoding(encoding):
    body = "Гавань перестроят\n\nСтарую гавань перестроят в следующем году, решил совет города в понедельник."

    article = page_from_file("note.txt", body.encode(encoding))

    assert article.title == "Гавань перестроят"
    assert article.summary.startswith("Старую гавань")


@pytest.mark.parametrize("body", [b"", b"\n \n", b"A title alone"])
def test_a_text_file_without_text_is_no_article(body):
    with pytest.raises(errors.PageNotArticle):
        page_from_file("note.txt", body)


@pytest.mark.parametrize("body", [b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\0\0"])
async def test_a_file_that_is_neither_page_nor_text_is_refused(body):
    with pytest.raises(errors.PageNotHtml):
        page_from_file("file.html", body)
    with pytest.raises(errors.PageNotHtml):
        page_from_html(body, URL)


async def test_a_file_of_six_megabytes_is_refused_unread():
    with pytest.raises(errors.PageTooLarge, match="larger than 5 MB"):
        await read_file("a.html", b" " * 6_000_000)


async def test_a_parser_that_hangs_is_killed():
    started = time.monotonic()

    with pytest.raises(errors.PageTooSlow, match=r"within 0\.5 seconds"):
        await run_apart(time.sleep, 60, seconds=0.5)

    assert time.monotonic() - started < 5
    assert not _children()


async def test_a_page_that_hangs_the_parser_costs_a_worker_and_not_the_bot():
    attributes = b" ".join(b"a%d=1" % number for number in range(200_000))  # takes the parser more than a minute

    async with serve(b"<html><body><p " + attributes + b">") as address:
        with pytest.raises(errors.PageTooSlow):
            await read_url(f"{address}/a", allow_private=True, seconds=1)

    assert not _children()


async def test_a_worker_that_dies_is_a_refusal_and_the_bot_goes_on():
    with pytest.raises(errors.PageRefused) as raised:
        await run_apart(signal.raise_signal, signal.SIGKILL, seconds=5)

    assert raised.type is errors.PageRefused
    assert (await read_file("a.html", page())).title == "Harbour to be rebuilt"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
async def test_a_page_that_takes_all_memory_is_a_refusal():
    with pytest.raises(errors.PageRefused) as raised:
        await run_apart(bytearray, 2_000_000_000, seconds=5)

    assert raised.type is errors.PageRefused


async def test_a_refusal_survives_the_way_out_of_the_worker():
    with pytest.raises(errors.PageNotArticle, match="no article on this page"):
        await read_file("login.html", b"<html><body><form>Sign in</form></body></html>")


async def test_the_bot_answers_while_pages_are_read():
    reading = asyncio.create_task(read_file("a.html", page(f"<p>{TEXT}</p>" * 2000)))
    longest = 0.0
    while not reading.done():
        before = time.monotonic()
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - before)

    assert (await reading).title == "Harbour to be rebuilt"
    assert longest < 0.25


def _children() -> list[str]:
    found = subprocess.run(
        ["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True, check=False
    )
    return [line for line in found.stdout.splitlines() if "spawn_main" in line]


def test_every_user_error_can_be_pickled():
    error = pickle.loads(pickle.dumps(errors.PageTooLarge(limit=5)))

    assert type(error) is errors.PageTooLarge
    assert str(error) == "This page is larger than 5 MB, so I stopped reading it."
    assert error.values == {"limit": 5}


def test_the_main_process_loads_no_parser():
    program = (
        "import sys, bot.extraction\n"
        "print([name for name in ('trafilatura', 'lxml', 'sentencex', 'discord') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


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
    with pytest.raises(errors.PageNotArticle):
        page_from_html(body, URL)


@pytest.mark.parametrize("url", ["https://news.example", "https://news.example/", "https://news.example/news"])
def test_a_start_page_is_no_article(url):
    teaser = f"<article><h2><a href='/a'>Harbour</a></h2><p>{TEXT}</p></article>"
    body = f"<html><head><title>News</title></head><body>{teaser * 8}</body></html>"

    with pytest.raises(errors.PageNotArticle):
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


@pytest.mark.parametrize("url", ["", "harbour", "ftp://a.example/", "https://me:pw@a.example/"])
def test_what_is_no_address_has_no_canonical_form(url):
    with pytest.raises(errors.AddressInvalid):
        canonical_url(url)


HOSTILE = {
    "deep nesting": b"<html><body>" + b"<div>" * 50_000 + TEXT.encode() + b"</div>" * 50_000,
    "deep inline nesting": b"<html><body><p>" + b"<b><i>" * 50_000 + TEXT.encode(),
    "entity bomb": b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><p>&b;&b;</p>',
    "outer entity": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><p>&x;</p>',
    "deep schema": b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
    "broken schema": b'<script type="application/ld+json">{"@type": 5, "image": [[[]]], "author": {}}</script>',
    "strange charset": b'<meta charset="unicode_escape"><p>\\ud800\\x00</p>',
    "brackets": b"<figure><img src=a.jpg><figcaption>" + b"Photo: (" * 20_000 + b"</figcaption></figure>",
    "dashes in the title": b"<title>" + b"- " * 100_000 + b"</title>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_read_or_refused_within_a_second(name):
    started = time.monotonic()

    try:
        article = page_from_html(HOSTILE[name] + page(), URL)
    except errors.PageNotArticle:
        pass
    else:
        article.summary.encode()
        assert len(article.title) <= 256
        assert "root:" not in article.summary
        assert "aaaaaaaaaaaa" not in article.summary
    assert time.monotonic() - started < 1
