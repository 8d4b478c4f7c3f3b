"""Reports: a member says what is wrong with a published reply, and a moderator decides."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import (
    AlreadyReported,
    NotPublished,
    OwnReplyReported,
    ReplyKept,
    ReplyNotFound,
    ReportDecided,
    StandfirstError,
    UserError,
)
from bot.i18n import N_, explain
from bot.interactions import (
    Fields,
    Form,
    Interaction,
    PersistentButton,
    language,
    require_member,
    require_moderator,
    tell,
)
from bot.models import Reporter
from bot.services import reports
from bot.services.decisions import SENTENCE_LENGTH
from cogs.decisions import decide
from cogs.guidelines import load
from cogs.hiding import veiled
from cogs.reasons import ReasonForm
from cogs.ui.buttons import button
from cogs.ui.forms import choice, context, kept_text, paragraph
from cogs.ui.reports import GUIDELINE, SENTENCE, returned_report
from cogs.ui.text import gist

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language

# Trying again cannot help.
FINAL = (AlreadyReported, NotPublished, OwnReplyReported, ReplyKept, ReplyNotFound, ReportDecided)


class ReportButton(PersistentButton, template=r"reply:report:(?P<reply_id>[0-9]+)"):
    """Opens the form in which a member complains about a published reply."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        await _open(interaction, self.reply_id)


class ReportAgainButton(PersistentButton, template=r"reply:report-again:(?P<reply_id>[0-9]+)"):
    """Opens a form that failed again, with what was chosen and typed."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Take both from the message."""
        chosen = kept_text(interaction.message, place=GUIDELINE) or ""
        found = [name for name, word in (await _offered(interaction)).items() if f"**{word}**" in chosen]
        text = kept_text(interaction.message, place=SENTENCE)
        await _open(interaction, self.reply_id, chosen=found[0] if found else "", text=text)


class ReportForm(Form, template=r"form:report:(?P<reply_id>[0-9]+)"):
    """Asks which guideline a reply does not follow, and for a sentence."""

    for_members = True
    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the reply and the fields."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say("Report {number}", number=f"#{reply.number}"))
        modal.add_item(context(f"> {gist(reply.text, 300)}"))
        modal.add_item(context(language.say("Only moderators see who reports a reply.")))
        label = language.say("Which guideline does it not follow?")
        modal.add_item(choice(label, prefill["guidelines"], name="guideline", chosen=prefill["chosen"]))
        label = language.say("A sentence to the moderators (optional)")
        return modal.add_item(paragraph(label, prefill["text"], limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Store, then answer; whatever fails, what was typed goes back."""
        speech = language(interaction)
        try:
            require_member(interaction)
            await reports.report(
                interaction.client.db,
                self.reply_id,
                server_id=interaction.guild_id or 0,
                reporter=_reporter(interaction),
                guideline=fields.choice("guideline"),
                sentence=fields.text("sentence"),
                now=interaction.created_at,
            )
        except UserError as error:
            await self._return(interaction, explain(error, speech), fields, is_final=isinstance(error, FINAL))
        except Exception:
            with contextlib.suppress(discord.HTTPException, StandfirstError):
                await self._return(interaction, speech.say("Your report was not stored."), fields)
            raise
        else:
            await tell(interaction, speech.say("Thank you: I have told the moderators."))
            interaction.client.sweep.wake()

    async def _return(self, interaction: Interaction, sentence: str, fields: Fields, *, is_final: bool = False) -> None:
        speech = language(interaction)
        chosen = (await _offered(interaction)).get(fields.choice("guideline"), "")
        again = None if is_final else button("reply:report-again", speech, self.reply_id)
        view = returned_report(sentence, chosen, fields.text("sentence"), speech, again)
        await interaction.response.send_message(view=view, ephemeral=True)


class KeepButton(PersistentButton, template=r"report:keep:(?P<reply_id>[0-9]+)"):
    """Decides that a reported reply stays."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide; the sweep draws the card again and tells who reported it."""
        server = await require_moderator(interaction)
        reply = await reports.keep(
            interaction.client.db,
            self.reply_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        await tell(interaction, language(interaction).say("{number} is kept.", number=f"#{reply.number}"))


class PublishedChangesButton(PersistentButton, template=r"report:changes:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Opens the form that asks the author of a published reply what to change."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        server = await require_moderator(interaction)
        db, me = interaction.client.db, interaction.user.id
        reply = await reports.require_open(db, self.reply_id, server_id=server.id, moderator_id=me)
        async with db.read() as conn:
            shown = await veiled(interaction, conn, reply)
        await PublishedChangesForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=shown)


class PublishedChangesForm(ReasonForm, template=r"form:published:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks what the author should change; the reply is taken out of the discussion until then."""

    reply_id: int
    revision: int
    title = N_("Request changes to {number}")
    needs_sentence = True

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep sees to the message and the card."""
        reason = self.reason(interaction, fields)
        db = interaction.client.db
        act = partial(reports.request_changes, db, self.reply_id, revision=self.revision, **reason)
        await decide(interaction, act, typed=fields.text("sentence"))


async def _open(interaction: Interaction, reply_id: int, *, chosen: str = "", text: str | None = None) -> None:
    require_member(interaction)
    reply = await reports.require_reportable(
        interaction.client.db,
        reply_id,
        server_id=interaction.guild_id or 0,
        reporter_id=interaction.user.id,
        now=interaction.created_at,
    )
    offered = await _offered(interaction)
    await ReportForm(reply_id=reply.id).open(interaction, reply=reply, guidelines=offered, chosen=chosen, text=text)


async def _offered(interaction: Interaction) -> dict[str, str]:
    return (await load(interaction)).options(language(interaction))


def _reporter(interaction: Interaction) -> Reporter:
    joined_at = getattr(interaction.user, "joined_at", None)
    return Reporter(interaction.user.id, str(interaction.locale), joined_at)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ReportButton, ReportAgainButton, KeepButton, PublishedChangesButton)
    client.add_forms(ReportForm, PublishedChangesForm)
