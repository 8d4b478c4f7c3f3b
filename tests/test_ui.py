"""What readers and authors see: articles, receipts and published replies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.models import (
    Image,
    Receipt,
    ReplyStatus,
)
from cogs.ui.articles import article_card, thread_name
from cogs.ui.buttons import texts
from cogs.ui.replies import published_reply, receipt
from tests.samples import ARTICLE, DECIDED, ENGLISH, PARENT, REPLY, a_case, an_article, buttons_of, shown


def test_a_card_shows_headline_standfirst_credit_byline_and_the_notice() -> None:
    view = article_card(ARTICLE, ENGLISH)

    assert texts(view) == [
        "## Council votes for a garden",
        "The car park becomes a garden.",
        "-# Image: Mia Chan (CC BY 4.0)",
        "-# By Ann Alder and Bo Birch · The Paper · May 3, 2026",
        "-# All comments are reviewed by a moderator.",
    ]
    assert list(buttons_of(view)) == ["Join the conversation", "Guidelines", "Read the article"]


def test_a_picture_has_its_alternative_text() -> None:
    galleries = [item for item in article_card(ARTICLE, ENGLISH).walk_children() if item.type.name == "media_gallery"]

    assert [item.description for gallery in galleries for item in gallery.items] == ["An empty car park"]


@pytest.mark.parametrize("credit", ["", "   "])
def test_an_image_without_a_credit_is_not_shown(credit: str) -> None:
    view = article_card(an_article(image=Image("https://paper.example/a.png", credit)), ENGLISH)

    assert "media_gallery" not in {item.type.name for item in view.walk_children()}
    assert "Image:" not in shown(view)


def test_a_card_without_a_link_has_no_button_for_it() -> None:
    assert "Read the article" not in buttons_of(article_card(an_article(url=None), ENGLISH))


def test_an_address_too_long_for_a_button_is_a_link_in_the_text() -> None:
    url = "https://paper.example/" + "a" * 600

    view = article_card(an_article(url=url), ENGLISH)

    assert "Read the article" not in buttons_of(view)
    assert f"[Read the article]({url})" in shown(view)


def test_a_headline_cannot_break_its_card() -> None:
    headline = article_card(an_article(title="# Big\n# **[x](https://evil.example)**"), ENGLISH)

    assert texts(headline)[0] == "## \\# Big # \\*\\*\\[x\\](https://evil.example)%2A%2A"


def test_a_thread_is_named_by_whole_words() -> None:
    name = thread_name(an_article(title="Garden " * 40))

    assert len(name) <= 100
    assert name.endswith("Garden…")


def test_a_receipt_says_the_number_the_state_and_the_place() -> None:
    view = receipt(Receipt(REPLY, 3, timedelta(minutes=12)), ENGLISH)

    assert texts(view)[0] == "**#1042** · held for review · 3 ahead · usually about 12 min"
    assert "> A fair point." in texts(view)
    assert buttons_of(view) == {"Edit": "reply:edit:7", "Withdraw": "reply:withdraw:7"}


def test_a_receipt_offers_to_revise_what_a_moderator_asked_about() -> None:
    reply = replace(REPLY, status=ReplyStatus.CHANGES_REQUESTED, sentence="Please add a source.", **DECIDED)

    view = receipt(Receipt(reply, 0), ENGLISH)

    assert "Please add a source." in shown(view)
    assert buttons_of(view)["Revise"] == "reply:revise:7"


def test_a_published_reply_quotes_its_parent_on_one_line_with_a_link() -> None:
    parent = replace(PARENT, text="First.\n\n# Second " + "word " * 100)

    quote = texts(published_reply(a_case(parent=parent), ENGLISH, server_id=100))[0]

    assert quote.startswith("> **[Ann](https://discord.com/channels/100/301/401)** · First. Second word")
    assert "\n" not in quote
    assert len(quote.partition(" · ")[2]) <= 200


def test_a_quotation_reveals_no_spoiler_and_shows_words_instead_of_markdown() -> None:
    parent = replace(PARENT, text="**Read** [this](https://paper.example): ||the end||")

    quote = texts(published_reply(a_case(parent=parent), ENGLISH, server_id=100))[0]

    assert quote.endswith("· Read this: ▒▒▒")


def test_the_quotation_of_a_removed_parent_does_not_show_its_text() -> None:
    parent = replace(PARENT, status=ReplyStatus.REMOVED, text="Something vile.")

    view = published_reply(a_case(parent=parent), ENGLISH, server_id=100)

    assert "vile" not in shown(view)
    assert "no longer published" in shown(view)
