"""Finds every sentence in the code that is to be translated, and the names and descriptions of commands."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.extract import extract_from_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("bot", "cogs")
DEMO = ROOT / "bot" / "demo"  # it speaks English; what its bot says is here
KEYWORDS = {"N_": None, "say": None, "count": (1, 2), "name": ((1, "c"), 2)}

Marked = tuple[str, str | None]  # the text; the context of a name, None for a sentence
Sentence = str | tuple[str, str]  # two: of one thing, and of several


def extract_all() -> Catalog:
    """Return everything to be translated, with the files it stands in."""
    catalogue = Catalog(project="standfirst", fuzzy=False)
    paths = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    for path in sorted(path for path in paths if not path.is_relative_to(DEMO)):
        place = [(path.relative_to(ROOT).as_posix(), 1)]
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            catalogue.add(message, locations=place, context=context)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for sentence in _said(tree):
            catalogue.add(sentence, locations=place)
        for text, context in _commands_in(tree):
            catalogue.add(text, locations=place, context=context)
    return catalogue


def _said(tree: ast.Module) -> Iterator[Sentence]:
    """Yield what is said wherever it stands: Babel finds nothing in the braces of an f-string or in another call."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if _callee(call) in {"say", "N_"} and texts:
            yield texts[0]
        elif _callee(call) == "count" and len(texts) > 1:
            yield texts[0], texts[1]


def _commands_in(tree: ast.Module) -> Iterator[Marked]:
    """Yield what discord.py translates by itself: it is not marked, since it stands where a name must stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and _is_group_cog(node):
            yield from _named(node.keywords, prefix="group_")
        elif isinstance(node, ast.AsyncFunctionDef):
            yield from _command(node)
        elif isinstance(node, ast.Call) and _callee(node) == "Group":
            yield from _named(node.keywords)
        elif isinstance(node, ast.Call) and _callee(node) == "Choice":
            yield from ((text, None) for text in _texts(node.keywords, "name"))


def _command(function: ast.AsyncFunctionDef) -> Iterator[Marked]:
    decorators = {_callee(call): call for call in function.decorator_list if isinstance(call, ast.Call)}
    if "command" not in decorators:
        return
    command = decorators["command"]
    yield from _named(command.keywords)
    if not any(keyword.arg == "name" for keyword in command.keywords):
        yield function.name, "command"
    yield from ((text, None) for text in _texts(_keywords(decorators.get("describe"))))
    yield from ((name, "option") for name in _options(function, _keywords(decorators.get("rename"))))


def _options(function: ast.AsyncFunctionDef, renamed: list[ast.keyword]) -> Iterator[str]:
    names = {keyword.arg: text for keyword in renamed for text in _texts([keyword])}
    arguments = [argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)]
    for argument in arguments[arguments.index("interaction") + 1 :]:
        yield names.get(argument, argument)


def _named(keywords: list[ast.keyword], *, prefix: str = "") -> Iterator[Marked]:
    yield from ((text, "command") for text in _texts(keywords, f"{prefix}name"))
    yield from ((text, None) for text in _texts(keywords, f"{prefix}description"))


def _texts(keywords: list[ast.keyword], name: str | None = None) -> Iterator[str]:
    for keyword in keywords:
        value = keyword.value
        if isinstance(value, ast.Call) and _callee(value) in {"N_", "locale_str"} and value.args:
            value = value.args[0]
        if name in {None, keyword.arg} and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value


def _keywords(call: ast.Call | None) -> list[ast.keyword]:
    return call.keywords if call else []


def _is_group_cog(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).endswith("GroupCog") for base in node.bases)


def _callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
