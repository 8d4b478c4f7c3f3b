"""Replying: members send a reply to an article or to another reply."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import (
    ArticleFull,
    ArticleNotFound,
    DiscussionClosed,
    DuplicateReply,
    MayNotReply,
    NotHeld,
    NotYourReply,
    ParentNotPublished,
    ReplyNotFound,
    StandfirstError,
    UserError,
)
from bot.i18n import N_, explain
from bot.interactions import (
    Fields,
    Form,
    Interaction,
    PersistentButton,
    is_editor,
    is_moderator,
    language,
    require_member,
)
from bot.models import Article, ArticleStatus, Author, Draft, Reply
from bot.services import guidelines, replies, sanctions, young
from bot.storage import articles as stored_articles
from bot.storage import guideline_cards as stored_cards
from bot.storage import replies as stored_replies
from bot.storage import servers as stored_servers
from bot.storage import settings as stored_settings
from cogs import penalties
from cogs.answers import show
from cogs.guidelines import ask_to_read
from cogs.ui.buttons import DrawnButton, button
from cogs.ui.forms import context, kept_text, paragraph
from cogs.ui.guidelines import guidelines_line
from cogs.ui.names import shown_name
from cogs.ui.replies import is_receipt, receipt, returned_text
from cogs.ui.text import excerpt, gist, require_room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Receipt

NOTICE = N_(
    "All comments are reviewed by a moderator. Please send your reply once only, and treat others with respect: "
    "hate speech, obscenity and personal attacks are not approved. It appears under your name."
)
FINAL = (DiscussionClosed, ArticleNotFound, NotHeld, NotYourReply, ReplyNotFound)  # trying again cannot help


class JoinButton(PersistentButton, template=r"article:join:(?P<article_id>[0-9]+)"):
    """Opens the form for a reply to the article itself."""

    for_members = True
    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Check cheaply, so that nobody writes in vain."""
        await open_form(interaction, self.article_id, None)


class AnswerButton(PersistentButton, template=r"reply:answer:(?P<reply_id>[0-9]+)"):
    """Opens the form for a reply to a published reply."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Find the article through the reply."""
        async with interaction.client.db.read() as conn:
            parent = await stored_replies.get(conn, self.reply_id, server_id=interaction.guild_id or 0)
        if parent is None:
            raise ParentNotPublished
        await open_form(interaction, parent.article_id, parent.id)


class AgainButton(PersistentButton, template=r"reply:again:(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"):
    """Opens a form that failed again, with what was typed: the private message itself keeps it."""

    for_members = True
    article_id: int
    parent_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Take the text from the message."""
        await open_form(interaction, self.article_id, self.parent_id or None, text=kept_text(interaction.message))


class ReplyForm(Form, template=r"form:reply:(?P<article_id>[0-9]+):(?P<parent_id>[0-9]+)"):
    """Where a reply is written."""

    for_members = True
    article_id: int
    parent_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the notice, what is answered, and the field."""
        modal = discord.ui.Modal(title=language.say("Your reply"))
        where = guidelines_line(prefill.get("posted"), language)
        modal.add_item(context(f"{language.say(NOTICE)}\n-# {where}"))
        modal.add_item(context(prefill["about"]))
        return modal.add_item(paragraph(language.say("Your reply"), prefill["text"], limit=prefill["limit"]))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Store, then answer; whatever fails, the text goes back to its author."""
        text, parent_id = fields.text("text"), self.parent_id or None
        stored = None
        async with returning(interaction, text, _again(interaction, self.article_id, self.parent_id)):
            require_member(interaction)
            require_room(text)
            draft = await _draft(interaction, self.article_id, parent_id, text)
            stored = await replies.submit(interaction.client.db, draft, now=interaction.created_at)
        if stored is not None:
            await answer(interaction, stored, anew=True)


async def open_form(
    interaction: Interaction,
    article_id: int,
    parent_id: int | None,
    *,
    text: str | None = None,
    read: int | None = None,
) -> None:
    """Have the guidelines read first, unless `read` is the version of them that the member confirms now.

    Shows who may not reply why not; raises when the reply could not be taken anyway.
    """
    require_member(interaction)
    server_id, member_id, now = interaction.guild_id or 0, interaction.user.id, interaction.created_at
    try:
        async with interaction.client.db.read() as conn:
            await sanctions.require_free(conn, server_id, member_id, now=now)
    except MayNotReply as error:
        await penalties.show(interaction, error)
        return
    async with interaction.client.db.read() as conn:
        article = await stored_articles.get(conn, article_id, server_id=server_id)
        parent = await stored_replies.get(conn, parent_id or 0, server_id=server_id)
        limit = (await stored_settings.load(conn, server_id)).reply_length
        posted = await stored_cards.get(conn, server_id)
        is_to_read = text is None and await guidelines.is_to_read(conn, server_id, member_id)
    if article is None or article.status is ArticleStatus.DRAFT:
        raise ArticleNotFound
    if article.status is not ArticleStatus.OPEN:
        raise DiscussionClosed
    if article.full_at is not None:
        raise ArticleFull
    young.require_grown(article, _author(interaction), now=now)
    if parent_id and (parent is None or not parent.may_be_visible):
        raise ParentNotPublished
    if is_to_read and (read is None or not await _confirm(interaction, read)):
        await ask_to_read(interaction, article_id, parent_id, again=read is not None)
        return
    prefill = {"about": _about(article, parent, language(interaction)), "text": text, "limit": limit, "posted": posted}
    await ReplyForm(article_id=article_id, parent_id=parent_id).open(interaction, **prefill)


async def _confirm(interaction: Interaction, version: int) -> bool:
    who, now = interaction.user.id, interaction.created_at
    return await guidelines.confirm(
        interaction.client.db, interaction.guild_id or 0, member_id=who, version=version, now=now
    )


def _about(article: Article, parent: Reply | None, language: Language) -> str:
    if parent is None:
        return language.say("About: **{title}**", title=excerpt(article.page.title, 300))
    name = shown_name(parent.author)
    return language.say("In answer to **{name}**: {quote}", name=name, quote=gist(parent.text, 300))


async def _draft(interaction: Interaction, article_id: int, parent_id: int | None, text: str) -> Draft:
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, interaction.guild_id or 0)
    is_staff = is_moderator(interaction, server) or is_editor(interaction, server)
    return Draft(server.id, article_id, parent_id, _author(interaction), text, interaction.id, is_staff=is_staff)


def _author(interaction: Interaction) -> Author:
    member = interaction.user
    joined_at = getattr(member, "joined_at", None)
    return Author(member.id, member.display_name, member.display_avatar.url, str(interaction.locale), joined_at)


async def answer(interaction: Interaction, stored: Receipt, *, note: str | None = None, anew: bool = False) -> None:
    """Send the receipt to its author alone; one that they pressed a button of is brought up to date instead."""
    view = receipt(stored, language(interaction), note=note)
    if not anew and is_receipt(interaction.message):
        await interaction.response.edit_message(view=view)
    else:
        await interaction.response.send_message(view=view, ephemeral=True)
    interaction.client.sweep.wake()


@contextlib.asynccontextmanager
async def returning(interaction: Interaction, text: str, again: DrawnButton) -> AsyncIterator[None]:
    """Answer a duplicate with the first one's receipt, and any other failure with the typed text."""
    speech = language(interaction)
    try:
        yield
    except DuplicateReply as error:
        first = await replies.receipt(interaction.client.db, error.first.id, now=interaction.created_at)
        await answer(interaction, first, note=explain(error, speech), anew=True)
    except ParentNotPublished as error:
        again.custom_id = re.sub(r"\d+$", "0", str(again.custom_id))  # the article can still be answered
        await _return(interaction, explain(error, speech), text, again)
    except MayNotReply as error:
        await _return(interaction, explain(error, speech), text, again)
        await penalties.show(interaction, error)
    except UserError as error:
        await _return(interaction, explain(error, speech), text, None if isinstance(error, FINAL) else again)
    except Exception:
        with contextlib.suppress(discord.HTTPException, StandfirstError):
            await _return(interaction, speech.say("Your reply was not stored. Here is your text:"), text, again)
        raise


async def _return(interaction: Interaction, sentence: str, text: str, again: DrawnButton | None) -> None:
    await show(interaction, returned_text(sentence, text, again))


def _again(interaction: Interaction, article_id: int, parent_id: int) -> DrawnButton:
    return button("reply:again", language(interaction), article_id, parent_id)


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(JoinButton, AnswerButton, AgainButton)
    client.add_forms(ReplyForm)
