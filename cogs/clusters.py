"""Clusters: one near-identical reply is approved and the rest closed; new accounts are held for some hours."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import discord

from bot.errors import ArticleNotFound
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_moderator, tell
from bot.services import clusters, review, young
from bot.storage import articles as stored_articles
from cogs.decisions import decide
from cogs.seniors import is_senior, judge
from cogs.ui.buttons import button, view_of
from cogs.ui.clusters import young_line
from cogs.ui.forms import choice, context
from cogs.ui.text import excerpt

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Article, Reply

DAYS = (1, 3, 7, 14, 30, 90)
HOURS = (1, 3, 6, 12, 24, 48)


class ApproveOneButton(PersistentButton, template=r"cluster:approve:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Approves the reply of this card and closes its copies as duplicates."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide all, then show the card as decided."""
        await _approve_one(interaction, self.reply_id, self.revision)


class ApproveOneDespiteButton(PersistentButton, template=r"cluster:despite:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Does so although near-identical replies were rejected."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide all; the sweep draws the card."""
        await _approve_one(interaction, self.reply_id, self.revision, despite=True)


class DespiteButton(PersistentButton, template=r"review:despite:(?P<reply_id>[0-9]+):(?P<revision>[0-9]+)"):
    """Approves one reply although near-identical ones were rejected."""

    reply_id: int
    revision: int

    async def on_press(self, interaction: Interaction) -> None:
        """Decide; the sweep draws the card."""
        act = partial(judge, interaction, review.approve, self.reply_id, revision=self.revision, despite=True)
        await decide(interaction, act)


class YoungButton(PersistentButton, template=r"cluster:young:(?P<article_id>[0-9]+)"):
    """Opens the form that asks which accounts are held, and for how long."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Show which discussion it is about."""
        server = await require_moderator(interaction)
        async with interaction.client.db.read() as conn:
            article = await stored_articles.get(conn, self.article_id, server_id=server.id)
        if article is None:
            raise ArticleNotFound
        await YoungForm(article_id=article.id).open(interaction, article=article)


class FreeButton(PersistentButton, template=r"cluster:free:(?P<article_id>[0-9]+)"):
    """Lets new accounts reply again before the time is over."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """End it; the cards follow."""
        await _hold(interaction, self.article_id, days=0, hours=0)
        await interaction.response.send_message(
            language(interaction).say("New accounts can reply in this discussion again."), ephemeral=True
        )


class YoungForm(Form, template=r"form:young:(?P<article_id>[0-9]+)"):
    """Asks how young, and for how many hours."""

    article_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the two lists."""
        modal = discord.ui.Modal(title=language.say("Hold new accounts"))
        title = excerpt(prefill["article"].page.title, 300)
        modal.add_item(context(language.say("They cannot send new replies on **{title}** for some time.", title=title)))
        days = {str(n): language.count("{n} day", "{n} days", n) for n in DAYS}
        hours = {str(n): language.count("{n} hour", "{n} hours", n) for n in HOURS}
        modal.add_item(choice(language.say("Accounts and members newer than"), days, name="days"))
        return modal.add_item(choice(language.say("For how long"), hours, name="hours"))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Hold them, and offer to end it."""
        days, hours = _number(fields.choice("days"), DAYS), _number(fields.choice("hours"), HOURS)
        article = await _hold(interaction, self.article_id, days=days, hours=hours)
        speech = language(interaction)
        line = young_line(article, speech, now=interaction.created_at)
        row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(button("cluster:free", speech, article.id))
        await interaction.response.send_message(view=view_of(discord.ui.TextDisplay(line), row), ephemeral=True)


async def _approve_one(interaction: Interaction, reply_id: int, revision: int, *, despite: bool = False) -> None:
    await interaction.response.defer()  # hundreds of copies take longer than Discord waits
    left = 0

    async def act(**about: Any) -> Reply:
        nonlocal left
        reply, left = await clusters.approve_one(
            interaction.client.db,
            reply_id,
            revision=revision,
            is_senior=await is_senior(interaction),
            despite=despite,
            **about,
        )
        return reply

    await decide(interaction, act, despite="cluster:despite")
    if left:
        sentence = language(interaction).count(
            "{n} copy stays held on a card of its own: another moderator decides it.",
            "{n} copies stay held on cards of their own: other moderators decide them.",
            left,
        )
        await tell(interaction, sentence)


async def _hold(interaction: Interaction, article_id: int, *, days: int, hours: int) -> Article:
    server = await require_moderator(interaction)
    article = await young.hold(
        interaction.client.db,
        article_id,
        server_id=server.id,
        moderator_id=interaction.user.id,
        days=days,
        hours=hours,
        now=interaction.created_at,
    )
    interaction.client.sweep.wake()
    return article


def _number(chosen: str, offered: tuple[int, ...]) -> int:
    """Return what was chosen; the first of the offers for what is none of them, which only a forged form sends."""
    return next((n for n in offered if str(n) == chosen), offered[0])


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(ApproveOneButton, ApproveOneDespiteButton, DespiteButton, YoungButton, FreeButton)
    client.add_forms(YoungForm)
