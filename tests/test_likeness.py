"""Likeness: which texts are near-identical, and which only look so."""

from __future__ import annotations

import pytest

from bot.screening.canonical import canonical
from bot.screening.likeness import Alike, find_alike

TEXT = "The council should have closed the library on Mill Street, and everybody knows it by now."


def compare(one: str, other: str) -> Alike | None:
    found = find_alike(canonical(one), [(1, canonical(other))])
    return found[0] if found else None


@pytest.mark.parametrize(
    "other",
    [
        "the COUNCIL should have closed the library on Mill Street and everybody knows it by now!!! 😡",
        "The counsil should have closed the library on Mill Street, and everybody knows it by now.",
        "The council should have closed the libr\u200bary on Мill Street, and everybody knows it by now",
        "Everybody knows it by now: the council should have closed the library on Mill Street, and",
    ],
)
def test_a_text_sent_again_with_small_changes_is_a_copy(other: str) -> None:
    alike = compare(TEXT, other)

    assert alike is not None
    assert alike.is_copy


@pytest.mark.parametrize(
    "other",
    [
        "The council should not have closed the library on Mill Street, and everybody knows it by now.",
        "The council should never have closed the library on Mill Street, and everybody knows it by now.",
        "The council should have unclosed the library on Mill Street, and everybody knows it by now.",
        "The council should have closed the library on 2 Mill Street, and everybody knows it by now.",
    ],
)
def test_one_that_says_the_opposite_or_another_number_is_alike_but_no_copy(other: str) -> None:
    alike = compare(TEXT, other)

    assert alike is not None
    assert not alike.is_copy


def test_negation_counts_in_russian_too() -> None:
    text = "Сад нужен городу, и парковку на Мельничной улице закрыть надо, это понимают все жители"

    alike = compare(text, text.replace("закрыть", "не закрыть"))

    assert alike is not None
    assert not alike.is_copy


def test_short_texts_are_alike_only_when_they_are_the_same_and_never_copies() -> None:
    assert compare("I agree.", "I agree!") == Alike(1, 100, is_copy=False)
    assert compare("I agree.", "I disagree.") is None
    assert compare("👍", "👎") is None


def test_different_texts_are_not_alike() -> None:
    assert compare(TEXT, "The garden is for everybody, and the car park is for those who drive.") is None
    assert compare(TEXT, TEXT + " " + TEXT) is None
