"""Reviewing: moderators decide held replies with a card's buttons, and remove published ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import AlreadyDecided, OwnReply, ReplyNotFound, StaleRevision, TextEmpty
from bot.interactions import Fields, Form, Interaction, PersistentButton, require_moderator
from bot.models import Guideline, Reply, ReplyStatus
from bot.services import review
from bot.storage import replies as stored_replies
from cogs.decisions import SENTENCE_LIMIT, by, decide, tell_too_slow
from cogs.moderate import Moderate
from cogs.ui.forms import choice, context, guidelines, paragraph
from cogs.ui.text import excerpt, gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language


class ApproveButton(PersistentButton, template=r"review:approve:(?P<reply_id>\d+):(?P<revision>\d+)"):
    """Lets the reply appear as this card shows it."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide, then show the card as decided."""
        server = await require_moderator(interaction)
        decision = review.approve(
            interaction.client.db,
            self.reply_id,
            revision=self.revision,
            **by(interaction, server),
        )
        await decide(interaction, decision)


class RejectButton(PersistentButton, template=r"review:reject:(?P<reply_id>\d+):(?P<revision>\d+)"):
    """Opens the form that asks for the guideline."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        reply = await _still_held(interaction, self.reply_id, self.revision)
        if reply is not None:
            await RejectForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=reply)


class ChangesButton(PersistentButton, template=r"review:changes:(?P<reply_id>\d+):(?P<revision>\d+)"):
    """Opens the form that asks what should be changed."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        reply = await _still_held(interaction, self.reply_id, self.revision)
        if reply is not None:
            await ChangesForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=reply)


class RemoveButton(PersistentButton, template=r"review:remove:(?P<reply_id>\d+)"):
    """Opens the form that takes a published reply out of the discussion."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Ask for a sentence to the author, who is told."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
        if reply is None:
            raise ReplyNotFound
        await RemoveForm(reply_id=reply.id).open(interaction, reply=reply)


class UndoButton(PersistentButton, template=r"review:undo:(?P<reply_id>\d+)"):
    """Takes an approval back, as long as the reply is not published."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Undo, then show the card of a held reply again."""
        server = await require_moderator(interaction)
        await decide(interaction, review.undo(interaction.client.db, self.reply_id, **by(interaction, server)))


class RejectForm(Form, template=r"form:reject:(?P<reply_id>\d+):(?P<revision>\d+)"):
    """Asks for the guideline, and for a sentence to the author."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the five guidelines and the sentence."""
        modal = discord.ui.Modal(title=language.say("Reject {number}", number=f"#{prefill['reply'].number}"))
        modal.add_item(_about(prefill["reply"]))
        modal.add_item(choice(language.say("Guideline"), guidelines(language), name="guideline"))
        return modal.add_item(_sentence_field(language, required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        server = await require_moderator(interaction)
        sentence = str(fields["sentence"]).strip()
        decision = review.reject(
            interaction.client.db,
            self.reply_id,
            revision=self.revision,
            guideline=Guideline(fields["guideline"][0]),
            sentence=sentence or None,
            **by(interaction, server),
        )
        await decide(interaction, decision, typed=sentence)


class ChangesForm(Form, template=r"form:changes:(?P<reply_id>\d+):(?P<revision>\d+)"):
    """Asks what the author should change."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the sentence, which is needed here."""
        number = f"#{prefill['reply'].number}"
        modal = discord.ui.Modal(title=language.say("Request changes to {number}", number=number))
        modal.add_item(_about(prefill["reply"]))
        return modal.add_item(_sentence_field(language, required=True))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        server = await require_moderator(interaction)
        sentence = str(fields["sentence"]).strip()
        if not sentence:
            raise TextEmpty
        decision = review.request_changes(
            interaction.client.db,
            self.reply_id,
            revision=self.revision,
            sentence=sentence,
            **by(interaction, server),
        )
        await decide(interaction, decision, typed=sentence)


class RemoveForm(Form, template=r"form:remove:(?P<reply_id>\d+)"):
    """Asks for a sentence to the author of a published reply."""

    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the sentence."""
        modal = discord.ui.Modal(title=language.say("Remove {number}", number=f"#{prefill['reply'].number}"))
        modal.add_item(_about(prefill["reply"]))
        return modal.add_item(_sentence_field(language, required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep deletes the message."""
        server = await require_moderator(interaction)
        sentence = str(fields["sentence"]).strip()
        decision = review.remove(
            interaction.client.db,
            self.reply_id,
            sentence=sentence or None,
            **by(interaction, server),
        )
        await decide(interaction, decision, typed=sentence)


def _about(reply: Reply) -> discord.ui.TextDisplay[Any]:
    return context(f"**{excerpt(reply.author.name, 80)}**\n> {gist(reply.text, 300)}")


def _sentence_field(language: Language, *, required: bool) -> discord.ui.Label[Any]:
    optional = language.say("A sentence to the author (optional)")
    label = language.say("A sentence to the author") if required else optional
    return paragraph(label, None, limit=SENTENCE_LIMIT, name="sentence", required=required)


async def _still_held(interaction: Interaction, reply_id: int, revision: int) -> Reply | None:
    """Return the reply; None when it cannot be decided any more, and then the card shows why."""
    server = await require_moderator(interaction)
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get(conn, reply_id, server_id=server.id)
    if reply is None:
        raise ReplyNotFound
    if reply.author.id == interaction.user.id:
        raise OwnReply
    if reply.status is not ReplyStatus.PENDING:
        await tell_too_slow(interaction, AlreadyDecided(reply), "")
    elif reply.revision != revision:
        await tell_too_slow(interaction, StaleRevision(reply), "")
    else:
        return reply
    return None


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ApproveButton, RejectButton, ChangesButton, UndoButton, RemoveButton)
    client.add_forms(RejectForm, ChangesForm, RemoveForm)
    await client.add_cog(Moderate())
