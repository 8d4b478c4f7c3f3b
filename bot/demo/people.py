"""People in a simulated Discord: they see, press, choose, type and fill in forms as Discord's client lets them.

An act that the client would not allow raises Impossible; every other act returns the bot's Answer.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from discord.utils import time_snowflake
from simcord import interactions
from simcord.backend.access import channel_accessible
from simcord.enums import InteractionType

from bot.demo import sight, slash
from bot.demo.answers import Answer, AnswerKind
from bot.demo.entities import Entities
from bot.demo.forms import Form, pick
from bot.demo.sight import BUTTON, SELECTS, Impossible
from bot.demo.thread_repairs import unarchive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcord.backend import Backend
    from simcord.backend.models import Interaction, Message

    from bot.demo.discord_server import SimulatedDiscord

ANSWER_WITHIN = 3.0  # seconds: then the client says "This interaction failed"
TOKEN_LIVES = timedelta(minutes=15)

__all__ = ["Answer", "AnswerKind", "Form", "Impossible", "Person"]


class Person:
    """One member of one server, with Discord's client in hand."""

    def __init__(self, discord: SimulatedDiscord, guild_id: int, user_id: int) -> None:
        self.discord = discord
        self.guild_id = guild_id
        self.id = user_id
        self.here: int | None = None  # the channel that is open: where commands are run by default
        self._dismissed: set[int] = set()

    def __repr__(self) -> str:
        """Name the person."""
        return f"<Person {self.name}>"

    @property
    def name(self) -> str:
        """The display name."""
        user = self.discord.backend.users[self.id]
        member = self.discord.backend.get_guild(self.guild_id).members.get(self.id)
        return (member.nick if member is not None else None) or user.global_name or user.name

    @property
    def locale(self) -> str:
        """The language of the client."""
        return self.discord.world.locales.get(self.id, "en-US")

    @property
    def mention(self) -> str:
        """What a message holds to mention them."""
        return f"<@{self.id}>"

    # Seeing

    def channels(self) -> list[dict[str, Any]]:
        """Return the channels, threads and direct messages in their list, each with `may_write`."""
        return sight.visible_channels(self.discord, self.guild_id, self.id)

    def sees(self, channel: Any) -> list[dict[str, Any]]:
        """Return the messages they see in a channel, oldest first."""
        messages = sight.visible_messages(self.discord, _id(channel), self.id)
        return [message for message in messages if int(message["id"]) not in self._dismissed]

    def direct_messages(self) -> list[dict[str, Any]]:
        """Return what the bot and they wrote to each other."""
        channel_id = self.discord.backend.dm_channels.get(self.id)
        return self.sees(channel_id) if channel_id is not None else []

    def commands(self, where: Any = None) -> list[str]:
        """Return the commands that the client lists for them."""
        return slash.offered(self._entities(self._place(where)))

    def dismiss(self, message: dict[str, Any] | int) -> None:
        """Hide an ephemeral message, as its "Dismiss message" does."""
        self._dismissed.add(_id(message))

    # Acting

    async def press(self, message: dict[str, Any] | int, name: str) -> Answer:
        """Press the button with this label or custom_id."""
        found = self._message(message)
        button = sight.find_component(found, name, (BUTTON,))
        data = {"custom_id": button["custom_id"], "component_type": BUTTON, "id": button.get("id", 0)}
        return await self._interact(InteractionType.MESSAGE_COMPONENT, found.channel_id, data, source=found.id)

    async def choose(self, message: dict[str, Any] | int, name: str | None, values: Any) -> Answer:
        """Pick values in the select with this placeholder or custom_id; options by value or label."""
        found = self._message(message)
        menu = sight.find_component(found, name, SELECTS)
        entities = self._entities(found.channel_id)
        listed = list(values) if isinstance(values, (list, tuple)) else [values]
        picked = pick(menu, listed, str(name), entities)
        fewest, most = menu.get("min_values", 1), menu.get("max_values", 1)
        if not fewest <= len(picked) <= most:
            raise Impossible(f"{name!r} takes {fewest} to {most} values, not {len(picked)}")
        data = {"custom_id": menu["custom_id"], "component_type": menu["type"], "id": menu.get("id", 0)}
        data |= {"values": picked} | ({"resolved": entities.resolved} if menu["type"] != SELECTS[0] else {})
        return await self._interact(InteractionType.MESSAGE_COMPONENT, found.channel_id, data, source=found.id)

    async def send(self, form: Form | Answer, values: Mapping[str, Any] | None = None, /, **fields: Any) -> Answer:
        """Fill in a form by label or custom_id and send it; what is left out stays as the bot prefilled it."""
        opened = form.form if isinstance(form, Answer) else form
        if opened is None or opened.user_id != self.id:
            raise Impossible("no form is open")
        if opened.sent:
            raise Impossible("the form has been sent; it is closed")
        entities = self._entities(opened.channel_id)
        data: dict[str, Any] = {"custom_id": opened.custom_id}
        data["components"] = opened.fill({**(values or {}), **fields}, entities)
        data |= {"resolved": entities.resolved} if entities.resolved else {}
        source = opened.source_message_id
        answer = await self._interact(InteractionType.MODAL_SUBMIT, opened.channel_id, data, source=source)
        opened.sent = not answer.failed
        return answer

    async def run(self, command: str, /, *, where: Any = None, **options: Any) -> Answer:
        """Run a slash command, for example `run("article post", url="https://…")`."""
        entities = self._entities(self._place(where))
        data = slash.command_data(command, options, entities)
        return await self._interact(InteractionType.APPLICATION_COMMAND, entities.channel_id, data)

    async def complete(self, command: str, option: str, typed: str, /, *, where: Any = None, **options: Any) -> Answer:
        """Type into an option of a command; the answer's `choices` are what the bot suggests."""
        entities = self._entities(self._place(where))
        data = slash.completion_data(command, option, typed, options, entities)
        return await self._interact(InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE, entities.channel_id, data)

    def type(self, channel: Any, text: str) -> dict[str, Any]:
        """Write a message; raises Impossible when they may not."""
        channel_id = _id(channel)
        self._require_sight(channel_id)
        if not sight.may_write(self.discord.backend, channel_id, self.id):
            raise Impossible(f"{self.name} may not write in channel {channel_id}")
        message = self.discord.backend.create_message(channel_id, self.id, text)
        unarchive(self.discord.backend, channel_id)
        return sight.message_payload(self.discord, message, self.id)

    def delete(self, message: dict[str, Any] | int) -> None:
        """Delete a message of their own, or of others with MANAGE_MESSAGES."""
        found = sight.find_message(self.discord.backend, message, self.id)
        if (
            found.author_id != self.id
            and not sight.may(self.discord.backend, found.channel_id, self.id).manage_messages
        ):
            raise Impossible(f"{self.name} may not delete the messages of others here")
        self.discord.backend.delete_message(found.channel_id, found.id)

    # How an act travels

    def _place(self, where: Any) -> int:
        if where is not None:
            return _id(where)
        if self.here is not None:
            return self.here
        text_channels = (channel for channel in self.channels() if channel["type"] == 0)
        return int(next(text_channels, {"id": 0})["id"])

    def _entities(self, channel_id: int) -> Entities:
        self._require_sight(channel_id)
        return Entities(self.discord.backend, channel_id, self.id)

    def _require_sight(self, channel_id: int) -> None:
        if not channel_accessible(self.discord.backend, channel_id, self.id):
            raise Impossible(f"{self.name} does not see channel {channel_id}")

    def _message(self, message: dict[str, Any] | int) -> Message:
        found = sight.find_message(self.discord.backend, message, self.id)
        thread = self.discord.backend.get_channel(found.channel_id).thread_metadata
        if thread is not None and thread.locked:
            raise Impossible("the thread is locked: its buttons are grey")
        if thread is not None and thread.archived:
            if not sight.may_write(self.discord.backend, found.channel_id, self.id):
                raise Impossible("the thread is archived, and this person may not bring it back")
            unarchive(self.discord.backend, found.channel_id)
        return found

    async def _interact(
        self, kind: InteractionType, channel_id: int, data: dict[str, Any], *, source: int | None = None
    ) -> Answer:
        self._require_sight(channel_id)
        backend = self.discord.backend
        guild_id = backend.get_channel(channel_id).guild_id
        record, payload = interactions.base_payload(
            backend, type=kind, channel_id=channel_id, guild_id=guild_id, user_id=self.id, data=data
        )
        record.source_message_id = source
        message = backend.messages[channel_id].get(source) if source is not None else None
        if message is not None:
            payload["message"] = sight.message_payload(self.discord, message, backend.bot_user.id)
        _forget_old_interactions(backend)
        seconds = await self._wait(record, payload)
        return self._answer(record, seconds)

    async def _wait(self, record: Interaction, payload: Mapping[str, Any]) -> float:
        answered = self.discord.expect_answer(record.id)
        started = time.monotonic()
        self.discord.backend.emit("INTERACTION_CREATE", payload)
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                await answered.wait()
        except TimeoutError:
            pass
        finally:
            self.discord.forget_answer(record.id)
        return time.monotonic() - started

    def _answer(self, record: Interaction, seconds: float) -> Answer:
        if not record.responded or record.response_kind is None:
            return Answer(AnswerKind.FAILED, seconds)
        form = None
        if record.modal is not None:
            form = Form(record.modal, record.channel_id, record.source_message_id, self.id)
        kind = AnswerKind(record.response_kind)
        return Answer(kind, seconds, form, record.autocomplete_choices or [], self.discord, record)


def _forget_old_interactions(backend: Backend) -> None:
    # Their tokens are dead, and simcord would keep them for ever; ids begin with the time.
    horizon = time_snowflake(backend.clock.now() - TOKEN_LIVES)
    for interaction_id in list(backend.interactions):
        if interaction_id > horizon:
            return
        backend.interaction_tokens.pop(backend.interactions.pop(interaction_id).token, None)


def _id(thing: Any) -> int:
    if isinstance(thing, dict):
        return int(thing["id"])
    return int(getattr(thing, "id", thing))
