"""Every setting an administrator can change in a server: its meaning, default and what it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import values
from bot.errors import SettingInvalid
from bot.i18n import N_
from bot.ladder import read_ladder, read_strike_days
from bot.schedule import read_clock, read_schedule, read_zone

if TYPE_CHECKING:
    from collections.abc import Callable

Value = int | bool | str


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
    ask_to_read: bool = True
    schedule: str = "off"
    time_zone: str = "UTC"
    backlog_ping: str = "50, 200"
    backlog_limit: int = 500
    digest: str = "off"

    @property
    def backlog_steps(self) -> tuple[int, ...]:
        """The numbers of held replies at which the moderators are told, smallest first."""
        return values.steps(self.backlog_ping)

    senior_role: str = values.NONE
    blind_review: bool = False
    consistency_check: str = values.UNCHECKED
    only_moderator: bool = False
    severe_an_hour: int = 10
    ladder: str = "off"
    strike_days: str = "90"
    hide_after_reports: int = 0
    hide_trial: bool = True
    publish_staff: bool = False
    name_moderators: bool = False

    def value(self, name: str) -> Value:
        """The value of the setting of this name."""
        value: Value = getattr(self, name)
        return value

    @property
    def senior_role_id(self) -> int | None:
        """The role that decides where two moderators disagree; None: a third moderator does."""
        return None if self.senior_role == values.NONE else int(self.senior_role.strip("<@&>"))

    @property
    def recheck_one_in(self) -> int | None:
        """Of how many decided replies one is shown again; None: none is."""
        return None if self.consistency_check == values.UNCHECKED else int(self.consistency_check.split()[-1])


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


SETTINGS = (
    Setting(
        "reply_length",
        N_("How many characters a reply may have."),
        N_("a whole number from 100 to 2000"),
        ("500", "1000", "1500", "2000"),
        values.number(100, 2000),
    ),
    Setting(
        "notify_author",
        N_("Tell authors, and who reported a reply, by direct message what was decided."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "seal",
        N_("What members lose in the sealed channel: core keeps slash commands usable, strict does not."),
        N_("core or strict"),
        ("core", "strict"),
        values.one_of("core", "strict"),
    ),
    Setting(
        "seal_repair",
        N_("Repair a broken seal at once, at most three times an hour; moderators are told either way."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "seal_guard",
        N_("What happens to what an administrator or another bot types in a sealed channel or a discussion."),
        N_("delete, warn or off"),
        ("delete", "warn", "off"),
        values.one_of("delete", "warn", "off"),
    ),
    Setting(
        "severe_order",
        N_("Where severely flagged replies stand in the queue: first, last, or by time as all others."),
        N_("first, last or time"),
        ("first", "last", "time"),
        values.one_of("first", "last", "time"),
    ),
    Setting(
        "grace_time",
        N_("For how many seconds an approval can be undone before anybody sees the reply or is told."),
        N_("a whole number from 0 to 600"),
        ("0", "10", "30", "60"),
        values.number(0, 600),
    ),
    Setting(
        "tombstone",
        N_("Leave a line in the place of a removed reply that says that moderators removed it."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "ask_to_read",
        N_("Have members confirm the guidelines before their first reply, and again when these have changed."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "schedule",
        N_("When moderators are on duty in a week, by the clock of time_zone."),
        N_("times such as mon-fri 08:00-18:00; sat 10:00-14:00, or daily 22:00-02:00, or off"),
        ("off", "mon-fri 08:00-18:00", "daily 08:00-22:00", "mon-fri 08:00-18:00; sat 10:00-14:00"),
        read_schedule,
    ),
    Setting(
        "time_zone",
        N_("The time zone of schedule and digest."),
        N_("the name of a time zone, such as Europe/Berlin or UTC"),
        ("UTC", "Europe/London", "Europe/Berlin", "Europe/Moscow", "America/New_York", "America/Los_Angeles"),
        read_zone,
    ),
    Setting(
        "backlog_ping",
        N_("How many held replies call those who are on duty, once each time there are so many."),
        N_("up to five numbers from 1 to 10000, such as 25, 50, 100, or off"),
        ("off", "50, 200", "25, 50, 100"),
        values.backlog_ping,
    ),
    Setting(
        "backlog_limit",
        N_("With so many held replies an article takes no new ones until there are a fifth fewer; 0 is no limit."),
        N_("a whole number from 0 to 10000"),
        ("0", "100", "500", "1000"),
        values.limit(values.LARGEST_STEP),
    ),
    Setting(
        "digest",
        N_("When moderators are told each day how reviewing stands, by the clock of time_zone."),
        N_("a time such as 08:00, or off"),
        ("off", "08:00", "18:00"),
        read_clock,
    ),
    Setting(
        "senior_role",
        N_("The role that decides where two moderators disagree; with none, a third moderator does."),
        N_("a role of this server, or none"),
        (values.NONE,),
        values.role,
    ),
    Setting(
        "blind_review",
        N_("Hide who wrote a reply from moderators until it is decided."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "consistency_check",
        N_("Show some decided replies again, unmarked, to another moderator, and compare."),
        N_("off, or 1 in a whole number from 2 to 1000"),
        ("off", "1 in 20", "1 in 50", "1 in 100"),
        values.one_in(2, 1000, usual=50),
    ),
    Setting(
        "only_moderator",
        N_("There is only one moderator, who may also decide what concerns them; each time is logged."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "severe_an_hour",
        N_("After so many severe replies within an hour a moderator is offered the calm ones; 0: never."),
        N_("a whole number from 0 to 1000"),
        ("0", "5", "10", "20"),
        values.number(0, 1000),
    ),
    Setting(
        "ladder",
        N_("What follows when a member has so many strikes; after a rung, trial: it is only logged what would follow."),
        N_("rungs such as 2 in 30 days: warning; 3 in 30 days: pause 1 day; 4 in 60 days: ban trial, or off"),
        ("off", "2 in 30 days: warning; 3 in 30 days: pause 1 day; 4 in 60 days: timeout 1 day; 6 in 90 days: ban"),
        read_ladder,
    ),
    Setting(
        "strike_days",
        N_("For how many days a strike counts; other numbers for single guidelines may follow."),
        N_("a whole number from 1 to 3650, or such as 90; hate_speech 365; spam 30"),
        ("30", "90", "180", "365", "90; hate_speech 365; spam 30"),
        read_strike_days,
    ),
    Setting(
        "hide_after_reports",
        N_("So many members’ reports hide a reply until moderators decide; newcomers do not count. 0: never."),
        N_("a whole number from 0 to 100"),
        ("off", "3", "5", "10"),
        values.limit(100),
    ),
    Setting(
        "hide_trial",
        N_("Only say on the card that reports would hide the reply now, and hide nothing."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "publish_staff",
        N_("Publish the replies of moderators and editors without waiting, unless a flag on them is severe."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
    Setting(
        "name_moderators",
        N_("Tell authors which moderator decided about their reply, or imposed something on them."),
        N_("on or off"),
        ("on", "off"),
        values.switch,
    ),
)

BY_NAME = {setting.name: setting for setting in SETTINGS}
