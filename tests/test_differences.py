"""The word diff on a card: what the author changed since a moderator asked, and nothing an author could forge."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import ReplyStatus, Request
from cogs.ui.buttons import texts
from cogs.ui.differences import difference
from cogs.ui.review import review_card
from tests import hostile
from tests.hostile import SEARCHING
from tests.samples import ENGLISH, NOW, a_case

ROOM = 1000
# A mark of ours; what an author types is escaped, so that none of theirs is left.
MARK = re.compile(r"(?<!\\)(?:\\\\)*(\*\*|~~|__|\|\||`)")


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("You fools, they all lie.", "You people, they err.", "You ~~fools~~ **people**, they ~~all lie~~ **err**."),
        ("Дураки! Вы все врёте.", "Вы все ошибаетесь.", "~~Дураки!~~ Вы все ~~врёте~~ **ошибаетесь**."),
        ("One two.", "One two.\n\nThree.", "One two. **Three.**"),
        ("One.\nTwo.", "One. Two.", ""),
        ("Go.", "Went!", "~~Go.~~ **Went!**"),
        ("See https://a.example/x_y now", "See https://b.example/x_y now", None),
        ("", "New.", "**New.**"),
        ("שלום עולם", "שלום לך", "\u2068שלום ~~עולם~~ **לך**\u2069"),
    ],
)
def test_what_is_gone_is_struck_through_and_what_is_new_is_bold(before, after, shown):
    if shown is None:
        shown = r"See ~~https:\//a.example/x\_y~~ **https:\//b.example/x\_y** now"

    assert difference(before, after, ROOM) == shown


def test_a_long_stretch_without_changes_is_left_out():
    before = "It began well. " + "word " * 300 + "The end is bad."

    marked = difference(before, before.replace("bad", "good"), ROOM)

    assert marked == "… word word The end is ~~bad~~ **good**."


def test_marks_that_an_author_types_are_shown_as_they_were_typed():
    marked = difference("I ~~said~~ **this** and [x](https://evil.example).", "I ~~say~~ **that** ||now||.", ROOM)

    assert MARK.findall(marked) == ["~~", "~~", "**", "**"]
    assert r"\~\~said\~\~" in marked
    assert r"\|\|now\|\|" in marked
    assert "](" not in marked.replace(r"\](", "")


@SEARCHING
@given(hostile.text, hostile.text, st.integers(60, 400))
def test_no_text_makes_a_mark_a_link_or_a_line_of_its_own(before, after, room):
    marked = difference(before, after, room)

    marks = MARK.findall(marked)
    assert len(marked) <= room
    assert len(marked.splitlines()) <= 1
    assert set(marks) <= {"**", "~~"}
    assert all(first == second for first, second in zip(marks[::2], marks[1::2], strict=True))
    assert "://" not in marked


def asked(text: str, *, before: str, **changes: object):
    case = a_case(text=text, revision=2, **changes)
    return replace(case, request=Request(12, "Please be kind.", 1, before))


def test_the_card_of_a_revision_shows_the_changes_and_the_full_new_text():
    case = asked("You people are wrong.", before="You fools are wrong.")

    shown = texts(review_card(case, ENGLISH, now=NOW))

    assert "You people are wrong." in shown
    assert "Changed since: You ~~fools~~ **people** are wrong." in shown


def test_a_card_that_is_full_or_decided_shows_the_text_rather_than_the_changes():
    long = "x " * 1090
    case = asked(long + "end", before=long.replace("x", "y"))

    full = review_card(case, ENGLISH, now=NOW)
    decided = review_card(asked("New.", before="Old.", status=ReplyStatus.REJECTED), ENGLISH, now=NOW)

    assert sum(map(len, texts(full))) <= 4000
    assert (long + "end") in texts(full)
    assert "Changed since" not in "".join(texts(decided))


def test_the_changes_of_a_blurred_reply_are_blurred_too():
    shown = texts(review_card(asked("New.", before="Old.", blurred=True), ENGLISH, now=NOW))

    assert "Changed since: ||~~Old~~ **New**.||" in shown
