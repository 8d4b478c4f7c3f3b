"""Letters: an editor lets the approved replies of an article appear together, as a newspaper prints its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.interactions import language, require_editor, tell
from bot.models import ArticleStatus
from bot.services import appearances
from cogs import discussions
from cogs.ui.appearances import letters_changed

if TYPE_CHECKING:
    from bot.interactions import Interaction

LONGEST_MINUTES = 1440  # a day


async def choose(interaction: Interaction, typed: str, minutes: int) -> None:
    """Change it for the discussion that was chosen."""
    server = await require_editor(interaction)
    db, article_id = interaction.client.db, await discussions.find(interaction, typed, ArticleStatus.OPEN)
    article, hastened = await appearances.set_letters(
        db,
        article_id,
        server_id=server.id,
        editor_id=interaction.user.id,
        minutes=minutes,
        now=interaction.created_at,
    )
    await tell(interaction, letters_changed(article, language(interaction), hastened=hastened))
    interaction.client.sweep.wake()
