"""Who has a held reply open, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.ui.buttons import button, view_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Reply


def claim_line(reply: Reply, language: Language, *, now: datetime) -> str:
    """Say it for a card, with the time at which it ends by itself; empty when nobody has it."""
    claimant = reply.claimant(now)
    if claimant is None or reply.claimed_until is None:
        return ""
    until = f"<t:{int(reply.claimed_until.timestamp())}:t>"
    return language.say("Claimed by {person} until {time}", person=f"<@{claimant}>", time=until)


def claimed_by_another(sentence: str, reply_id: int, language: Language) -> discord.ui.LayoutView:
    """Tell a moderator who has it, with the button that takes it over."""
    text = discord.ui.TextDisplay[discord.ui.LayoutView](sentence)
    return view_of(text, discord.ui.ActionRow(button("claim:over", language, reply_id)))
