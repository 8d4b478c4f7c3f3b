"""A week's schedule: read as it is typed, and right when clocks are set forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.i18n import ENGLISH, Language
from bot.schedule import last_time, read_clock, read_schedule, read_zone, schedule_of
from cogs.ui.shifts import schedule_words

MONDAY = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mon-Fri 8:00-18:00; sat 10:00-14:00", "mon-fri 08:00-18:00; sat 10:00-14:00"),
        ("mon, wed 08:00 – 12:00, 13:00-17:00", "mon,wed 08:00-12:00,13:00-17:00"),
        ("daily 22:00-02:00", "daily 22:00-02:00"),
        ("sat-sun 00:00-24:00", "sat-sun 00:00-24:00"),
        ("OFF", "off"),
    ],
)
def test_a_schedule_is_kept_as_it_can_be_typed_again(typed, kept):
    assert read_schedule(typed) == kept
    assert read_schedule(kept) == kept


NO_SCHEDULES = """
mon
mon 8-18
monday 08:00-18:00
mon 08:00-08:00
mon 25:00-26:00
mon 08:00-18:60
mon 08:00
mon 08:00-12:00-18:00
mon-tue-wed 08:00-18:00
mon ٠٨:٠٠-١٨:٠٠
"""


@pytest.mark.parametrize("typed", ["", ";", "mon 08:00-18:00;" * 30, *NO_SCHEDULES.split("\n")[1:-1]])
def test_what_is_no_schedule_is_refused(typed):
    with pytest.raises(ValueError, match=r".*"):
        read_schedule(typed)


def test_a_time_zone_is_found_however_it_is_typed():
    assert read_zone("america/new york") == "America/New_York"
    assert read_zone("utc") == "UTC"
    for wrong in ("Berlin", "localtime", "../etc/passwd", ""):
        with pytest.raises(ValueError, match=r".*"):
            read_zone(wrong)


def test_somebody_is_on_duty_in_the_hours_of_that_place():
    week = schedule_of("mon-fri 08:00-18:00", BERLIN)  # two hours ahead of UTC in May

    assert week.is_on(MONDAY)
    assert not week.is_on(MONDAY.replace(hour=16, minute=0))
    assert week.is_on(MONDAY.replace(hour=15, minute=59))
    assert week.next_begin(MONDAY) is None
    assert week.next_begin(MONDAY.replace(hour=20)) == datetime(2026, 5, 5, 6, tzinfo=UTC)
    friday_night = datetime(2026, 5, 8, 20, tzinfo=UTC)
    assert week.next_begin(friday_night) == datetime(2026, 5, 11, 6, tzinfo=UTC)


def test_a_night_ends_on_the_day_after_and_a_week_comes_round():
    week = schedule_of("sun 22:00-02:00", "UTC")

    assert week.is_on(datetime(2026, 5, 4, 1, tzinfo=UTC))
    assert not week.is_on(datetime(2026, 5, 4, 2, tzinfo=UTC))
    assert week.next_begin(datetime(2026, 5, 4, 3, tzinfo=UTC)) == datetime(2026, 5, 10, 22, tzinfo=UTC)


def test_without_a_schedule_nobody_is_awaited():
    week = schedule_of("off", "UTC")

    assert not week.is_on(MONDAY)
    assert week.next_begin(MONDAY) is None


def test_where_clocks_are_set_forward_or_back_duty_keeps_to_them():
    night = schedule_of("daily 02:30-06:00", BERLIN)
    before_spring = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the next night has no half past two
    before_autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)
    late = schedule_of("sat 20:00-02:30", BERLIN)  # that hour comes twice in October

    assert night.next_begin(before_spring) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert night.next_begin(before_autumn) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert not late.is_on(datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert late.is_on(datetime(2026, 10, 25, 1, 29, tzinfo=UTC))
    monday = schedule_of("mon 08:00-18:00", BERLIN)
    assert monday.next_begin(before_spring) == datetime(2026, 3, 30, 6, tzinfo=UTC)
    assert monday.next_begin(before_spring - timedelta(days=7)) == datetime(2026, 3, 23, 7, tzinfo=UTC)


def test_the_last_time_it_was_so_late_may_be_yesterday():
    eight = last_time("08:00", BERLIN, MONDAY)
    evening = last_time("18:00", BERLIN, MONDAY)

    assert (eight, eight.date().day) == (datetime(2026, 5, 4, 6, tzinfo=UTC), 4)
    assert (evening, evening.date().day) == (datetime(2026, 5, 3, 16, tzinfo=UTC), 3)
    assert read_clock("8:05") == "08:05"


def test_a_schedule_reads_in_the_language_of_who_looks():
    assert schedule_words("mon-tue 08:00-18:00", ENGLISH) == "Mon, Tue 8:00\u202fAM–6:00\u202fPM"
    assert schedule_words("sat 10:00-14:00", Language("ru")) == "сб 10:00–14:00"
    assert schedule_words("off", ENGLISH) == ""
