"""What Discord would not deliver by direct message: shown to its member at their next press, form or command here."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from discord.ext import commands

from bot.interactions import Interaction, language
from bot.outgoing import marks
from bot.services import notices
from bot.storage import cases, penalties
from bot.storage import notices as stored_notices
from bot.untold import show_after
from cogs.answers import show
from cogs.help import audience_of
from cogs.penalties import told
from cogs.ui.forms import keeps_text
from cogs.ui.help import MEMBER
from cogs.ui.notices import GO_ON, go_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord
    from discord import app_commands

    from bot.client import StandfirstClient
    from bot.models import Case, Notice, Penalty
    from bot.storage import Connection
    from bot.untold import Show

Letter: TypeAlias = "tuple[int, discord.ui.LayoutView]"  # the notice's id, and what it says

MOST_FIRST = 3  # notices that stand between a member and what they pressed
MOST_LISTED = 10  # that `/my replies` shows at once
LISTING = "my replies"


class UntoldCog(commands.Cog):
    """Looks for what one member was not told in one server."""

    async def look(self, interaction: Interaction, pressed: discord.ui.Button[Any] | None) -> Show | None:
        """Prepare the oldest of it; None when there is nothing, or when the press must not be held up.

        That is a press in a message that keeps what was typed, or in one that has just shown all this.
        """
        message = interaction.message
        if interaction.guild_id is None or (
            pressed is not None and message is not None and (GO_ON in marks(message) or keeps_text(message))
        ):
            return None
        most = MOST_LISTED if _is_listing(interaction) else MOST_FIRST
        async with interaction.client.db.read() as conn:
            found, count = await stored_notices.list_untold(conn, interaction.guild_id, interaction.user.id, limit=most)
            about = [(notice, await _about(conn, notice)) for notice in found]
        if not found:
            return None
        speech = language(interaction)
        letters = [
            (notice.id, await told(interaction.client, notice, subject, marked=GO_ON, spoken=speech))
            for notice, subject in about
            if subject is not None
        ]
        below = go_on(speech, more=count - len(found), pressed=pressed)
        return partial(_show_all, interaction, letters, below)

    @commands.Cog.listener()
    async def on_app_command_completion(
        self, interaction: Interaction, command: app_commands.Command[Any, Any, Any] | app_commands.ContextMenu
    ) -> None:
        """Show it after the answer to a command that is for members."""
        if audience_of(command.qualified_name) == MEMBER:
            await show_after(interaction)


async def _show_all(interaction: Interaction, letters: Sequence[Letter], below: discord.ui.LayoutView) -> None:
    """Send the messages one after the other; what Discord took is not shown again."""
    shown: list[int] = []
    try:
        for notice_id, view in letters:
            await show(interaction, view)
            shown.append(notice_id)
        await show(interaction, below)
    finally:
        if shown:
            await notices.mark_shown(interaction.client.db, shown, now=interaction.created_at)


async def _about(conn: Connection, notice: Notice) -> Case | Penalty | None:
    if notice.reply_id is not None:
        return await cases.get(conn, notice.reply_id)
    return await penalties.get(conn, notice)


def _is_listing(interaction: Interaction) -> bool:
    command = interaction.command
    return command is not None and command.qualified_name == LISTING


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    cog = UntoldCog()
    client.untold = cog
    await client.add_cog(cog)
