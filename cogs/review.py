"""Reviewing: moderators decide held replies with a card's buttons, and remove published ones."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.errors import AlreadyDecided, Claimed, ReplyNotFound, StaleRevision
from bot.i18n import N_
from bot.interactions import Fields, Interaction, PersistentButton, language, require_moderator
from bot.services import claims, guards, opinions, removals, review
from bot.storage import cases as stored_cases
from bot.storage import replies as stored_replies
from cogs.decisions import decide, tell_claimed, tell_too_slow
from cogs.hiding import veiled
from cogs.moderate import Moderate
from cogs.reasons import ReasonForm
from cogs.seniors import is_senior, judge
from cogs.ui.similar import precedent_warning

if TYPE_CHECKING:
    from bot.client import StandfirstClient
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
            warning = await _warning(interaction, reply.id)
            await RejectForm(reply_id=reply.id, revision=self.revision).open(interaction, reply=reply, warning=warning)


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
            shown = await veiled(interaction, conn, reply)
        await RemoveForm(reply_id=reply.id).open(interaction, reply=shown)


class UndoButton(PersistentButton, template=r"review:undo:(?P<reply_id>[0-9]+)"):
    """Takes an approval back, as long as the reply is not published."""

    reply_id: int
    decides = False  # on the desk it stands above the reply that came next

    async def on_press(self, interaction: Interaction) -> None:
        """Undo, then show the card of a held reply again."""
        await decide(interaction, partial(review.undo, interaction.client.db, self.reply_id))


class RejectForm(ReasonForm, template=r"form:reject:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks for the guideline, and for passages and a sentence to the author."""

    reply_id: int
    revision: int
    title = N_("Reject {number}")

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        # The form has warned of the precedents.
        reason = {**self.reason(interaction, fields), "despite": True}
        act = partial(judge, interaction, review.reject, self.reply_id, revision=self.revision, **reason)
        await decide(interaction, act, typed=fields.text("sentence"))


class ChangesForm(ReasonForm, template=r"form:changes:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Asks what the author should change."""

    reply_id: int
    revision: int
    title = N_("Request changes to {number}")
    needs_sentence = True

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide, then show the card as decided."""
        reason = self.reason(interaction, fields)
        act = partial(judge, interaction, review.request_changes, self.reply_id, revision=self.revision, **reason)
        await decide(interaction, act, typed=fields.text("sentence"))


class RemoveForm(ReasonForm, template=r"form:remove:(?P<reply_id>[0-9]+)"):
    """Asks why a published reply is taken out, if the moderator wants to say."""

    reply_id: int
    title = N_("Remove {number}")
    needs_guideline = False

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Decide; the sweep sees to the message."""
        act = partial(removals.remove, interaction.client.db, self.reply_id, **self.reason(interaction, fields))
        await decide(interaction, act, typed=fields.text("sentence"))


async def _warning(interaction: Interaction, reply_id: int) -> str:
    async with interaction.client.db.read() as conn:
        case = await stored_cases.get(conn, reply_id, reader_id=interaction.user.id)
    return precedent_warning(case, language(interaction)) if case else ""


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
    if not await _claimed(interaction, reply):
        return None
    async with interaction.client.db.read() as conn:
        return await veiled(interaction, conn, reply)


async def _claimed(interaction: Interaction, reply: Reply) -> bool:
    """Have others leave it to who opens a form for it; False when another has it, or has decided it."""
    db, me, now = interaction.client.db, interaction.user.id, interaction.created_at
    try:
        await claims.claim(db, reply.id, server_id=reply.server_id, moderator_id=me, now=now)
    except Claimed as error:
        await tell_claimed(interaction, error, "")
        return False
    except AlreadyDecided as error:
        await tell_too_slow(interaction, error, "")
        return False
    return True


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ApproveButton, RejectButton, ChangesButton, UndoButton, RemoveButton)
    client.add_forms(RejectForm, ChangesForm, RemoveForm)
    await client.add_cog(Moderate())
