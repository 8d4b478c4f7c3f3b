"""The card of the guidelines stands once, whatever fails in between, and shows them as they are."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from bot.client import StandfirstClient
from bot.errors import OutcomeUnknown, PostRefused
from bot.models import Guideline, Server, Wording
from bot.services import guideline_cards, guidelines, servers
from bot.storage import Database, sweep
from bot.storage import guideline_cards as stored
from bot.storage import guidelines as stored_guidelines
from tests.givens import ARTICLES, NOW, REVIEW, SERVER, given_server
from tests.in_process import restart
from tests.world import new_world, text, world

if TYPE_CHECKING:
    from bot.guidelines import Book
    from bot.models import GuidelineCard

__all__ = ["new_world", "world"]  # fixtures

ADMIN = 1
HERE, THERE = 701, 702


@dataclass
class Channels:
    """What stands in which channel, and what goes wrong with the next request."""

    messages: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # id → channel, card, version of the book
    gone: set[int] = field(default_factory=set)
    refuses: bool = False
    loses_the_answer: bool = False
    sent: int = 0
    ids: count[int] = field(default_factory=lambda: count(801))

    async def send(self, card: GuidelineCard, book: Book) -> int | None:
        if self.refuses:
            raise PostRefused("not here")
        if card.channel_id in self.gone:
            return None
        message_id = next(self.ids)
        self.messages[message_id] = (card.channel_id, card.id, book.version)
        self.sent += 1
        self._answer()
        return message_id

    async def find(self, card: GuidelineCard) -> int | None:
        return next((each for each, (_, owner, _) in self.messages.items() if owner == card.id), None)

    async def edit(self, card: GuidelineCard, book: Book) -> bool:
        if card.message_id not in self.messages:
            return False
        self.messages[card.message_id] = (card.channel_id, card.id, book.version)
        self._answer()
        return True

    async def delete(self, _card: GuidelineCard, message_id: int) -> None:
        self.messages.pop(message_id, None)
        self._answer()

    def _answer(self) -> None:
        if self.loses_the_answer:
            raise OutcomeUnknown("no answer")

    @property
    def shown(self) -> list[tuple[int, int]]:
        """(channel, version of the guidelines) of every message."""
        return [(channel, version) for channel, _, version in self.messages.values()]


async def tend(db: Database, channels: Channels, *, minutes: int = 0) -> None:
    now: datetime = NOW + timedelta(minutes=minutes)
    acts = {"send": channels.send, "find": channels.find, "edit": channels.edit, "delete": channels.delete}
    async with db.read() as conn:
        due = await sweep.list_due(conn, "guidelines", now)
    for card_id in due:
        await guideline_cards.tend(db, card_id, clock=lambda: now, **acts)


async def post(db: Database, channel_id: int = HERE) -> None:
    await guideline_cards.post(db, SERVER, channel_id, admin_id=ADMIN, now=NOW)


async def change(db: Database, title: str = "Ads") -> None:
    async with db.read() as conn:
        own = (await stored_guidelines.load(conn, SERVER)).own.get(Guideline.SPAM, ())
    words = Wording(Guideline.SPAM, "en", title, "None.")
    await guidelines.edit(db, SERVER, words, seen=(own[0].id or 0) if own else 0, admin_id=ADMIN, now=NOW)


async def test_it_is_posted_once_by_whichever_process_comes_first(db: Database) -> None:
    await given_server(db)
    channels = Channels()
    await asyncio.gather(*(post(db) for _ in range(3)))

    await asyncio.gather(*(tend(db, channels) for _ in range(5)))
    await tend(db, channels)

    assert channels.shown == [(HERE, 0)]
    assert channels.sent == 1


async def test_one_whose_answer_was_lost_is_found_and_brought_up_to_date(db: Database) -> None:
    await given_server(db)
    channels = Channels(loses_the_answer=True)
    await post(db)
    with pytest.raises(OutcomeUnknown):
        await tend(db, channels)
    channels.loses_the_answer = False
    await change(db)

    for minutes in (1, 2, 3):
        await tend(db, channels, minutes=minutes)

    assert channels.shown == [(HERE, 1)]
    assert channels.sent == 1


async def test_each_change_is_shown_and_a_lost_answer_to_an_edit_does_no_harm(db: Database) -> None:
    await given_server(db)
    channels = Channels()
    await post(db)
    await tend(db, channels)
    await change(db, "One")
    channels.loses_the_answer = True
    with pytest.raises(OutcomeUnknown):
        await tend(db, channels)
    channels.loses_the_answer = False
    await change(db, "Two")

    for minutes in (1, 2):
        await tend(db, channels, minutes=minutes)

    assert channels.shown == [(HERE, 2)]
    assert channels.sent == 1


async def test_a_refusal_is_tried_again_later_without_looking(db: Database) -> None:
    await given_server(db)
    channels = Channels(refuses=True)
    await post(db)
    with pytest.raises(PostRefused):
        await tend(db, channels)
    channels.refuses = False

    await tend(db, channels)
    early = list(channels.shown)
    await tend(db, channels, minutes=1)

    assert (early, channels.shown) == ([], [(HERE, 0)])


async def test_one_deleted_by_hand_is_posted_again_also_when_nobody_heard_of_it(db: Database) -> None:
    await given_server(db)
    channels = Channels()
    await post(db)
    await tend(db, channels)
    heard = next(iter(channels.messages))
    channels.messages.clear()
    other = await guideline_cards.forget(db, SERVER, [1, 2])
    await guideline_cards.forget(db, SERVER, [heard])
    await tend(db, channels)
    after = list(channels.shown)

    channels.messages.clear()
    await change(db)
    await tend(db, channels, minutes=1)
    await tend(db, channels, minutes=2)

    assert not other
    assert (after, channels.shown) == ([(HERE, 0)], [(HERE, 1)])


async def test_posted_elsewhere_it_is_deleted_where_it_stood_also_what_was_never_recorded(db: Database) -> None:
    await given_server(db)
    channels = Channels(loses_the_answer=True)
    await post(db)
    with pytest.raises(OutcomeUnknown):
        await tend(db, channels)
    channels.loses_the_answer = False
    await post(db, THERE)

    for minutes in (1, 2):
        await tend(db, channels, minutes=minutes)

    assert channels.shown == [(THERE, 0)]


async def test_one_whose_channel_is_gone_is_given_up(db: Database) -> None:
    await given_server(db)
    channels = Channels(gone={HERE})
    await post(db)

    await tend(db, channels)

    async with db.read() as conn:
        assert await stored.get(conn, SERVER) is None
        assert await sweep.list_due(conn, "guidelines", NOW) == []
    await post(db, THERE)
    await tend(db, channels)
    assert channels.shown == [(THERE, 0)]


async def test_it_is_drawn_again_when_the_server_changes_its_language(db: Database) -> None:
    server = await given_server(db)
    channels = Channels()
    await post(db)
    await tend(db, channels)

    changed = Server(server.id, ARTICLES, REVIEW, moderator_role_id=1, editor_role_id=2, language="ru")
    await servers.set_up(db, changed, actor_id=ADMIN, now=NOW)

    async with db.read() as conn:
        assert len(await sweep.list_due(conn, "guidelines", NOW)) == 1


async def test_a_card_deleted_while_the_bot_was_away_is_posted_again_at_the_next_start(world):
    await world.ada.slash(world.general, "guidelines post", channel=world.general)
    await world.env.advance_time(5)
    first = next(message for message in world.general.history() if "Comment guidelines" in text(message))
    del world.env.backend.messages[first.channel.id][first.id]

    await restart(world.env, StandfirstClient(world.client.config, world.db))
    await world.env.advance_time(10)

    [second] = [message for message in world.general.history() if "Comment guidelines" in text(message)]
    assert second.id != first.id


async def test_a_card_whose_channel_was_deleted_is_no_longer_linked(world):
    rules = world.guild.create_text_channel("rules")
    await world.ada.slash(world.general, "guidelines post", channel=rules)
    await world.env.advance_time(5)

    world.env.backend.delete_channel(rules.id)
    await world.env.advance_time(10)

    async with world.db.read() as conn:
        assert await stored.get(conn, world.guild.id) is None
