"""`/review on` and `/review off`: moderators say when they are on duty."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.interactions import Interaction, language, require_moderator, tell
from bot.services import shifts
from bot.services.bulletins import MOST_COUNTED
from bot.storage import backlog
from cogs.ui.shifts import begun, ended


class ShiftCommands(commands.Cog):
    """A part of the group `/review`; answers privately."""

    @app_commands.command(description="Go on duty: you are told when many replies are held.")
    async def on(self, interaction: Interaction) -> None:
        """Begin a shift, and tell who else is there and how much is to be done."""
        server = await require_moderator(interaction)
        db, person_id, now = interaction.client.db, interaction.user.id, interaction.created_at
        duty = await shifts.begin(db, server_id=server.id, moderator_id=person_id, now=now)
        async with db.read() as conn:
            held = await backlog.count_held(conn, server.id, limit=MOST_COUNTED + 1)
        await tell(interaction, begun(duty, held, language(interaction), person_id=person_id))

    @app_commands.command(description="Go off duty.")
    async def off(self, interaction: Interaction) -> None:
        """End the shift."""
        server = await require_moderator(interaction)
        was_on = await shifts.end(
            interaction.client.db, server_id=server.id, moderator_id=interaction.user.id, now=interaction.created_at
        )
        await tell(interaction, ended(language(interaction), was_on=was_on))
