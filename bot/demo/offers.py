"""The slash commands as one person's client lists them: in their language, with every option described."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.demo.people import Person

SUBCOMMANDS = (1, 2)
WHOSE = {"article": "Editor", "moderate": "Moderator"}  # the role that a command is for, by its first word
KEPT = ("type", "required", "autocomplete", "min_length", "max_length", "min_value", "max_value", "channel_types")


def offered_specs(person: Person, channel_id: int) -> list[dict[str, Any]]:
    """Return the commands offered in a channel, the person's own first; `name` is sent, `shown` is read."""
    roots = person.discord.backend.visible_commands(user_id=person.id, channel_id=channel_id)
    leaves = (leaf for root in roots for leaf in _leaves(root, "", "", person.locale))
    roles = _roles(person)
    return sorted(leaves, key=lambda leaf: (_distance(leaf["name"], roles), leaf["shown"]))


def _roles(person: Person) -> set[str]:
    guild = person.discord.backend.get_guild(person.guild_id)
    return {guild.roles[role_id].name for role_id in guild.members[person.id].role_ids if role_id in guild.roles}


def _distance(name: str, roles: set[str]) -> int:
    """Return 0 for the commands of a person's role, 1 for everybody's, 2 for those of other roles."""
    whose = WHOSE.get(name.split(" ", maxsplit=1)[0])
    return 1 if whose is None else 0 if whose in roles else 2


def _leaves(node: dict[str, Any], name: str, shown: str, locale: str) -> Iterator[dict[str, Any]]:
    name = f"{name} {node['name']}".strip()
    shown = f"{shown} {_local(node, 'name', locale)}".strip()
    options = node.get("options") or []
    below = [option for option in options if option["type"] in SUBCOMMANDS]
    for option in below:
        yield from _leaves(option, name, shown, locale)
    if not below:
        yield {
            "name": name,
            "shown": shown,
            "description": _local(node, "description", locale),
            "options": [_option(option, locale) for option in options],
        }


def _option(option: dict[str, Any], locale: str) -> dict[str, Any]:
    choices = [
        {"name": _local(choice, "name", locale), "value": choice["value"]} for choice in option.get("choices") or []
    ]
    return {
        **{key: option[key] for key in KEPT if key in option},
        "name": option["name"],
        "shown": _local(option, "name", locale),
        "description": _local(option, "description", locale),
        "choices": choices,
    }


def _local(node: dict[str, Any], key: str, locale: str) -> str:
    return str((node.get(f"{key}_localizations") or {}).get(locale) or node[key])
