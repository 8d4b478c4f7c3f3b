"""The commands that decide replies by number: the same as the buttons of a review card."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from discord import app_commands
from discord.ext import commands

from bot.errors import NumberUnknown
from bot.i18n import WORDS
from bot.interactions import Interaction, is_moderator, language
from bot.models import Guideline, ReplyStatus
from bot.screening.cleaning import clean
from bot.services import removals, review
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import replies as stored_replies
from bot.storage import searches
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from cogs.decisions import decide
from cogs.seniors import judge
from cogs.ui.hiding import veil
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.models import Reply

CHOICE_LIMIT = 100
NAME_LIMIT = 30
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


async def _offer(interaction: Interaction, typed: str, status: ReplyStatus) -> list[Choice[str]]:
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
        if not is_moderator(interaction, server):
            return []
        is_blind = (await stored_settings.load(conn, server.id)).blind_review and status is ReplyStatus.PENDING
        found = await searches.find_replies(
            conn, server.id, clean(typed), statuses=[status], by_name=not is_blind, limit=OFFERED
        )
    offered = [veil(reply, language(interaction), is_blind=is_blind) for reply in found]
    return [Choice(name=label(reply), value=f"{reply.number}:{reply.revision}") for reply in offered]


def label(reply: Reply) -> str:
    """Return "#12 · Ann · first words…", as long as a choice may be."""
    name = cut(one_line(reply.author.name), NAME_LIMIT)
    return cut(f"#{reply.number} · {name} · {one_line(reply.text)}", CHOICE_LIMIT)


@app_commands.guild_only()
class Moderate(commands.GroupCog, group_name="moderate", group_description="Decide replies by their number."):
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
    )
    @app_commands.choices(guideline=GUIDELINES)
    @app_commands.autocomplete(reply=offer_held)
    async def reject(
        self, interaction: Interaction, reply: str, guideline: Choice[str], sentence: Sentence | None = None
    ) -> None:
        """Reject the revision that was offered, or that its card shows."""
        reason = {"guideline": guideline.value, "sentence": sentence}
        await decide(interaction, partial(_act, interaction, reply, review.reject, **reason), typed=sentence or "")

    @app_commands.command(name="request-changes", description="Ask the author of a held reply to change it.")
    @app_commands.describe(reply="The number of the reply, or words from it.", sentence="What should be changed.")
    @app_commands.autocomplete(reply=offer_held)
    async def request_changes(self, interaction: Interaction, reply: str, sentence: Sentence) -> None:
        """Give the revision that was offered, or that its card shows, back to its author."""
        act = partial(_act, interaction, reply, review.request_changes, sentence=sentence)
        await decide(interaction, act, typed=sentence)

    @app_commands.command(description="Take back the approval of a reply that is not published yet.")
    @app_commands.describe(reply="The number of the reply, or words from it.")
    @app_commands.autocomplete(reply=offer_approved)
    async def undo(self, interaction: Interaction, reply: str) -> None:
        """Hold it again."""
        await decide(interaction, partial(_undo, interaction, reply))

    @app_commands.command(description="Remove a published reply from its discussion.")
    @app_commands.describe(reply="The number of the reply, or words from it.", sentence="A sentence to the author.")
    @app_commands.autocomplete(reply=offer_published)
    async def remove(self, interaction: Interaction, reply: str, sentence: Sentence | None = None) -> None:
        """Remove; the sweep deletes the message."""
        await decide(interaction, partial(_remove, interaction, reply, sentence=sentence), typed=sentence or "")


async def _act(interaction: Interaction, typed: str, decision: Callable[..., Awaitable[Reply]], **about: Any) -> Reply:
    reply_id, revision = await find_reply(interaction, typed)
    return await judge(interaction, decision, reply_id, revision=revision, **about)


async def _undo(interaction: Interaction, typed: str, **about: Any) -> Reply:
    reply_id, _ = await find_reply(interaction, typed)
    return await review.undo(interaction.client.db, reply_id, **about)


async def _remove(interaction: Interaction, typed: str, **about: Any) -> Reply:
    reply_id, _ = await find_reply(interaction, typed)
    return await removals.remove(interaction.client.db, reply_id, **about)


async def find_reply(interaction: Interaction, typed: str) -> tuple[int, int]:
    """Return the id of the reply with this number, and the revision to decide. Raises NumberUnknown.

    A choice from the list names the revision that it showed; a number alone means the one on the review card.
    """
    match = re.fullmatch(r"#?([0-9]{1,9})(?::([0-9]{1,9}))?", typed.strip())
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get_by_number(conn, interaction.guild_id or 0, int(match[1])) if match else None
    if reply is None or match is None:
        raise NumberUnknown(reply=cut(one_line(typed), NAME_LIMIT))
    return reply.id, int(match[2]) if match[2] else reply.revision_on_card
