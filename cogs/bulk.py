"""Reviewing many replies at once: a moderator sees what will happen, confirms, and follows the publication."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import ArticleNotFound
from bot.interactions import Interaction, PersistentButton, is_moderator, language, require_moderator
from bot.models import ReplyStatus
from bot.services import bulk
from bot.storage import articles as stored_articles
from bot.storage import bulk as stored_bulk
from bot.storage import servers as stored_servers
from cogs.shifts import ShiftCommands
from cogs.ui.articles import status_line
from cogs.ui.bulk import bulk_outcome, bulk_preview, bulk_progress
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Article

CHOICE_LIMIT = 100
LARGEST_ID_LENGTH = 18
PROGRESS_SECONDS = 4
TOLD_FOR = 14 * 60  # seconds: Discord lets a private message be changed for 15 minutes


class ApproveAllButton(
    PersistentButton, template=r"bulk:approve:(?P<article_id>[0-9]+):(?P<seen_id>[0-9]+):(?P<shown>[0-9]+)"
):
    """Approves what was held when its message was made: on one article, or with 0 in the whole server."""

    article_id: int
    seen_id: int
    shown: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide each, then tell how far the publication has come, as long as Discord lets this message change."""
        server = await require_moderator(interaction)
        await interaction.response.edit_message(view=status_line(language(interaction).say("Approving…")))
        approved = await bulk.approve_many(
            interaction.client.db,
            server_id=server.id,
            moderator_id=interaction.user.id,
            article_id=self.article_id or None,
            seen_at=discord.utils.snowflake_time(self.seen_id),
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        try:
            await _follow(interaction, approved, skipped=max(self.shown - approved, 0))
        except discord.HTTPException:
            return  # the message was dismissed; the work goes on without it


async def _follow(interaction: Interaction, approved: int, *, skipped: int) -> None:
    speech, clock = language(interaction), asyncio.get_running_loop().time
    ends, told = clock() + TOLD_FOR, None
    while (waiting := await _count(interaction, ReplyStatus.APPROVED)) and clock() < ends:
        if waiting != told:
            line = bulk_progress(approved - waiting, approved, speech)
            await interaction.edit_original_response(view=status_line(line))
        told = waiting
        await asyncio.sleep(PROGRESS_SECONDS)
    published = await _count(interaction, ReplyStatus.PUBLISHED)
    line = bulk_outcome(approved, speech, published=published, skipped=skipped)
    await interaction.edit_original_response(view=status_line(line))


async def _count(interaction: Interaction, status: ReplyStatus) -> int:
    async with interaction.client.db.read() as conn:
        return await stored_bulk.count_decided(
            conn,
            interaction.guild_id or 0,
            status,
            moderator_id=interaction.user.id,
            decided_at=interaction.created_at,
        )


async def offer_articles(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer moderators the articles on which replies are held, with how many."""
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        found = await stored_bulk.list_articles(conn, server.id, typed)
    return [
        app_commands.Choice(name=cut(f"{held} · {one_line(title)}", CHOICE_LIMIT), value=str(article_id))
        for article_id, title, held in found
    ]


@app_commands.guild_only()
class Review(ShiftCommands, commands.GroupCog, group_name="review", group_description="Work through the held replies."):
    """Answers privately."""

    @app_commands.command(description="Approve many held replies at once, after being told how many.")
    @app_commands.describe(article="Only replies on this article.")
    @app_commands.autocomplete(article=offer_articles)
    async def bulk(self, interaction: Interaction, article: str | None = None) -> None:
        """Show how many there are, and the button."""
        server = await require_moderator(interaction)
        on = await _find_article(interaction, article) if article else None
        async with interaction.client.db.read() as conn:
            pile = await stored_bulk.count_held(
                conn, server.id, moderator_id=interaction.user.id, article_id=on.id if on else None
            )
        view = bulk_preview(pile, on, language(interaction), seen_id=interaction.id)
        await interaction.response.send_message(view=view, ephemeral=True)


async def _find_article(interaction: Interaction, typed: str) -> Article:
    typed = typed.strip()
    article = None
    if typed.isascii() and typed.isdigit() and len(typed) <= LARGEST_ID_LENGTH:
        async with interaction.client.db.read() as conn:
            article = await stored_articles.get(conn, int(typed), server_id=interaction.guild_id)
    if article is None:
        raise ArticleNotFound
    return article


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ApproveAllButton)
    await client.add_cog(Review())
