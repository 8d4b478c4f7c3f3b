"""How far moderators agree: the figure of the worked examples, and nothing where there is nothing to tell."""

from __future__ import annotations

import pytest

from bot.models import Action, Guideline, View
from bot.services.agreement import by_guideline, kappa, overall

APPROVE, SPAM, ATTACK = (
    View(Action.APPROVE),
    *(View(Action.REJECT, guideline) for guideline in (Guideline.SPAM, Guideline.PERSONAL_ATTACK)),
)


def test_the_worked_example_of_fifty_proposals_gives_four_tenths() -> None:
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15

    assert kappa(pairs) == pytest.approx(0.4)


def test_three_categories_count_by_how_often_each_side_uses_them() -> None:
    pairs = [("a", "a")] * 4 + [("b", "b")] * 3 + [("c", "c")] * 1 + [("a", "b")] * 1 + [("b", "c")] * 1

    assert kappa(pairs) == pytest.approx((0.8 - 0.38) / (1 - 0.38))


def test_those_who_always_agree_have_one_and_those_who_never_do_less_than_none() -> None:
    assert kappa([("yes", "yes"), ("no", "no")]) == 1
    assert kappa([("yes", "no"), ("no", "yes")]) == -1


@pytest.mark.parametrize("pairs", [[], [("yes", "yes")] * 30])
def test_where_nothing_or_only_one_thing_was_judged_there_is_no_figure(pairs: list[tuple[str, str]]) -> None:
    assert kappa(pairs) is None


def test_few_pairs_are_counted_but_say_nothing() -> None:
    nine = [(APPROVE, SPAM)] * 4 + [(APPROVE, APPROVE)] * 5

    assert (overall(nine).pairs, overall(nine).kappa) == (9, None)
    assert overall([*nine, (SPAM, SPAM)]).kappa is not None


def test_each_guideline_counts_the_pairs_in_which_somebody_named_it() -> None:
    pairs = [(SPAM, SPAM)] * 10 + [(APPROVE, APPROVE)] * 10 + [(ATTACK, APPROVE)] * 3

    found = by_guideline(pairs)

    assert {guideline: (each.pairs, each.kappa) for guideline, each in found.items()} == {
        Guideline.SPAM: (10, 1.0),
        Guideline.PERSONAL_ATTACK: (3, None),
    }
