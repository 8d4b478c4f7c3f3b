"""Notes: a moderator writes one about a member, on a reply or on the person, and removes it again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NumberUnknown, ReplyNotFound, SubjectUnclear, UserError
from bot.i18n import explain
from bot.interactions import (
    Fields,
    Form,
    Interaction,
    PersistentButton,
    is_admin,
    is_moderator,
    language,
    require_moderator,
    tell,
)
from bot.models import ReplyStatus
from bot.screening.cleaning import clean
from bot.services import notes
from bot.services.notes import LONGEST
from bot.storage import replies as stored_replies
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from bot.storage.search import search as find_replies
from cogs.hiding import veiled
from cogs.numbers import choice_label
from cogs.ui.forms import context, paragraph
from cogs.ui.hiding import veil
from cogs.ui.names import shown_name
from cogs.ui.notes import returned_note
from cogs.ui.text import cut, gist, one_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply

Text = app_commands.Range[str, 1, LONGEST]


async def offer_replies(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Offer replies in whichever state to moderators; members are offered nothing, since some are not public."""
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        is_blind = (await stored_settings.load(conn, server.id)).blind_review
        found = await find_replies(conn, server.id, clean(typed), statuses=ReplyStatus, by_name=not is_blind)
    shown = [veil(reply, language(interaction), is_blind=is_blind) for reply in found]
    return [app_commands.Choice(name=choice_label(reply), value=str(reply.number)) for reply in shown]


async def _find(interaction: Interaction, typed: str) -> Reply:
    match = re.fullmatch(r"#?([0-9]{1,9})", typed.strip())
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get_by_number(conn, interaction.guild_id or 0, int(match[1])) if match else None
    if reply is None:
        raise NumberUnknown(reply=cut(one_line(typed), 30))
    return reply


class NoteButton(PersistentButton, template=r"note:reply:(?P<reply_id>[0-9]+)"):
    """Opens the form for a note on a reply."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show what the note is about."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
            if reply is None:
                raise ReplyNotFound
            shown = await veiled(interaction, conn, reply)
        await NoteForm(reply_id=reply.id).open(interaction, reply=shown)


class NoteForm(Form, template=r"form:note:(?P<reply_id>[0-9]+)"):
    """Where a note is written."""

    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the reply and the field."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say("Note on {number}", number=f"#{reply.number}"))
        modal.add_item(context(f"**{shown_name(reply.author)}**\n> {gist(reply.text, 300)}"))
        modal.add_item(context(language.say("Only moderators see it.")))
        return modal.add_item(paragraph(language.say("Note"), None, limit=LONGEST))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Keep it; what was typed comes back when that fails."""
        await _write(interaction, fields.text("text"), reply_id=self.reply_id)


class RemoveNoteButton(PersistentButton, template=r"note:remove:(?P<note_id>[0-9]+)"):
    """Removes a note."""

    note_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Forget it."""
        server = await require_moderator(interaction)
        await notes.remove(
            interaction.client.db,
            self.note_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            is_admin=is_admin(interaction),
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        await tell(interaction, language(interaction).say("The note is removed."))


class NoteCommands(commands.Cog):
    """A part of the group `/moderate`; answers privately."""

    @app_commands.command(description="Write a note about a member; only moderators see it.")
    @app_commands.describe(
        text="The note.",
        reply="The number of the reply that it is about, or words from it.",
        member="The member, when it is about no single reply.",
    )
    @app_commands.autocomplete(reply=offer_replies)
    async def note(
        self, interaction: Interaction, text: Text, reply: str | None = None, member: discord.User | None = None
    ) -> None:
        """Keep it."""
        await require_moderator(interaction)
        if (reply is None) is (member is None):
            raise SubjectUnclear
        reply_id = (await _find(interaction, reply)).id if reply is not None else None
        await _write(interaction, text, reply_id=reply_id, member_id=member.id if member is not None else 0)


async def _write(interaction: Interaction, text: str, *, reply_id: int | None, member_id: int = 0) -> None:
    speech, db = language(interaction), interaction.client.db
    try:
        server = await require_moderator(interaction)
        who: dict[str, Any] = {
            "server_id": server.id,
            "moderator_id": interaction.user.id,
            "now": interaction.created_at,
        }
        if reply_id is not None:
            await notes.write_on_reply(db, reply_id, text, **who)
        else:
            await notes.write(db, member_id, text, **who)
    except UserError as error:
        await interaction.response.send_message(view=returned_note(explain(error, speech), text), ephemeral=True)
        return
    interaction.client.sweep.wake()
    if reply_id is not None:  # who wrote that may be hidden as yet
        await tell(interaction, speech.say("Noted. Only moderators see it."))
    else:
        await tell(interaction, speech.say("Noted about {member}. Only moderators see it.", member=f"<@{member_id}>"))


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(NoteButton, RemoveNoteButton)
    client.add_forms(NoteForm)
