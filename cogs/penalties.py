"""Penalties shown to members: why they may not reply, and the button by which a warning is acknowledged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import language_of
from bot.interactions import Interaction, PersistentButton, language, tell
from bot.models import NoticeKind, Penalty
from bot.services import sanctions
from bot.storage import guideline_cards, guidelines
from bot.storage import sanctions as stored_sanctions
from cogs.ui.notices import notice as notice_card
from cogs.ui.sanctions import acknowledged, penalty_notice

if TYPE_CHECKING:
    import discord

    from bot.client import StandfirstClient
    from bot.errors import MayNotReply
    from bot.i18n import Language
    from bot.models import Case, Notice


class AcknowledgeButton(PersistentButton, template=r"sanction:read:(?P<sanction_id>[0-9]+)"):
    """Records that a member has read a warning; also in a direct message, where there is no server."""

    for_members = True
    sanction_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Record, then say that they can reply."""
        member_id, now = interaction.user.id, interaction.created_at
        read = await sanctions.acknowledge(interaction.client.db, self.sanction_id, member_id=member_id, now=now)
        async with interaction.client.db.read() as conn:
            others = await stored_sanctions.list_in_force(conn, read.server_id, member_id, now)
        await tell(interaction, acknowledged(others, language(interaction)))
        interaction.client.sweep.wake()


async def told(
    client: StandfirstClient,
    notice: Notice,
    about: Case | Penalty,
    *,
    marked: int | None = None,
    spoken: Language | None = None,
) -> discord.ui.LayoutView:
    """Build what a direct message says of a reply, a strike or a sanction, in its member's language.

    `spoken` is that language where it is known better than from what they have sent.
    """
    if isinstance(about, Penalty):
        server_id, known = about.server_id, about.language
    else:
        server_id, known = about.reply.server_id, notice.language or about.reply.author.language
    spoken = spoken or language_of(known)
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
    server_id = error.penalty.server_id  # a form may come from a direct message
    async with interaction.client.db.read() as conn:
        speech = await guidelines.speak(conn, server_id, language(interaction))
    guild = interaction.client.get_guild(server_id)
    name = guild.name if guild is not None else str(server_id)
    view = penalty_notice(NoticeKind.SANCTIONED, error.penalty, speech, server_name=name)
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(AcknowledgeButton)
