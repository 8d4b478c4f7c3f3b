"""The list of settings with their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord.ui import Container, LayoutView, TextDisplay

from bot.i18n import N_
from bot.settings import SETTINGS
from cogs.ui.buttons import view_of
from cogs.ui.shifts import schedule_words

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.settings import Setting, Settings, Value

TITLE = N_("## Settings")
LINE = N_("**{name}**: {value} (default: {default})")
HINT = N_("Change one with /settings set.")


def settings_view(settings: Settings, language: Language) -> LayoutView:
    """Draw every setting: name, value, default, what it means."""
    lines = [_lines(setting, settings, language) for setting in SETTINGS]
    return view_of(Container(TextDisplay("\n".join([language.say(TITLE), *lines, f"-# {language.say(HINT)}"]))))


def value_word(value: Value) -> str:
    """Write a value as it can be typed back."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value}"


def _lines(setting: Setting, settings: Settings, language: Language) -> str:
    value, default = value_word(settings.value(setting.name)), value_word(setting.default)
    line = language.say(LINE, name=setting.name, value=value, default=default)
    meaning = schedule_words(f"{value}", language) if setting.name == "schedule" else ""
    return "\n".join(filter(None, [line, language.say(setting.description), meaning]))
