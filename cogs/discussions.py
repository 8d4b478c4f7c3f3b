"""Discussions in Discord: an open one never stays archived or locked, a closed one is locked with a last word."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import HeadlineUnknown
from bot.i18n import N_, language_of
from bot.interactions import Interaction, is_editor, language, require_editor, tell
from bot.models import ArticleStatus
from bot.outgoing import marks, nonce, telling_outcome
from bot.services import discussions
from bot.storage import discussions as stored_discussions
from bot.storage import servers
from cogs.because import because
from cogs.ui.discussions import closed, last_word, reopened
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from datetime import datetime

    from bot.client import StandfirstClient
    from bot.models import Article

WEEK_IN_MINUTES: Final = 10080  # the longest that Discord lets a silent thread stay out of the archive
OPENED = N_("this discussion is open; /article close closes it")
LOCKED = N_("this discussion is closed; /article reopen opens it again")
# An earlier attempt is looked for from this long before it: clocks may differ.
LOOK_BACK = timedelta(hours=1)
CHOICE_LIMIT = 100
ID_DIGITS = 18  # so that it fits a database's integer
Choice = app_commands.Choice


class Threads:
    """The acts on an article's thread; each raises PostRefused or OutcomeUnknown when it fails."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def tend(self, article_id: int) -> None:
        """Bring a thread to its article's status."""
        await discussions.tend(
            self.client.db,
            article_id,
            clock=discord.utils.utcnow,
            open_thread=self.open,
            lock_thread=self.lock,
            say=self.say,
            find=self.find,
            unsay=self.unsay,
        )

    async def open(self, article: Article) -> None:
        """Bring it back from the archive, and unlock it."""
        await self._edit(article, OPENED, archived=False, locked=False, auto_archive_duration=WEEK_IN_MINUTES)

    async def lock(self, article: Article) -> None:
        """Lock it, and put it into the archive."""
        await self._edit(article, LOCKED, archived=True, locked=True)

    async def say(self, article: Article, published: int, first_at: datetime) -> int:
        """Say the last word; the nonce makes a repetition within minutes harmless."""
        async with self.client.db.read() as conn:
            server = await servers.get(conn, article.server_id)
        view = last_word(article, published, language_of(server.language))
        async with telling_outcome():
            return (await self._thread(article).send(view=view, nonce=nonce("last word", article.id, first_at))).id

    async def find(self, article: Article, since: datetime) -> int | None:
        """The last word that an earlier attempt left behind."""
        async with telling_outcome():
            async for message in self._thread(article).history(limit=None, after=since - LOOK_BACK):
                if f"article:guidelines:{article.id}" in marks(message):
                    return message.id
        return None

    async def unsay(self, article: Article, message_id: int) -> None:
        """Delete the last word; one that is gone already is fine."""
        why = await because(self.client, article.server_id, OPENED)
        async with telling_outcome():
            with suppress(discord.NotFound):
                await self.client.http.delete_message(article.thread_id or 0, message_id, reason=why)

    async def _edit(self, article: Article, reason: str, **changes: object) -> None:
        why = await because(self.client, article.server_id, reason)
        async with telling_outcome():
            await self.client.http.edit_channel(article.thread_id or 0, reason=why, **changes)

    def _thread(self, article: Article) -> discord.PartialMessageable:
        return self.client.get_partial_messageable(article.thread_id or 0, guild_id=article.server_id)


class Discussions(commands.Cog):
    """Notices threads that somebody else, or Discord, has archived, locked or unlocked."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Have the thread of an article brought back to what the article is."""
        state = payload.data["thread_metadata"]
        archived, locked = state["archived"], bool(state.get("locked"))
        if await discussions.look(self.client.db, payload.thread_id, archived=archived, locked=locked):
            self.client.sweep.wake()


async def visit(client: StandfirstClient, guild: discord.Guild) -> None:
    """Compare all threads with their articles: what happened while the bot was away came with no event.

    discord.py keeps active threads alone, so an open discussion that it does not know is in the archive.
    """
    active = {thread.id for thread in guild.threads if not thread.archived}
    fine = {thread.id for thread in guild.threads if not thread.archived and not thread.locked}
    if await discussions.compare(client.db, guild.id, fine=fine, active=active):
        client.sweep.wake()


async def offer_open(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer editors the discussions that they can close."""
    return await _offer(interaction, typed, ArticleStatus.OPEN)


async def offer_closed(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer editors the discussions that they can open again."""
    return await _offer(interaction, typed, ArticleStatus.CLOSED)


async def close(interaction: Interaction, typed: str) -> None:
    """Close the discussion that was chosen."""
    server = await require_editor(interaction)
    db, article_id = interaction.client.db, await find(interaction, typed, ArticleStatus.OPEN)
    article, coming = await discussions.close(
        db, article_id, server_id=server.id, editor_id=interaction.user.id, now=interaction.created_at
    )
    await tell(interaction, closed(article, coming, language(interaction)))
    interaction.client.sweep.wake()


async def reopen(interaction: Interaction, typed: str) -> None:
    """Open the discussion that was chosen."""
    server = await require_editor(interaction)
    db, article_id = interaction.client.db, await find(interaction, typed, ArticleStatus.CLOSED)
    article = await discussions.reopen(
        db, article_id, server_id=server.id, editor_id=interaction.user.id, now=interaction.created_at
    )
    await tell(interaction, reopened(article, language(interaction)))
    interaction.client.sweep.wake()


async def _offer(interaction: Interaction, typed: str, status: ArticleStatus) -> list[Choice[str]]:
    async with interaction.client.db.read() as conn:
        server = await servers.get(conn, interaction.guild_id or 0)
        if not is_editor(interaction, server):
            return []
        found = await stored_discussions.search(conn, server.id, typed, status=status)
    return [Choice(name=_label(article), value=str(article.id)) for article in found]


async def find(interaction: Interaction, typed: str, status: ArticleStatus) -> int:
    """Return the article's id: the value of a choice, or of the one article whose headline holds what was typed."""
    if typed.isdecimal() and len(typed) <= ID_DIGITS:
        return int(typed)
    async with interaction.client.db.read() as conn:
        found = await stored_discussions.search(conn, interaction.guild_id or 0, typed, status=status, limit=2)
    if len(found) != 1:
        raise HeadlineUnknown
    return found[0].id


def _label(article: Article) -> str:
    return cut(one_line(article.page.title), CHOICE_LIMIT) or f"#{article.id}"


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Discussions(client))
