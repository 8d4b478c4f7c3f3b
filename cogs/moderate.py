"""The commands that decide replies by number: the same as the buttons of a review card."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.i18n import WORDS
from bot.interactions import Interaction, is_moderator, language
from bot.models import Guideline, Picked, ReplyStatus
from bot.screening.cleaning import clean
from bot.services import clusters, removals, review
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from bot.storage.search import search
from cogs.decisions import decide
from cogs.history import HistoryCommands
from cogs.notes import NoteCommands
from cogs.numbers import choice_label, find_number
from cogs.phrases import offer_phrases
from cogs.seniors import judge
from cogs.ui.hiding import veil

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.models import Reply

OFFERED = 25
Choice = app_commands.Choice
GUIDELINES = [Choice(name=WORDS[Guideline][guideline], value=guideline.value) for guideline in Guideline]
Sentence = app_commands.Range[str, 1, SENTENCE_LENGTH]


async def offer_held(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer held replies to moderators; members are offered nothing, since these texts are not public."""
    return await _offer(interaction, typed, ReplyStatus.PENDING)


async def offer_approved(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer replies that are approved and not published yet to moderators."""
    return await _offer(interaction, typed, ReplyStatus.APPROVED)


async def offer_published(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer published replies to moderators."""
    return await _offer(interaction, typed, ReplyStatus.PUBLISHED)


async def offer_removed(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer removed replies to moderators."""
    return await _offer(interaction, typed, ReplyStatus.REMOVED)


async def offer_any(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer replies that another may be a duplicate of to moderators."""
    return await _offer(interaction, typed, ReplyStatus.PENDING, ReplyStatus.APPROVED, ReplyStatus.PUBLISHED)


async def _offer(interaction: Interaction, typed: str, *statuses: ReplyStatus) -> list[Choice[str]]:
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        is_blind = (await stored_settings.load(conn, server.id)).blind_review and ReplyStatus.PENDING in statuses
        found = await search(conn, server.id, clean(typed), statuses=statuses, by_name=not is_blind, limit=OFFERED)
    offered = [veil(reply, language(interaction), is_blind=is_blind) for reply in found]
    return [Choice(name=choice_label(reply), value=f"{reply.number}:{reply.revision}") for reply in offered]


@app_commands.guild_only()
class Moderate(
    NoteCommands,
    HistoryCommands,
    commands.GroupCog,
    group_name="moderate",
    group_description="Decide replies by their number.",
):
    """Every command answers privately; the card in the review channel follows."""

    @app_commands.command(description="Approve a held reply.")
    @app_commands.describe(reply="The number of the reply, or words from it.")
    @app_commands.autocomplete(reply=offer_held)
    async def approve(self, interaction: Interaction, reply: str) -> None:
        """Approve the revision that was offered, or that its card shows."""
        await decide(interaction, partial(_act, interaction, reply, review.approve))

    @app_commands.command(description="Reject a held reply under a guideline.")
    @app_commands.describe(
        reply="The number of the reply, or words from it.",
        guideline="The guideline that the reply does not follow.",
        sentence="A sentence to the author.",
        phrase="A saved phrase; the sentence follows it.",
    )
    @app_commands.choices(guideline=GUIDELINES)
    @app_commands.autocomplete(reply=offer_held, phrase=offer_phrases)
    async def reject(
        self,
        interaction: Interaction,
        reply: str,
        guideline: Choice[str],
        sentence: Sentence | None = None,
        phrase: str | None = None,
    ) -> None:
        """Reject the revision that was offered, or that its card shows."""
        reason = _reason(interaction, guideline, sentence, phrase)
        await decide(interaction, partial(_act, interaction, reply, review.reject, **reason), typed=sentence or "")

    @app_commands.command(name="request-changes", description="Ask the author of a held reply to change it.")
    @app_commands.describe(
        reply="The number of the reply, or words from it.",
        sentence="What should be changed.",
        guideline="The guideline that the reply does not follow.",
        phrase="A saved phrase; the sentence follows it.",
    )
    @app_commands.choices(guideline=GUIDELINES)
    @app_commands.autocomplete(reply=offer_held, phrase=offer_phrases)
    async def request_changes(
        self,
        interaction: Interaction,
        reply: str,
        sentence: Sentence | None = None,
        guideline: Choice[str] | None = None,
        phrase: str | None = None,
    ) -> None:
        """Give the revision that was offered, or that its card shows, back to its author."""
        reason = _reason(interaction, guideline, sentence, phrase)
        act = partial(_act, interaction, reply, review.request_changes, **reason)
        await decide(interaction, act, typed=sentence or "")

    @app_commands.command(description="Close a held reply as a duplicate of another.")
    @app_commands.describe(
        reply="The number of the reply, or words from it.", of="The number of the other reply, or words from it."
    )
    @app_commands.autocomplete(reply=offer_held, of=offer_any)
    async def duplicate(self, interaction: Interaction, reply: str, of: str) -> None:
        """Close it; its author is told of which."""
        await decide(interaction, partial(_duplicate, interaction, reply, of))

    @app_commands.command(description="Take back the approval of a reply that is not published yet.")
    @app_commands.describe(reply="The number of the reply, or words from it.")
    @app_commands.autocomplete(reply=offer_approved)
    async def undo(self, interaction: Interaction, reply: str) -> None:
        """Hold it again."""
        await decide(interaction, partial(_undo, interaction, reply))

    @app_commands.command(description="Remove a published reply from its discussion.")
    @app_commands.describe(
        reply="The number of the reply, or words from it.",
        sentence="A sentence to the author.",
        guideline="The guideline that the reply does not follow.",
        phrase="A saved phrase; the sentence follows it.",
    )
    @app_commands.choices(guideline=GUIDELINES)
    @app_commands.autocomplete(reply=offer_published, phrase=offer_phrases)
    async def remove(
        self,
        interaction: Interaction,
        reply: str,
        sentence: Sentence | None = None,
        guideline: Choice[str] | None = None,
        phrase: str | None = None,
    ) -> None:
        """Remove; the sweep sees to the message."""
        reason = _reason(interaction, guideline, sentence, phrase)
        act = partial(_act_on_published, interaction, reply, removals.remove, **reason)
        await decide(interaction, act, typed=sentence or "")

    @app_commands.command(description="Put a removed reply back into its discussion.")
    @app_commands.describe(reply="The number of the reply, or words from it.", sentence="Why? The author is told.")
    @app_commands.autocomplete(reply=offer_removed)
    async def restore(self, interaction: Interaction, reply: str, sentence: Sentence | None = None) -> None:
        """Restore; the sweep sees to the message."""
        act = partial(_act_on_published, interaction, reply, removals.restore, sentence=sentence)
        await decide(interaction, act, typed=sentence or "")


def _reason(
    interaction: Interaction, guideline: Choice[str] | None, sentence: str | None, phrase: str | None
) -> dict[str, Any]:
    picked = Picked(phrase=phrase, server_name=interaction.guild.name if interaction.guild else "")
    return {"guideline": guideline.value if guideline else None, "sentence": sentence, "picked": picked}


async def _act(interaction: Interaction, typed: str, decision: Callable[..., Awaitable[Reply]], **about: Any) -> Reply:
    reply_id, revision = await find_number(interaction, typed)
    return await judge(interaction, decision, reply_id, revision=revision, **about)


async def _duplicate(interaction: Interaction, typed: str, of: str, **about: Any) -> Reply:
    original_id, _ = await find_number(interaction, of)
    reply_id, revision = await find_number(interaction, typed)
    return await judge(interaction, clusters.close, reply_id, revision=revision, original_id=original_id, **about)


async def _undo(interaction: Interaction, typed: str, **about: Any) -> Reply:
    reply_id, _ = await find_number(interaction, typed)
    return await review.undo(interaction.client.db, reply_id, **about)


async def _act_on_published(
    interaction: Interaction, typed: str, act: Callable[..., Awaitable[Reply]], **about: Any
) -> Reply:
    reply_id, _ = await find_number(interaction, typed)
    return await act(interaction.client.db, reply_id, **about)
