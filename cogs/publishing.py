"""The sweep: does in Discord what the rows say is still to be done, woken by an event, by a timer or by a start."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands, tasks

from bot.clock import WatchedClock
from bot.services import articles, bulletins, cards, matters, notices, publishing, removals, timeouts, troubles
from bot.storage import appearances
from bot.storage import publishing as due
from bot.storage.sweep import BATCH, list_due, look
from bot.sweep import Alarm, Lane, attempt, finish
from cogs.bans import Timeouts
from cogs.bulletins import Announcing
from cogs.delivery import Delivery
from cogs.discussions import Threads
from cogs.guideline_cards import Posting
from cogs.matters import kinds
from cogs.refusals import Refusals
from cogs.tombstones import Tombstones
from cogs.troubles import Telling

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.client import StandfirstClient

TICK_SECONDS = 5


class Sweep:
    """One lane for each kind of work, and one for each thread, in which replies appear in the order of approval."""

    def __init__(self, client: StandfirstClient, delivery: Delivery) -> None:
        self.db = client.db
        self.clock = WatchedClock(discord.utils.utcnow, asyncio.get_running_loop().time)
        self.alarm = Alarm(self.wake)
        self.delivery = delivery
        self.notices_a_day = client.config.notices_a_day
        self.looking = Lane("look", self._look)
        self.refusals = Refusals(client)
        db, act, clock = self.db, delivery, self.clock
        told, said = Telling(client, self.may_write), Announcing(client)
        timed = Timeouts(client)
        self.lanes = {
            "article": self._each(
                "article",
                partial(
                    articles.publish,
                    db,
                    clock=clock,
                    send_card=act.send_article,
                    find_card=act.find_article,
                    make_thread=act.make_thread,
                ),
            ),
            "thread": self._each("thread", Threads(client).tend),
            "card": self._each("card", partial(cards.post, db, clock=clock, send=act.send_card, find=act.find_card)),
            "outdated card": self._each("outdated card", partial(cards.refresh, db, clock=clock, edit=act.edit_card)),
            "superseded card": self._each(
                "superseded card", partial(cards.discard, db, clock=clock, delete=act.delete_card)
            ),
            "publication": Lane("publication", self._wake_threads),
            **self._lanes_of_removals(Tombstones(client, delivery.webhooks)),
            **self._lanes_of_matters(client),
            "bulletin": self._each(
                "bulletin", partial(bulletins.tell, db, clock=clock, send=said.send, find=said.find)
            ),
            "guidelines": self._each("guidelines", Posting(client, clock).tend),
            "notice": Lane("notice", self._send_notice),
            "timeout": self._each(
                "timeout", partial(timeouts.carry_out, db, clock=clock, apply=timed.apply, lift=timed.lift)
            ),
            "trouble": self._each("trouble", partial(troubles.tell, db, clock=clock, send=told.send, find=told.find)),
        }
        self.threads: dict[int, Lane] = {}

    def _lanes_of_removals(self, graves: Tombstones) -> dict[str, Lane]:
        db, clock, delete = self.db, self.clock, self.delivery.take_down
        acts: dict[str, Callable[[int], Awaitable[object]]] = {
            "removal": partial(removals.take_down, db, clock=clock, bury=graves.bury, delete=delete),
            "restoration": partial(removals.put_back, db, clock=clock, unearth=graves.unearth, delete=delete),
            "hiding": partial(removals.hide, db, clock=clock, veil=graves.veil, delete=delete),
        }
        return {kind: self._each(kind, act) for kind, act in acts.items()}

    def _lanes_of_matters(self, client: StandfirstClient) -> dict[str, Lane]:
        acts: dict[str, Callable[[int], Awaitable[object]]] = {}
        for name, (kind, cards_of_kind) in kinds(client).items():
            post, refresh = partial(matters.post, self.db, kind), partial(matters.refresh, self.db, kind)
            acts[name] = partial(post, clock=self.clock, send=cards_of_kind.send, find=cards_of_kind.find)
            acts[f"outdated {name}"] = partial(refresh, clock=self.clock, edit=cards_of_kind.edit)
        return {name: self._each(name, act) for name, act in acts.items()}

    def wake(self) -> None:
        """Look soon at what is to be done."""
        self.looking.wake()

    async def finish(self) -> None:
        """Look now, and wait until nothing more is being done."""
        self.wake()
        await finish(self._all)

    def stop(self) -> None:
        """End what is under way; the rows still say what is to be done."""
        self.alarm.stop()
        for lane in self._all():
            lane.stop()

    def _all(self) -> list[Lane]:
        return [self.looking, *self.lanes.values(), *self.threads.values()]

    async def _look(self) -> None:
        now = self.clock()
        async with self.db.read() as conn:
            kinds = await look(conn, now)
            next_at = await appearances.get_next_at(conn, now)
        if next_at is not None:
            self.alarm.set((next_at - now).total_seconds())
        for kind in kinds:
            self.lanes[kind].wake()

    def _each(self, kind: str, act: Callable[[int], Awaitable[object]]) -> Lane:
        async def step() -> None:
            more = True
            while more:
                async with self.db.read() as conn:
                    row_ids = await list_due(conn, kind, self.clock())
                done = [
                    await attempt(f"{kind} {row_id}", self.refusals.watch(kind, row_id, act(row_id)))
                    for row_id in row_ids
                ]
                more = any(done) and len(row_ids) >= BATCH

        return Lane(kind, step)

    async def _wake_threads(self) -> None:
        waiting = {ready.thread_id: ready.channel_id for ready in await self._list_ready()}
        self.threads = {thread_id: lane for thread_id, lane in self.threads.items() if lane.task is not None}
        for thread_id, channel_id in waiting.items():
            step = self._publish_in(thread_id, channel_id)
            self.threads.setdefault(thread_id, Lane(f"thread {thread_id}", step)).wake()

    def _publish_in(self, thread_id: int, channel_id: int) -> Callable[[], Awaitable[None]]:
        async def step() -> None:
            while (reply_id := await self._next_in(thread_id, channel_id)) is not None:
                if not await attempt(f"publication of reply {reply_id}", self._publish(reply_id)):
                    return

        return step

    async def _next_in(self, thread_id: int, channel_id: int) -> int | None:
        ready = await self._list_ready(channel_id)
        return next((each.reply_id for each in ready if each.thread_id == thread_id), None)

    async def _list_ready(self, channel_id: int | None = None) -> list[due.Waiting]:
        """What may be published now; for what has to wait, the sweep comes back in time."""
        if pause := self.clock.unsettled:
            self.alarm.set(pause)
            return []
        now = self.clock()
        async with self.db.read() as conn:
            ready, later = await due.list_publishable(conn, now, channel_id=channel_id)
        if later is not None:
            self.alarm.set((later - now).total_seconds())
        return ready

    async def _publish(self, reply_id: int) -> None:
        act = self.delivery
        publish = publishing.publish(self.db, reply_id, clock=self.clock, post=act.publish, find=act.find_publication)
        await self.refusals.watch("publication", reply_id, publish)
        self.wake()  # the card shows it now, and the author is told

    async def may_write(self) -> bool:
        """Take the turn for a direct message; False when the last one was a moment ago, or many were sent today."""
        return await notices.take_turn(self.db, a_day=self.notices_a_day, now=self.clock())

    async def _send_notice(self) -> None:
        """Send the next notice when its turn has come, and come back for the one after it."""
        while True:
            now = self.clock()
            notice_id, when = await notices.find_next(self.db, a_day=self.notices_a_day, now=now)
            if notice_id is None:
                return
            if when > now:
                self.alarm.set((when - now).total_seconds())
                return
            send = partial(notices.send, a_day=self.notices_a_day, clock=self.clock, deliver=self.delivery.send_notice)
            if not await attempt(f"notice {notice_id}", send(self.db, notice_id)):
                return


class Publishing(commands.Cog):
    """Starts the sweep when the bot is ready and looks at the lists again every few seconds."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def cog_load(self) -> None:
        """Start the timer."""
        self.session = aiohttp.ClientSession()
        self.client.sweep = self.sweep = Sweep(self.client, Delivery(self.client, self.session))
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


async def setup(client: StandfirstClient) -> None:
    """Called by discord.py."""
    await client.add_cog(Publishing(client))
