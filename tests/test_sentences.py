"""A reply's sentences, from which a moderator ticks what a decision is about."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.screening.cleaning import clean, is_readable
from bot.screening.sentences import passages, sentences
from tests import hostile

PROSE = st.lists(st.sampled_from(["One", "два", ".", "…", "?!", " ", "\n", "```", "`", "»", "т. д. ", "😀", "1. "]))


@pytest.mark.parametrize(
    "divided",
    [
        ["A fair point. ", "You fool! ", "Really?! ", "Well… ", "Yes."],
        ["i hate this. ", "you are stupid. ", "go away"],
        ["Mr. Smith and Dr. A. B. Jones, e.g. at St. Mary’s, pay approx. 3.50. ", "So do I. ", "Not you."],
        ["Магазины, кафе и т. д. закрыты. ", "Остались аптеки, банки и т. д. ", "Почему?"],
        ["Это было в 2020 г. на ул. Ленина, т.е. у нас. ", "А. С. Пушкин там не был."],
        ["«Что?» спросил он. ", "«Ничего!» ", "Тишина… такая тишина. ", "…И всё."],
        ["“Why?” she asked. ", "He said: “No.” ", "(Really.) ", "**Yes!** ", "Fine."],
        ["My list:\n", "- one\n", "- two. ", "Three\n\n", "1. First\n", "2. Second"],
        ["See https://paper.example/a.b?c=d.e and main.py, v1.2.3! ", "It is Node.js."],
        ["Run `a. B. c` now. ", "```\nx = 1. \ny = 2\n```\n", "Done."],
        ["Great! 😀😀 ", "Next one 😀 ", "Then 👩‍👩‍👧 ", "End 😡"],
        ["no stop at all"],
        ["你好。", "再见！", "好的"],
        ["Wait... what? ", "... ok"],
        ["..."],
    ],
)
def test_a_text_is_divided_where_a_reader_would(divided):
    assert sentences("".join(divided)) == divided


def test_a_rant_without_a_stop_is_divided_at_its_commas():
    rant = "you people never listen to anybody here, " * 20

    divided = sentences(rant)

    assert len(divided) > 2
    assert all(piece.endswith("here, ") for piece in divided)


@given(st.one_of(hostile.text, PROSE.map("".join)), st.integers(1, 25))
@example("\u200b\n\u200b", 25)
@example("a. " * 700, 25)
def test_the_sentences_joined_give_the_text(typed, most):
    text = clean(typed).strip()

    divided = passages(text, most)

    assert "".join(divided) == "".join(sentences(text)) == text
    assert len(divided) <= most
    assert all(map(is_readable, divided)) or not is_readable(text)


def test_with_more_sentences_than_can_be_offered_the_shortest_neighbours_are_taken_together():
    long = "This is a sentence of some length. "
    text = long * 20 + "No. Yes. No. Yes. No. Yes. No. Yes. " + long * 3

    offered = passages(text, 25)

    assert len(offered) == 25
    assert offered.count(long) == 23
