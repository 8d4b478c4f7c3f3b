"""The commands with which moderators work through the queue: one reply at a time, or a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import discord
from discord import app_commands

from bot.errors import ArticleNotFound, LanguageUnknown
from bot.interactions import Interaction, is_moderator, language, require_moderator
from bot.models import Filter
from bot.storage import queue as stored_queue
from bot.storage import servers as stored_servers
from cogs.desk import show_next, show_page
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient

CHOICE_LIMIT = 100
OFFERED = 25
LONGEST_ID = 18
WEEK = 7 * 24 * 60  # minutes
Choice = app_commands.Choice
Minutes = app_commands.Range[int, 1, WEEK]


async def offer_articles(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer moderators the articles on which replies are held."""
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        found = await stored_queue.list_articles(conn, server.id, typed, limit=OFFERED)
    return [Choice(name=cut(one_line(title), CHOICE_LIMIT), value=str(article_id)) for article_id, title in found]


async def offer_languages(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer the languages that Discord has."""
    named = [(language(interaction).name_of(locale.value), locale.value) for locale in discord.Locale]
    typed = typed.strip().casefold()
    found = [(name, value) for name, value in named if typed in name.casefold() or typed in value.casefold()]
    return [Choice(name=cut(f"{name} ({value})", CHOICE_LIMIT), value=value) for name, value in sorted(found)[:OFFERED]]


@app_commands.command(name="next", description="Decide held replies one at a time, in a message that only you see.")
@app_commands.describe(
    article="Only replies on this article.",
    language="Only replies of people whose Discord is in this language.",
    flagged="Only flagged replies.",
    waiting="Only replies that have waited for so many minutes.",
    first_voices="Only replies of people who had not spoken on the article before.",
    mine="Only replies that you have claimed.",
)
@app_commands.rename(first_voices="first-voices")
@app_commands.autocomplete(article=offer_articles, language=offer_languages)
async def show(
    interaction: Interaction,
    *,
    article: str | None = None,
    language: str | None = None,
    flagged: bool = False,
    waiting: Minutes | None = None,
    first_voices: bool = False,
    mine: bool = False,
) -> None:
    """Show the first card."""
    await require_moderator(interaction)
    wanted = Filter(_article_id(article), _locale(language), waiting or 0, flagged, first_voices, mine)
    await show_next(interaction, wanted)


@app_commands.command(name="list", description="See the held replies in pages, and open one.")
@app_commands.describe(
    article="Only replies on this article.",
    language="Only replies of people whose Discord is in this language.",
    flagged="Only flagged replies.",
    waiting="Only replies that have waited for so many minutes.",
    first_voices="Only replies of people who had not spoken on the article before.",
    mine="Only replies that you have claimed.",
)
@app_commands.rename(first_voices="first-voices")
@app_commands.autocomplete(article=offer_articles, language=offer_languages)
async def show_list(
    interaction: Interaction,
    *,
    article: str | None = None,
    language: str | None = None,
    flagged: bool = False,
    waiting: Minutes | None = None,
    first_voices: bool = False,
    mine: bool = False,
) -> None:
    """Show the first page."""
    await require_moderator(interaction)
    wanted = Filter(_article_id(article), _locale(language), waiting or 0, flagged, first_voices, mine)
    await show_page(interaction, wanted)


def _article_id(typed: str | None) -> int | None:
    if typed is None:
        return None
    typed = typed.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID):
        raise ArticleNotFound
    return int(typed) or None


def _locale(typed: str | None) -> str | None:
    if typed is None:
        return None
    known = {locale.value.casefold(): locale.value for locale in discord.Locale}
    if typed.strip().casefold() not in known:
        raise LanguageUnknown
    return known[typed.strip().casefold()]


async def setup(client: StandfirstClient) -> None:
    """Add to the group of commands that `cogs/bulk.py` has made."""
    group = cast("app_commands.Group", client.tree.get_command("review"))
    group.add_command(show)
    group.add_command(show_list)
