"""The people of a storm: each acts on what they see, and does again what they saw fail."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from simcord.components import walk_components

from bot.demo.people import Impossible
from bot.models import Action, Guideline
from tests.storm.books import EPHEMERAL
from tests.storm.ledger import Decided, Told
from tests.wire.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.newsroom import Server
    from bot.demo.people import Answer, Form, Person
    from tests.storm.ledger import Ledger

LOOKED_AT = 40  # messages of a channel, from the newest back
TRIES = 5
RECEIPT = re.compile(r"\*\*#(\d+)\*\* · (.+)")
EDIT = re.compile(r"reply:edit:(\d+)")
STANDING = {
    Action.APPROVE: "(?:published · )?approved",
    Action.REJECT: "rejected",
    Action.REQUEST_CHANGES: "changes requested",
    Action.REMOVE: "removed",
}


class Offer(NamedTuple):
    """A button that somebody could press, and the numbers in its `custom_id`."""

    message_id: int
    custom_id: str
    ids: tuple[int, ...]


@dataclass
class Room:
    """One server in the storm."""

    server: Server
    random: Random
    ledger: Ledger
    pace: float  # how long people think: 1.0 is some seconds
    calm: asyncio.Event  # set: everybody stops
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.server)

    @property
    def discord(self) -> SimulatedDiscord:
        return self.server.discord

    def offers(self, channel_id: int | None, template: str) -> list[Offer]:
        """The buttons of the newest messages in a channel, oldest first."""
        found = []
        messages = self.discord.backend.messages.get(channel_id or 0, {})
        for message in list(messages.values())[-LOOKED_AT:]:
            for part in walk_components(message.components):
                match = re.fullmatch(template, part.get("custom_id") or "")
                if match and not message.flags & EPHEMERAL:
                    found.append(Offer(message.id, match[0], tuple(map(int, match.groups()))))
        return found

    def channel(self, name: str) -> int:
        return self.server.channel(name)

    async def think(self, shortest: float, longest: float) -> None:
        """Wait as long as a person thinks, or until everybody stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.pace * self.random.uniform(shortest, longest)):
                await self.calm.wait()


async def keep_acting(room: Room, person: Member | Moderator | Editor) -> None:
    """Act until the storm is over."""
    while not room.calm.is_set():
        await room.think(*person.thinks)
        with suppress(Impossible):
            await person.act()


async def insist(room: Room, act: Callable[[], Awaitable[bool]]) -> bool:
    """Do it again until it was answered as meant; False when the person gives up."""
    for _ in range(TRIES):
        with suppress(Impossible):
            if await act():
                return True
        await room.think(0.2, 1.0)
    return False


class Member:
    """Writes replies to articles and to other replies, changes some, and takes some back."""

    thinks = (2.0, 6.0)

    def __init__(self, room: Room, person: Person) -> None:
        self.room = room
        self.person = person
        self.receipts: list[Answer] = []

    async def act(self) -> None:
        asked = [receipt for receipt in self.receipts if self._reply_id(receipt) in self.room.ledger.asked]
        if asked and self.room.random.random() < 0.6:
            await self._change(self.room.random.choice(asked))
            return
        acts = (self._join, self._answer, self._change_any, self._withdraw)
        await self.room.random.choices(acts, weights=(60, 20, 12, 8))[0]()

    async def _join(self) -> None:
        cards = self.room.offers(self.room.channel("articles"), r"article:join:(\d+)")
        await self._write(self.room.random.choice(cards), "")

    async def _answer(self) -> None:
        cards = self.room.offers(self.room.channel("articles"), r"article:join:(\d+)")
        thread_id = self.room.random.choice(cards).message_id
        published = self.room.offers(thread_id, r"reply:answer:(\d+)")
        if published:
            await self._write(self.room.random.choice(published), "In answer: ")

    async def _write(self, offer: Offer, opening: str) -> None:
        words = self._words(opening)

        async def write() -> bool:
            form = await self.person.press(offer.message_id, offer.custom_id)
            return form.form is not None and await self._sent(form.form, words)

        await insist(self.room, write)

    async def _change_any(self) -> None:
        if self.receipts:
            await self._change(self.room.random.choice(self.receipts[-5:]))

    async def _change(self, receipt: Answer) -> None:
        reply_id, words = self._reply_id(receipt), self._words("Rather: ")
        if reply_id is None or receipt.message is None:
            return
        message = receipt.message

        async def change() -> bool:
            form = await self.person.press(message, f"reply:edit:{reply_id}")
            if form.form is None:
                return "no longer held" in form.text
            if not await self._sent(form.form, words):
                return False
            self.room.ledger.asked.discard(reply_id)
            return True

        await insist(self.room, change)

    async def _withdraw(self) -> None:
        if not self.receipts:
            return
        receipt = self.room.random.choice(self.receipts[-5:])
        message, reply_id = receipt.message, self._reply_id(receipt)
        if message is None or reply_id is None:
            return

        async def withdraw() -> bool:
            answer = await self.person.press(message, f"reply:withdraw:{reply_id}")
            found = RECEIPT.search(answer.text)
            if found and found[2].startswith("withdrawn"):
                self.room.ledger.withdrawn.add((self.room.server.id, int(found[1])))
            return bool(answer.text)

        await insist(self.room, withdraw)

    async def _sent(self, form: Form, words: str) -> bool:
        answer = await self.person.send(form, text=words)
        found = RECEIPT.search(answer.text)
        if found is None:
            return False
        self.room.ledger.receipts.add(Told(self.room.server.id, int(found[1]), words))
        self.receipts.append(answer)
        return True

    def _words(self, opening: str) -> str:
        self.room.ledger.written += 1
        return f"{opening}Point {self.room.ledger.written} of {self.person.name}."

    def _reply_id(self, receipt: Answer) -> int | None:
        """The reply's id, as long as the receipt offers to change it."""
        parts = walk_components(receipt.message["components"]) if receipt.message else ()
        return next((int(m[1]) for part in parts if (m := EDIT.fullmatch(part.get("custom_id") or ""))), None)


class Moderator:
    """Decides by the cards' buttons, and takes an approval back or removes something now and then."""

    thinks = (1.5, 4.5)

    def __init__(self, room: Room, person: Person) -> None:
        self.room = room
        self.person = person

    async def act(self) -> None:
        review, random = self.room.channel("review"), self.room.random
        held = self.room.offers(review, r"review:approve:(\d+):(\d+)")
        approved = self.room.offers(review, r"review:undo:(\d+)")
        published = self.room.offers(review, r"review:remove:(\d+)")
        if published and random.random() < 0.06:
            await self._remove(random.choice(published))
        elif approved and random.random() < 0.15:
            await self._undo(random.choice(approved))
        elif held:
            decide = random.choices((self._approve, self._reject, self._ask), weights=(76, 12, 12))[0]
            await decide(random.choice(held[:8]))

    async def _approve(self, offer: Offer) -> None:
        async def approve() -> bool:
            answer = await self.person.press(offer.message_id, offer.custom_id)
            return self._note(answer, offer, Action.APPROVE)

        await insist(self.room, approve)

    async def _undo(self, offer: Offer) -> None:
        async def undo() -> bool:
            return bool((await self.person.press(offer.message_id, offer.custom_id)).text)

        await insist(self.room, undo)

    async def _reject(self, offer: Offer) -> None:
        fields = {"guideline": Guideline.DISRESPECT.value, "sentence": "It is about a person."}
        await self._decide(offer, Action.REJECT, "Reject", fields)

    async def _ask(self, offer: Offer) -> None:
        fields = {"guideline": Guideline.DISRESPECT.value, "sentence": "Which point?"}
        await self._decide(offer, Action.REQUEST_CHANGES, "Request changes", fields)

    async def _remove(self, offer: Offer) -> None:
        await self._decide(offer, Action.REMOVE, "Remove", {"sentence": "It names a neighbour."})

    async def _decide(self, offer: Offer, action: Action, label: str, fields: dict[str, str]) -> None:
        async def decide() -> bool:
            form = await self.person.press(offer.message_id, label)
            if form.form is None:
                return not form.failed
            answer = await self.person.send(form, fields)
            return self._note(answer, offer, action)

        await insist(self.room, decide)

    def _note(self, answer: Answer, offer: Offer, action: Action) -> bool:
        """Remember an acknowledged decision; True when it was answered at all."""
        mine = rf"· {STANDING[action]} by <@{self.person.id}>|^#\d+: {STANDING[action]}\."
        if re.search(mine, answer.text):
            reply_id, revision = offer.ids[0], offer.ids[1] if len(offer.ids) > 1 else 0
            self.room.ledger.decisions.add(Decided(reply_id, revision, action, self.person.id))
            if action == Action.REQUEST_CHANGES:
                self.room.ledger.asked.add(reply_id)
        return bool(answer.text)


class Editor:
    """Posts an article by hand now and then."""

    thinks = (12.0, 25.0)

    def __init__(self, room: Room, person: Person) -> None:
        self.room = room
        self.person = person
        self.articles = 0

    async def act(self) -> None:
        self.articles += 1
        title = f"Later {self.articles}"
        draft: list[dict[str, object]] = []

        async def write() -> bool:
            form = await self.person.run("article write", where=self.room.channel("general"))
            if form.form is None:
                return False
            preview = await self.person.send(form, title=title, summary="In short.")
            if preview.message is not None:
                draft.append(preview.message)
            return preview.message is not None

        async def post() -> bool:
            answer = await self.person.press(draft[-1], "Post")
            if re.search("Posting|discussion is here|already being discussed", answer.text):
                self.room.ledger.posted.add((self.room.server.id, title))
            return bool(answer.text)

        if await insist(self.room, write):
            await insist(self.room, post)
