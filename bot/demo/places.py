"""Where a person sees a private answer: in the discussion, when they pressed a button of the article above it there."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from bot.demo.sight import is_private, message_payload

if TYPE_CHECKING:
    from bot.demo.answers import Answer
    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.people import Person

KEPT_ANSWERS = 500


class Places:
    """Remembers which answers were asked for in a discussion though they belong to the channel around it."""

    def __init__(self, discord: SimulatedDiscord) -> None:
        self.discord = discord
        self._asked_below: deque[tuple[Answer, int]] = deque(maxlen=KEPT_ANSWERS)  # with the thread

    def note(self, answer: Answer, where: int) -> None:
        """Remember where a person was when they asked for this."""
        if answer.channel_id != where and self._parent(where) == answer.channel_id:
            self._asked_below.append((answer, where))

    def messages(self, person: Person, channel_id: int) -> list[dict[str, Any]]:
        """Return what a person sees in a channel; a discussion begins with the article it was made from."""
        moved = self._moved()
        seen = [message for message in person.sees(channel_id) if int(message["id"]) not in moved]
        parent = self._parent(channel_id)
        if not parent:
            return seen
        above = [message for message in person.sees(parent) if moved.get(int(message["id"])) == channel_id]
        seen = sorted([*seen, *(message for message in above if is_private(message))], key=lambda each: int(each["id"]))
        first = self.discord.backend.messages.get(parent, {}).get(channel_id)
        return [message_payload(self.discord, first, person.id), *seen] if first is not None else seen

    def _parent(self, channel_id: int) -> int:
        channel = self.discord.backend.channels.get(channel_id)
        return channel.parent_id or 0 if channel is not None and channel.is_thread else 0

    def _moved(self) -> dict[int, int]:
        """Return the private messages that answered from below, each with its thread."""
        return {
            int(message["id"]): thread_id
            for answer, thread_id in self._asked_below
            for message in (answer.message, *answer.followups)
            if message is not None and is_private(message)
        }
