"""Appeals: an author says why a decision was wrong, and another moderator decides, with a sentence to the author."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import AlreadyAppealed, NothingToAppeal, NotYourReply, ReplyNotFound, StandfirstError, UserError
from bot.i18n import N_, explain
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator, tell
from bot.screening.cleaning import clean
from bot.services import appeals
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import appeals as stored_appeals
from bot.storage import guidelines as stored_guidelines
from cogs.decisions import giving_back
from cogs.hiding import veiled
from cogs.numbers import CHOICE_LIMIT, find_number
from cogs.ui.buttons import button
from cogs.ui.forms import context, kept_text, paragraph
from cogs.ui.replies import decision_lines, returned_text
from cogs.ui.text import cut, gist, one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Appeal, Reply

Choice = app_commands.Choice
OFFERED = 25
SEARCHED = 200  # of a member's own replies, the newest
FINAL = (AlreadyAppealed, NothingToAppeal, NotYourReply, ReplyNotFound)  # trying again cannot help
DISMISSED = N_("The appeal about {number} is dismissed: the decision stands.")
UPHELD = N_("The appeal about {number} is upheld: the decision is taken back.")
ALONE = N_("It was against your own decision: it is logged that you are the only moderator here.")


class AppealButton(PersistentButton, template=r"appeal:open:(?P<reply_id>[0-9]+)"):
    """Opens the form in which an author objects to a decision; also in a direct message, where there is no server."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        await _open(interaction, self.reply_id)


class AppealAgainButton(PersistentButton, template=r"appeal:again:(?P<reply_id>[0-9]+)"):
    """Opens a form that failed again, with what was typed."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Take the text from the message."""
        await _open(interaction, self.reply_id, text=kept_text(interaction.message))


class AppealForm(Form, template=r"form:appeal:(?P<reply_id>[0-9]+)"):
    """Asks an author why the decision was wrong."""

    for_members = True
    reply_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the reply, what was decided and why, and the field."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say("Appeal about {number}", number=f"#{reply.number}"))
        modal.add_item(context("\n".join(filter(None, [f"> {gist(reply.text, 300)}", prefill["why"]]))))
        once = language.say(
            "Another moderator decides, who is not told who decided first. You can appeal once against each decision."
        )
        modal.add_item(context(once))
        label = language.say("Why was the decision wrong?")
        return modal.add_item(paragraph(label, prefill["text"], limit=appeals.REASONS_LENGTH, name="reasons"))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Store, then answer; whatever fails, what was typed goes back."""
        speech, reasons = language(interaction), fields.text("reasons")
        who: dict[str, Any] = {"author_id": interaction.user.id, "now": interaction.created_at}
        try:
            await appeals.appeal(interaction.client.db, self.reply_id, reasons, **who)
        except UserError as error:
            await self._return(interaction, explain(error, speech), reasons, is_final=isinstance(error, FINAL))
        except Exception:
            with contextlib.suppress(discord.HTTPException, StandfirstError):
                await self._return(interaction, speech.say("Your appeal was not stored. Here is your text:"), reasons)
            raise
        else:
            await tell(interaction, speech.say("Thank you: another moderator will decide, and you will be told."))
            interaction.client.sweep.wake()

    async def _return(self, interaction: Interaction, sentence: str, typed: str, *, is_final: bool = False) -> None:
        again = None if is_final else button("appeal:again", language(interaction), self.reply_id)
        await interaction.response.send_message(view=returned_text(sentence, typed, again), ephemeral=True)


class UpholdButton(PersistentButton, template=r"appeal:uphold:(?P<reply_id>[0-9]+):(?P<appeal_id>[0-9]+)"):
    """Opens the form that takes the decision back."""

    reply_id: int
    appeal_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        await _judge(interaction, UpholdForm(reply_id=self.reply_id, appeal_id=self.appeal_id))


class DismissButton(PersistentButton, template=r"appeal:dismiss:(?P<reply_id>[0-9]+):(?P<appeal_id>[0-9]+)"):
    """Opens the form that lets the decision stand."""

    reply_id: int
    appeal_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check first, so that nobody writes in vain."""
        await _judge(interaction, DismissForm(reply_id=self.reply_id, appeal_id=self.appeal_id))


class VerdictForm(Form, template=r"(?!)"):
    """Asks for a sentence to the author, beneath the reply."""

    reply_id: int
    appeal_id: int
    title: str
    said: str
    decide: Callable[..., Awaitable[tuple[Reply, Appeal]]]

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the reply and the field."""
        reply = prefill["reply"]
        modal = discord.ui.Modal(title=language.say(self.title, number=f"#{reply.number}"))
        modal.add_item(context(f"> {gist(reply.text, 300)}"))
        label = language.say("A sentence to the author (optional)")
        return modal.add_item(paragraph(label, None, limit=SENTENCE_LENGTH, name="sentence", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep sees to the reply and the cards, and tells the author. What was typed is not lost."""
        speech, sentence = language(interaction), fields.text("sentence")
        async with giving_back(interaction, sentence):
            server, db = await require_moderator(interaction), interaction.client.db
            about: dict[str, Any] = {"server_id": server.id, "moderator_id": interaction.user.id, "sentence": sentence}
            now = interaction.created_at
            reply, appeal = await type(self).decide(db, self.reply_id, self.appeal_id, now=now, **about)
            interaction.client.sweep.wake()
            said = speech.say(self.said, number=f"#{reply.number}")
            await tell(interaction, f"{said} {speech.say(ALONE)}" if appeal.is_by_same else said)


class UpholdForm(VerdictForm, template=r"form:uphold:(?P<reply_id>[0-9]+):(?P<appeal_id>[0-9]+)"):
    """Takes the decision back."""

    title = N_("Uphold the appeal about {number}")
    said = UPHELD
    decide = staticmethod(appeals.uphold)


class DismissForm(VerdictForm, template=r"form:dismiss:(?P<reply_id>[0-9]+):(?P<appeal_id>[0-9]+)"):
    """Lets the decision stand."""

    title = N_("Dismiss the appeal about {number}")
    said = DISMISSED
    decide = staticmethod(appeals.dismiss)


async def offer_appealable(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer a member their own replies against which they can appeal, the newest first."""
    wanted = clean(typed).strip().removeprefix("#").casefold()
    async with interaction.client.db.read() as conn:
        found = await stored_appeals.list_appealable(
            conn, interaction.guild_id or 0, interaction.user.id, limit=SEARCHED
        )
    fitting = [each for each in found if str(each.number).startswith(wanted) or wanted in each.text.casefold()]
    return [
        Choice(name=cut(f"#{each.number} · {one_line(each.text)}", CHOICE_LIMIT), value=str(each.number))
        for each in fitting[:OFFERED]
    ]


class Appeals(commands.Cog):
    """Answers privately."""

    @app_commands.command(name="appeal", description=N_("Say why a decision on your reply was wrong."))
    @app_commands.describe(reply="The number of your reply, or words from it.")
    @app_commands.autocomplete(reply=offer_appealable)
    @app_commands.guild_only()
    async def appeal(self, interaction: Interaction, reply: str) -> None:
        """Open the form."""
        reply_id, _ = await find_number(interaction, reply)
        await _open(interaction, reply_id)


async def _open(interaction: Interaction, reply_id: int, *, text: str | None = None) -> None:
    db = interaction.client.db
    reply = await appeals.require_appealable(db, reply_id, author_id=interaction.user.id)
    async with db.read() as conn:
        speech = await stored_guidelines.speak(conn, reply.server_id, language(interaction))
        speech = speech.citing((await stored_guidelines.list_cited(conn, [reply])).get(reply.id))
    await AppealForm(reply_id=reply.id).open(interaction, reply=reply, why=decision_lines(reply, speech), text=text)


async def _judge(interaction: Interaction, form: UpholdForm | DismissForm) -> None:
    server = await require_moderator(interaction)
    db, me = interaction.client.db, interaction.user.id
    reply = await appeals.require_open(db, form.reply_id, form.appeal_id, server_id=server.id, moderator_id=me)
    async with db.read() as conn:
        shown = await veiled(interaction, conn, reply)
    await form.open(interaction, reply=shown)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(AppealButton, AppealAgainButton, UpholdButton, DismissButton)
    client.add_forms(AppealForm, UpholdForm, DismissForm)
    await client.add_cog(Appeals())
