"""What a member has sent: all their replies in this server, and what can still be done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import app_commands
from discord.ext import commands

from bot.errors import NotYourReply
from bot.interactions import Interaction, PersistentButton, language
from bot.models import ABOUT_REPORTS
from bot.services import replies
from bot.storage import articles as stored_articles
from bot.storage import guidelines as stored_guidelines
from bot.storage import notices as stored_notices
from bot.storage import penalties as stored_penalties
from bot.storage import replies as stored_replies
from cogs.ui.notices import head_line
from cogs.ui.replies import receipt, reply_list
from cogs.ui.sanctions import penalty_line

if TYPE_CHECKING:
    import discord

    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Notice
    from bot.storage import Connection

PAGE = 10
OUTCOMES = 3  # of reports, strikes and sanctions, of which a direct message could not tell
LAST_PAGE = 10_000  # further than anybody has written


class PageButton(PersistentButton, template=r"my:replies:(?P<page>[0-9]+)"):
    """Turns to another page of the list."""

    for_members = True
    page: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        await interaction.response.edit_message(view=await _list(interaction, min(self.page, LAST_PAGE)))


class OpenButton(PersistentButton, template=r"my:reply:(?P<reply_id>[0-9]+)"):
    """Shows one reply in full, with the moderator's words."""

    for_members = True
    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show the receipt as it would be given now."""
        shown = await replies.receipt(interaction.client.db, self.reply_id, now=interaction.created_at)
        if shown.reply.author.id != interaction.user.id:
            raise NotYourReply
        await interaction.response.send_message(view=receipt(shown, language(interaction)), ephemeral=True)


@app_commands.guild_only()
class My(commands.GroupCog, group_name="my", group_description="What is yours here."):
    """Commands about one's own replies; the answers are private."""

    @app_commands.command(name="replies", description="See your replies and where each of them stands.")
    async def show_replies(self, interaction: Interaction) -> None:
        """Show the newest ten; what could not be told and was not shown yet follows, see `cogs/untold.py`."""
        await interaction.response.send_message(view=await _list(interaction, 0), ephemeral=True)


async def _list(interaction: Interaction, page: int) -> discord.ui.LayoutView:
    server_id, member_id = interaction.guild_id or 0, interaction.user.id
    async with interaction.client.db.read() as conn:
        found = await stored_replies.list_by_author(conn, server_id, member_id, limit=PAGE + 1, offset=page * PAGE)
        shown = [(reply, await stored_articles.get(conn, reply.article_id)) for reply in found[:PAGE]]
        cited = await stored_guidelines.list_cited(conn, found[:PAGE])
        speech = await stored_guidelines.speak(conn, server_id, language(interaction))
        refused = await stored_notices.list_refused(conn, server_id, member_id)
        others = [notice for notice in refused if not _is_about_own(notice)][:OUTCOMES] if not page else []
        outcomes = [await _outcome(interaction, conn, notice, speech) for notice in others]
    untold = {notice.reply_id or 0 for notice in refused if _is_about_own(notice)}
    more = len(found) > PAGE
    return reply_list(shown, speech, page=page, more=more, untold=untold, cited=cited, outcomes=outcomes)


def _is_about_own(notice: Notice) -> bool:
    """Tell whether it is marked where the reply stands in the list; other notices are lines of their own."""
    return notice.reply_id is not None and notice.kind not in ABOUT_REPORTS


async def _outcome(interaction: Interaction, conn: Connection, notice: Notice, language: Language) -> str:
    if notice.reply_id is None:
        penalty = await stored_penalties.get(conn, notice)
        name = interaction.guild.name if interaction.guild else ""
        return penalty_line(notice.kind, penalty, language, server_name=name) if penalty else ""
    reply = await stored_replies.get(conn, notice.reply_id)
    article = await stored_articles.get(conn, reply.article_id) if reply else None
    return head_line(notice.kind, reply, article, language) if reply and article else ""


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(PageButton, OpenButton)
    await client.add_cog(My())
