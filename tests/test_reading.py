"""An article is read by its address or from a file, whatever the page does to the parser."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from bot.extraction import read_file, read_url, refusals
from bot.extraction.pages import page_from_file, page_from_html
from bot.extraction.reading import run_apart
from bot.models import Image, Page
from tests.article_pages import ROOT, SAMPLES, TEXT, URL, blasts_page, page, serve


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
    with pytest.raises(refusals.PageNotArticle):
        page_from_file("note.txt", body)


@pytest.mark.parametrize("body", [b"%PDF-1.7\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"PK\x03\x04\0\0"])
async def test_a_file_that_is_neither_page_nor_text_is_refused(body):
    with pytest.raises(refusals.FileRefused):
        page_from_file("file.html", body)
    with pytest.raises(refusals.PageNotHtml):
        page_from_html(body, URL)


async def test_a_file_of_six_megabytes_is_refused_unread():
    with pytest.raises(refusals.PageTooLarge, match="larger than 5 MB"):
        await read_file("a.html", b" " * 6_000_000)


async def test_a_parser_that_hangs_is_killed():
    started = time.monotonic()

    with pytest.raises(refusals.PageTooSlow, match=r"within 0\.5 seconds"):
        await run_apart(time.sleep, 60, seconds=0.5)

    assert time.monotonic() - started < 5
    assert not _children()


async def test_a_page_that_hangs_the_parser_costs_a_worker_and_not_the_bot():
    attributes = b" ".join(b"a%d=1" % number for number in range(200_000))  # takes the parser more than a minute

    async with serve(b"<html><body><p " + attributes + b">") as address:
        with pytest.raises(refusals.PageTooSlow):
            await read_url(f"{address}/a", allow_private=True, seconds=1)

    assert not _children()


async def test_a_worker_that_dies_is_a_refusal_and_the_bot_goes_on():
    with pytest.raises(refusals.PageRefused) as raised:
        await run_apart(signal.raise_signal, signal.SIGKILL, seconds=5)

    assert raised.type is refusals.PageRefused
    assert (await read_file("a.html", page())).title == "Harbour to be rebuilt"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
async def test_a_page_that_takes_all_memory_is_a_refusal():
    with pytest.raises(refusals.PageRefused) as raised:
        await run_apart(bytearray, 2_000_000_000, seconds=5)

    assert raised.type is refusals.PageRefused


async def test_a_refusal_survives_the_way_out_of_the_worker():
    with pytest.raises(refusals.PageNotArticle, match="no article on this page"):
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
    error = pickle.loads(pickle.dumps(refusals.PageTooLarge(limit=5)))

    assert type(error) is refusals.PageTooLarge
    assert str(error) == "This page is larger than 5 MB, so I stopped reading it."
    assert error.values == {"limit": 5}


def test_the_main_process_loads_no_parser():
    program = (
        "import sys, bot.extraction\n"
        "print([name for name in ('trafilatura', 'lxml', 'sentencex', 'discord') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


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
    except refusals.PageNotArticle:
        pass
    else:
        article.summary.encode()
        assert len(article.title) <= 256
        assert "root:" not in article.summary
        assert "aaaaaaaaaaaa" not in article.summary
    assert time.monotonic() - started < 1
