"""Who may decide where two other moderators disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.interactions import Interaction, is_admin
from bot.storage import settings as stored_settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.models import Reply


async def is_senior(interaction: Interaction) -> bool:
    """Tell whether the person manages the server or has the role that the setting `senior_role` names."""
    if is_admin(interaction):
        return True
    async with interaction.client.db.read() as conn:
        role_id = (await stored_settings.load(conn, interaction.guild_id or 0)).senior_role_id
    member = interaction.user
    return role_id is not None and isinstance(member, discord.Member) and member.get_role(role_id) is not None


async def judge(
    interaction: Interaction, decision: Callable[..., Awaitable[Reply]], reply_id: int, **about: Any
) -> Reply:
    """Call a service that decides a held reply; it is told whether the person is senior."""
    return await decision(interaction.client.db, reply_id, is_senior=await is_senior(interaction), **about)
