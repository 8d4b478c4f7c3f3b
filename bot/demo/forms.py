"""A form (modal) that the bot has opened for a person: filled in, checked as the client does, and sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcord.enums import ComponentType

from bot.demo.entities import OF_SELECT, Entities
from bot.demo.sight import Impossible

if TYPE_CHECKING:
    from collections.abc import Mapping

SELECTS = (3, 5, 6, 7, 8)
SHORT = 1  # the style of a text input with one line
LONGEST_TEXT = 4000


@dataclass
class Field:
    """One control of a form and the words beside it."""

    label: str
    description: str | None
    control: dict[str, Any]

    @property
    def custom_id(self) -> str:
        """The name the bot knows it by."""
        return str(self.control["custom_id"])

    @property
    def required(self) -> bool:
        """Whether the client refuses to send the form without it."""
        return bool(self.control.get("required", self.control["type"] != ComponentType.CHECKBOX))

    def is_called(self, name: str) -> bool:
        """Whether `name` is its custom_id, its label, or its label as a Python name (`your_reply`)."""
        plain = re.sub(r"\W+", "_", self.label.lower()).strip("_")
        return name in (self.custom_id, self.label, plain)

    def prefilled(self) -> Any:
        """Return what stands in the field when the form opens."""
        control = self.control
        if control["type"] == ComponentType.TEXT_INPUT:
            return control.get("value") or ""
        if control["type"] == ComponentType.CHECKBOX:
            return bool(control.get("default", False))
        picked = [option["value"] for option in control.get("options") or [] if option.get("default")]
        return picked or [int(item["id"]) for item in control.get("default_values") or []]


@dataclass
class Form:
    """An open form."""

    spec: dict[str, Any]
    channel_id: int
    source_message_id: int | None  # of the message whose button opened it
    user_id: int
    sent: bool = False

    @property
    def title(self) -> str:
        """The words at its top."""
        return str(self.spec["title"])

    @property
    def custom_id(self) -> str:
        """The name the bot knows it by."""
        return str(self.spec["custom_id"])

    @property
    def texts(self) -> list[str]:
        """The explanations between the fields."""
        return [item["content"] for item in self.spec["components"] if item["type"] == ComponentType.TEXT_DISPLAY]

    @property
    def fields(self) -> list[Field]:
        """The fields from top to bottom."""
        return [field for item in self.spec["components"] for field in _fields(item)]

    def field(self, name: str) -> Field:
        """Return a field by label or custom_id; raises Impossible."""
        for field in self.fields:
            if field.is_called(name):
                return field
        known = ", ".join(repr(field.label) for field in self.fields)
        raise Impossible(f"the form {self.title!r} has no field {name!r}, it has {known}")

    def fill(self, values: Mapping[str, Any], entities: Entities) -> list[dict[str, Any]]:
        """Return the components to submit; raises Impossible where the client would mark a field red."""
        chosen = {self.field(name).custom_id: value for name, value in values.items()}
        leaves = {
            field.custom_id: _filled(field, chosen.get(field.custom_id, field.prefilled()), entities)
            for field in self.fields
        }
        return [_node(item, leaves) for item in self.spec["components"]]


def _fields(item: dict[str, Any]) -> list[Field]:
    if item["type"] == ComponentType.LABEL:
        return [Field(item["label"], item.get("description"), item["component"])]
    return [Field(child.get("label") or "", None, child) for child in item.get("components") or []]


def _node(item: dict[str, Any], leaves: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    node = {"type": item["type"], "id": item.get("id", 0)}
    if item["type"] == ComponentType.LABEL:
        return node | {"component": leaves[item["component"]["custom_id"]]}
    if item["type"] == ComponentType.ACTION_ROW:
        return node | {"components": [leaves[child["custom_id"]] for child in item["components"]]}
    return node


def _filled(field: Field, value: Any, entities: Entities) -> dict[str, Any]:
    control = field.control
    leaf = {"type": control["type"], "custom_id": control["custom_id"], "id": control.get("id", 0)}
    match ComponentType(control["type"]):
        case ComponentType.TEXT_INPUT:
            return leaf | {"value": _text(field, value)}
        case ComponentType.CHECKBOX:
            return leaf | {"value": bool(value)}
        case ComponentType.RADIO_GROUP:
            picked = options_picked(control, _listed(value), field.label)
            _require_count(field, picked, 1, 1)
            return leaf | {"value": picked[0] if picked else None}
        case ComponentType.FILE_UPLOAD:
            files = [value] if isinstance(value, tuple) else list(value)
            _require_count(field, files, control.get("min_values") or 1, control.get("max_values") or 1)
            return leaf | {"values": [entities.attach(name, data) for name, data in files]}
        case _:
            return leaf | {"values": _picked(field, value, entities)}


def _text(field: Field, value: Any) -> str:
    text, control = str(value), field.control
    if field.required and not text:
        raise Impossible(f"{field.label!r} is required")
    shortest, longest = control.get("min_length") or 0, control.get("max_length") or LONGEST_TEXT
    if text and not shortest <= len(text) <= longest:
        raise Impossible(f"{field.label!r} takes {shortest} to {longest} characters, not {len(text)}")
    if control.get("style") == SHORT and "\n" in text:
        raise Impossible(f"{field.label!r} has one line")
    return text


def _picked(field: Field, value: Any, entities: Entities) -> list[str]:
    control = field.control
    picked = pick(control, _listed(value), field.label, entities)
    many = len(control.get("options") or []) if control["type"] == ComponentType.CHECKBOX_GROUP else 1
    fewest = control.get("min_values")
    _require_count(field, picked, 1 if fewest is None else fewest, control.get("max_values") or many)
    return picked


def pick(control: Mapping[str, Any], values: list[Any], name: str, entities: Entities) -> list[str]:
    """Return the wire values of what a person picks in a select; raises Impossible when it is not offered."""
    kinds = OF_SELECT.get(control["type"])
    if kinds is None:
        return options_picked(control, values, name)
    return [entities.add(value, kinds, control.get("channel_types")) for value in values]


def options_picked(control: Mapping[str, Any], values: list[Any], name: str) -> list[str]:
    """Return the values of options that are given by value or by label; raises Impossible."""
    offered = {option["label"]: option["value"] for option in control.get("options") or []}
    picked = [value if value in offered.values() else offered.get(value) for value in values]
    if None in picked:
        raise Impossible(f"{name!r} offers {', '.join(map(repr, offered))}, not {values!r}")
    return [str(value) for value in picked]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple, set)) else [value]


def _require_count(field: Field, picked: list[Any], fewest: int, most: int) -> None:
    if not picked and field.required:
        raise Impossible(f"{field.label!r} is required")
    if picked and not fewest <= len(picked) <= most:
        raise Impossible(f"{field.label!r} takes {fewest} to {most} choices, not {len(picked)}")
