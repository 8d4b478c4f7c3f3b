"""`/moderate history`: all that is known of a member, page by page, for moderators alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.interactions import Interaction, PersistentButton, is_admin, language, require_moderator
from bot.models import EntryKind, Place
from bot.storage import history, settings
from cogs.ui.history import PAGE, Page, first_fitting, history_page, veiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import StandfirstClient
    from bot.models import Entry
    from bot.storage import Connection

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MOMENT = 10**17  # microseconds: the year 5138; further than that no place is


class HistoryButton(PersistentButton, template=r"history:member:(?P<member_id>[0-9]+):(?P<beginning>[0-9]+)"):
    """Shows the newest page in a message of its own; what follows the member's id is 0."""

    member_id: int
    beginning: int

    async def on_press(self, interaction: Interaction) -> None:
        """Read and show."""
        view = await _read_older(interaction, self.member_id, None)
        await interaction.response.send_message(view=view, ephemeral=True)


class TurningButton(PersistentButton, template=r"history:(?!)"):
    """Turns to the page beyond an entry: of this moment, kind and id."""

    member_id: int
    moment: int
    kind: int
    row_id: int

    @property
    def place(self) -> Place:
        """Where the entry stands."""
        moment = EPOCH + timedelta(microseconds=min(self.moment, LATEST_MOMENT))
        return Place(moment, EntryKind(min(max(self.kind, 1), len(EntryKind))), self.row_id)


class OlderButton(
    TurningButton,
    template=r"history:older:(?P<member_id>[0-9]+):(?P<moment>[0-9]+):(?P<kind>[0-9]+):(?P<row_id>[0-9]+)",
):
    """Turns to what happened before."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        view = await _read_older(interaction, self.member_id, self.place)
        await interaction.response.edit_message(view=view)


class NewerButton(
    TurningButton,
    template=r"history:newer:(?P<member_id>[0-9]+):(?P<moment>[0-9]+):(?P<kind>[0-9]+):(?P<row_id>[0-9]+)",
):
    """Turns to what happened after; near the beginning the first page is shown whole."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        view = await _read_newer(interaction, self.member_id, self.place)
        await interaction.response.edit_message(view=view)


class HistoryCommands(commands.Cog):
    """A part of the group `/moderate`; answers privately."""

    @app_commands.command(description="See everything about a member: replies, decisions, notes and reports.")
    @app_commands.describe(member="Whose history.")
    async def history(self, interaction: Interaction, member: discord.User) -> None:
        """Show the newest page."""
        view = await _read_older(interaction, member.id, None)
        await interaction.response.send_message(view=view, ephemeral=True)


async def _read_older(interaction: Interaction, member_id: int, place: Place | None) -> discord.ui.LayoutView:
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        totals = await history.get_totals(conn, server.id, member_id)
        found = await history.list_older(conn, server.id, member_id, place, limit=PAGE + 1)
        shown = await _fitting(interaction, conn, found[:PAGE])
    page = Page(member_id, totals, shown, has_newer=place is not None, has_older=len(found) > len(shown))
    return history_page(page, language(interaction), reader_id=interaction.user.id, is_admin=is_admin(interaction))


async def _read_newer(interaction: Interaction, member_id: int, place: Place) -> discord.ui.LayoutView:
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        totals = await history.get_totals(conn, server.id, member_id)
        found = await history.list_newer(conn, server.id, member_id, place, limit=PAGE + 1)
        shown = await _fitting(interaction, conn, found[:PAGE])
    if len(shown) == len(found):
        return await _read_older(interaction, member_id, None)
    page = Page(member_id, totals, shown[::-1], has_newer=True, has_older=True)
    return history_page(page, language(interaction), reader_id=interaction.user.id, is_admin=is_admin(interaction))


async def _fitting(interaction: Interaction, conn: Connection, found: Sequence[Entry]) -> list[Entry]:
    is_blind = (await settings.load(conn, interaction.guild_id or 0)).blind_review
    speech = language(interaction)
    return first_fitting([veiled(entry, speech, is_blind=is_blind) for entry in found], speech)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(HistoryButton, OlderButton, NewerButton)
