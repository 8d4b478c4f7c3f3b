"""The errors are drawn as they are: the trees in the docstrings show every class under its own parent."""

from __future__ import annotations

import re

from bot import errors
from bot.extraction import refusals


def drawn(docstring: str) -> dict[str, str]:
    """Class → parent, read from a drawn tree."""
    parents: dict[str, str] = {}
    above: list[str] = []
    for bars, name in re.findall(r"^([│├└─ ]*)([A-Z]\w+)(?= {2}|$)", docstring, re.MULTILINE):
        depth = len(bars) // 4
        above = [*above[:depth], name]
        if depth:
            parents[name] = above[depth - 1]
    return parents


def real(root: type, *, without: type | None = None) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in root.__subclasses__():
        if root is not without:
            found |= {child.__name__: root.__name__} | real(child, without=without)
    return found


def test_the_tree_of_all_errors_is_drawn_as_it_is() -> None:
    assert drawn(errors.__doc__ or "") == real(errors.StandfirstError, without=refusals.PageRefused)


def test_the_tree_of_refused_pages_is_drawn_as_it_is() -> None:
    assert drawn(refusals.__doc__ or "") == real(refusals.PageRefused)
