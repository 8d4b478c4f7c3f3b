"""Pages of the queue: a line for each held reply, with the button that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from cogs.ui.buttons import button, view_of
from cogs.ui.claims import claim_line
from cogs.ui.desk import standing_line
from cogs.ui.names import shown_name
from cogs.ui.replies import HELD
from cogs.ui.text import gist

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.i18n import Language
    from bot.models import Filter, Reply

GIST_ROOM = 70


def queue_page(
    replies: Sequence[Reply],
    language: Language,
    *,
    wanted: Filter,
    held: int,
    now: datetime,
    older: bool,
    newer: bool,
) -> discord.ui.LayoutView:
    """Build a page, the longest wait first; `older` and `newer` tell whether there are pages before and after it."""
    head = discord.ui.TextDisplay[Any](f"### {language.say('Held replies')}\n{standing_line(wanted, held, language)}")
    if not replies:
        return view_of(head, discord.ui.TextDisplay(language.say("There is nothing here.")))
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=HELD)
    for reply in replies:
        text = discord.ui.TextDisplay[Any](_entry(reply, language, now=now))
        accessory = button("desk:open", language, reply.id, *wanted.encode())
        container.add_item(discord.ui.Section(text, accessory=accessory))
    turns = [button("desk:before", language, replies[0].id, *wanted.encode())] if older else []
    turns += [button("desk:after", language, replies[-1].id, *wanted.encode())] if newer else []
    return view_of(head, container, *([discord.ui.ActionRow(*turns)] if turns else []))


def _entry(reply: Reply, language: Language, *, now: datetime) -> str:
    parts = [f"**#{reply.number}**", shown_name(reply.author), f"<t:{int(reply.submitted_at.timestamp())}:R>"]
    if reply.severity:
        parts.append(language.say("flagged") if reply.severity == 1 else language.say("severely flagged"))
    words = gist(reply.text, GIST_ROOM)
    lines = [
        " · ".join(parts),
        claim_line(reply, language, now=now),
        f"> ||{words}||" if reply.blurred else f"> {words}",
    ]
    return "\n".join(filter(None, lines))
