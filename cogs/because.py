"""Why the bot did something, for the server's own audit log in Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import language_of
from bot.storage import guidelines, servers
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    import discord

    from bot.client import StandfirstClient
    from bot.i18n import Language

LIMIT = 512  # characters that Discord takes


async def because(client: StandfirstClient, server_id: int, sentence: str, **values: object) -> str:
    """Say it in the server's language, no longer than Discord takes."""
    async with client.db.read() as conn:
        server = await servers.get(conn, server_id)
        speech = await guidelines.speak(conn, server_id, language_of(server.language))
    return _said(speech, sentence, values)


def reason(locale: object, sentence: str, **values: object) -> str:
    """Likewise where the language is known, and no guideline is named."""
    return _said(language_of(locale), sentence, values)


def _said(speech: Language, sentence: str, values: Mapping[str, object]) -> str:
    return cut(one_line(f"Standfirst: {speech.say(sentence, **values)}"), LIMIT)


def person(guild: discord.Guild | None, user_id: int | None) -> str:
    """Name somebody as that log can show them: mentions mean nothing there, and few members are known by name."""
    member = guild.get_member(user_id or 0) if guild is not None else None
    return f"@{member.name} ({user_id})" if member is not None else f"{user_id}"
