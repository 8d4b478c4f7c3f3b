"""Notes as moderators see them: the latest on a review card, and one that could not be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.ui.buttons import view_of
from cogs.ui.text import excerpt, plain, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Language
    from bot.models import Note

ROOM_ON_CARD = 120  # of each


def notes_lines(notes: Sequence[Note], language: Language) -> str:
    """Show the latest notes about the author, a line each; empty when there are none."""
    lines = [
        f"-# <@{note.moderator_id}> <t:{int(note.written_at.timestamp())}:R>: {excerpt(note.text, ROOM_ON_CARD)}"
        for note in notes
    ]
    return "\n".join([f"**{language.say('Notes')}**", *lines]) if lines else ""


def returned_note(sentence: str, text: str) -> discord.ui.LayoutView:
    """Give back what was typed when it could not be kept."""
    typed = quoted(plain(text[:1000]))
    return view_of(discord.ui.TextDisplay(f"{sentence}\n{typed}".strip()))
