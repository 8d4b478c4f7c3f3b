"""Pausing and banning from what a moderator sees of a reply: buttons beside its author, and the form of a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import ReplyNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator
from bot.models import SanctionKind
from bot.services.decisions import SENTENCE_LENGTH
from cogs.guidelines import load
from cogs.sanctions import MOST_TYPED, impose, open_ban
from cogs.ui.forms import choice, context, line, paragraph

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language


class PauseButton(PersistentButton, template=r"pause:member:(?P<member_id>[0-9]+)"):
    """Opens the form that keeps a member from replying for a time."""

    member_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Ask for how long, and why."""
        await require_moderator(interaction)
        if not self.member_id:
            raise ReplyNotFound
        offered = (await load(interaction)).options(language(interaction))
        await PauseForm(member_id=self.member_id).open(interaction, guidelines=offered)


class BanButton(PersistentButton, template=r"ban:member:(?P<member_id>[0-9]+)"):
    """Opens the form that bans a member from discussions."""

    member_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Ask to confirm."""
        if not self.member_id:
            raise ReplyNotFound
        await open_ban(interaction, self.member_id)


class PauseForm(Form, template=r"form:pause:(?P<member_id>[0-9]+)"):
    """Asks for how long a member may not reply, and why."""

    member_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the fields."""
        modal = discord.ui.Modal(title=language.say("Pause"))
        modal.add_item(context(f"<@{self.member_id}>"))
        label = language.say("How long, such as 2h or 3 days")
        modal.add_item(line(label, None, limit=MOST_TYPED, name="duration"))
        label = language.say("Guideline (optional)")
        modal.add_item(choice(label, prefill["guidelines"], name="guideline", required=False))
        label = language.say("A sentence to the member (optional)")
        return modal.add_item(paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Pause; what was typed comes back when that fails."""
        about = {"guideline": fields.choice("guideline") or None, "sentence": fields.text("sentence")}
        await impose(interaction, self.member_id, SanctionKind.PAUSE, duration=fields.text("duration"), **about)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(PauseButton, BanButton)
    client.add_forms(PauseForm)
