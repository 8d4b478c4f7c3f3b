"""An article as people see it: the card in the channel, the editor's preview, the name of its discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from cogs.ui.appearances import letters_line
from cogs.ui.buttons import DrawnButton, button, link_button, view_of
from cogs.ui.forms import kept
from cogs.ui.text import MEDIA_URL_LIMIT, URL_LIMIT, cut, excerpt, fit, is_web_address, link, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.i18n import Language
    from bot.models import Article, Image, Page

TITLE_LIMIT = 300
SUMMARY_LIMIT = 2200
CREDIT_LIMIT = 200
NAME_LIMIT = 80
LONGEST_LINK = 800  # of an address too long for a button, written as a link in the text
ALT_LIMIT = 1024
THREAD_NAME_LIMIT = 100
KEPT_LENGTHS = (300, 1500, 2000)  # of headline, summary and link: together they fit into one message
AUTHORS_NAMED = 4
AUTHORS_LISTED = 10
INK = discord.Colour(0x2B5D8A)


def article_card(article: Article, language: Language) -> discord.ui.LayoutView:
    """Build the card that stands above the discussion."""
    container = _container(article.page, language)
    container.add_item(discord.ui.Separator())
    container.add_item(_small(language.say("All comments are reviewed by a moderator.")))
    if article.letters_minutes:
        container.add_item(_small(letters_line(article.letters_minutes, language)))
    if article.thread_id is not None and article.card_message_id is None:  # posted again: Discord does not show it
        container.add_item(_small(language.say("The discussion: {link}", link=f"<#{article.thread_id}>")))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
        button("article:join", language, article.id), button("article:guidelines", language, article.id)
    )
    if is_web_address(article.page.url, limit=URL_LIMIT):
        row.add_item(link_button(language.say("Read the article"), str(article.page.url)))
    container.add_item(row)
    return view_of(container)


def article_preview(article: Article, language: Language) -> discord.ui.LayoutView:
    """Build what the editor alone sees before posting."""
    note = discord.ui.TextDisplay[Any](language.say("This is how the article will look. Post it, or edit it first."))
    row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(
        button("article:post", language, article.id), button("article:edit", language, article.id)
    )
    return view_of(note, _container(article.page, language), row)


def posted(article: Article, language: Language) -> discord.ui.LayoutView:
    """Tell the editor where the discussion is, or that it is still to come."""
    if article.thread_id is None:
        return status_line(language.say("The article is stored and appears as soon as Discord lets me post it."))
    return status_line(language.say("Posted. The discussion is here: {link}", link=f"<#{article.thread_id}>"))


def status_line(sentence: str) -> discord.ui.LayoutView:
    """Say one sentence in the place of a preview, which cannot become an ordinary message any more."""
    return view_of(discord.ui.TextDisplay(sentence))


def returned_article(sentence: str, texts: list[str], again: DrawnButton) -> discord.ui.LayoutView:
    """Give an editor back what is known or was typed, with the button that opens the form with it."""
    fitting = [text[:longest] for text, longest in zip(texts, KEPT_LENGTHS, strict=True)]
    parts = [part for place, text in enumerate(fitting) for part in kept(text, place=place)]
    return view_of(discord.ui.TextDisplay(sentence), *parts, discord.ui.ActionRow(again))


def thread_name(article: Article) -> str:
    """Return the headline, cut on words to what Discord takes as the name of a thread."""
    return cut(one_line(article.page.title), THREAD_NAME_LIMIT) or "…"


def _container(page: Page, language: Language) -> discord.ui.Container[Any]:
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=INK)
    container.add_item(discord.ui.TextDisplay(f"## {excerpt(page.title, TITLE_LIMIT)}"))
    if summary := fit(page.summary, SUMMARY_LIMIT).strip():
        container.add_item(discord.ui.TextDisplay(summary))
    if page.image is not None and _may_show(page.image):
        _add_image(container, page, page.image, language)
    lines = [_byline(page, language), _long_link(page, language)]
    if any(lines):
        container.add_item(_small(*filter(None, lines)))
    return container


def _may_show(image: Image) -> bool:
    """Without a credit an image is not shown."""
    return bool(image.credit.strip()) and is_web_address(image.url, limit=MEDIA_URL_LIMIT)


def _add_image(
    container: discord.ui.Container[Any], page: Page, image: Image, language: Language
) -> discord.ui.Container[Any]:
    alt = one_line(image.alt or "") or language.say("Image of the article “{title}”", title=one_line(page.title))
    picture = discord.MediaGalleryItem(image.url, description=cut(one_line(alt), ALT_LIMIT))
    credit = excerpt(image.credit, CREDIT_LIMIT)
    container.add_item(discord.ui.MediaGallery(picture))
    return container.add_item(_small(language.say("Image: {credit}", credit=credit)))


def _byline(page: Page, language: Language) -> str:
    parts = [
        language.say("By {authors}", authors=_names(page.authors, language)) if page.authors else "",
        excerpt(page.site or "", NAME_LIMIT),
        language.date(page.published_at) if page.published_at else "",
    ]
    return " · ".join(part for part in parts if part)


def _names(authors: tuple[str, ...], language: Language) -> str:
    names = [excerpt(author, NAME_LIMIT) for author in authors if author.strip()]
    if len(names) > AUTHORS_NAMED:
        return language.say("{names} and others", names=", ".join(names[:AUTHORS_NAMED]))
    if len(names) > 1:
        return language.say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])
    return "".join(names)


def _long_link(page: Page, language: Language) -> str:
    if is_web_address(page.url, limit=URL_LIMIT) or not is_web_address(page.url, limit=LONGEST_LINK):
        return ""
    return link(language.say("Read the article"), str(page.url))


def _small(*lines: str) -> discord.ui.TextDisplay[Any]:
    return discord.ui.TextDisplay("\n".join(f"-# {line}" for line in lines))


def authors_changed(article: Article, linked: Sequence[int], language: Language) -> str:
    """Tell an editor who counts as an author of an article now."""
    title = excerpt(article.page.title, NAME_LIMIT)
    if not linked:
        return language.say("No member is linked as an author of “{title}”.", title=title)
    people = ", ".join(f"<@{member_id}>" for member_id in linked[:AUTHORS_LISTED])
    people += " …" if len(linked) > AUTHORS_LISTED else ""
    return language.say(
        "Authors of “{title}”: {people}. What they send from now on says so.", title=title, people=people
    )
