"""The process dies after its k-th effect, for every k of the whole path, and starts again: nothing lost, nothing twice.

An effect is a request that Discord carried out, or a committed transaction. After its death the process does nothing
more; what people saw fail they do again, as people do.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from simcord.http import router
from sqlalchemy import func, select

from bot.client import StandfirstClient
from bot.models import ReplyStatus
from bot.storage import tables
from bot.storage.leases import LEASE
from tests.discussions import TITLE, last
from tests.in_process import restart
from tests.world import labels, new_world, text, world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from logging import LogRecord

    from bot.storage import Connection, Database
    from tests.world import World

__all__ = ["new_world", "world"]  # fixtures

LONGER = 59  # likewise, of the path with a revision and a removal
EFFECTS = 32  # of the path below when nobody dies; the first test counts them
READING = "GET"


class Died(BaseException):
    """The process is gone: no `except Exception` runs any more."""


class Life:
    """Counts the effects of one process, and ends it after one of them."""

    def __init__(self, ends_after: int | None = None) -> None:
        self.ends_after = ends_after
        self.effects = 0

    @property
    def is_over(self) -> bool:
        return self.ends_after is not None and self.effects >= self.ends_after

    def check(self) -> None:
        if self.is_over:
            raise Died

    def count(self) -> None:
        self.effects += 1
        self.check()


class MortalDatabase:
    """The real database, as one process sees it."""

    def __init__(self, db: Database, life: Life) -> None:
        self.db = db
        self.life = life

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        self.life.check()
        async with self.db.begin() as conn:
            yield conn
            self.life.check()
        self.life.count()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        self.life.check()
        async with self.db.read() as conn:
            yield conn


class Story:
    """People who post, reply and approve, and do it again when they saw it fail."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.life = Life()
        dispatch = router.dispatch

        def mortal_dispatch(backend: Any, method: str, *values: Any, **options: Any) -> Any:
            self.life.check()
            answer = dispatch(backend, method, *values, **options)
            if method != READING:
                self.life.count()
            return answer

        monkeypatch.setattr(router, "dispatch", mortal_dispatch)

    async def start(self, life: Life) -> None:
        """A new process on the same database, in the same world; what the dead one tried meanwhile came to nothing."""
        await self.world.env.advance_time(0)
        self.life = life
        await restart(self.world.env, StandfirstClient(self.world.client.config, MortalDatabase(self.world.db, life)))
        life.effects = 0  # what follows is the path

    async def attempt(self, act: Any) -> None:
        """Somebody does something; if the process died over it, it is started again and they look once more."""
        with suppress(Exception, Died):
            await act()
        if self.life.is_over:
            await self.start(Life())

    async def post(self) -> None:
        if await self.stored(tables.articles, tables.articles.c.status == "open"):
            return
        form = await self.world.ed.slash(self.world.general, "article write")
        preview = await self.world.ed.submit_modal(form, {"title": TITLE, "summary": "In short.", "link": LINK})
        await self.world.ed.click(preview.response.message, label="Post")

    async def reply(self) -> None:
        card = next(m for m in self.world.articles.history() if "Join the conversation" in labels(m))
        form = await self.world.ann.click(card, label="Join the conversation")
        await self.world.ann.submit_modal(form, {"text": "A fair point."})

    async def approve(self) -> None:
        if "Approve" in labels(last(self.world.review)):
            await self.world.mira.click(last(self.world.review), label="Approve")

    async def settle(self) -> None:
        await self.world.env.advance_time(LEASE.total_seconds())

    async def wait(self) -> None:
        """Until what the dead process had leased is free again, and was done."""
        for _ in range(3):
            await self.settle()

    async def ask(self) -> None:
        if "Request changes" in labels(last(self.world.review)):
            form = await self.world.mira.click(last(self.world.review), label="Request changes")
            await self.world.mira.submit_modal(form, {"guideline": ["disrespect"], "sentence": "Which point?"})

    async def revise(self) -> None:
        if await self.stored(tables.replies, tables.replies.c.status == ReplyStatus.CHANGES_REQUESTED):
            mine = await self.world.ann.slash(self.world.general, "my replies")
            form = await self.world.ann.click(mine.response.message, custom_id="reply:revise:1")
            await self.world.ann.submit_modal(form, {"text": "The point about parking."})

    async def remove(self) -> None:
        if "Remove" in labels(last(self.world.review)):
            form = await self.world.mira.click(last(self.world.review), label="Remove")
            await self.world.mira.submit_modal(form, {"sentence": "It names a neighbour."})

    async def tell(self, *acts: Any) -> None:
        """Each act, and time for what follows from it; once more where the process died over either."""
        for act in acts:
            life = self.life
            await self.attempt(act)
            await self.attempt(self.settle)
            if self.life is not life:
                for again in (self.wait, act, self.wait):
                    await self.attempt(again)
        await self.wait()

    async def tell_of_an_approval(self) -> None:
        await self.tell(self.post, self.reply, self.approve)

    async def tell_of_a_revision_and_a_removal(self) -> None:
        await self.tell(self.post, self.reply, self.ask, self.revise, self.approve, self.remove)

    async def stored(self, table: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(table).where(*conditions)
        async with self.world.db.read() as conn:
            return (await conn.execute(query)).scalar_one()


LINK = "https://paper.example/garden"


@pytest.fixture
def story(world: World, monkeypatch: pytest.MonkeyPatch) -> Story:
    return Story(world, monkeypatch)


async def expect_everything_once(story: Story) -> None:
    """One card, one discussion, one review card, one published reply, one decision, one entry for each act."""
    world = story.world
    cards = [message for message in world.articles.history() if "Join the conversation" in labels(message)]
    assert len(cards) == 1
    discussion = [message for message in world.channel(TITLE).history() if "Reply" in labels(message)]
    assert [text(message).splitlines()[0] for message in discussion] == ["A fair point."]
    assert [text(message).count("#1**") for message in world.review.history()] == [1]
    assert await story.stored(tables.replies, tables.replies.c.status == ReplyStatus.PUBLISHED) == 1
    assert await story.stored(tables.replies) == 1
    assert await story.stored(tables.decisions) == 1
    for action in ("article_posted", "submit", "approve", "publish"):
        assert await story.stored(tables.audit, tables.audit.c.action == action) == 1
    assert await story.stored(tables.notices, tables.notices.c.status == "sent") == 1
    assert len(world.ann.user.dm_channel.history()) == 1


async def test_the_path_has_as_many_effects_as_the_sweep_tries(story: Story) -> None:
    await story.start(Life())

    await story.tell_of_an_approval()

    await expect_everything_once(story)
    assert story.life.effects == EFFECTS


@pytest.mark.parametrize("k", range(1, EFFECTS + 1))
async def test_a_process_that_dies_after_any_effect_loses_nothing_and_does_nothing_twice(
    story: Story, logged_errors: list[LogRecord], k: int
) -> None:
    await story.start(Life())
    story.life.ends_after = k
    life = story.life

    await story.tell_of_an_approval()

    assert life.is_over
    await expect_everything_once(story)
    assert all(isinstance(error, Died) for error in story.world.env.errors)
    logged_errors.clear()


async def expect_the_longer_story_once(story: Story) -> None:
    """One card in each place, nothing left in the discussion, and each act decided, written down and told once."""
    world = story.world
    assert [labels(message) for message in world.channel(TITLE).history() if "Reply" in labels(message)] == []
    assert [text(message).count("#1**") for message in world.review.history()] == [1]
    assert await story.stored(tables.replies, tables.replies.c.status == ReplyStatus.REMOVED) == 1
    assert await story.stored(tables.revisions) == 2
    for action in ("request_changes", "approve", "remove"):
        assert await story.stored(tables.decisions, tables.decisions.c.action == action) == 1
    for action in ("submit", "request_changes", "revise", "approve", "publish", "remove"):
        assert await story.stored(tables.audit, tables.audit.c.action == action) == 1
    assert await story.stored(tables.notices, tables.notices.c.status == "sent") == 3
    assert len(world.ann.user.dm_channel.history()) == 3


async def test_the_longer_path_has_as_many_effects_as_the_sweep_tries(story: Story) -> None:
    await story.start(Life())

    await story.tell_of_a_revision_and_a_removal()

    await expect_the_longer_story_once(story)
    assert story.life.effects == LONGER


@pytest.mark.parametrize("k", range(EFFECTS // 2, LONGER + 1))
async def test_a_process_that_dies_during_a_revision_or_a_removal_loses_nothing_and_does_nothing_twice(
    story: Story, logged_errors: list[LogRecord], k: int
) -> None:
    await story.start(Life())
    story.life.ends_after = k
    life = story.life

    await story.tell_of_a_revision_and_a_removal()

    assert life.is_over
    await expect_the_longer_story_once(story)
    assert all(isinstance(error, Died) for error in story.world.env.errors)
    logged_errors.clear()
