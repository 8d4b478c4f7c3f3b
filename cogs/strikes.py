"""Strikes: a moderator confirms what the ladder suggests, in the form of a decision, after it, or by a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.errors import NotDecidedAgainst, ReplyNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator, tell
from bot.models import SanctionKind
from bot.services import ladder, strikes
from bot.services.decisions import SENTENCE_LENGTH
from bot.services.strikes import DECIDED_AGAINST
from bot.storage import bulk as stored_bulk
from bot.storage import replies as stored_replies
from cogs.decisions import giving_back
from cogs.guidelines import load
from cogs.ui.forms import choice, context, paragraph
from cogs.ui.outlooks import foreseen
from cogs.ui.sanctions import banned, strike_offer, struck
from cogs.ui.text import gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply, Sanction


class StrikeButton(PersistentButton, template=r"strike:reply:(?P<reply_id>[0-9]+)"):
    """Opens the form for a strike on account of a reply."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show what would follow."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            reply = await stored_replies.get(conn, self.reply_id, server_id=server.id)
        if reply is None:
            raise ReplyNotFound
        if reply.status not in DECIDED_AGAINST:
            raise NotDecidedAgainst
        await open_form(interaction, reply.author.id, reply=reply, guideline=reply.guideline)


class StrikeForm(Form, template=r"form:strike:(?P<member_id>[0-9]+):(?P<reply_id>[0-9]+)"):
    """Asks for the guideline and a sentence to the member, and says what would follow."""

    member_id: int
    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw what would follow, and the fields."""
        modal = discord.ui.Modal(title=language.say("Add a strike"))
        modal.add_item(context(prefill["about"]))
        label, rule = language.say("Guideline"), prefill.get("guideline")
        modal.add_item(choice(label, prefill["guidelines"], name="guideline", chosen=rule))
        label = language.say("A sentence to the member (optional)")
        text = prefill.get("sentence")
        return modal.add_item(paragraph(label, text, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Give it; what was typed comes back when that fails."""
        about = {"guideline": fields.choice("guideline"), "sentence": fields.text("sentence")}
        await give(interaction, self.member_id, self.reply_id or None, **about)


async def open_form(
    interaction: Interaction,
    member_id: int,
    *,
    reply: Reply | None = None,
    guideline: str | None = None,
    sentence: str | None = None,
) -> None:
    """Ask a moderator to confirm a strike."""
    speech = language(interaction)
    outlook = await ladder.foresee(
        interaction.client.db, interaction.guild_id or 0, member_id, now=interaction.created_at
    )
    about = f"<@{member_id}> · **{foreseen(outlook, speech)}**"
    if reply is not None:
        words = speech.say("severe text hidden") if reply.blurred else gist(reply.text, 300)
        about += f"\n#{reply.number}\n> {words}"
    form = StrikeForm(member_id=member_id, reply_id=reply.id if reply is not None else None)
    offered = (await load(interaction)).options(speech)
    await form.open(interaction, about=about, guidelines=offered, guideline=guideline, sentence=sentence)


async def follow(interaction: Interaction, reply: Reply | None, fields: Fields) -> None:
    """After a decision, give the strike that its form asked for; where the form had no room for that, offer it."""
    if reply is None or reply.status not in DECIDED_AGAINST:
        return
    if fields.choice("strike") and reply.guideline is not None:
        await give(interaction, reply.author.id, reply.id, guideline=reply.guideline, sentence=None)
        return
    outlook = await ladder.foresee(interaction.client.db, reply.server_id, reply.author.id, now=interaction.created_at)
    if fields.choice("strike") or ("strike" not in fields and outlook.of is not None):
        view = strike_offer(outlook, reply.id, reply.number, language(interaction))
        await interaction.followup.send(view=view, ephemeral=True)


async def give(
    interaction: Interaction, member_id: int, reply_id: int | None, *, guideline: str, sentence: str | None
) -> None:
    """Give a strike and say what has followed; what was typed comes back when that fails."""
    async with giving_back(interaction, sentence or ""):
        server = await require_moderator(interaction)
        if not member_id:
            raise ReplyNotFound
        strike, followed = await strikes.give(
            interaction.client.db,
            member_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            guideline=guideline,
            sentence=sentence,
            reply_id=reply_id,
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        said = struck(strike, followed, language(interaction))
        await say_outcome(interaction, said, followed[0] if followed else None)


async def say_outcome(interaction: Interaction, sentence: str, sanction: Sanction | None) -> None:
    """Say what was done; of a ban, how many replies it rejected, with the button that undoes it."""
    if sanction is None or sanction.kind is not SanctionKind.BAN or sanction.trial:
        await tell(interaction, sentence)
        return
    async with interaction.client.db.read() as conn:
        rejected = (await stored_bulk.tally(conn, sanction.bulk_id)).named if sanction.bulk_id is not None else 0
    view = banned(sentence, sanction, rejected, language(interaction))
    if interaction.response.is_done():
        await interaction.followup.send(view=view, ephemeral=True)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(StrikeButton)
    client.add_forms(StrikeForm)
