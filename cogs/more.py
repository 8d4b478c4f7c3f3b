"""More about a reply: all that may help to decide it, and what else can be done about it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import ReplyNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator
from bot.services import clusters
from bot.storage import replies as stored_replies
from bot.storage import surroundings as stored_surroundings
from cogs.decisions import decide
from cogs.hiding import veiled
from cogs.numbers import find_number
from cogs.seniors import judge
from cogs.ui.forms import context, line
from cogs.ui.more import more_message
from cogs.ui.names import shown_name
from cogs.ui.text import gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply

NUMBER_LENGTH = 10


class MoreButton(PersistentButton, template=r"review:more:(?P<reply_id>[0-9]+)"):
    """Shows a moderator alone what was said around a reply, and further actions."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Answer with a message of its own, also when the card was private."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            about = await stored_surroundings.get(conn, self.reply_id, reader_id=interaction.user.id)
        if about is None or about.case.reply.server_id != server.id:
            raise ReplyNotFound
        await interaction.response.send_message(view=more_message(about, language(interaction)), ephemeral=True)


class DuplicateButton(PersistentButton, template=r"review:duplicate:(?P<reply_id>[0-9]+)"):
    """Opens the form that asks of which reply this one is a duplicate."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show which one it is about."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
            if reply is None:
                raise ReplyNotFound
            shown = await veiled(interaction, conn, reply)
        await DuplicateForm(reply_id=reply.id, revision=reply.revision).open(interaction, reply=shown)


class DuplicateForm(Form, template=r"form:duplicate:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks for the number of the other reply."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the one field."""
        reply: Reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say("{number} is a duplicate", number=f"#{reply.number}"))
        text = f"||{gist(reply.text, 300)}||" if reply.blurred else gist(reply.text, 300)
        modal.add_item(context(f"**{shown_name(reply.author)}**\n> {text}"))
        return modal.add_item(line(language.say("Of which reply? Its number"), None, limit=NUMBER_LENGTH, name="of"))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Close it; its author is told."""
        await decide(interaction, partial(self._close, interaction, fields.text("of")))

    async def _close(self, interaction: Interaction, typed: str, **about: Any) -> Reply:
        original_id, _ = await find_number(interaction, typed)
        about |= {"revision": self.revision, "original_id": original_id}
        return await judge(interaction, clusters.close, self.reply_id, **about)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(MoreButton, DuplicateButton)
    client.add_forms(DuplicateForm)
