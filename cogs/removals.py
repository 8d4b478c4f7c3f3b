"""Restoring: a moderator puts a removed reply back, with the button of its card or by a command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import ReplyNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, require_moderator
from bot.services import removals
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import replies as stored_replies
from cogs.decisions import decide
from cogs.hiding import veiled
from cogs.ui.forms import context, paragraph
from cogs.ui.names import shown_name
from cogs.ui.text import gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language


class RestoreButton(PersistentButton, template=r"review:restore:(?P<reply_id>[0-9]+)"):
    """Opens the form that puts a removed reply back."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Ask for a sentence to the author, who is told."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
            if reply is None:
                raise ReplyNotFound
            shown = await veiled(interaction, conn, reply)
        await RestoreForm(reply_id=reply.id).open(interaction, reply=shown)


class RestoreForm(Form, template=r"form:restore:(?P<reply_id>[0-9]+)"):
    """Asks why a removed reply comes back."""

    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the sentence."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say("Restore {number}", number=f"#{reply.number}"))
        modal.add_item(context(f"**{shown_name(reply.author)}**\n> {gist(reply.text, 300)}"))
        label = language.say("Why? The author is told (optional)")
        return modal.add_item(paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep puts the text back."""
        sentence = fields.text("sentence")
        act = partial(removals.restore, interaction.client.db, self.reply_id, sentence=sentence)
        await decide(interaction, act, typed=sentence)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(RestoreButton)
    client.add_forms(RestoreForm)
