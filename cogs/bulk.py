"""Reviewing many replies at once: a moderator sees exactly what will happen, confirms, follows, and may undo it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import ArticleNotFound, BulkUnknown
from bot.interactions import NEVER, Interaction, PersistentButton, is_moderator, language, require_moderator
from bot.models import Action, Pick
from bot.services import appearances, bulk
from bot.storage import articles as stored_articles
from bot.storage import bulk as stored_bulk
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from cogs.decisions import giving_back
from cogs.guidelines import offer_guidelines, worded
from cogs.moderate import Sentence  # noqa: TC001 - discord.py evaluates it
from cogs.shifts import ShiftCommands
from cogs.ui.bulk import ON_A_PAGE, bulk_outcome, bulk_page, bulk_preview, bulk_progress
from cogs.ui.hiding import veil
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Article, Bulk, Reply, Tally

CHOICE_LIMIT = 100
LARGEST_ID_LENGTH = 18
PROGRESS_SECONDS = 4
TOLD_FOR = 14 * 60  # seconds: Discord lets a private message be changed for 15 minutes
Choice = app_commands.Choice
DECISIONS = [Choice(name="approve", value=Action.APPROVE.value), Choice(name="reject", value=Action.REJECT.value)]
FLAGS = [Choice(name="flagged", value="flagged"), Choice(name="not flagged", value="unflagged")]
LongestWait = app_commands.Range[int, 1, 100_000]


class _ConfirmButton(PersistentButton, template=NEVER):
    """Decides those that the preview named; pressed again after the bot had died, it goes on with the rest."""

    bulk_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide each, then tell how far the publication has come, as long as Discord lets this message change."""
        chosen, tally = await _get(interaction, self.bulk_id)
        await interaction.response.edit_message(view=bulk_progress(chosen, tally, language(interaction)))
        while await bulk.carry_out(
            interaction.client.db,
            chosen.id,
            server_id=chosen.server_id,
            moderator_id=chosen.moderator_id,
            now=discord.utils.utcnow(),  # the grace time begins when they are decided, not when the button is pressed
        ):
            chosen, tally = await _get(interaction, chosen.id)
            await _show(interaction, bulk_progress(chosen, tally, language(interaction)))
        interaction.client.sweep.wake()
        await _follow(interaction, chosen)


class ApproveAllButton(_ConfirmButton, template=r"bulk:approve:(?P<bulk_id>[0-9]+)"):
    """Approves them."""


class RejectAllButton(_ConfirmButton, template=r"bulk:reject:(?P<bulk_id>[0-9]+)"):
    """Rejects them."""


class UndoAllButton(PersistentButton, template=r"bulk:undo:(?P<bulk_id>[0-9]+)"):
    """Holds all of them again of which nothing was seen or told yet."""

    bulk_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Undo, then say what could not be undone."""
        chosen, _ = await _get(interaction, self.bulk_id)
        await bulk.undo(
            interaction.client.db,
            chosen.id,
            server_id=chosen.server_id,
            moderator_id=chosen.moderator_id,
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        chosen, tally = await _get(interaction, chosen.id)
        await interaction.response.edit_message(view=bulk_outcome(chosen, tally, language(interaction)))


class PageButton(PersistentButton, template=r"bulk:page:(?P<bulk_id>[0-9]+):(?P<page>[0-9]+)"):
    """Shows others of those that would be decided."""

    bulk_id: int
    page: int

    async def on_press(self, interaction: Interaction) -> None:
        """Turn the page."""
        chosen, tally = await _get(interaction, self.bulk_id)
        number = min(self.page, max(tally.named - 1, 0) // ON_A_PAGE)
        page = await _read_page(interaction, chosen, number)
        view = bulk_page(chosen, tally.named, page, language(interaction), number=number)
        await interaction.response.edit_message(view=view)


async def _get(interaction: Interaction, bulk_id: int) -> tuple[Bulk, Tally]:
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        chosen = await stored_bulk.get(conn, bulk_id, server_id=server.id, moderator_id=interaction.user.id)
        if chosen is None:
            raise BulkUnknown
        return chosen, await stored_bulk.tally(conn, chosen.id)


async def _read_page(interaction: Interaction, chosen: Bulk, number: int) -> list[Reply]:
    """Read some of those that are meant, as this server's lists may name them."""
    async with interaction.client.db.read() as conn:
        page = await stored_bulk.list_named(conn, chosen.id, limit=ON_A_PAGE, offset=number * ON_A_PAGE)
        is_blind = (await stored_settings.load(conn, chosen.server_id)).blind_review
    return [veil(reply, language(interaction), is_blind=is_blind) for reply in page]


async def _follow(interaction: Interaction, chosen: Bulk) -> None:
    """Show how it goes on until nothing can be undone any more."""
    clock, started, told = asyncio.get_running_loop().time, asyncio.get_running_loop().time(), None
    async with interaction.client.db.read() as conn:
        grace = (await appearances.get_grace(conn, chosen.server_id)).total_seconds()
    while clock() - started < TOLD_FOR:
        chosen, tally = await _get(interaction, chosen.id)
        is_rejection = chosen.action == Action.REJECT
        if tally.undone or not (tally.done if is_rejection and clock() - started < grace else tally.waiting):
            break
        if tally != told:
            speech = language(interaction)
            view = (
                bulk_outcome(chosen, tally, speech, can_undo=True)
                if is_rejection
                else bulk_progress(chosen, tally, speech)
            )
            if not await _show(interaction, view):
                return
        told = tally
        await asyncio.sleep(PROGRESS_SECONDS)
    chosen, tally = await _get(interaction, chosen.id)
    await _show(interaction, bulk_outcome(chosen, tally, language(interaction)))


async def _show(interaction: Interaction, view: discord.ui.LayoutView) -> bool:
    """Change the message; False when it was dismissed: the work goes on without it."""
    try:
        await interaction.edit_original_response(view=view)
    except discord.HTTPException:
        return False
    return True


async def offer_articles(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer moderators the articles on which replies are held, with how many."""
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        found = await stored_bulk.list_articles(conn, server.id, typed)
    return [
        Choice(name=cut(f"{held} · {one_line(title)}", CHOICE_LIMIT), value=str(article_id))
        for article_id, title, held in found
    ]


@app_commands.guild_only()
class Review(ShiftCommands, commands.GroupCog, group_name="review", group_description="Work through the held replies."):
    """Answers privately."""

    @app_commands.command(description="Approve or reject many held replies at once, after being shown which.")
    @app_commands.describe(
        article="Only replies on this article.",
        decision="What is done with them; approve unless you choose.",
        guideline="The guideline that the replies do not follow.",
        sentence="A sentence to the authors.",
        language="Only authors whose Discord has this language, such as en or ru.",
        flags="Only replies that the screening has flagged, or has not.",
        minutes="Only replies that have waited for so many minutes.",
        first_voices="Only the first reply of each author on an article.",
    )
    @app_commands.rename(first_voices="first-voices")
    @app_commands.choices(decision=DECISIONS, flags=FLAGS)
    @app_commands.autocomplete(article=offer_articles, guideline=offer_guidelines)
    async def bulk(
        self,
        interaction: Interaction,
        *,
        article: str | None = None,
        decision: Choice[str] | None = None,
        guideline: str | None = None,
        sentence: Sentence | None = None,
        language: app_commands.Range[str, 2, 8] | None = None,
        flags: Choice[str] | None = None,
        minutes: LongestWait | None = None,
        first_voices: bool = False,
    ) -> None:
        """Show which they are, and the button."""
        await require_moderator(interaction)
        on = await _find_article(interaction, article) if article else None
        flagged = flags.value == "flagged" if flags else None
        pick = Pick(on.id if on else None, language, flagged, minutes, first_voices)
        action = Action(decision.value) if decision else Action.APPROVE
        await _preview(interaction, pick, action, on, guideline=guideline, words=sentence)


async def _preview(
    interaction: Interaction,
    pick: Pick,
    action: Action,
    article: Article | None,
    *,
    guideline: str | None,
    words: str | None,
) -> None:
    async with giving_back(interaction, words or ""):
        chosen, named, left = await bulk.preview(
            interaction.client.db,
            pick,
            action,
            server_id=interaction.guild_id or 0,
            moderator_id=interaction.user.id,
            guideline=guideline,
            sentence=words,
            now=interaction.created_at,
        )
        page = await _read_page(interaction, chosen, 0)
        view = bulk_preview(chosen, named, left, await worded(interaction), article=article, page=page)
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
    client.add_dynamic_items(ApproveAllButton, RejectAllButton, UndoAllButton, PageButton)
    await client.add_cog(Review())
