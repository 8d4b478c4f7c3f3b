"""Slash commands as the client offers them: found among the synced ones, checked, and turned into interaction data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord.backend.command_access import command_access
from simcord.backend.errors import SetupError
from simcord.interactions import nest_options, validate_option_value, walk_to_subcommand

from bot.demo.entities import OF_OPTION, Entities
from bot.demo.sight import Impossible

if TYPE_CHECKING:
    from collections.abc import Mapping

ATTACHMENT = 11
SUBCOMMANDS = (1, 2)


def offered(entities: Entities) -> list[str]:
    """Return the full names of the commands that the client lists for this person, here."""
    backend = entities.backend
    roots = backend.visible_commands(user_id=entities.user_id, channel_id=entities.channel_id)
    return sorted(name for root in roots for name in _leaves(root, root["name"]))


def _leaves(node: dict[str, Any], name: str) -> list[str]:
    below = [option for option in node.get("options") or [] if option["type"] in SUBCOMMANDS]
    return [leaf for option in below for leaf in _leaves(option, f"{name} {option['name']}")] or [name]


def command_data(name: str, values: Mapping[str, Any], entities: Entities) -> dict[str, Any]:
    """Return the data of running a command; raises Impossible when the client would not send it."""
    root, leaf, nesting = _find(name, entities)
    declared = {option["name"]: option for option in leaf.get("options") or []}
    given = {_declared_name(key, declared, name): value for key, value in values.items() if value is not None}
    missing = [key for key, option in declared.items() if option.get("required") and key not in given]
    if missing:
        raise Impossible(f"/{name} requires {', '.join(missing)}")
    options = [_option(name, declared[key], value, entities) for key, value in given.items()]
    return _data(root, nest_options(root, nesting, options), entities)


def completion_data(
    name: str, focused: str, typed: str, values: Mapping[str, Any], entities: Entities
) -> dict[str, Any]:
    """Return the data of asking for an option's suggestions."""
    root, leaf, nesting = _find(name, entities)
    declared = {option["name"]: option for option in leaf.get("options") or []}
    focused = _declared_name(focused, declared, name)
    if not declared[focused].get("autocomplete"):
        raise Impossible(f"{focused!r} of /{name} offers no suggestions")
    given = {_declared_name(key, declared, name): value for key, value in values.items()}
    options = [_option(name, declared[key], value, entities) for key, value in given.items()]
    options.append({"name": focused, "type": declared[focused]["type"], "value": typed, "focused": True})
    return _data(root, nest_options(root, nesting, options), entities)


def _find(name: str, entities: Entities) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    first, *path = name.lstrip("/").split()
    root = entities.backend.find_command(first, entities.guild_id)
    if root is None:
        raise Impossible(f"there is no command /{first} here; the bot synced {_synced(entities)}")
    access = command_access(entities.backend, root, user_id=entities.user_id, channel_id=entities.channel_id)
    if not access.allowed:
        raise Impossible(f"/{first} is hidden from this person: {access.reason}")
    try:
        leaf, nesting = walk_to_subcommand(root, path)
    except SetupError as error:
        raise Impossible(str(error)) from error
    if any(option["type"] in SUBCOMMANDS for option in leaf.get("options") or []):
        raise Impossible(f"/{name} is a group: {', '.join(_leaves(root, first))}")
    return root, leaf, nesting


def _synced(entities: Entities) -> str:
    scopes = (entities.guild_id, None)
    names = {name for scope in scopes for name, _ in entities.backend.commands.get(scope, {})}
    return ", ".join(sorted(names)) or "none"


def _declared_name(key: str, declared: Mapping[str, Any], command: str) -> str:
    for name in (key, key.replace("_", "-"), key.rstrip("_")):
        if name in declared:
            return name
    raise Impossible(f"/{command} has no option {key!r}, it has {', '.join(declared) or 'none'}")


def _option(command: str, option: dict[str, Any], value: Any, entities: Entities) -> dict[str, Any]:
    wire: dict[str, Any] = {"name": option["name"], "type": option["type"]}
    kinds = OF_OPTION.get(option["type"])
    if kinds is not None:
        return wire | {"value": entities.add(value, kinds, option.get("channel_types"))}
    by_name = {choice["name"]: choice["value"] for choice in option.get("choices") or []}
    try:
        checked = validate_option_value(command, option, by_name.get(value, value) if by_name else value)
    except SetupError as error:
        raise Impossible(str(error)) from error
    return wire | {"value": entities.attach(*checked) if option["type"] == ATTACHMENT else checked}


def _data(root: dict[str, Any], options: list[dict[str, Any]], entities: Entities) -> dict[str, Any]:
    data = {"id": root["id"], "name": root["name"], "type": 1, "options": options}
    if root.get("guild_id"):
        data["guild_id"] = root["guild_id"]
    return data | ({"resolved": entities.resolved} if entities.resolved else {})
