"""Precedents: nobody decides against three or more near-identical replies without being told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import AgainstPrecedents
from bot.models import ReplyStatus
from bot.storage import likenesses
from bot.storage.likenesses import FEWEST, OPPOSITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.models import Action, Precedent, Reply
    from bot.storage import Connection


def against(precedents: Sequence[Precedent], action: Action) -> list[Precedent]:
    """The ones that an approval or a rejection would contradict; none unless they are three or more, and the most."""
    opposite = [each for each in precedents if each.status in OPPOSITE.get(action, ())]
    return opposite if len(opposite) >= FEWEST and 2 * len(opposite) > len(precedents) else []


async def require(conn: Connection, reply: Reply, action: Action, *, revision: int, despite: bool) -> None:
    """Raise AgainstPrecedents when a decision contradicts them, unless the moderator decides despite that.

    What cannot be decided anyway is left to say so.
    """
    if despite or reply.status is not ReplyStatus.PENDING or reply.revision != revision:
        return
    contradicted = against(await likenesses.list_precedents(conn, reply.id), action)
    if contradicted:
        raise AgainstPrecedents(reply, action, contradicted)
