"""What Discord's refusals of the sweep's acts mean: the one place where its codes become troubles."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import discord

from bot.errors import PostRefused
from bot.services import review, troubles
from bot.storage import appeals, articles, bulletins, cases, guideline_cards, replies, report_cards
from bot.storage import servers as stored_servers
from bot.storage import troubles as stored_troubles
from bot.troubles import TroubleKind
from cogs.lookout import find, look

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from bot.client import StandfirstClient
    from bot.models import Article

# Discord's own error codes (documentation, "JSON error codes").
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
MISSING_ACCESS = 50001
MISSING_PERMISSIONS = 50013
WEBHOOKS_FULL = frozenset({30007, 30058})  # of a channel, of a server

# A refusal counts when it lasts: the event that explains it may arrive after it.
DOUBT = timedelta(seconds=20)

Result = TypeVar("Result")


class Place(NamedTuple):
    """Where an act of the sweep took place."""

    server_id: int
    channel_id: int  # of a discussion: its channel's
    article: Article | None = None


class Refusals:
    """Watches the sweep's acts; what one refusal shows is written down once, and mended when an act succeeds."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.db = client.db
        self.doubted: dict[tuple[str, int], datetime] = {}  # (kind of work, channel) → refused since
        self.told: dict[tuple[TroubleKind, int], str] | None = None  # (trouble, channel) → the work that shows it

    async def watch(self, work: str, row_id: int, act: Awaitable[Result]) -> Result:
        """Run an act of a lane for a row; what it raises is raised on."""
        try:
            result = await act
        except PostRefused as error:
            error.is_known = error.is_known or not await self._take(work, row_id, error)
            raise
        if self.doubted or await self._told():
            await self._mend(work, row_id)
        return result

    async def _take(self, work: str, row_id: int, error: PostRefused) -> bool:
        """Return whether this is news."""
        place = await self._place(work, row_id)
        if place is None:
            return True
        guild = self.client.get_guild(place.server_id)
        if guild is None or guild.unavailable:
            return False  # an event tells when it is back
        if error.is_final:
            await review.send_back(self.db, row_id, reason=str(error), now=discord.utils.utcnow())
            self.client.sweep.wake()
            return True
        return await self._blame(guild, work, place, error.code)

    async def _blame(self, guild: discord.Guild, work: str, place: Place, code: int) -> bool:
        if await look(self.client, guild):
            return True
        async with self.db.read() as conn:
            server = await stored_servers.get(conn, guild.id)
        if any(found.subject_id == place.channel_id for found in find(guild, server)):
            return False
        if code in WEBHOOKS_FULL:
            return await self._notice(TroubleKind.WEBHOOKS_FULL, work, place)
        if code in (MISSING_ACCESS, MISSING_PERMISSIONS):
            now = discord.utils.utcnow()
            since = self.doubted.setdefault((work, place.channel_id), now)
            return now - since < DOUBT or await self._notice(TroubleKind.ACCESS_REFUSED, work, place)
        is_gone = code == UNKNOWN_CHANNEL or guild.get_channel(place.channel_id) is None
        return place.article is None or await self._lose(place.article, code, is_gone=is_gone)

    async def _lose(self, article: Article, code: int, *, is_gone: bool) -> bool:
        now = discord.utils.utcnow()
        if is_gone and article.thread_id is not None:
            lost = await troubles.notice_thread_gone(self.db, article.server_id, article.thread_id, now=now, waits=True)
            return lost is not None
        if code == UNKNOWN_MESSAGE and article.card_message_id is not None:
            return bool(await troubles.notice_card_gone(self.db, article.server_id, [article.card_message_id], now=now))
        return True

    async def _notice(self, kind: TroubleKind, work: str, place: Place) -> bool:
        (await self._told())[kind, place.channel_id] = work
        now = discord.utils.utcnow()
        return (
            await troubles.notice(self.db, place.server_id, kind, subject_id=place.channel_id, now=now, work=work)
            is not None
        )

    async def _mend(self, work: str, row_id: int) -> None:
        place = await self._place(work, row_id)
        if place is None:
            return
        self.doubted.pop((work, place.channel_id), None)
        told = await self._told()
        for kind in (TroubleKind.ACCESS_REFUSED, TroubleKind.WEBHOOKS_FULL):
            if told.get((kind, place.channel_id)) == work:
                del told[kind, place.channel_id]
                now = discord.utils.utcnow()
                await troubles.mend(self.db, place.server_id, kind, subject_id=place.channel_id, now=now)
                self.client.sweep.wake()

    async def _told(self) -> dict[tuple[TroubleKind, int], str]:
        if self.told is None:
            async with self.db.read() as conn:
                known = await stored_troubles.list_open(conn)
            self.told = {(t.kind, t.subject_id): t.details["work"] for t in known if "work" in t.details}
        return self.told

    async def _place(self, work: str, row_id: int) -> Place | None:
        """Return None for work that belongs to no server, or whose row is gone."""
        async with self.db.read() as conn:
            if work in ("article", "thread"):
                article = await articles.get(conn, row_id)
                return Place(article.server_id, article.channel_id or 0, article) if article else None
            if work in ("publication", "removal", "restoration", "hiding"):
                case = await cases.get(conn, row_id)
                return Place(case.reply.server_id, case.article.channel_id or 0, case.article) if case else None
            if work in ("notice", "trouble", "timeout"):
                return None
            if work == "guidelines":
                card = await guideline_cards.get_by_id(conn, row_id)
                return Place(card.server_id, card.channel_id) if card else None
            of_reports = dict.fromkeys(("report", "outdated report"), report_cards.CARDS.get)
            of_appeals = dict.fromkeys(("appeal", "outdated appeal"), appeals.APPEALS.get)
            get = {**of_reports, **of_appeals, "bulletin": bulletins.get}.get(work, replies.get)
            row = await get(conn, row_id)
            if row is None:
                return None
            return Place(row.server_id, (await stored_servers.get(conn, row.server_id)).review_channel_id or 0)
