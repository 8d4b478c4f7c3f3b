"""The acts of the sweep: each posts, finds, edits or deletes one message in Discord, and is never repeated blindly."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import discord

from bot.errors import PostRefused
from bot.i18n import N_, language_of
from bot.models import ReplyStatus
from bot.outgoing import OnceSession, card_mark, mark, marks, nonce, telling_outcome
from bot.storage import guidelines, servers, webhooks
from cogs.because import because, person
from cogs.penalties import told
from cogs.ui.articles import article_card, thread_name
from cogs.ui.names import FALLBACK, webhook_name
from cogs.ui.replies import published_reply
from cogs.ui.review import review_card
from cogs.webhooks import Webhooks

if TYPE_CHECKING:
    from datetime import datetime

    import aiohttp

    from bot.client import StandfirstClient
    from bot.models import Article, Case, Notice, Penalty, Reply, Server

# Discord's own error codes (documentation, "JSON error codes").
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
UNKNOWN_WEBHOOK = 10015
TOO_MANY_EDITS = 30046
INVALID_FORM_BODY = 50035
THREAD_EXISTS = 160004
# The form, AutoMod's words, its title rule, a harmful link: said of the text, and said again however often it is sent.
TEXT_REFUSED = frozenset({INVALID_FORM_BODY, 200000, 200001, 240000})

TRIED_AGAIN = (429, *range(500, 600))  # statuses

WEEK_IN_MINUTES: Final = 10080
OPENING_TOO_FAST = 40003
# An earlier attempt is looked for from this long before it: our clock may differ from Discord's, or have been set.
LOOK_BACK = timedelta(days=1)
# Discord's own times, such as those of interactions and messages, differ by no more than this.
SKEW = timedelta(minutes=1)
DISCUSSED = N_("the discussion of an article that {person} posted")
REMOVED = N_("reply {number} was removed by {person}; /moderate restore brings it back")
RESTORED = N_("reply {number} was restored by {person} and appears again in another message")
OLD = timedelta(hours=1)  # from then on Discord lets a message be edited a few times only


class Delivery:
    """Posts what services ask for; every method raises PostRefused or OutcomeUnknown when it fails."""

    def __init__(self, client: StandfirstClient, session: aiohttp.ClientSession) -> None:
        self.client = client
        self.webhooks = Webhooks(client, OnceSession(session))

    async def send_article(self, article: Article) -> int:
        """Post the card; the nonce makes a repetition within minutes harmless."""
        server = await self._server(article.server_id)
        channel = self._channel(article.channel_id, article.server_id)
        async with telling_outcome():
            view = article_card(article, language_of(server.language))
            once = nonce("article", article.id, article.attempted_at, article.channel_id)
            return (await channel.send(view=view, nonce=once)).id

    async def find_article(self, article: Article, since: datetime) -> int | None:
        """The card that an earlier attempt left behind."""
        channel = self._channel(article.channel_id, article.server_id)
        return await self._find(channel, f"article:join:{article.id}", since, born=article.created_at)

    async def make_thread(self, article: Article) -> int:
        """Make the card's thread; it has the card's id, so a second time finds it there."""
        card_id = article.card_message_id or 0
        card = self._channel(article.channel_id, article.server_id).get_partial_message(card_id)
        why = await because(self.client, article.server_id, DISCUSSED, person=self._person(article, article.editor_id))
        name = thread_name(article)
        async with telling_outcome():
            try:
                thread = await card.create_thread(name=name, auto_archive_duration=WEEK_IN_MINUTES, reason=why)
            except discord.HTTPException as error:
                if error.code != THREAD_EXISTS:
                    raise
                return card_id
            return thread.id

    async def send_card(self, case: Case) -> int:
        """Post a held reply's card in the review channel."""
        server = await self._server(case.reply.server_id)
        channel = self._channel(server.review_channel_id, server.id)
        async with telling_outcome():
            reply = case.reply
            once = nonce("card", reply.id, reply.revision, reply.card_attempted_at, server.review_channel_id)
            # No phone shows a severe text that nobody has tapped.
            return (await channel.send(view=await self._review_card(case, server), nonce=once, silent=reply.blurred)).id

    async def find_card(self, case: Case, since: datetime, replaced: int | None) -> int | None:
        """The review card that an earlier attempt left behind, of whichever revision; never the one it replaces."""
        server = await self._server(case.reply.server_id)
        channel = self._channel(server.review_channel_id, server.id)
        wanted = str(card_mark(case.reply.id))
        return await self._find(channel, wanted, since, unless=replaced, born=case.reply.submitted_at)

    async def edit_card(self, case: Case) -> bool:
        """Draw a review card again; False when it is gone. A card too old to be edited again is left as it is."""
        server = await self._server(case.reply.server_id)
        channel = self._channel(case.reply.card_channel_id, server.id)
        card = channel.get_partial_message(case.reply.card_message_id or 0)
        async with telling_outcome():
            return await draw_again(card, await self._review_card(case, server))

    async def delete_card(self, case: Case, channel_id: int, message_id: int) -> None:
        """Delete a review card that another has replaced."""
        await self._delete(self._channel(channel_id, case.reply.server_id).get_partial_message(message_id))

    async def publish(self, case: Case) -> int:
        """Post an approved reply in its thread, under its author's name, by the bot's own webhook."""
        server = await self._server(case.reply.server_id)
        async with telling_outcome():
            webhook = await self.webhooks.of(case.article.channel_id or 0)
            view = published_reply(case, language_of(server.language), server_id=server.id)
            try:
                return await self._execute(webhook, case, view, webhook_name(case.reply.author.name))
            except discord.NotFound as error:
                if error.code == UNKNOWN_WEBHOOK:
                    await self.webhooks.retire(webhook.id)
                raise
            except discord.HTTPException as error:
                if error.code != INVALID_FORM_BODY or "username" not in error.text.lower():
                    raise
                return await self._execute(webhook, case, view, FALLBACK)

    async def find_publication(self, case: Case, after: int | None) -> int | None:
        """The message that an earlier attempt left in the thread after the message `after`.

        The bot's own token does not see what a webhook's message holds, so each is read through its webhook. What a
        webhook posted that is gone since cannot be read; it is the one looked for, since a thread has one
        publication under way at a time. What follows it may be a copy: `cogs/doubles.py` looks at that later.
        """
        found: int | None = None
        thread_id = case.article.thread_id or 0
        async with self.client.db.read() as conn:
            in_use = await webhooks.list_in_use(conn, case.article.channel_id or 0)
            retired = await webhooks.list_retired(conn, case.article.channel_id or 0)
        ours = {known.id: self.webhooks.partial(known) for known in in_use}
        async with telling_outcome():
            thread = self._channel(thread_id, case.reply.server_id)
            async for message in thread.history(limit=None, after=discord.Object(after or thread_id)):
                webhook = ours.get(message.webhook_id or 0)
                if found is not None:
                    self.client.dispatch("missed_message", message)
                elif message.webhook_id in retired or (
                    webhook is not None and await self._is_publication(webhook, message, case)
                ):
                    found = message.id
        return found

    async def _is_publication(self, webhook: discord.Webhook, message: discord.Message, case: Case) -> bool:
        try:
            whole = await webhook.fetch_message(message.id, thread=discord.Object(case.article.thread_id or 0))
        except discord.NotFound as error:
            if error.code != UNKNOWN_WEBHOOK:
                return False
            await self.webhooks.retire(webhook.id)
            return True
        return f"reply:answer:{case.reply.id}" in marks(whole)

    async def take_down(self, reply: Reply, thread_id: int) -> None:
        """Delete a published reply's message; one that is gone already is fine."""
        about = {"number": f"#{reply.number}", "person": self._person(reply, reply.decided_by)}
        sentence = REMOVED if reply.status is ReplyStatus.REMOVED else RESTORED
        why = await because(self.client, reply.server_id, sentence, **about)
        message = self._channel(thread_id, reply.server_id).get_partial_message(reply.message_id or 0)
        await self._delete(message, why)

    async def send_notice(self, notice: Notice, about: Case | Penalty) -> bool:
        """Tell a member by direct message; False when they take none."""
        view = await told(self.client, notice, about, marked=mark(notice.id))
        async with telling_outcome():
            try:
                channel = await self.client.create_dm(discord.Object(notice.member_id))
                if notice.tried and await self._find(channel, mark(notice.id), notice.created_at):
                    return True
                await channel.send(view=view, nonce=nonce("notice", notice.id, notice.created_at))
            except discord.HTTPException as error:
                if error.status in TRIED_AGAIN or error.code == OPENING_TOO_FAST:
                    raise
                return False  # closed, blocked, no shared server, or refused for good: `/my replies` shows it
        return True

    async def _delete(self, message: discord.PartialMessage, why: str | None = None) -> None:
        """Delete it; why matters of others' messages alone, since Discord keeps no log of one's own."""
        async with telling_outcome():
            try:
                await self.client.http.delete_message(message.channel.id, message.id, reason=why)
            except discord.NotFound as error:
                if error.code not in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
                    raise

    def _person(self, about: Article | Reply, user_id: int | None) -> str:
        return person(self.client.get_guild(about.server_id), user_id)

    def _channel(self, channel_id: int | None, server_id: int) -> discord.PartialMessageable:
        if channel_id is None:
            raise PostRefused("no channel is chosen for this")
        return self.client.get_partial_messageable(channel_id, guild_id=server_id)

    async def _server(self, server_id: int) -> Server:
        async with self.client.db.read() as conn:
            return await servers.get(conn, server_id)

    async def _review_card(self, case: Case, server: Server) -> discord.ui.LayoutView:
        async with self.client.db.read() as conn:
            language = await guidelines.speak(conn, server.id, language_of(server.language))
        return review_card(case, language, now=discord.utils.utcnow())

    async def _find(
        self,
        channel: discord.abc.Messageable,
        wanted: str | int,
        since: datetime,
        *,
        unless: int | None = None,
        born: datetime | None = None,
    ) -> int | None:
        """The message with a mark that matches the pattern `wanted`, and that is not the one named.

        It is looked for from long before our clock said `since`, but not from before `born` by Discord's clock.
        """
        pattern = re.compile(str(wanted))
        after = since - LOOK_BACK if born is None else max(since - LOOK_BACK, born - SKEW)
        async with telling_outcome():
            async for message in channel.history(limit=None, after=after):
                if message.id != unless and any(pattern.fullmatch(str(each)) for each in marks(message)):
                    return message.id
        return None

    async def _execute(self, webhook: discord.Webhook, case: Case, view: discord.ui.LayoutView, username: str) -> int:
        try:
            message = await webhook.send(
                view=view,
                username=username,
                avatar_url=case.reply.author.avatar_url or discord.utils.MISSING,
                thread=discord.Object(case.article.thread_id or 0),
                wait=True,
            )
        except discord.HTTPException as error:
            if error.code in TEXT_REFUSED and "username" not in error.text.lower():
                refused = PostRefused(error.text)
                refused.is_final = True
                raise refused from error
            raise
        return message.id


async def draw_again(message: discord.PartialMessage, view: discord.ui.LayoutView) -> bool:
    """Draw a card again; False when it is gone. One too old to be edited again is left as it is."""
    try:
        # discord.py adds the client's own only to an edit of the content.
        await message.edit(view=view, allowed_mentions=discord.AllowedMentions.none())
    except discord.RateLimited:
        if discord.utils.utcnow() - message.created_at < OLD:
            raise
    except discord.HTTPException as error:
        if error.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
            return False
        if error.code != TOO_MANY_EDITS:
            raise
    return True
