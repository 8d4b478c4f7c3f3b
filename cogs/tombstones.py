"""Tombstones: the message of a removed reply says so in the place of the text, and shows the text again if restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.i18n import language_of
from bot.outgoing import telling_outcome
from bot.storage import servers, webhooks
from cogs.delivery import TEXT_REFUSED, TOO_MANY_EDITS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK
from cogs.ui.replies import published_reply, tombstone, veil

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Case
    from cogs.webhooks import Webhooks

THREAD_ARCHIVED = 50083
# Said of this message, and said again however often it is edited.
CANNOT_EDIT = TEXT_REFUSED | {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL, TOO_MANY_EDITS, THREAD_ARCHIVED}


class Tombstones:
    """Edits published replies; every method gives False when the message is gone or cannot be edited any more.

    Only the webhook that posted a message can edit it; one that is gone leaves messages that nobody can.
    """

    def __init__(self, client: StandfirstClient, known: Webhooks) -> None:
        self.client = client
        self.webhooks = known

    async def bury(self, case: Case) -> bool:
        """Say in the place of a reply that moderators removed it."""
        return await self._edit(case, tombstone(await self._language(case)))

    async def veil(self, case: Case) -> bool:
        """Say in the place of a reply that a moderator is to look at it first."""
        return await self._edit(case, veil(await self._language(case)))

    async def unearth(self, case: Case) -> bool:
        """Show the reply again."""
        return await self._edit(case, published_reply(case, await self._language(case), server_id=case.reply.server_id))

    async def _edit(self, case: Case, view: discord.ui.LayoutView) -> bool:
        async with self.client.db.read() as conn:
            in_use = await webhooks.list_in_use(conn, case.article.channel_id or 0)
        async with telling_outcome():
            for known in in_use:
                if await self._edit_by(self.webhooks.partial(known), case, view):
                    return True
        return False

    async def _edit_by(self, webhook: discord.Webhook, case: Case, view: discord.ui.LayoutView) -> bool:
        try:
            await webhook.edit_message(
                case.reply.message_id or 0,
                view=view,
                thread=discord.Object(case.article.thread_id or 0),
                allowed_mentions=discord.AllowedMentions.none(),
            )
        except discord.HTTPException as error:
            if error.code == UNKNOWN_WEBHOOK:
                await self.webhooks.retire(webhook.id)
            elif error.code not in CANNOT_EDIT:
                raise
            return False
        return True

    async def _language(self, case: Case) -> Language:
        async with self.client.db.read() as conn:
            return language_of((await servers.get(conn, case.reply.server_id)).language)
