"""Who is on duty, in words: by shifts, and by the week's schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.schedule import schedule_of
from bot.services.bulletins import MOST_COUNTED

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Duty

SOON = timedelta(hours=18)  # until then the clock alone says which day is meant


def clock_time(moment: datetime) -> str:
    """Return a moment as everybody's own Discord shows it: the clock alone when it is soon, else the day, too."""
    style = "t" if moment - discord.utils.utcnow() < SOON else "F"
    return f"<t:{int(moment.timestamp())}:{style}>"


def begun(duty: Duty, held: int, language: Language, *, person_id: int) -> str:
    """Tell a moderator how long they are on duty, who else is, and how much is held."""
    lines = [
        language.say("You are on duty until {when}, or until you type /review off.", when=clock_time(shift.ends_at))
        for shift in duty.shifts
        if shift.moderator_id == person_id
    ]
    others = people(duty, without=person_id)
    if others:
        lines.append(language.say("Also on duty: {people}", people=others))
    else:
        lines.append(language.say("Nobody else is on duty."))
    if held:
        lines.append(held_line(min(held, MOST_COUNTED), language, is_more=held > MOST_COUNTED))
    else:
        lines.append(language.say("No reply is held at the moment."))
    return "\n".join(lines)


def ended(language: Language, *, was_on: bool) -> str:
    """Tell a moderator that they are off duty."""
    if was_on:
        return language.say("You are off duty. Thank you!")
    return language.say("You were not on duty. /review on begins a shift.")


def schedule_words(schedule: str, language: Language) -> str:
    """Write a schedule with the days and the clock of a language: "Mon, Tue 8:00 AM–6:00 PM"; empty when it is off."""
    hours: dict[str, list[int]] = {}
    for span in schedule_of(schedule, "UTC").spans:
        times = f"{language.clock(span.begins)}–{language.clock(span.ends)}"
        hours.setdefault(times, []).append(span.day)
    return "; ".join(f"{', '.join(map(language.weekday, sorted(days)))} {times}" for times, days in hours.items())


def people(duty: Duty, *, without: int = 0) -> str:
    """Mention who is on duty, the first who came first."""
    return ", ".join(f"<@{shift.moderator_id}>" for shift in duty.shifts if shift.moderator_id != without)


def held_line(held: int, language: Language, *, is_more: bool) -> str:
    """Tell how many replies are held."""
    more = "+" if is_more else ""
    return language.count("**{n}{more}** reply is held.", "**{n}{more}** replies are held.", held, more=more)
