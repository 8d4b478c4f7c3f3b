"""The README names every command, setting, environment variable and make target, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from discord import app_commands

from bot import cli
from bot.settings import SETTINGS
from tests.world import World, new_world

__all__ = ["new_world"]  # fixtures

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table with this first heading: first cell → the others."""
    lines = README.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {cells[0]: cells[1:] for cells in rows}


@pytest.fixture
def commands(new_world: World) -> set[str]:
    found = new_world.client.tree.walk_commands()
    return {f"/{command.qualified_name}" for command in found if not isinstance(command, app_commands.Group)}


def test_every_command_is_in_the_readme_and_no_other(commands: set[str]) -> None:
    named = {name for cell in table("command") for name in re.findall(r"`(/[a-z -]+)`", cell)}

    assert named == commands


def test_every_setting_is_in_the_readme_with_its_default() -> None:
    named = {name.strip("`"): cells[0] for name, cells in table("setting").items()}

    words = {True: "on", False: "off"}
    assert named == {each.name: words.get(each.default, str(each.default)) for each in SETTINGS}


def test_every_environment_variable_is_in_the_readme() -> None:
    example = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)

    assert [name.strip("`") for name in table("name")] == example


def test_every_command_for_operators_is_in_the_readme_and_no_other() -> None:
    group = typer.main.get_command(cli.app)
    groups = {name: group.commands[name].commands for name in ("db", "audit")}  # type: ignore[attr-defined]
    commands = {f"standfirst {first} {name}" for first, names in groups.items() for name in names} | {
        "standfirst check"
    }

    named = {re.sub(r" [A-Z]+", "", name.strip("`")) for name in table("type")}

    assert named == commands
    assert group.commands.keys() == {"run", "demo", "check", "db", "audit"}  # type: ignore[attr-defined]


def test_every_make_target_is_in_the_readme() -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)

    shown = set(re.findall(r"make ([a-z]+)", README))

    assert set(targets) - shown == {"help"}


def test_every_promise_names_a_test_that_there_is() -> None:
    promises = README.partition("## What Standfirst promises")[2].partition("### Measured")[0].split("\n- **")[1:]
    named = {promise: re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", promise) for promise in promises}

    assert [promise for promise, tests in named.items() if not tests] == []
    assert [
        name
        for tests in named.values()
        for file, name in tests
        if f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ] == []
