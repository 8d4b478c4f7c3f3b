"""Reviewing: moderators decide held replies with a card's buttons, and remove published ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import AlreadyDecided, ReplyNotFound, StaleRevision
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator
from bot.services import guards, opinions, removals, review
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import replies as stored_replies
from bot.storage import settings as stored_settings
from cogs.decisions import decide, tell_too_slow
from cogs.moderate import Moderate
from cogs.seniors import is_senior, judge
from cogs.ui.forms import choice, context, guidelines, paragraph
from cogs.ui.hiding import veil
from cogs.ui.names import shown_name
from cogs.ui.text import gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply


class ApproveButton(PersistentButton, template=r"review:approve:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Lets the reply appear as this card shows it."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide, then show the card as decided."""
        await decide(interaction, partial(judge, interaction, review.approve, self.reply_id, revision=self.revision))


class RejectButton(PersistentButton, template=r"review:reject:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Opens the form that asks for the guideline."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        reply = await find_held(interaction, self.reply_id, self.revision)
        if reply is not None:
            await RejectForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=reply)


class ChangesButton(PersistentButton, template=r"review:changes:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Opens the form that asks what should be changed."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        reply = await find_held(interaction, self.reply_id, self.revision)
        if reply is not None:
            await ChangesForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=reply)


class RemoveButton(PersistentButton, template=r"review:remove:(?P<reply_id>[0-9]+)"):
    """Opens the form that takes a published reply out of the discussion."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Ask for a sentence to the author, who is told."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
            if reply is None:
                raise ReplyNotFound
            await guards.require_unconcerned(conn, reply, interaction.user.id)
        await RemoveForm(reply_id=reply.id).open(interaction, reply=await _veiled(interaction, reply))


class UndoButton(PersistentButton, template=r"review:undo:(?P<reply_id>[0-9]+)"):
    """Takes an approval back, as long as the reply is not published."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Undo, then show the card of a held reply again."""
        await decide(interaction, partial(review.undo, interaction.client.db, self.reply_id))


class RejectForm(Form, template=r"form:reject:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks for the guideline, and for a sentence to the author."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the five guidelines and the sentence."""
        modal = discord.ui.Modal(title=language.say("Reject {number}", number=f"#{prefill['reply'].number}"))
        modal.add_item(about(prefill["reply"]))
        modal.add_item(choice(language.say("Guideline"), guidelines(language), name="guideline"))
        return modal.add_item(_sentence_field(language, required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        sentence, reason = fields.text("sentence"), {"guideline": fields.choice("guideline")}
        act = partial(judge, interaction, review.reject, self.reply_id, revision=self.revision, sentence=sentence)
        act = partial(act, **reason)
        await decide(interaction, act, typed=sentence)


class ChangesForm(Form, template=r"form:changes:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks what the author should change."""

    reply_id: int
    revision: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the sentence, which is needed here."""
        number = f"#{prefill['reply'].number}"
        modal = discord.ui.Modal(title=language.say("Request changes to {number}", number=number))
        modal.add_item(about(prefill["reply"]))
        return modal.add_item(_sentence_field(language, required=True))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        sentence = fields.text("sentence")
        act = partial(judge, interaction, review.request_changes, self.reply_id, revision=self.revision)
        act = partial(act, sentence=sentence)
        await decide(interaction, act, typed=sentence)


class RemoveForm(Form, template=r"form:remove:(?P<reply_id>[0-9]+)"):
    """Asks for a sentence to the author of a published reply."""

    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the sentence."""
        modal = discord.ui.Modal(title=language.say("Remove {number}", number=f"#{prefill['reply'].number}"))
        modal.add_item(about(prefill["reply"]))
        return modal.add_item(_sentence_field(language, required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep deletes the message."""
        sentence = fields.text("sentence")
        act = partial(removals.remove, interaction.client.db, self.reply_id, sentence=sentence)
        await decide(interaction, act, typed=sentence)


def about(reply: Reply) -> discord.ui.TextDisplay[Any]:
    """Show above a form which reply it is about."""
    return context(f"**{shown_name(reply.author)}**\n> {gist(reply.text, 300)}")


def _sentence_field(language: Language, *, required: bool) -> discord.ui.Label[Any]:
    optional = language.say("A sentence to the author (optional)")
    label = language.say("A sentence to the author") if required else optional
    return paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=required)


async def find_held(interaction: Interaction, reply_id: int, revision: int | None = None) -> Reply | None:
    """Return the reply, veiled, for a form; None when it cannot be decided any more, and then the card shows why.

    Without a revision the present one is meant.
    """
    server = await require_moderator(interaction)
    try:
        reply = await opinions.require_judge(
            interaction.client.db,
            reply_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            revision=revision,
            is_senior=await is_senior(interaction),
            now=interaction.created_at,
        )
    except (AlreadyDecided, StaleRevision) as error:
        await tell_too_slow(interaction, error, "")
        return None
    return await _veiled(interaction, reply)


async def _veiled(interaction: Interaction, reply: Reply) -> Reply:
    async with interaction.client.db.read() as conn:
        is_blind = (await stored_settings.load(conn, reply.server_id)).blind_review
    return veil(reply, language(interaction), is_blind=is_blind)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ApproveButton, RejectButton, ChangesButton, UndoButton, RemoveButton)
    client.add_forms(RejectForm, ChangesForm, RemoveForm)
    await client.add_cog(Moderate())
