"""What is said when a discussion is closed or opened again: in it, and to the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from cogs.ui.buttons import button, view_of

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Article


def last_word(article: Article, published: int, language: Language) -> discord.ui.LayoutView:
    """Build what stands last in a closed discussion; by its button it is found again."""
    head = language.say("🔒 **This discussion is closed.**")
    counted = language.count("{n} reply was published.", "{n} replies were published.", published)
    text: discord.ui.TextDisplay[discord.ui.LayoutView] = discord.ui.TextDisplay(f"{head}\n{counted}")
    return view_of(text, discord.ui.ActionRow(button("article:guidelines", language, article.id)))


def closed(article: Article, coming: int, language: Language) -> str:
    """Tell the editor, also what is still to come before the discussion is locked."""
    sentence = language.say("Closed: {link} takes no replies any more.", link=f"<#{article.thread_id}>")
    if not coming:
        return sentence
    return " ".join(
        [
            sentence,
            language.count(
                "{n} reply is still held or on its way; when it is decided, I lock the discussion.",
                "{n} replies are still held or on their way; when they are decided, I lock the discussion.",
                coming,
            ),
        ]
    )


def reopened(article: Article, language: Language) -> str:
    """Tell the editor."""
    return language.say("Open again: {link} takes replies.", link=f"<#{article.thread_id}>")
