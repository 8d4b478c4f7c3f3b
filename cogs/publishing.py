"""The sweep: does in Discord what the rows say is still to be done, woken by an event, by a timer or by a start."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands, tasks

from bot.services import articles, cards, notices, publishing, reports
from bot.services.errands import Worker
from bot.storage import articles as stored_articles
from bot.storage import leases
from bot.storage import notices as stored_notices
from bot.storage import publishing as due
from bot.storage import reports as stored_reports
from bot.storage.sweep import look
from bot.sweep import Lane, attempt, settle
from cogs.delivery import Delivery

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.client import StandfirstClient
    from bot.storage import Connection

    List = Callable[[Connection, datetime], Awaitable[list[int]]]

TICK_SECONDS = 5
# Bots that send many direct messages quickly are quarantined by Discord (measured by others: some dozens).
NOTICE_INTERVAL = timedelta(seconds=10)


class Sweep:
    """One lane for each kind of work, and one for each thread, in which replies appear in the order of approval."""

    def __init__(self, client: StandfirstClient, delivery: Delivery) -> None:
        self.db = client.db
        self.worker = Worker(client.config.instance, discord.utils.utcnow)
        self.delivery = delivery
        self.next_notice_at = discord.utils.utcnow()
        self.next_notice: asyncio.TimerHandle | None = None
        self.looking = Lane("look", self._look)
        self.lanes = {
            "articles": self._each("article", stored_articles.list_due, self._publish_article),
            "cards": self._each("card of reply", due.list_needing_card, self._post_card),
            "old cards": self._each("old card of reply", due.list_with_old_card, self._refresh_card),
            "stale cards": self._each("stale card of reply", due.list_with_stale_card, self._discard_card),
            "threads": Lane("threads", self._wake_threads),
            "removals": self._each("removal of reply", due.list_needing_taking_down, self._take_down),
            "reports": self._each("report", stored_reports.list_due, self._tell_moderators),
            "notices": Lane("notices", self._send_notice),
        }
        self.threads: dict[int, Lane] = {}

    def wake(self) -> None:
        """Look soon at what is to be done."""
        self.looking.wake()

    async def settle(self) -> None:
        """Look now, and wait until nothing more is being done."""
        self.wake()
        await settle(self._all)

    def stop(self) -> None:
        """End what is under way; the rows still say what is to be done."""
        if self.next_notice is not None:
            self.next_notice.cancel()
        for lane in self._all():
            lane.stop()

    def _all(self) -> list[Lane]:
        return [self.looking, *self.lanes.values(), *self.threads.values()]

    async def _look(self) -> None:
        async with self.db.read() as conn:
            kinds = await look(conn, self.worker.clock())
        for kind in kinds:
            self.lanes[kind].wake()

    def _each(self, what: str, list_due: List, act: Callable[[int], Awaitable[object]]) -> Lane:
        async def step() -> None:
            more = True
            while more:
                async with self.db.read() as conn:
                    row_ids = await list_due(conn, self.worker.clock())
                done = [await attempt(f"{what} {row_id}", act(row_id)) for row_id in row_ids]
                more = any(done) and len(row_ids) >= due.BATCH

        return Lane(what, step)

    async def _wake_threads(self) -> None:
        async with self.db.read() as conn:
            waiting = {thread_id for _, thread_id in await due.list_needing_publishing(conn, self.worker.clock())}
        for thread_id in waiting:
            lane = self.threads.setdefault(thread_id, Lane(f"thread {thread_id}", self._publish_in(thread_id)))
            lane.wake()

    def _publish_in(self, thread_id: int) -> Callable[[], Awaitable[None]]:
        async def step() -> None:
            while (reply_id := await self._next_in(thread_id)) is not None:
                if not await attempt(f"publication of reply {reply_id}", self._publish(reply_id)):
                    return

        return step

    async def _next_in(self, thread_id: int) -> int | None:
        async with self.db.read() as conn:
            waiting = await due.list_needing_publishing(conn, self.worker.clock(), thread_id=thread_id)
        return waiting[0][0] if waiting else None

    async def _publish(self, reply_id: int) -> None:
        act = self.delivery
        await publishing.publish(self.db, reply_id, worker=self.worker, post=act.publish, find=act.find_publication)
        self.wake()  # the card shows it now, and the author is told

    async def _publish_article(self, article_id: int) -> None:
        act = self.delivery
        await articles.publish(
            self.db,
            article_id,
            worker=self.worker,
            send_card=act.send_article,
            find_card=act.find_article,
            make_thread=act.make_thread,
        )

    async def _post_card(self, reply_id: int) -> None:
        act = self.delivery
        await cards.post(self.db, reply_id, worker=self.worker, send=act.send_card, find=act.find_card)

    async def _refresh_card(self, reply_id: int) -> None:
        await cards.refresh(self.db, reply_id, edit=self.delivery.edit_card)

    async def _discard_card(self, reply_id: int) -> None:
        await cards.discard(self.db, reply_id, delete=self.delivery.delete_card)

    async def _take_down(self, reply_id: int) -> None:
        await publishing.take_down(self.db, reply_id, worker=self.worker, delete=self.delivery.take_down)

    async def _tell_moderators(self, report_id: int) -> None:
        await reports.tell_moderators(self.db, report_id, worker=self.worker, send=self.delivery.send_report)

    async def _send_notice(self) -> None:
        """Send one notice, if the last one was long enough ago, and come back for the next."""
        now = self.worker.clock()
        if now < self.next_notice_at:
            return
        async with self.db.read() as conn:
            waiting = await stored_notices.list_due(conn, now, limit=1)
        for notice_id in waiting:
            self.next_notice_at = now + NOTICE_INTERVAL
            later = asyncio.get_running_loop().call_later
            self.next_notice = later(NOTICE_INTERVAL.total_seconds(), self.wake)
            act = notices.send(self.db, notice_id, worker=self.worker, deliver=self.delivery.send_notice)
            await attempt(f"notice {notice_id}", act)


class Publishing(commands.Cog):
    """Starts the sweep when the bot is ready and looks at the lists again every few seconds.

    `on_guild_available`: a server is back after an outage, and what waited for it is done.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def cog_load(self) -> None:
        """Let go of what this process held when it died, and start the timer."""
        self.session = aiohttp.ClientSession()
        self.client.sweep = self.sweep = Sweep(self.client, Delivery(self.client, self.session))
        async with self.client.db.begin() as conn:
            await leases.release_all(conn, by=self.client.config.instance, now=discord.utils.utcnow())
        self.tick.start()

    async def cog_unload(self) -> None:
        """Stop cleanly."""
        self.tick.cancel()
        self.sweep.stop()
        await self.session.close()

    @tasks.loop(seconds=TICK_SECONDS)
    async def tick(self) -> None:
        """Look at every list."""
        self.sweep.wake()

    @tick.before_loop
    async def before_tick(self) -> None:
        """Servers and channels are known only then."""
        await self.client.wait_until_ready()

    @commands.Cog.listener()
    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """Look at every list."""
        self.sweep.wake()


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Publishing(client))
