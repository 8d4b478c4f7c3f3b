"""The demo as a stranger meets it: one command, one address, a page in a browser, a tour in the terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from playwright.async_api import expect

from bot.demo.stage import GRACE_SECONDS
from bot.demo.visitor import INGRID, LEFT, MARTA, PHONE, RIGHT, VERA, Visitor, find_browser, open_browser

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PROJECT = Path(__file__).parents[1]
needs_browser = pytest.mark.skipif(find_browser() is None, reason="no Chromium is installed on this machine")


def start_demo(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start `standfirst demo`; what it must not leave behind would lie in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address_of(process: subprocess.Popen[str]) -> str:
    """Read the one line that the demo prints."""
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found is not None, line or process.communicate()[1]
    return found[0]


@contextmanager
def running_demo(folder: Path, *words: str) -> Iterator[str]:
    """Run a demo for a while; yields its address."""
    process = start_demo(folder, *words)
    try:
        yield address_of(process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """A tour that runs."""
    process = start_demo(tmp_path_factory.mktemp("tour"), "--tour")
    yield process
    process.kill()
    process.communicate()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, tour: subprocess.Popen[str]) -> Iterator[str]:
    """The address of a demo that runs; the tour, which takes a while, runs meanwhile."""
    with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture
async def visitor(demo: str) -> AsyncIterator[Visitor]:
    """Somebody with the page open, as Jonas on the left and Marta on the right; nothing may fail in the browser."""
    complaints: list[str] = []
    async with open_browser() as browser:
        page = await browser.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(demo)
        visitor = Visitor(page)
        await expect(page.locator("#banner")).not_to_contain_text("starting", timeout=15_000)
        await visitor.open(LEFT, "articles")
        await visitor.sees(LEFT, "Council votes")
        yield visitor
    assert complaints == []


async def reply(visitor: Visitor, text: str) -> None:
    await visitor.press(LEFT, "Join the conversation")
    await visitor.send(text=text)


@needs_browser
async def test_an_approved_reply_appears_in_both_panes_without_a_reload(visitor):
    await visitor.page.evaluate("window.unchanged = true")
    await reply(visitor, "The shade is worth it.")
    await visitor.sees(LEFT, "held for review")
    await visitor.sees(RIGHT, "The shade is worth it.")
    await visitor.open(LEFT, "Council votes")
    await visitor.press(RIGHT, "Approve")
    started = time.monotonic()
    await visitor.sees(LEFT, "The shade is worth it.")
    await visitor.sees(RIGHT, "published · approved by @Marta Quell")

    assert time.monotonic() - started < 2 + int(GRACE_SECONDS)
    assert await visitor.page.evaluate("window.unchanged")
    await expect(visitor.page.locator("#steps .done")).to_have_count(4)
    await visitor.pane(LEFT).locator(".news button", has_text="Standfirst").click()
    await visitor.sees(LEFT, "is published")
    await expect(visitor.pane(LEFT).locator(".news button")).to_have_count(0)


@needs_browser
async def test_a_private_answer_is_seen_where_the_button_was_pressed_and_counted_nowhere(visitor):
    private, counted = (visitor.pane(LEFT).locator(part) for part in (".message.private", ".thread span"))
    await visitor.become(LEFT, VERA)
    await expect(counted).to_contain_text("Открыть обсуждение")  # the pane is hers now
    before = await counted.inner_text()
    await visitor.open(LEFT, "Council votes")
    await visitor.press(LEFT, "Guidelines")
    await expect(private).to_have_count(1)
    await visitor.pane(LEFT).locator(".slash").click()
    await visitor.page.keyboard.press("Enter")
    await visitor.pane(LEFT).locator(".command .primary").click()
    await expect(private).to_have_count(2)
    await visitor.open(LEFT, "articles")

    await expect(private).to_have_count(0)
    await expect(counted).to_have_text(before)


@needs_browser
async def test_the_same_reply_is_answered_with_the_same_receipt(visitor):
    await reply(visitor, "Who waters the beds in August?")
    await visitor.sees(RIGHT, "Who waters the beds")
    await reply(visitor, "who waters the beds in august")
    await visitor.sees(LEFT, "You have already sent this reply")

    cards = visitor.pane(RIGHT).locator(".message", has_text=re.compile("who waters", re.IGNORECASE))
    await expect(cards).to_have_count(1)
    await expect(visitor.page.locator("#steps li").last).to_have_class(re.compile("done"))


@needs_browser
async def test_a_form_takes_no_more_than_fits_and_escape_keeps_nothing(visitor):
    await visitor.press(LEFT, "Join the conversation")
    await visitor.page.locator("dialog textarea").focus()
    await visitor.page.keyboard.insert_text("x" * 1600)

    await expect(visitor.page.locator("dialog .counter")).to_have_text("1500 / 1500")
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.locator("dialog")).to_have_count(0)
    await visitor.press(LEFT, "Join the conversation")
    await expect(visitor.page.locator("dialog textarea")).to_have_value("")


@needs_browser
async def test_foreign_words_are_shown_and_never_run(visitor):
    words = '<img src=x onerror="document.title=1"> [click](javascript:alert(1)) **bold** \\*plain\\* ||hidden||'
    await reply(visitor, f"{words}\n1. a bench\n2. a tree\n- and a tap")
    await visitor.sees(RIGHT, '<img src=x onerror="document.title=1"> [click](javascript:alert(1)) bold *plain*')

    card = visitor.pane(RIGHT).locator(".message").last
    await expect(card.locator("img")).to_have_count(0)
    await expect(card.locator(".markdown b", has_text="bold")).to_have_count(1)
    await expect(card.locator(".spoiler")).to_have_count(1)
    for place in (card, visitor.pane(LEFT).locator(".message").last.locator("blockquote")):
        await expect(place.locator("ol > li")).to_have_count(2)
        await expect(place.locator("ul > li")).to_have_count(1)
    assert await visitor.page.title() == "Standfirst demo"


@needs_browser
async def test_everybody_sees_what_is_theirs(visitor):
    names = visitor.page.locator("#list .entry .name")
    await expect(names.filter(has_text="review")).to_have_count(0)
    await visitor.become(LEFT, MARTA)
    await expect(names.filter(has_text="review")).to_have_count(1)
    await visitor.become(LEFT, INGRID)
    await visitor.open(LEFT, "welcome")
    await visitor.sees(LEFT, "Everything is ready")
    await visitor.become(LEFT, VERA)
    await visitor.open(LEFT, "articles")

    await expect(visitor.pane(LEFT).locator(".line input")).to_be_disabled()
    await visitor.press(LEFT, "Join the conversation")
    await expect(visitor.page.locator("dialog h2")).to_have_text("Ваш ответ")


@needs_browser
async def test_a_command_is_typed_completed_and_run_and_old_suggestions_are_not_taken(visitor):
    await reply(visitor, "A completed thought.")
    await visitor.sees(RIGHT, "A completed thought.")
    await visitor.pane(RIGHT).locator(".line input").fill("/moderate app")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.type("completed")
    await expect(visitor.pane(RIGHT).locator(".suggestions:not([aria-busy]) li")).to_contain_text(
        "A completed thought."
    )
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Enter")

    card = visitor.pane(RIGHT).locator(".message", has_text="A completed thought.").first
    await expect(card).to_contain_text("published · approved by @Marta Quell")
    await visitor.pane(RIGHT).locator(".line input").fill("/moderate rem")
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.pane(RIGHT).locator(".suggestions li").first).to_be_visible()
    await visitor.page.route("**/demo/complete", lambda _: None)  # the answer never comes
    await visitor.page.keyboard.type("999")
    async with visitor.page.expect_request("**/demo/run") as sent:
        await visitor.page.keyboard.press("Enter")
    assert (await sent.value).post_data_json["options"] == {"reply": "999"}


@needs_browser
async def test_an_open_page_says_that_the_demo_has_stopped_and_comes_back_with_it(tmp_path):
    problems: list[str] = []
    async with open_browser() as browser:
        page = await browser.new_page(viewport=PHONE)
        page.on("pageerror", lambda error: problems.append(str(error)))
        with running_demo(tmp_path) as address:
            await page.goto(address)
            await expect(page.locator("#steps .next")).to_be_visible(timeout=15_000)
        await expect(page.locator("#banner")).to_contain_text("The demo has stopped")
        async with page.expect_event("load", timeout=15_000) as loaded:
            with running_demo(tmp_path, "--port", address.rsplit(":", 1)[1]):
                await loaded.value
                await expect(page.locator(".picture")).to_be_visible(timeout=15_000)
                await expect(page.locator(".container h4").first).to_be_in_viewport(ratio=1)
                steps = [await step.bounding_box() for step in await page.locator("#steps li").all()]

    assert problems == []
    assert steps == sorted(steps, key=lambda step: (step["y"], step["x"]))


@needs_browser
async def test_a_phone_shows_one_thing_at_a_time_and_nothing_sticks_out(visitor):
    await visitor.page.set_viewport_size(PHONE)

    await expect(visitor.page.locator("#tabs button").first).to_have_text("Channels: Jonas")
    await expect(visitor.pane(LEFT)).to_be_visible()
    await expect(visitor.pane(RIGHT)).to_be_hidden()
    await visitor.page.locator("#tabs button").last.click()
    await expect(visitor.pane(RIGHT)).to_be_visible()
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_what_makes_no_sense_is_refused_with_one_sentence(demo):
    async with aiohttp.ClientSession(demo) as session:
        person = (await (await session.get("/demo/state")).json())["me"]["id"]
        nobody = await session.post("/demo/press", json={"person": "1", "message": "1", "name": "x"})
        nothing = await session.post("/demo/press", json={"person": person, "message": "1", "name": "x"})
        unknown = await session.post("/demo/fly", json={"person": person})
        foreign = await session.post("/demo/press", data="{}", headers={"Content-Type": "text/plain"})
        stranger = await session.get("/demo/state", headers={"Host": "elsewhere.example"})
        answers = [(answer.status, (await answer.json())["error"]) for answer in (nobody, nothing, unknown, foreign)]

    assert [status for status, _ in answers] == [400, 400, 400, 400]
    assert all(sentence and "\n" not in sentence for _, sentence in answers)
    assert stranger.status == 403


def test_a_port_in_use_is_said_in_one_sentence(demo, tmp_path):
    process = start_demo(tmp_path, "--port", demo.rsplit(":", 1)[1])
    out, errors = process.communicate(timeout=20)

    assert (process.returncode, out) == (2, "")
    assert errors.count("\n") == 1
    assert "cannot be used" in errors


def test_a_second_demo_takes_another_port_and_ctrl_c_leaves_nothing_of_it_behind(demo, tmp_path):
    started = time.monotonic()
    process = start_demo(tmp_path)
    address = address_of(process)
    seconds = time.monotonic() - started
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=20)

    assert address != demo
    assert (process.returncode, out, errors) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
    assert seconds < 10  # 5 on a machine that does nothing else


def test_the_tour_tells_the_whole_path(tour):
    out, errors = tour.communicate(timeout=60)
    chapters = re.findall(r"^(\d+)\. (.+)\n-+$", out, re.MULTILINE)

    assert (tour.returncode, errors) == (0, "")
    assert [int(number) for number, _ in chapters] == list(range(1, 16))
    assert max(map(len, out.splitlines())) <= 80
    assert "\x1b" not in out
    assert all(words in out for words in ("You have already sent this reply", "> Vera types /мои ответы"))
    assert re.search(r"возвращён на доработку\W+только что", out)
