"""The parts of forms, and texts kept in a private message until their form is opened again."""

from __future__ import annotations

from typing import Any

import discord
from discord.ui import Label, TextDisplay, TextInput

from bot.outgoing import marks
from bot.screening.cleaning import clean, is_readable

FIELD_LIMIT = 4000  # Discord's, of a text field
KEPT = 7001  # the number of the component that holds a typed text; further texts follow
PLACES = 10  # that a message has for them at most


def context(text: str) -> TextDisplay[Any]:
    """Show a text above the fields."""
    return TextDisplay(text)


def paragraph(label: str, text: str | None, *, limit: int, name: str = "text", required: bool = True) -> Label[Any]:
    """Ask for a longer text. A prefilled one that is too long by now still opens, and can be shortened."""
    return _field(label, text, limit, name=name, required=required, style=discord.TextStyle.paragraph)


def line(label: str, text: str | None, *, limit: int, name: str, required: bool = True) -> Label[Any]:
    """Ask for a text on one line."""
    return _field(label, text, limit, name=name, required=required, style=discord.TextStyle.short)


def _field(
    label: str, text: str | None, limit: int, *, name: str, required: bool, style: discord.TextStyle
) -> Label[Any]:
    default = clean(text or "")[:FIELD_LIMIT] or None
    longest = max(limit, len(default or ""))
    field: TextInput[Any] = TextInput(
        custom_id=name, style=style, default=default, required=required, max_length=longest
    )
    return Label(text=label, component=field)


def choice(
    label: str,
    options: dict[str, str],
    *,
    name: str,
    required: bool = True,
    most: int = 1,
    chosen: str | None = None,
) -> Label[Any]:
    """Ask for one of a few, or at most so many: value → what it is called; `chosen` is chosen already."""
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=name,
        required=required,
        min_values=1 if required else 0,
        max_values=most,
        options=[
            discord.SelectOption(label=text, value=value, default=value == chosen) for value, text in options.items()
        ],
    )
    return Label(text=label, component=select)


def kept(text: str, *, place: int = 0) -> list[TextDisplay[Any]]:
    """Keep a typed text in a private message; nothing when there is nothing to see."""
    text = clean(text)
    return [TextDisplay(text, id=KEPT + place)] if is_readable(text) else []


def keeps_text(message: discord.Message) -> bool:
    """Tell whether this message keeps a typed text at any place."""
    return any(isinstance(mark, int) and KEPT <= mark < KEPT + PLACES for mark in marks(message))


def kept_text(message: discord.Message | None, *, place: int = 0) -> str | None:
    """Return what `kept` put there; None when this message keeps nothing."""
    if message is None or not message.flags.components_v2:
        return None
    view = discord.ui.LayoutView.from_message(message, timeout=None)
    item = view.find_item(KEPT + place)
    return item.content if isinstance(item, TextDisplay) else None
