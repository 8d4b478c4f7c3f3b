"""Changing what is held: its author edits a reply, revises it as a moderator asked, or takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import NotHeld, NotYourReply, ReplyNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_member
from bot.models import CHANGEABLE
from bot.services import replies
from bot.storage import decisions as stored_decisions
from bot.storage import guidelines as stored_guidelines
from bot.storage import replies as stored_replies
from bot.storage import settings as stored_settings
from cogs.replies import answer, returning
from cogs.ui.buttons import button
from cogs.ui.forms import context, kept_text, paragraph
from cogs.ui.replies import asked_lines
from cogs.ui.text import require_room

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language


class EditButton(PersistentButton, template=r"reply:edit:(?P<reply_id>[0-9]+)"):
    """Opens the form for another text of a held reply."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Prefill with what was last typed."""
        await _open_change(interaction, self.reply_id)


class ReviseButton(PersistentButton, template=r"reply:revise:(?P<reply_id>[0-9]+)"):
    """Opens the same form when a moderator asked; also in a direct message, where there is no server."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Prefill with what was last typed."""
        await _open_change(interaction, self.reply_id)


class ReviseForm(Form, template=r"form:revise:(?P<reply_id>[0-9]+)"):
    """Where a held reply gets another text."""

    for_members = True
    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw what a moderator asked, also of an earlier revision, and the field."""
        modal = discord.ui.Modal(title=language.say("Change your reply {number}", number=f"#{prefill['number']}"))
        if prefill["asked"]:
            modal.add_item(context(prefill["asked"]))
        return modal.add_item(paragraph(language.say("Your reply"), prefill["text"], limit=prefill["limit"]))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Store, then answer with the receipt as it is now."""
        text = fields.text("text")
        changed = None
        async with returning(interaction, text, button("reply:revise", language(interaction), self.reply_id)):
            require_member(interaction)
            require_room(text)
            changed = await replies.revise(
                interaction.client.db, self.reply_id, text, author_id=interaction.user.id, now=interaction.created_at
            )
        if changed is not None:
            await answer(interaction, changed)


class WithdrawButton(PersistentButton, template=r"reply:withdraw:(?P<reply_id>[0-9]+)"):
    """Takes a held reply back."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Withdraw, then show the text once more, so that its author can copy it."""
        reply = await replies.withdraw(
            interaction.client.db, self.reply_id, author_id=interaction.user.id, now=interaction.created_at
        )
        await answer(interaction, await replies.receipt(interaction.client.db, reply.id, server_id=reply.server_id))


async def _open_change(interaction: Interaction, reply_id: int) -> None:
    """Raise when the reply could not be changed anyway."""
    require_member(interaction)
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get(conn, reply_id)
        if reply is None:
            raise ReplyNotFound
        limit = (await stored_settings.load(conn, reply.server_id)).reply_length
        request = await stored_decisions.get_request(conn, reply)
        speech = await stored_guidelines.speak(conn, reply.server_id, language(interaction))
        speech = speech.citing((await stored_guidelines.list_cited(conn, [reply])).get(reply.id))
    if reply.author.id != interaction.user.id:
        raise NotYourReply
    if reply.status not in CHANGEABLE:
        raise NotHeld(number=f"#{reply.number}", status=reply.status)
    text = kept_text(interaction.message) or reply.text
    asked = asked_lines(reply, request, speech)
    await ReviseForm(reply_id=reply.id).open(interaction, number=reply.number, asked=asked, text=text, limit=limit)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(EditButton, ReviseButton, WithdrawButton)
    client.add_forms(ReviseForm)
