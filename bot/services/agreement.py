"""Agreement: how far moderators judge alike, beyond what chance alone would make alike."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.models import Action, Guideline

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from bot.models import View

FEWEST = 10  # pairs, below which a figure would only be noise


@dataclass(frozen=True, slots=True)
class Agreement:
    """Cohen's kappa over so many pairs of views; None: too few, or all views were the same."""

    pairs: int
    kappa: float | None


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of pairs of judgements: 1 alike always, 0 as by chance, below 0 less than that.

    (p_o - p_e) / (1 - p_e), with p_o the share of equal pairs and p_e the share that chance would make equal, from how
    often each side uses each category. None when there are no pairs, or all judgements are the same: undefined.
    Cohen, J. (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20(1),
    37-46.
    """
    if not pairs:
        return None
    total = len(pairs)
    observed = sum(one == other for one, other in pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    by_chance = sum(count * second[category] for category, count in first.items())
    if by_chance == total * total:
        return None
    return (observed * total - by_chance) / (total * total - by_chance)


def overall(pairs: Sequence[tuple[View, View]]) -> Agreement:
    """How far the two agree on what to do."""
    actions = [(one.action, other.action) for one, other in pairs]
    return Agreement(len(pairs), kappa(actions) if len(pairs) >= FEWEST else None)


def by_guideline(pairs: Sequence[tuple[View, View]]) -> dict[Guideline, Agreement]:
    """How far they agree on whether a reply is to be rejected under each guideline that anybody named.

    Kappa is over all pairs; counted are those in which at least one of the two named the guideline.
    """
    found: dict[Guideline, Agreement] = {}
    for guideline in _named(pairs):
        named = [(_names(one, guideline), _names(other, guideline)) for one, other in pairs]
        count = sum(any(pair) for pair in named)
        if count:
            found[guideline] = Agreement(count, kappa(named) if count >= FEWEST else None)
    return found


def _names(view: View, guideline: Guideline) -> bool:
    return view.action == Action.REJECT and view.guideline == guideline


def _named(pairs: Sequence[tuple[View, View]]) -> list[Guideline]:
    """Those that anybody named, the built-in ones first and in their order."""
    views = {view.guideline for pair in pairs for view in pair if view.guideline is not None}
    return [*(each for each in Guideline.BUILT_IN if each in views), *sorted(views.difference(Guideline.BUILT_IN))]
