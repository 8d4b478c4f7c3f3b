"""What is hidden from moderators before they decide, wherever a reply is named beside its card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.interactions import language
from bot.storage import opinions, settings
from cogs.ui.hiding import veil

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.models import Reply
    from bot.storage import Connection


async def veiled(interaction: Interaction, conn: Connection, reply: Reply) -> Reply:
    """Return the reply as this moderator may see it: a severe text hidden, and who wrote it under blind review.

    One that the check of consistency shows them once more is held to them.
    """
    reply = await opinions.as_shown(conn, reply, interaction.user.id)
    is_blind = (await settings.load(conn, reply.server_id)).blind_review
    return veil(reply, language(interaction), is_blind=is_blind)
