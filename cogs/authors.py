"""Authors: an editor says which members wrote an article, so that their replies on it say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.interactions import language, require_editor, tell
from bot.models import ArticleStatus
from bot.services import authors
from cogs import discussions
from cogs.ui.articles import authors_changed

if TYPE_CHECKING:
    from bot.interactions import Interaction


async def choose(interaction: Interaction, typed: str, member_id: int, *, remove: bool) -> None:
    """Link a member to the discussion that was chosen, or take the link back."""
    server = await require_editor(interaction)
    article_id = await discussions.find(interaction, typed, ArticleStatus.OPEN)
    act = authors.unlink if remove else authors.link
    article, linked = await act(
        interaction.client.db,
        article_id,
        member_id,
        server_id=server.id,
        editor_id=interaction.user.id,
        now=interaction.created_at,
    )
    await tell(interaction, authors_changed(article, linked, language(interaction)))
