"""Every setting an administrator can change in a server: its meaning, default and what it accepts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import SettingInvalid
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

Value = int | bool | str

ON = ("on", "yes", "true", "1")
OFF = ("off", "no", "false", "0")
NONE = "none"
UNCHECKED = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server; a default holds until somebody changes it."""

    reply_length: int = 1500
    notify_author: bool = True
    seal: str = "core"
    seal_repair: bool = False
    seal_guard: str = "delete"
    senior_role: str = NONE
    blind_review: bool = False
    consistency_check: str = UNCHECKED
    only_moderator: bool = False
    severe_an_hour: int = 10

    def value(self, name: str) -> Value:
        """The value of the setting of this name."""
        value: Value = getattr(self, name)
        return value

    @property
    def senior_role_id(self) -> int | None:
        """The role that decides where two moderators disagree; None: a third moderator does."""
        return None if self.senior_role == NONE else int(self.senior_role.strip("<@&>"))

    @property
    def recheck_one_in(self) -> int | None:
        """Of how many decided replies one is shown again; None: none is."""
        return None if self.consistency_check == UNCHECKED else int(self.consistency_check.split()[-1])


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: `choices` are offered as one types; `parse` raises ValueError when a text does not fit."""

    name: str
    description: str
    expected: str
    choices: tuple[str, ...]
    parse: Callable[[str], Value]

    @property
    def default(self) -> Value:
        """The value until somebody changes it."""
        return Settings().value(self.name)

    def read(self, typed: str) -> Value:
        """Turn what a person typed into a value, or raise SettingInvalid."""
        try:
            return self.parse(typed.strip().lower())
        except ValueError:
            raise SettingInvalid(value=typed[:100], setting=self.name, expected=self.expected) from None


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(typed: str) -> int:
        number = int(typed.replace(",", "").replace(" ", ""))
        if not low <= number <= high:
            raise ValueError(typed)
        return number

    return parse


def _switch(typed: str) -> bool:
    if typed not in ON + OFF:
        raise ValueError(typed)
    return typed in ON


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(typed: str) -> str:
        if typed not in words:
            raise ValueError(typed)
        return typed

    return parse


def _role(typed: str) -> str:
    """A mention, as Discord writes it when a role is picked, or the bare id; kept as the mention, to be shown."""
    if typed in (NONE, *OFF):
        return NONE
    match = re.fullmatch(r"(?:<@&)?([1-9][0-9]{0,18})>?", typed, re.ASCII)
    if match is None:
        raise ValueError(typed)
    return f"<@&{match[1]}>"


def _one_in(low: int, high: int, usual: int) -> Callable[[str], str]:
    number = _number(low, high)

    def parse(typed: str) -> str:
        if typed in OFF:
            return UNCHECKED
        return f"1 in {usual if typed in ON else number(typed.removeprefix('1 in '))}"

    return parse


SETTINGS = (
    Setting(
        "reply_length",
        N_("How many characters a reply may have."),
        N_("a whole number from 100 to 2000"),
        ("500", "1000", "1500", "2000"),
        _number(100, 2000),
    ),
    Setting(
        "notify_author",
        N_("Tell authors by direct message what was decided about their reply."),
        N_("on or off"),
        ("on", "off"),
        _switch,
    ),
    Setting(
        "seal",
        N_("What members lose in the sealed channel: core keeps slash commands usable, strict does not."),
        N_("core or strict"),
        ("core", "strict"),
        _one_of("core", "strict"),
    ),
    Setting(
        "seal_repair",
        N_("Repair a broken seal at once, at most three times an hour; moderators are told either way."),
        N_("on or off"),
        ("on", "off"),
        _switch,
    ),
    Setting(
        "seal_guard",
        N_("What happens to what an administrator or another bot types in a sealed channel or a discussion."),
        N_("delete, warn or off"),
        ("delete", "warn", "off"),
        _one_of("delete", "warn", "off"),
    ),
    Setting(
        "senior_role",
        N_("The role that decides where two moderators disagree; with none, a third moderator does."),
        N_("a role of this server, or none"),
        (NONE,),
        _role,
    ),
    Setting(
        "blind_review",
        N_("Hide who wrote a reply from moderators until it is decided."),
        N_("on or off"),
        ("on", "off"),
        _switch,
    ),
    Setting(
        "consistency_check",
        N_("Show some decided replies again, unmarked, to another moderator, and compare."),
        N_("off, or 1 in a whole number from 2 to 1000"),
        ("off", "1 in 20", "1 in 50", "1 in 100"),
        _one_in(2, 1000, usual=50),
    ),
    Setting(
        "only_moderator",
        N_("There is only one moderator, who may also decide what concerns them; each time is logged."),
        N_("on or off"),
        ("on", "off"),
        _switch,
    ),
    Setting(
        "severe_an_hour",
        N_("After so many severe replies within an hour a moderator is offered the calm ones; 0: never."),
        N_("a whole number from 0 to 1000"),
        ("0", "5", "10", "20"),
        _number(0, 1000),
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
