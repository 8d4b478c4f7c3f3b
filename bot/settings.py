"""Every setting an administrator can change in a server: its meaning, default and what it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import SettingInvalid
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Callable

Value = int | bool | str

ON = ("on", "yes", "true", "1")
OFF = ("off", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server; a default holds until somebody changes it."""

    reply_length: int = 1500
    notify_author: bool = True
    seal: str = "core"
    seal_repair: bool = False
    seal_guard: str = "delete"
    severe_order: str = "time"
    grace_time: int = 10
    tombstone: bool = True

    def value(self, name: str) -> Value:
        """The value of the setting of this name."""
        value: Value = getattr(self, name)
        return value


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
        "severe_order",
        N_("Where severely flagged replies stand in the queue: first, last, or by time as all others."),
        N_("first, last or time"),
        ("first", "last", "time"),
        _one_of("first", "last", "time"),
    ),
    Setting(
        "grace_time",
        N_("For how many seconds an approval can be undone before anybody sees the reply or is told."),
        N_("a whole number from 0 to 600"),
        ("0", "10", "30", "60"),
        _number(0, 600),
    ),
    Setting(
        "tombstone",
        N_("Leave a line in the place of a removed reply that says that moderators removed it."),
        N_("on or off"),
        ("on", "off"),
        _switch,
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
