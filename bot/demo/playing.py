"""How a tour is played: what people see and do in the demo, and what stops the tour when it is not as it should be."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from simcord.components import walk_components

from bot.demo import sight
from bot.demo.transcript import Transcript

if TYPE_CHECKING:
    from bot.demo.people import Answer, Form, Person
    from bot.demo.stage import Stage

Message = dict[str, Any]


class StepFailedError(Exception):
    """A step does not show what it should; the message says what."""


def expect(shown: object, what: str) -> None:
    """Stop the tour when something is not as it should be."""
    if not shown:
        raise StepFailedError(what)


class Playing:
    """People of the newsroom, and the steps that every chapter is made of."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.out = Transcript(sys.stdout, self.names)
        self.jonas, self.vera = stage.person("Jonas"), stage.person("Vera")
        self.marta, self.tomasz = stage.person("Marta"), stage.person("Tomasz")
        self.started = time.monotonic()

    # What people see

    def names(self) -> dict[str, str]:
        """Return the names by the ids of channels, roles and people."""
        backend, server = self.stage.discord.backend, self.stage.server
        named = {str(channel.id): channel.name for channel in backend.channels.values() if channel.name}
        named |= {str(role.id): role.name for role in backend.get_guild(server.id).roles.values()}
        return named | {str(person.id): person.name for person in server.members}

    def article_card(self) -> Message:
        """Return the article's card as Jonas sees it."""
        return self.jonas.sees(self.stage.server.channel("articles"))[0]

    def can_type(self, person: Person) -> bool:
        """Tell whether somebody may write in the discussion."""
        channels = {channel["id"]: channel for channel in person.channels()}
        return bool(channels[self.stage.discussion()["id"]]["may_write"])

    def published(self, text: str = "") -> list[Message]:
        """Return the published replies that hold a text, in order."""
        seen = self.vera.sees(self.stage.discussion())
        return [each for each in seen if each.get("webhook_id") and text in self.out.words(each)]

    def review(self) -> list[Message]:
        """Return what all moderators see in the review channel."""
        seen = self.marta.sees(self.stage.server.channel("review"))
        return [each for each in seen if not sight.is_private(each)]

    async def review_card(self, text: str) -> Message:
        """Wait for the review card of the reply with this text."""
        found: Message = await self.stage.until(
            lambda: self.card_with(text), "the moderators see a card with the reply"
        )
        return found

    def card_with(self, words: str) -> Message | None:
        """Return the first review card that shows these words."""
        return next((each for each in self.review() if words in self.out.words(each)), None)

    async def appears(self, text: str) -> Message:
        """Wait until the reply with this text is published."""
        found: list[Message] = await self.stage.until(lambda: self.published(text), "the reply appears")
        return found[0]

    async def notice(self, person: Person, text: str) -> Message:
        """Wait for a direct message with this text."""

        def notice() -> Message | None:
            return next((each for each in person.direct_messages() if text in self.out.words(each)), None)

        found: Message = await self.stage.until(notice, f"{person.name} gets a direct message")
        return found

    # What people do

    async def pressed(self, person: Person, message: Message, action: str) -> Answer:
        """Press the button of an action; stop when the bot fails."""
        answer = await person.press(message, named(message, action))
        expect(not answer.failed, f"the bot answers when {person.name} presses {action}")
        return answer

    async def opened(self, person: Person, message: Message, action: str) -> Form:
        """Press a button that opens a form."""
        answer = await self.pressed(person, message, action)
        if answer.form is None:
            raise StepFailedError(f"a form opens when {person.name} presses {action}; instead: {answer.text}")
        return answer.form

    async def sent(self, person: Person, form: Form, text: str) -> Message:
        """Send the form; only its author gets the receipt."""
        answer = await person.send(form, {"text": text})
        expect(answer.message is not None and answer.ephemeral, f"{person.name} alone gets a receipt")
        return answer.message or {}


def named(message: Message, action: str) -> str:
    """Return the custom_id of a message's first button for this action."""
    for component in walk_components(message["components"]):
        if str(component.get("custom_id", "")).startswith(f"{action}:"):
            return str(component["custom_id"])
    raise StepFailedError(f"the message offers {action}")


def told_alone(answer: Answer) -> Message | None:
    """Return what only the one who pressed was told: the answer itself, or what came after the card."""
    private = [answer.message] if answer.ephemeral and answer.message else []
    return next(iter([*private, *answer.followups]), None)


def author_of(message: Message) -> str:
    """Return the name above a message."""
    return str(message["author"]["global_name"] or message["author"]["username"])
