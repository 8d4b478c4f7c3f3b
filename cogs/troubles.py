"""Troubles in Discord: moderators are told in the review channel, or somebody in charge directly, and press Check."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.errors import NotModerator, PostRefused
from bot.i18n import language_of
from bot.interactions import (
    Interaction,
    PersistentButton,
    is_editor,
    is_moderator,
    language,
    require_server,
    tell,
)
from bot.models import Action
from bot.outgoing import marks, nonce, telling_outcome
from bot.permissions import WORK_IN_REVIEW, missing
from bot.services import articles, troubles
from bot.storage import articles as stored_articles
from bot.storage import audit, servers
from bot.storage import troubles as stored_troubles
from bot.troubles import TroubleKind
from cogs.delivery import LOOK_BACK, TRIED_AGAIN
from cogs.lookout import look
from cogs.places import channel_of
from cogs.ui.troubles import still_open, trouble_card

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.client import StandfirstClient
    from bot.models import Article, Server
    from bot.services.troubles import Message
    from bot.troubles import Trouble

log = logging.getLogger(__name__)

CHECKING_SECONDS = 10  # how long whoever pressed **Check** waits for the sweep to try again
WEBHOOKS_A_CHANNEL = 15  # Discord's limit


class Telling:
    """Tells the moderators of a trouble; `may_write` says whether a direct message may go out now."""

    def __init__(self, client: StandfirstClient, may_write: Callable[[], Awaitable[bool]]) -> None:
        self.client = client
        self.may_write = may_write

    async def send(self, trouble: Trouble) -> Message | None:
        """Post, or bring what was posted up to date; None when nobody can be told."""
        async with self.client.db.read() as conn:
            server = await servers.get(conn, trouble.server_id)
        view = trouble_card(trouble, language_of(server.language))
        async with telling_outcome():
            if trouble.mended_at is not None:
                return await self._edit(trouble, view)
            once = nonce("trouble", trouble.id, trouble.noticed_at)
            channel = self._review(server)
            if channel is not None:
                with suppress(discord.Forbidden, discord.NotFound):
                    return channel.id, (await channel.send(view=view, nonce=once)).id
            if not await self.may_write():
                raise _later()
            for user_id in await self._in_charge(server):
                try:
                    person = await self.client.create_dm(discord.Object(user_id))
                    return person.id, (await person.send(view=view, nonce=once)).id
                except discord.HTTPException as error:
                    if error.status in TRIED_AGAIN:
                        raise
        log.error("server %s: nobody could be told of %s %s", server.id, trouble.kind, trouble.subject_id)
        return None

    async def find(self, trouble: Trouble, since: datetime) -> Message | None:
        """The message that an earlier attempt left behind."""
        async with self.client.db.read() as conn:
            server = await servers.get(conn, trouble.server_id)
        review = self._review(server)
        async with telling_outcome():
            people = await self._in_charge(server) if review is None else []
            conversations = [await self.client.create_dm(discord.Object(user_id)) for user_id in people]
            for place in (review, *conversations):
                if place is not None and (message_id := await _find_in(place, trouble, since)):
                    return place.id, message_id
        return None

    async def _edit(self, trouble: Trouble, view: discord.ui.LayoutView) -> Message | None:
        if trouble.channel_id is None or trouble.message_id is None:
            return None
        place = self.client.get_partial_messageable(trouble.channel_id)
        try:
            await place.get_partial_message(trouble.message_id).edit(view=view)
        except discord.HTTPException as error:
            if error.status in TRIED_AGAIN:
                raise
        return trouble.channel_id, trouble.message_id

    def _review(self, server: Server) -> discord.TextChannel | None:
        guild = self.client.get_guild(server.id)
        channel = channel_of(guild, server.review_channel_id) if guild is not None else None
        if channel is None or missing(WORK_IN_REVIEW, channel.permissions_for(channel.guild.me)).value:
            return None
        return channel

    async def _in_charge(self, server: Server) -> list[int]:
        """Return who ran `/setup` last, then the owner."""
        guild = self.client.get_guild(server.id)
        async with self.client.db.read() as conn:
            person_id = await audit.get_last_actor(conn, server.id, Action.SET_UP)
        people = (person_id, guild.owner_id if guild is not None else None)
        return list(dict.fromkeys(user_id for user_id in people if user_id is not None))


async def _find_in(place: discord.TextChannel | discord.DMChannel, trouble: Trouble, since: datetime) -> int | None:
    async for message in place.history(limit=None, after=since - LOOK_BACK):
        if f"trouble:check:{trouble.id}" in marks(message):
            return message.id
    return None


def _later() -> PostRefused:
    error = PostRefused("a direct message waits for its turn")
    error.is_known = True
    return error


async def check(client: StandfirstClient, trouble: Trouble) -> None:
    """Look again whether a trouble is still there, and try what it stopped."""
    guild = client.get_guild(trouble.server_id)
    if guild is None or guild.unavailable:
        return
    await look(client, guild)
    if await _is_over(client, guild, trouble):
        now = discord.utils.utcnow()
        await troubles.mend(client.db, guild.id, trouble.kind, subject_id=trouble.subject_id, now=now)
    await troubles.retry(client.db, guild.id)
    with suppress(TimeoutError):
        async with asyncio.timeout(CHECKING_SECONDS):
            await client.sweep.finish()


async def _is_over(client: StandfirstClient, guild: discord.Guild, trouble: Trouble) -> bool:
    """Ask Discord about what no event tells of."""
    async with client.db.read() as conn:
        article = await stored_articles.get(conn, trouble.subject_id, server_id=guild.id)
    try:
        if trouble.kind is TroubleKind.WEBHOOKS_FULL:
            channel = channel_of(guild, trouble.subject_id)
            return channel is None or len(await channel.webhooks()) < WEBHOOKS_A_CHANNEL
        if trouble.kind is TroubleKind.THREAD_GONE and article is not None:
            return await client.fetch_channel(article.thread_id or 0) is not None
        if trouble.kind is TroubleKind.CARD_GONE and article is not None:
            card_id = article.card_message_id or 0
            return await client.get_partial_messageable(article.channel_id or 0).fetch_message(card_id) is not None
    except discord.HTTPException:
        return False
    return False


class TroubleButton(PersistentButton, template=r"trouble:(?!)"):
    """A button below what moderators were told; in a direct message only its recipient can press it."""

    trouble_id: int

    async def find(self, interaction: Interaction) -> Trouble:
        """Raise NotSetUp, or NotModerator also when it is another server's."""
        async with interaction.client.db.read() as conn:
            trouble = await stored_troubles.get(conn, self.trouble_id)
        if interaction.guild_id is None:
            is_allowed = trouble is not None and interaction.channel_id == trouble.channel_id
        else:
            server = await require_server(interaction)
            is_ours = trouble is not None and trouble.server_id == server.id
            is_allowed = is_ours and (is_moderator(interaction, server) or is_editor(interaction, server))
        if trouble is None or not is_allowed:
            raise NotModerator
        return trouble


class CheckButton(TroubleButton, template=r"trouble:check:(?P<trouble_id>[0-9]+)"):
    """Looks whether it is mended."""

    async def on_press(self, interaction: Interaction) -> None:
        """Look, try again, and say how it stands."""
        speech, trouble = language(interaction), await self.find(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await check(interaction.client, trouble)
        async with interaction.client.db.read() as conn:
            after = await stored_troubles.get(conn, trouble.id) or trouble
        mended = after.mended_at is not None
        await tell(interaction, speech.say("✅ **This is mended.**") if mended else still_open(after, speech))


class AgainButton(TroubleButton, template=r"trouble:again:(?P<trouble_id>[0-9]+)"):
    """Posts the article once more whose card or discussion was deleted."""

    async def on_press(self, interaction: Interaction) -> None:
        """Have it posted; the sweep does the rest."""
        trouble = await self.find(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await articles.post_again(
            interaction.client.db,
            trouble.subject_id,
            server_id=trouble.server_id,
            editor_id=interaction.user.id,
            delete_card=lambda article: _delete_card(interaction.client, article),
            now=interaction.created_at,
        )
        interaction.client.sweep.wake()
        await tell(interaction, language(interaction).say("Done. It appears again in a moment."))


async def _delete_card(client: StandfirstClient, article: Article) -> None:
    place = client.get_partial_messageable(article.channel_id or 0, guild_id=article.server_id)
    with suppress(discord.NotFound):
        await place.get_partial_message(article.card_message_id or 0).delete()


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    client.add_dynamic_items(CheckButton, AgainButton)
