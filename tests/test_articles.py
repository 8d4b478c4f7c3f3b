"""Posting: an editor reads an article from the web or writes it, looks at it, and opens its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from tests.discussions import TITLE, given_article, last
from tests.world import labels, new_world, said, text, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["new_world", "world"]  # fixtures

PAGE = """<!doctype html><html lang="en"><head><title>Garden</title>
<meta property="og:title" content="Council votes for a garden"><meta property="og:site_name" content="The Paper">
<meta property="og:type" content="article"><meta name="author" content="Mia Chan">
<meta property="article:published_time" content="2026-05-03T08:00:00Z"></head><body><article>
<h1>Council votes for a garden</h1>
<p>The town council voted on Tuesday to turn the car park behind the old library into a public garden.</p>
<p>Seven members were in favour and four against, after a debate of two hours in which neighbours spoke of noise,
of shade and of the eighty parking places that will be lost when work begins in the autumn of next year.</p>
<p>The mayor said that the garden would be paid for by the sale of the former fire station. Its opponents say that
the sum is not certain yet, and that the shops of the quarter depend on the visitors who come by car.</p>
</article></body></html>"""


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A newspaper on this machine: its address."""

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def picture(_request: web.Request) -> web.Response:
        return web.Response(body=b"\x89PNG", content_type="image/png")

    app = web.Application()
    app.add_routes([web.get("/garden", page), web.get("/picture", picture)])
    runner = web.AppRunner(app)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0)
    await listener.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_an_address_becomes_a_preview_that_the_editor_alone_sees(world, site):
    preview = await world.ed.slash(world.general, "article post", url=f"{site}/garden")

    assert preview.ephemeral
    assert "## Council votes for a garden" in said(preview)
    assert "By Mia Chan · The Paper · May 3, 2026" in said(preview)
    assert labels(preview.response.message) == ["Post", "Edit"]
    assert world.articles.history() == []


async def test_post_makes_the_card_and_its_discussion_and_answers_with_the_link(world, site):
    preview = await world.ed.slash(world.general, "article post", url=f"{site}/garden")

    answer = await world.ed.click(preview.response.message, label="Post")

    thread = world.channel(TITLE)
    assert f"<#{thread.id}>" in said(answer)
    assert thread.id == last(world.articles).id
    assert labels(last(world.articles)) == ["Join the conversation", "Guidelines", "Read the article"]


async def test_edit_changes_the_preview_in_its_place(world, site):
    preview = await world.ed.slash(world.general, "article post", url=f"{site}/garden")
    form = await world.ed.click(preview.response.message, label="Edit")

    changed = await world.ed.submit_modal(form, {"title": "A garden for everybody", "summary": "It was decided."})

    assert form.modal["components"][0]["component"]["value"] == "Council votes for a garden"
    assert "## A garden for everybody" in text(last(world.general, world.ed))
    assert "It was decided." in said(changed)


async def test_the_same_address_again_is_answered_with_the_discussion(world, site):
    preview = await world.ed.slash(world.general, "article post", url=f"{site}/garden")
    await world.ed.click(preview.response.message, label="Post")

    again = await world.ed.slash(world.general, "article post", url=f"{site}/garden?utm_source=x#top")

    assert f"This article is already being discussed here: <#{world.channel(TITLE).id}>" in said(again)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [("/missing", "this page does not exist"), ("/picture", "not a web page")],
)
async def test_a_page_that_cannot_be_read_is_written_by_hand_with_its_link_kept(world, site, path, sentence):
    refusal = await world.ed.slash(world.general, "article post", url=f"{site}{path}")
    form = await world.ed.click(refusal.response.message, label="Write the summary by hand")

    preview = await world.ed.submit_modal(form, {"title": "By hand", "summary": "In my words."})

    assert sentence in said(refusal)
    assert form.modal["components"][2]["component"]["value"] == f"{site}{path}"
    assert "## By hand" in said(preview)


@pytest.mark.parametrize("given", [{}, {"url": "https://paper.example", "file": ("a.txt", b"A\n\nB.")}])
async def test_exactly_one_of_address_and_file_is_taken(world, given):
    answer = await world.ed.slash(world.general, "article post", **given)

    assert "Give me either an address or a file" in said(answer)


async def test_a_text_file_becomes_an_article(world):
    body = "Council votes for a garden\n\n" + "The town council voted to turn the car park into a garden. " * 8

    preview = await world.ed.slash(world.general, "article post", file=("garden.txt", body.encode()))

    assert "## Council votes for a garden" in said(preview)


async def test_a_file_of_another_kind_is_refused_before_it_is_fetched(world):
    refusal = await world.ed.slash(world.general, "article post", file=("garden.pdf", b"%PDF"))

    assert "neither an HTML page nor a plain text" in said(refusal)


async def test_an_article_written_by_hand_needs_no_link(world):
    card = await given_article(world)

    assert f"## {TITLE}" in text(card)
    assert labels(card) == ["Join the conversation", "Guidelines"]


async def test_a_form_with_a_bad_link_comes_back_with_everything_typed(world):
    form = await world.ed.slash(world.general, "article write")

    answer = await world.ed.submit_modal(form, {"title": "Garden", "summary": "A garden.", "link": "paper dot example"})
    again = await world.ed.click(answer.response.message, label="Edit")

    assert "This is not a web address I can open." in said(answer)
    values = [label["component"]["value"] for label in again.modal["components"]]
    assert values == ["Garden", "A garden.", "paper dot example"]


async def test_a_member_who_is_no_editor_posts_nothing(world):
    posting = await world.ann.slash(world.general, "article post", url="https://paper.example/a")
    writing = await world.ann.slash(world.general, "article write")

    assert "Only editors can do this." in said(posting)
    assert "Only editors can do this." in said(writing)


async def test_a_draft_pressed_twice_is_posted_once(world):
    form = await world.ed.slash(world.general, "article write")
    preview = await world.ed.submit_modal(form, {"title": TITLE, "summary": "A garden."})
    message = preview.response.message
    await world.ed.click(message, label="Post")

    assert len([each for each in world.articles.history() if not each.flags.ephemeral]) == 1
    assert labels(last(world.general, world.ed)) == []


async def test_a_form_sent_after_the_editors_role_was_taken_away_stores_nothing(world):
    form = await world.ed.slash(world.general, "article write")
    world.env.backend.remove_member_role(world.guild.id, world.ed.id, world.role("Editor"))

    answer = await world.ed.submit_modal(form, {"title": TITLE, "summary": "A garden."})

    assert "Only editors can do this." in said(answer)
    assert "A garden." in said(answer)


async def test_a_file_too_large_is_refused(world):
    refusal = await world.ed.slash(world.general, "article post", file=("garden.html", b" " * 5_100_000))

    assert "larger than 5 MB" in said(refusal)
