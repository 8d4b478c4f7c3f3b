"""Impressions: what can be told about a text before a moderator reads it: its flags, and which others are like it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from bot.models import SEVERE, Flag, Reply
from bot.screening.canonical import canonical
from bot.screening.likeness import Alike, find_alike
from bot.screening.screening import screen
from bot.storage import clusters, flags, likenesses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.storage import Connection, Database

AT_ONCE = 20  # texts that are compared before others get their turn: a few milliseconds, when all are long


@dataclass(frozen=True, slots=True)
class Impression:
    """What was found out about a text outside of the transaction that stores it."""

    flags: tuple[Flag, ...]
    canonical: str
    alike: tuple[Alike, ...]
    newest_id: int  # of what it was compared with

    @property
    def severity(self) -> int:
        """The highest of its flags; 0 without any."""
        return max((flag.severity for flag in self.flags), default=0)


async def form(
    db: Database, text: str, *, server_id: int, article_id: int, author_id: int, reply_id: int = 0
) -> Impression:
    """Look at a text that will be stored; `reply_id` is the reply whose text it replaces."""
    async with db.read() as conn:
        candidates = await likenesses.list_candidates(
            conn, server_id=server_id, article_id=article_id, author_id=author_id
        )
    words = canonical(text)
    others = [(each, other) for each, other in candidates if each != reply_id]
    newest_id = max((each for each, _ in candidates), default=0)
    return Impression(tuple(screen(text)), words, tuple(await _compare(words, others)), newest_id)


async def keep(conn: Connection, reply: Reply, impression: Impression) -> Reply:
    """Store what was found out about a reply's present text, as part of the transaction that stores the text.

    A new reply that is near-identical to a held one on the same article becomes its copy.
    """
    await flags.add(conn, reply, impression.flags)
    newer = await likenesses.list_newer(conn, reply, after=impression.newest_id)
    alike = [*impression.alike, *find_alike(impression.canonical, newer)]
    await likenesses.put(conn, reply.id, [each.id for each in alike])
    copies = [each.id for each in alike if each.is_copy]
    root_id = None
    if reply.revision > 1:
        await _part(conn, reply, copies)
    elif copies:
        root_id = await clusters.find_root(conn, reply.article_id, copies)
    described = await likenesses.describe(
        conn,
        reply.id,
        canonical=impression.canonical,
        severity=impression.severity,
        blurred=impression.severity >= SEVERE,
        copy_of_id=root_id,
    )
    if root_id is not None:
        await clusters.redraw(conn, root_id)
    return described


async def _part(conn: Connection, reply: Reply, copies: Iterable[int]) -> None:
    """Take a changed reply out of its cluster, and its copies that are no longer like it."""
    if reply.copy_of_id is not None:
        await clusters.redraw(conn, reply.copy_of_id)
    await clusters.promote(conn, reply.id, but=set(copies))


async def _compare(words: str, others: Iterable[tuple[int, str]]) -> list[Alike]:
    """Find the near-identical ones, and let others have their turn in between."""
    found: list[Alike] = []
    rest = iter(others)
    while some := list(islice(rest, AT_ONCE)):
        found += find_alike(words, some)
        await asyncio.sleep(0)
    return sorted(found, key=lambda alike: (-alike.score, -alike.id))
