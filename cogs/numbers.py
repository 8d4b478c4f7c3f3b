"""The number of a reply as somebody typed it, or picked it from the list."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import NumberUnknown
from bot.storage import replies as stored_replies
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.models import Reply

SHOWN = 30
NAME_LIMIT = 30
CHOICE_LIMIT = 100


def choice_label(reply: Reply) -> str:
    """Return "#12 · Ann · first words…", as long as a choice may be."""
    name = cut(one_line(reply.author.name), NAME_LIMIT)
    return cut(f"#{reply.number} · {name} · {one_line(reply.text)}", CHOICE_LIMIT)


async def find_number(interaction: Interaction, typed: str) -> tuple[int, int]:
    """Return the id of the reply with this number, and the revision to decide. Raises NumberUnknown.

    A choice from the list names the revision that it showed; a number alone means the one on the review card.
    """
    match = re.fullmatch(r"#?([0-9]{1,9})(?::([0-9]{1,9}))?", typed.strip())
    async with interaction.client.db.read() as conn:
        reply = await stored_replies.get_by_number(conn, interaction.guild_id or 0, int(match[1])) if match else None
    if reply is None or match is None:
        raise NumberUnknown(reply=cut(one_line(typed), SHOWN))
    return reply.id, int(match[2]) if match[2] else reply.revision_on_card
