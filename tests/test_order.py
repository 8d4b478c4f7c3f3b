"""Replies appear in the order of approval, whoever publishes and whatever fails in between, on both databases."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.errors import OutcomeUnknown, PostRefused, UserError
from bot.models import Action, ReplyStatus
from bot.services import publishing, review
from bot.storage import Database, audit
from bot.storage import publishing as due
from bot.storage import replies as stored
from tests.givens import MODERATOR, NOW, SERVER, a_page, approve, given_article, given_reply

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models import Case, Reply

REPLIES = 6


class Discord:
    """Two threads, posted to by two processes; a third of the posts fail, half of those after they were carried out."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.now = NOW
        self.messages: list[tuple[int, int, int]] = []  # message's id, article's id, reply's id

    def clock(self) -> datetime:
        return self.now

    async def post(self, case: Case) -> int:
        await asyncio.sleep(0)
        fate = self.random.random()
        if fate < 0.15:
            raise self.random.choice([OutcomeUnknown, PostRefused])("not done")
        message_id = 401 + len(self.messages)
        self.messages.append((message_id, case.article.id, case.reply.id))
        if fate < 0.3:
            raise OutcomeUnknown("done")
        return message_id

    async def find(self, case: Case, after: int | None) -> int | None:
        found = (message for message, _, reply in self.messages if message > (after or 0) and reply == case.reply.id)
        return next(found, None)

    async def publisher(self, db: Database) -> None:
        """What a process does until nothing waits any more."""
        while True:
            async with db.read() as conn:
                waiting, _ = await due.list_publishable(conn, self.now)
            for reply_id, _, _ in waiting:
                with suppress(OutcomeUnknown, PostRefused):
                    await publishing.publish(db, reply_id, clock=self.clock, post=self.post, find=self.find)
            self.now += timedelta(seconds=4)
            async with db.read() as conn:
                statuses = [reply.status for reply in await stored.list_by_author(conn, SERVER, 21)]
            if len(statuses) == 2 * REPLIES and set(statuses) == {ReplyStatus.PUBLISHED}:
                return


async def approve_all(db: Database, replies: list[Reply], random: Random) -> None:
    """A moderator approves in no order, and takes some approvals back for a while."""
    waiting = random.sample(replies, len(replies))
    while waiting:
        reply = waiting.pop(0)
        await approve(db, reply)
        if random.random() < 0.3:
            with suppress(UserError):
                await review.undo(db, reply.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
                waiting.append(reply)
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", range(2))
async def test_two_processes_publish_in_the_order_of_approval_although_a_third_of_the_posts_fail(
    db: Database, seed: int
) -> None:
    discord = Discord(Random(seed))
    articles = [await given_article(db, page=a_page(f"{n}", address=f"https://paper.example/{n}")) for n in range(2)]
    replies = [await given_reply(db, article, f"Point {n}.") for n in range(REPLIES) for article in articles]

    async with asyncio.timeout(60):
        await asyncio.gather(approve_all(db, replies, Random(seed)), discord.publisher(db), discord.publisher(db))

    async with db.read() as conn:
        trail = await audit.list_all(conn, SERVER)
    approved = [entry.subject_id for entry in trail if entry.action == Action.APPROVE]
    last = {reply_id: place for place, reply_id in enumerate(approved)}
    for article in articles:
        appeared = [reply for _, where, reply in discord.messages if where == article.id]
        assert sorted(appeared) == sorted(reply.id for reply in replies if reply.article_id == article.id)
        assert appeared == sorted(appeared, key=last.__getitem__)
