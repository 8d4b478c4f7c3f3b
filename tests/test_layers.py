"""The layers of the design hold: who may import whom, and how large a file may grow."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for folder in ("bot", "cogs") for path in (ROOT / folder).rglob("*.py"))
STEPS = ROOT / "bot" / "storage" / "migrations" / "versions"  # written by a program, read from top to bottom
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 50

# What knows Discord.
DISCORD = {
    "discord", "bot.client", "bot.commands", "bot.demo", "bot.incidents", "bot.interactions", "bot.outgoing",
    "bot.permissions", "bot.shown",
}  # fmt: skip
# Folder → what nothing in it may import.
FORBIDDEN = {
    "bot": {"cogs"},
    "bot/services": {*DISCORD, "sqlalchemy", "aiosqlite", "asyncpg", "sqlite3"},
    "bot/storage": {*DISCORD, "bot.services", "bot.screening", "bot.extraction"},
    "bot/screening": {*DISCORD, "sqlalchemy", "bot.services", "bot.storage"},
    "bot/extraction": {*DISCORD, "sqlalchemy", "bot.services", "bot.storage"},
}


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> set[str]:
    """Every module that the file imports anywhere, also inside functions and for types."""
    found: set[str] = set()
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*start, *((node.module,) if node.module else ())))
            found.update({module, *(f"{module}.{alias.name}" for alias in node.names)})
    return found


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def files_in(folder: str) -> list[Path]:
    return [path for path in FILES if path.is_relative_to(ROOT / folder)]


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_a_layer_imports_nothing_that_lies_above_it(folder):
    broken = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in files_in(folder)
        for module in sorted(imports(path))
        if any(is_in(module, package) for package in FORBIDDEN[folder])
    ]

    assert broken == []


def test_only_storage_speaks_sql():
    broken = [
        str(path.relative_to(ROOT))
        for path in FILES
        if path not in files_in("bot/storage")
        and any(
            is_in(module, package) for module in imports(path) for package in ("sqlalchemy", "aiosqlite", "sqlite3")
        )
    ]

    assert broken == []


def test_models_and_errors_import_no_layer():
    models = [f"models/{path.name}" for path in (ROOT / "bot" / "models").glob("*.py")]
    allowed = {"bot.models", "bot.errors", "bot.i18n"}
    broken = [
        f"{name} imports {module}"
        for name in (*models, "errors/roots.py", "errors/refusals.py")
        for module in imports(ROOT / "bot" / name)
        if is_in(module, "bot") and not any(is_in(module, package) for package in allowed)
    ]

    assert broken == []


def test_every_file_says_in_its_first_line_what_it_is_for():
    broken = [str(path.relative_to(ROOT)) for path in FILES if not ast.get_docstring(parse(path))]

    assert broken == []


def test_no_file_and_no_function_outgrows_a_reader():
    files = [path for path in FILES if not path.is_relative_to(STEPS)]
    long_files = [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES]
    long_functions = [
        f"{path.name}: {node.name}"
        for path in files
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]

    assert long_files == []
    assert long_functions == []


def test_no_file_has_a_name_that_says_nothing():
    empty_words = {"utils", "helpers", "common", "manager", "handler", "base", "misc"}

    assert [path.name for path in FILES if path.stem in empty_words] == []
