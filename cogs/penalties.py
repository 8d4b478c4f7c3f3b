"""Penalties shown to members: why they may not reply, and the button by which a warning is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import language_of
from bot.interactions import Interaction, PersistentButton, language, tell
from bot.models import NoticeKind, Penalty
from bot.services import sanctions
from bot.storage import guideline_cards, guidelines
from bot.storage import notices as stored_notices
from bot.storage import penalties as stored_penalties
from cogs.ui.notices import notice as notice_card
from cogs.ui.sanctions import penalty_notice

if TYPE_CHECKING:
    import discord

    from bot.client import StandfirstClient
    from bot.errors import MayNotReply
    from bot.models import Case, Notice

MOST_SHOWN = 3


class AcknowledgeButton(PersistentButton, template=r"sanction:read:(?P<sanction_id>[0-9]+)"):
    """Records that a member has read a warning; also in a direct message, where there is no server."""

    sanction_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Record, then say that they can reply."""
        await sanctions.acknowledge(
            interaction.client.db, self.sanction_id, member_id=interaction.user.id, now=interaction.created_at
        )
        await tell(interaction, language(interaction).say("Thank you. You can reply again."))
        interaction.client.sweep.wake()


async def told(
    client: StandfirstClient, notice: Notice, about: Case | Penalty, *, marked: int | None = None
) -> discord.ui.LayoutView:
    """Build what a direct message says of a reply, a strike or a sanction, in its member's language."""
    if isinstance(about, Penalty):
        server_id, spoken = about.server_id, language_of(about.language)
    else:
        server_id, spoken = about.reply.server_id, language_of(notice.language or about.reply.author.language)
    async with client.db.read() as conn:
        speech = await guidelines.speak(conn, server_id, spoken)
        posted = await guideline_cards.get(conn, server_id)
    if not isinstance(about, Penalty):
        return notice_card(notice.kind, about, speech, marked=marked, posted=posted)
    guild = client.get_guild(about.server_id)
    name = guild.name if guild is not None else str(about.server_id)
    return penalty_notice(notice.kind, about, speech, server_name=name, marked=marked)


async def show(interaction: Interaction, error: MayNotReply) -> None:
    """Show a member what keeps them from replying, with guideline and passage."""
    speech = language(interaction)
    name = interaction.guild.name if interaction.guild else ""
    view = penalty_notice(NoticeKind.SANCTIONED, error.penalty, speech, server_name=name)
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def show_untold(interaction: Interaction) -> None:
    """Show a member what Discord did not let us tell them, after an answer to something else."""
    speech, server_id = language(interaction), interaction.guild_id or 0
    name = interaction.guild.name if interaction.guild else ""
    async with interaction.client.db.read() as conn:
        found = await stored_notices.list_refused_penalties(conn, server_id, interaction.user.id, limit=MOST_SHOWN)
        untold = [(notice.kind, await stored_penalties.get(conn, notice)) for notice in found]
    for kind, penalty in untold:
        if penalty is not None:
            view = penalty_notice(kind, penalty, speech, server_name=name)
            await interaction.followup.send(view=view, ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(AcknowledgeButton)
