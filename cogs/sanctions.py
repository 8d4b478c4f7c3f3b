"""Sanctions by command: a strike, a pause, a ban from discussions, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import durations
from bot.errors import OwnSanction, ReplyNotFound
from bot.i18n import N_
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator, tell
from bot.models import SanctionKind
from bot.services import sanctions, strikes
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import bulk as stored_bulk
from bot.storage import replies as stored_replies
from cogs.decisions import giving_back
from cogs.guidelines import load, offer_guidelines
from cogs.notes import offer_replies
from cogs.numbers import find_number
from cogs.strikes import open_form, say_outcome
from cogs.ui.forms import choice, context, paragraph
from cogs.ui.sanctions import imposed

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Reply

Choice = app_commands.Choice
Reason = app_commands.Range[str, 1, SENTENCE_LENGTH]
MOST_TYPED = 50
Duration = app_commands.Range[str, 1, MOST_TYPED]
STRIKE, STRIKES = "strike", "strikes"
LIFTABLE = [
    Choice(name=N_("the last strike"), value=STRIKE),
    Choice(name=N_("all strikes"), value=STRIKES),
    Choice(name=N_("the warning"), value=SanctionKind.WARNING.value),
    Choice(name=N_("the pause"), value=SanctionKind.PAUSE.value),
    Choice(name=N_("the timeout"), value=SanctionKind.TIMEOUT.value),
    Choice(name=N_("the ban"), value=SanctionKind.BAN.value),
]
MOST_HELD = 200


class BanForm(Form, template=r"form:ban:(?P<member_id>[0-9]+):(?P<reply_id>[0-9]+)"):
    """Asks a moderator to confirm a ban."""

    member_id: int
    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw what will happen, the guideline and the sentence."""
        modal = discord.ui.Modal(title=language.say("Ban from discussions"))
        modal.add_item(context(prefill["about"]))
        rule, is_needed = prefill.get("guideline"), prefill["is_sweeping"]  # a rejection names one
        label = language.say("Guideline") if is_needed else language.say("Guideline (optional)")
        modal.add_item(choice(label, prefill["guidelines"], name="guideline", required=is_needed, chosen=rule))
        label = language.say("A sentence to the member (optional)")
        text = prefill.get("sentence")
        return modal.add_item(paragraph(label, text, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Ban; the member's held replies are rejected with it."""
        sentence = fields.text("sentence")
        about: dict[str, Any] = {"guideline": fields.choice("guideline") or None, "sentence": sentence}
        about |= {"reply_id": self.reply_id or None}
        await impose(interaction, self.member_id, SanctionKind.BAN, **about)


class UndoBanButton(PersistentButton, template=r"ban:undo:(?P<sanction_id>[0-9]+)"):
    """Lifts a ban and holds the replies again that it rejected, until their author is told."""

    sanction_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Undo, and say how many are held again."""
        server = await require_moderator(interaction)
        await _take_time(interaction)
        held = await sanctions.undo_ban(
            interaction.client.db,
            self.sanction_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        speech = language(interaction)
        await tell(interaction, " ".join([speech.say("The ban is undone."), *_held_again(held, speech)]))


class SanctionCommands(commands.Cog):
    """A part of the group `/moderate`; answers privately."""

    @app_commands.command(description="Give a member a strike, after being shown what would follow.")
    @app_commands.describe(
        member="Who gets it.",
        guideline="The guideline that was not followed.",
        reason="A sentence to the member.",
        reply="The reply that it is about.",
    )
    @app_commands.autocomplete(reply=offer_replies, guideline=offer_guidelines)
    async def strike(
        self,
        interaction: Interaction,
        member: discord.User,
        guideline: str | None = None,
        reason: Reason | None = None,
        reply: str | None = None,
    ) -> None:
        """Ask to confirm."""
        async with giving_back(interaction, reason or ""):
            await require_moderator(interaction)
            if member.id == interaction.user.id:
                raise OwnSanction
            about = await _find(interaction, reply)
            rule = guideline or (about.guideline if about is not None else None)
            await open_form(interaction, member.id, reply=about, guideline=rule, sentence=reason)

    @app_commands.command(description="Keep a member from replying for a time.")
    @app_commands.describe(
        member="Who may not reply.",
        duration="How long, such as 2h or 3 days.",
        guideline="The guideline that was not followed.",
        reason="A sentence to the member.",
        reply="The reply that it is about.",
    )
    @app_commands.autocomplete(reply=offer_replies, guideline=offer_guidelines)
    async def pause(
        self,
        interaction: Interaction,
        *,
        member: discord.User,
        duration: Duration,
        guideline: str | None = None,
        reason: Reason | None = None,
        reply: str | None = None,
    ) -> None:
        """Pause at once: it ends by itself."""
        async with giving_back(interaction, reason or ""):
            await require_moderator(interaction)
            about = await _find(interaction, reply)
            if guideline is None and about is not None and about.guideline in (await load(interaction)).in_force:
                guideline = about.guideline
            why = {"guideline": guideline, "sentence": reason, "reply_id": about.id if about is not None else None}
            await impose(interaction, member.id, SanctionKind.PAUSE, duration=duration, **why)

    @app_commands.command(description="Ban a member from discussions; their held replies are rejected with it.")
    @app_commands.describe(
        member="Who may not reply any more.",
        guideline="The guideline that was not followed.",
        reason="A sentence to the member.",
        reply="The reply that it is about.",
    )
    @app_commands.autocomplete(reply=offer_replies, guideline=offer_guidelines)
    async def ban(
        self,
        interaction: Interaction,
        member: discord.User,
        guideline: str | None = None,
        reason: Reason | None = None,
        reply: str | None = None,
    ) -> None:
        """Ask to confirm."""
        async with giving_back(interaction, reason or ""):
            await require_moderator(interaction)
            about = await _find(interaction, reply)
            rule = guideline or (about.guideline if about is not None else None)
            await open_ban(interaction, member.id, reply=about, guideline=rule, sentence=reason)

    @app_commands.command(description="Take back a strike, a warning, a pause, a timeout or a ban.")
    @app_commands.describe(member="Whose.", what="What is taken back.")
    @app_commands.choices(what=LIFTABLE)
    async def lift(self, interaction: Interaction, member: discord.User, what: Choice[str]) -> None:
        """Lift; the member is told."""
        server, speech = await require_moderator(interaction), language(interaction)
        db, who = interaction.client.db, {"server_id": server.id, "moderator_id": interaction.user.id}
        now = interaction.created_at
        if what.value in (STRIKE, STRIKES):
            lifted = await strikes.lift(db, member.id, is_all=what.value == STRIKES, now=now, **who)
            said = speech.count(
                "{n} strike of {member} is lifted.",
                "{n} strikes of {member} are lifted.",
                len(lifted),
                member=f"<@{member.id}>",
            )
        else:
            await _take_time(interaction)
            held = await sanctions.lift(db, member.id, [SanctionKind(what.value)], now=now, **who)
            said = speech.say("Lifted for {member}: {what}.", member=f"<@{member.id}>", what=SanctionKind(what.value))
            said = " ".join([said, *_held_again(held, speech)])
        interaction.client.sweep.wake()
        await tell(interaction, said)


async def open_ban(
    interaction: Interaction,
    member_id: int,
    *,
    reply: Reply | None = None,
    guideline: str | None = None,
    sentence: str | None = None,
) -> None:
    """Ask a moderator to confirm a ban, which says how many replies are rejected with it."""
    server = await require_moderator(interaction)
    if member_id == interaction.user.id:
        raise OwnSanction
    async with interaction.client.db.read() as conn:
        held = len(await stored_bulk.list_held_of(conn, server.id, member_id, limit=MOST_HELD))
    said = f"<@{member_id}>"
    if held:
        said = language(interaction).count(
            "{n} held reply of {member} is rejected with it, under the guideline that you choose.",
            "{n} held replies of {member} are rejected with it, under the guideline that you choose.",
            held,
            member=said,
        )
    form = BanForm(member_id=member_id, reply_id=reply.id if reply is not None else None)
    offered = (await load(interaction)).options(language(interaction))
    reason = {"guidelines": offered, "guideline": guideline, "sentence": sentence}
    await form.open(interaction, about=said, is_sweeping=bool(held), **reason)


async def _take_time(interaction: Interaction) -> None:
    """Let Discord wait: hundreds of held replies take longer than the three seconds that it gives."""
    await interaction.response.defer(ephemeral=True, thinking=True)


def _held_again(held: int, language: Language) -> list[str]:
    return [language.count("{n} reply is held again.", "{n} replies are held again.", held)] if held else []


async def _find(interaction: Interaction, typed: str | None) -> Reply | None:
    if typed is None:
        return None
    reply_id, _ = await find_number(interaction, typed)
    async with interaction.client.db.read() as conn:
        return await stored_replies.get(conn, reply_id, server_id=interaction.guild_id or 0)


async def impose(
    interaction: Interaction, member_id: int, kind: SanctionKind, *, duration: str | None = None, **about: Any
) -> None:
    """Impose and say so; what was typed comes back when that fails."""
    async with giving_back(interaction, about.get("sentence") or ""):
        server = await require_moderator(interaction)
        if not member_id:
            raise ReplyNotFound
        if kind is SanctionKind.BAN:
            await _take_time(interaction)
        sanction = await sanctions.impose(
            interaction.client.db,
            member_id,
            kind,
            server_id=server.id,
            moderator_id=interaction.user.id,
            length=durations.read(duration) if duration is not None else None,
            now=interaction.created_at,
            **about,
        )
        interaction.client.sweep.wake()
        await say_outcome(interaction, imposed(sanction, language(interaction)), sanction)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(UndoBanButton)
    client.add_forms(BanForm)
