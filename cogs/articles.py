"""Articles: an editor has one read from the web or a file, or writes it, looks at the preview and posts it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import ArticleNotFound, TextRefused, UserError
from bot.extraction import canonical_url, read_file, read_url, web_address
from bot.extraction.fetching import MAX_MEGABYTES, MEGABYTE
from bot.extraction.refusals import FileRefused, PageRefused, PageTooLarge
from bot.i18n import explain
from bot.interactions import Fields, Form, Interaction, PersistentButton, language, require_editor, tell
from bot.models import Page
from bot.services import articles
from bot.services.articles import SUMMARY_LENGTH, TITLE_LENGTH
from bot.storage import articles as stored_articles
from cogs import authors, discussions, letters
from cogs.ui.articles import article_preview, posted, returned_article, status_line
from cogs.ui.buttons import button
from cogs.ui.forms import kept_text, line, paragraph

if TYPE_CHECKING:
    from bot.client import StandfirstClient
    from bot.i18n import Language
    from bot.models import Article

FILES = (".html", ".htm", ".txt", ".md")
ADDRESS_LIMIT = 2000
POSTING_SECONDS = 20  # how long an editor waits for the link before being told that it comes later

HEADLINE, SUMMARY, LINK = 0, 1, 2  # the places of an article's texts in a message that keeps them


class PostButton(PersistentButton, template=r"article:post:(?P<article_id>[0-9]+)"):
    """Posts the draft."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Open the discussion, then wait a little for the sweep, to answer with the link."""
        server = await require_editor(interaction)
        db, speech = interaction.client.db, language(interaction)
        await articles.post(
            db, self.article_id, server_id=server.id, editor_id=interaction.user.id, now=interaction.created_at
        )
        await interaction.response.edit_message(view=status_line(speech.say("Posting…")))
        interaction.client.sweep.wake()
        await _finish(interaction)
        async with db.read() as conn:
            article = await stored_articles.get(conn, self.article_id, server_id=server.id)
        if article is not None:
            await interaction.edit_original_response(view=posted(article, speech))


class EditButton(PersistentButton, template=r"article:edit:(?P<article_id>[0-9]+)"):
    """Opens the form with the draft's headline and summary, or with what was typed when it failed."""

    article_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Prefill."""
        server = await require_editor(interaction)
        async with interaction.client.db.read() as conn:
            article = await stored_articles.get(conn, self.article_id, server_id=server.id)
        if article is None:
            raise ArticleNotFound
        title = kept_text(interaction.message, place=HEADLINE) or article.page.title
        summary = kept_text(interaction.message, place=SUMMARY) or article.page.summary
        await ArticleForm(article_id=article.id).open(interaction, title=title, summary=summary)


class ByHandButton(PersistentButton, template=r"article:byhand"):
    """Opens the form after a page could not be read, or after the form failed, with what is known."""

    async def on_press(self, interaction: Interaction) -> None:
        """Prefill from the private message itself."""
        await require_editor(interaction)
        kept = [kept_text(interaction.message, place=place) for place in (HEADLINE, SUMMARY, LINK)]
        await ArticleForm(article_id=0).open(interaction, title=kept[0], summary=kept[1], link=kept[2])


class ArticleForm(Form, template=r"form:article:(?P<article_id>[0-9]+)"):
    """Where an editor writes a headline and a summary; 0 is a new article, which can have a link."""

    article_id: int

    def build(self, language: Language, **prefill: Any) -> discord.ui.Modal:
        """Draw the fields."""
        modal = discord.ui.Modal(title=language.say("Article"))
        modal.add_item(line(language.say("Headline"), prefill.get("title"), limit=TITLE_LENGTH, name="title"))
        summary = paragraph(language.say("Summary"), prefill.get("summary"), limit=SUMMARY_LENGTH, name="summary")
        modal.add_item(summary)
        if self.article_id:
            return modal
        label = language.say("Link to the article (optional)")
        return modal.add_item(line(label, prefill.get("link"), limit=ADDRESS_LIMIT, name="link", required=False))

    async def on_send(self, interaction: Interaction, fields: Fields) -> None:
        """Keep the draft and show it; what cannot be kept goes back to the editor."""
        typed = {name: fields.text(name) for name in ("title", "summary", "link")}
        speech = language(interaction)
        try:
            article = await self._keep(interaction, typed)
        except UserError as error:
            await self._return(interaction, explain(error, speech), typed)
            return
        except Exception:
            with contextlib.suppress(discord.HTTPException):
                await self._return(
                    interaction, speech.say("The article was not stored. Here is what you wrote:"), typed
                )
            raise
        view = article_preview(article, speech)
        if self.article_id and interaction.message is not None:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)

    async def _return(self, interaction: Interaction, sentence: str, typed: dict[str, str]) -> None:
        speech = language(interaction)
        action, ids = ("article:edit", (self.article_id,)) if self.article_id else ("article:byhand", ())
        again = button(action, speech, *ids, label=speech.say("Edit"))
        view = returned_article(sentence, list(typed.values()), again)
        await interaction.response.send_message(view=view, ephemeral=True)

    async def _keep(self, interaction: Interaction, typed: dict[str, str]) -> Article:
        server = await require_editor(interaction)
        db, title, summary = interaction.client.db, typed["title"], typed["summary"]
        if self.article_id:
            return await articles.edit(db, self.article_id, server_id=server.id, title=title, summary=summary)
        url = str(web_address(typed["link"], any_port=True)) if typed["link"].strip() else None
        page = Page(title, summary, url=url, canonical_url=canonical_url(url) if url else None)
        return await articles.draft(
            db, page, server_id=server.id, editor_id=interaction.user.id, now=interaction.created_at
        )


@app_commands.guild_only()
class Articles(commands.GroupCog, group_name="article", group_description="Post articles for discussion."):
    """Commands for editors; each answers privately until the article is posted."""

    @app_commands.command(description="Read an article from an address or a file, and look at it before it is posted.")
    @app_commands.describe(url="The address of the article.", file="An HTML page or a text file instead.")
    async def post(
        self, interaction: Interaction, url: str | None = None, file: discord.Attachment | None = None
    ) -> None:
        """Read, draft, and show the preview."""
        server = await require_editor(interaction)
        if (url is None) == (file is None):
            await tell(
                interaction,
                language(interaction).say("Give me either an address or a file: one of them, and not both."),
            )
            return
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.edit_original_response(view=await _preview(interaction, server.id, url, file))

    @app_commands.command(description="Write the headline and the summary of an article by hand.")
    async def write(self, interaction: Interaction) -> None:
        """Open an empty form."""
        await require_editor(interaction)
        await ArticleForm(article_id=0).open(interaction)

    @app_commands.command(description="Take no more replies on an article; what was published can still be read.")
    @app_commands.describe(article="Words from the headline of the article.")
    @app_commands.autocomplete(article=discussions.offer_open)
    async def close(self, interaction: Interaction, article: str) -> None:
        """Close; the sweep locks the thread."""
        await discussions.close(interaction, article)

    @app_commands.command(description="Take replies on a closed article again.")
    @app_commands.describe(article="Words from the headline of the article.")
    @app_commands.autocomplete(article=discussions.offer_closed)
    async def reopen(self, interaction: Interaction, article: str) -> None:
        """Open; the sweep unlocks the thread."""
        await discussions.reopen(interaction, article)

    @app_commands.command(description="Let the approved replies of an article appear together, every so many minutes.")
    @app_commands.describe(
        article="Words from the headline of the article.", minutes="Every so many minutes; 0: each by itself."
    )
    @app_commands.autocomplete(article=discussions.offer_open)
    async def letters(
        self, interaction: Interaction, article: str, minutes: app_commands.Range[int, 0, letters.LONGEST_MINUTES]
    ) -> None:
        """Choose; what waits appears no later for it."""
        await letters.choose(interaction, article, minutes)

    @app_commands.command(description="Say that a member wrote an article: their replies on it say so from then on.")
    @app_commands.describe(
        article="Words from the headline of the article.",
        member="Who wrote it.",
        remove="Take it back: they are no author of it.",
    )
    @app_commands.autocomplete(article=discussions.offer_open)
    async def author(
        self, interaction: Interaction, article: str, member: discord.User, *, remove: bool = False
    ) -> None:
        """Link, or unlink; what was sent already stays as it is."""
        await authors.choose(interaction, article, member.id, remove=remove)


async def _preview(
    interaction: Interaction, server_id: int, url: str | None, file: discord.Attachment | None
) -> discord.ui.LayoutView:
    """Return the draft as it will look; when it cannot be made, the way to write it by hand with what is known."""
    speech, texts = language(interaction), ["", "", url or ""]
    try:
        page = await _read(interaction, url, file)
        texts = [page.title, page.summary, page.url or ""]
        draft = await articles.draft(
            interaction.client.db, page, server_id=server_id, editor_id=interaction.user.id, now=interaction.created_at
        )
    except (PageRefused, TextRefused) as error:
        return returned_article(explain(error, speech), texts, button("article:byhand", speech))
    return article_preview(draft, speech)


async def _read(interaction: Interaction, url: str | None, file: discord.Attachment | None) -> Page:
    if file is None:
        return await read_url((url or "").strip(), allow_private=interaction.client.config.allow_private_addresses)
    if file.size > MAX_MEGABYTES * MEGABYTE:
        raise PageTooLarge(limit=MAX_MEGABYTES)
    if not file.filename.lower().endswith(FILES):
        raise FileRefused
    return await read_file(file.filename, await file.read())


async def _finish(interaction: Interaction) -> None:
    try:
        async with asyncio.timeout(POSTING_SECONDS):
            await interaction.client.sweep.finish()
    except TimeoutError:
        return  # it appears as soon as Discord allows: the answer says so


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(PostButton, EditButton, ByHandButton)
    client.add_forms(ArticleForm)
    await client.add_cog(Articles())
