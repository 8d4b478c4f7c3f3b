"""A line to the moderators in the review channel: about what has happened, with nothing left to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.i18n import language_of
from bot.outgoing import telling_outcome
from bot.sweep import attempt
from cogs.ui.articles import status_line

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.models import Server


async def tell_moderators(client: StandfirstClient, server: Server, sentence: str, **values: object) -> None:
    """Say it once; when Discord refuses, the log and the audit trail have to do."""
    if server.review_channel_id is not None:
        await attempt("line to the moderators", _send(client, server, sentence, values))


async def _send(client: StandfirstClient, server: Server, sentence: str, values: dict[str, object]) -> None:
    channel = client.get_partial_messageable(server.review_channel_id or 0, guild_id=server.id)
    view = status_line(language_of(server.language).say(sentence, **values))
    async with telling_outcome():
        await channel.send(view=view)
