"""Folding: what a person reads as the same text has the same canonical form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.screening.cleaning import is_readable
from bot.screening.folding import fingerprint, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("naïve", "nai\u0308ve"),
        ("Вы правы.", "вы правы"),
        ("сор", "cop"),  # Cyrillic and Latin
        ("ﬁne", "fine"),
        ("good\u00ad", "good"),
        ("yes\ufe0f", "yes"),
    ],
)
def test_texts_that_read_the_same_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("мой", "мои"),
        ("agree", "disagree"),
        ("?", "!"),
        ("👍", "👎"),
        ("10", "100"),
        ("café", "cafe"),
        ("我同意", "我不同意"),
    ],
)
def test_texts_that_differ_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_and_the_space_around_a_text_does_not_count(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fingerprint(text) == fingerprint(f" {text}\n")


@pytest.mark.parametrize(
    ("text", "readable"), [("a", True), ("👍", True), (".", True), ("\u200b", False), (" ", False)]
)
def test_a_text_is_readable_when_something_can_be_seen(text: str, readable: bool) -> None:
    assert is_readable(text) is readable
