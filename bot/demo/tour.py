"""`standfirst demo --tour`: the whole path of a discussion, played by five people and printed as it happens."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any

from bot.demo import sight
from bot.demo.sight import Impossible
from bot.demo.transcript import Transcript

if TYPE_CHECKING:
    from bot.demo.people import Answer, Form, Person
    from bot.demo.stage import Stage

Message = dict[str, Any]

PLEA = "The shade is worth more than 84 parking spaces. My mother waits for the bus there in July."
ATTACK = "Tomas Hale is a fool, and everybody who signed his list is one too."
RUMOUR = "They say the mayor's brother owns the multi-storey at the station."
CORRECTED = "Who owns the multi-storey at the station? The article does not say, and I would like to know."
FREE = "A free shuttle on Saturdays is a start. I shall count the seats."
WHY = "Please write about what he says, not about him. You are welcome to try again."
ASK = "Please say where you have this from, or leave it out."


class StepFailedError(Exception):
    """A step does not show what it should; the message says what."""


def expect(shown: object, what: str) -> None:
    """Stop the tour when something is not as it should be."""
    if not shown:
        raise StepFailedError(what)


async def play(stage: Stage) -> int:
    """Play every chapter; returns the exit code: 1 when a step does not show what it should."""
    tour = Tour(stage)
    try:
        await tour.play()
    except (StepFailedError, Impossible, TimeoutError) as error:
        place = f"chapter {tour.out.chapters}" if tour.out.chapters else "the beginning"
        sys.stderr.write(f"The tour stopped in {place}: {error or 'something took too long'}\n")
        return 1
    return 0


class Tour:
    """The chapters, in order; each asserts what people see."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.out = Transcript(sys.stdout, self._names)
        self.jonas, self.vera = stage.person("Jonas"), stage.person("Vera")
        self.marta, self.tomasz = stage.person("Marta"), stage.person("Tomasz")
        self.started = time.monotonic()

    async def play(self) -> None:
        """Play from the first chapter to the last."""
        self.out.say(
            "Standfirst is a bot for discussions of articles on Discord. Here the real bot talks to a simulated "
            "Discord on this computer. Ingrid posts articles, Jonas and Vera reply, Marta and Tomasz moderate."
        )
        await self.stage.set_up()
        await self.article()
        await self.held()
        await self.duplicate()
        await self.approved()
        await self.rejected()
        await self.changes_requested()
        await self.revised()
        await self.two_at_once()
        await self.told()
        self.ending()

    async def article(self) -> None:
        """An editor posts an article by its address."""
        self.out.chapter("An article is posted")
        self.out.act("Ingrid", "types /article post url:…/sample/article.html, looks at the preview, presses Post")
        await self.stage.post_sample()
        card = self.jonas.sees(self.stage.server.channel("articles"))[0]
        self.out.shows(card, "Everybody sees in #articles")
        expect("nine to six" in self.out.words(card), "the card shows what the article is about")
        expect("Image:" in self.out.words(card), "the card names who made the image")
        expect(not self._can_type(self.jonas), "members cannot type in the discussion")
        self.out.say("Under the card a discussion opens. Nobody can type there: members press the buttons.")

    async def held(self) -> None:
        """A member replies; the moderators see it, and nobody else."""
        self.out.chapter("A reply is held")
        self.out.act("Jonas", "presses Join the conversation")
        form = await self._opened(self.jonas, self._card(), "article:join")
        self.out.form(form, "A form opens")
        self.out.act("Jonas", f"writes: “{PLEA}”")
        receipt = await self._sent(self.jonas, form, PLEA)
        self.out.shows(receipt, "Only Jonas sees")
        expect("held for review" in self.out.words(receipt), "the receipt says that the reply is held")
        card = await self._review_card(PLEA)
        self.out.shows(card, "The moderators see in #review")
        expect(not self._published(), "nothing is in the discussion before the decision")
        self.out.say("The discussion is still empty.")

    async def duplicate(self) -> None:
        """The same text is answered with the same receipt."""
        self.out.chapter("The same reply again")
        self.out.act("Jonas", "is not sure that it worked, and sends the same words once more, in capitals")
        form = await self._opened(self.jonas, self._card(), "article:join")
        receipt = await self._sent(self.jonas, form, PLEA.upper())
        self.out.shows(receipt, "Only Jonas sees")
        expect("already sent" in self.out.words(receipt), "the duplicate is recognised")
        expect("#1" in self.out.words(receipt), "the duplicate gets the first one's number")
        expect(len(self._review()) == 1, "the moderators have one card, not two")

    async def approved(self) -> None:
        """A moderator approves; the reply appears, and its author is told."""
        self.out.chapter("A moderator approves")
        self.out.act("Marta", "presses Approve on the card")
        await self._pressed(self.marta, await self._review_card(PLEA), "review:approve")
        reply = await self._appears(PLEA)
        self.out.shows(reply, f"Everybody sees in the discussion, from {_author(reply)}")
        expect(_author(reply) == self.jonas.name, "the reply appears under its author's name")
        notice = await self._notice(self.jonas, "is published")
        self.out.shows(notice, "Jonas gets a direct message")

    async def rejected(self) -> None:
        """A moderator rejects under a guideline, and the author learns why."""
        self.out.chapter("A moderator rejects")
        self.out.act("Jonas", f"replies again: “{ATTACK}”")
        await self._sent(self.jonas, await self._opened(self.jonas, self._card(), "article:join"), ATTACK)
        self.out.act("Tomasz", "presses Reject, chooses the guideline and writes a sentence")
        form = await self._opened(self.tomasz, await self._review_card(ATTACK), "review:reject")
        values = {"guideline": "personal_attack", "sentence": WHY}
        answer = await self.tomasz.send(form, values)
        expect(not answer.failed, "the form is taken")
        card = await self.stage.until(lambda: self._card_with("rejected by"), "the card says who rejected it")
        self.out.shows(card, "The moderators see in #review")
        expect(not self._published(ATTACK), "the rejected reply is not in the discussion")

    async def told(self) -> None:
        """The author of the rejected reply learns why."""
        self.out.chapter("A rejection says why")
        self.out.say(
            "Direct messages go out one by one, with a pause of ten seconds, because Discord limits how fast a bot may "
            "send them."
        )
        notice = await self._notice(self.jonas, "was not approved")
        self.out.shows(notice, "Jonas has got a direct message")
        expect("personal attack" in self.out.words(notice), "the notice names the guideline")
        expect(WHY in self.out.words(notice), "the notice holds the moderator's words")

    async def changes_requested(self) -> None:
        """A member whose Discord speaks Russian replies to a reply, and is asked to change it."""
        self.out.chapter("A moderator asks for changes, and the member reads Russian")
        self.out.act("Vera", f"answers Jonas. Her Discord is in Russian, so the bot is too. She writes: “{RUMOUR}”")
        form = await self._opened(self.vera, self._published(PLEA)[0], "reply:answer")
        self.out.form(form, "A form opens")
        expect(form.title == "Ваш ответ", "the form is in Russian")
        receipt = await self._sent(self.vera, form, RUMOUR)
        self.out.shows(receipt, "Only Vera sees", locale=self.vera.locale)
        expect("на проверке" in self.out.words(receipt), "the receipt is in Russian")
        self.out.act("Marta", f"presses Request changes and writes: “{ASK}”")
        asked = await self._opened(self.marta, await self._review_card(RUMOUR), "review:changes")
        reason = {"guideline": "disrespect", "passages": ["0"], "sentence": ASK}
        expect(not (await self.marta.send(asked, reason)).failed, "the form is taken")

    async def revised(self) -> None:
        """The author revises; the new text is reviewed, and only that one appears."""
        self.out.chapter("The author revises")
        self.out.act("Vera", "types /мои ответы")
        answer = await (await self.vera.run("my replies")).finished()
        listed = answer.message or {}
        self.out.shows(listed, "Only Vera sees", locale=self.vera.locale)
        expect(ASK in self.out.words(listed), "her list holds the moderator's words")
        form = await self._opened(self.vera, listed, "reply:revise")
        expect(form.field("text").prefilled() == RUMOUR, "her words stand in the form")
        self.out.act("Vera", f"presses Исправить. Her words are still in the form; she writes: “{CORRECTED}”")
        await self._sent(self.vera, form, CORRECTED)
        card = await self._review_card(CORRECTED)
        self.out.shows(card, "The moderators see in #review")
        self.out.act("Tomasz", "presses Approve")
        await self._pressed(self.tomasz, card, "review:approve")
        self.out.shows(await self._appears(CORRECTED), "Everybody sees in the discussion, from Vera Orlova")
        expect(not self._published(RUMOUR), "the first text never appears")

    async def two_at_once(self) -> None:
        """Two moderators decide in the same moment: one decision."""
        self.out.chapter("Two moderators at once")
        self.out.act("Jonas", f"replies: “{FREE}”")
        await self._sent(self.jonas, await self._opened(self.jonas, self._card(), "article:join"), FREE)
        card = await self._review_card(FREE)
        self.out.act("Marta and Tomasz", "press Approve in the same moment")
        moderators = (self.marta, self.tomasz)
        answers = await asyncio.gather(*(person.press(card, _named(card, "review:approve")) for person in moderators))
        await self._appears(FREE)
        told = [(person, found) for person, answer in zip(moderators, answers, strict=True) if (found := _told(answer))]
        expect(len(told) == 1, "exactly one of them is told that the other was faster")
        person, message = told[0]
        self.out.shows(message, f"Only {person.name.split()[0]} sees")
        expect("faster" in self.out.words(message), "the sentence says who was faster")
        expect(len(self._published(FREE)) == 1, "the reply appears once")

    def ending(self) -> None:
        """Show the discussion as everybody sees it now."""
        self.out.chapter("The discussion as everybody sees it")
        for reply in self._published():
            self.out.shows(reply, _author(reply))
        expect(len(self._published()) == len((PLEA, CORRECTED, FREE)), "three replies are published")
        seconds = time.monotonic() - self.started
        self.out.act("You", "can press the buttons yourself: make demo")
        self.out.say(f"That was the tour, in {seconds:.0f} seconds.")

    # What people see

    def _names(self) -> dict[str, str]:
        backend, server = self.stage.discord.backend, self.stage.server
        named = {str(channel.id): channel.name for channel in backend.channels.values() if channel.name}
        named |= {str(role.id): role.name for role in backend.get_guild(server.id).roles.values()}
        return named | {str(person.id): person.name for person in server.members}

    def _card(self) -> Message:
        return self.jonas.sees(self.stage.server.channel("articles"))[0]

    def _can_type(self, person: Person) -> bool:
        channels = {channel["id"]: channel for channel in person.channels()}
        return bool(channels[self.stage.discussion()["id"]]["may_write"])

    def _published(self, text: str = "") -> list[Message]:
        seen = self.vera.sees(self.stage.discussion())
        return [each for each in seen if each.get("webhook_id") and text in self.out.words(each)]

    def _review(self) -> list[Message]:
        return self.marta.sees(self.stage.server.channel("review"))

    async def _review_card(self, text: str) -> Message:
        found: Message = await self.stage.until(
            lambda: self._card_with(text), "the moderators see a card with the reply"
        )
        return found

    def _card_with(self, words: str) -> Message | None:
        return next((each for each in self._review() if words in self.out.words(each)), None)

    async def _appears(self, text: str) -> Message:
        found: list[Message] = await self.stage.until(lambda: self._published(text), "the reply appears")
        return found[0]

    async def _notice(self, person: Person, text: str) -> Message:
        def notice() -> Message | None:
            return next((each for each in person.direct_messages() if text in self.out.words(each)), None)

        found: Message = await self.stage.until(notice, f"{person.name} gets a direct message")
        return found

    # What people do

    async def _pressed(self, person: Person, message: Message, action: str) -> Answer:
        answer = await person.press(message, _named(message, action))
        expect(not answer.failed, f"the bot answers when {person.name} presses {action}")
        return answer

    async def _opened(self, person: Person, message: Message, action: str) -> Form:
        answer = await self._pressed(person, message, action)
        if answer.form is None:
            raise StepFailedError(f"a form opens when {person.name} presses {action}; instead: {answer.text}")
        return answer.form

    async def _sent(self, person: Person, form: Form, text: str) -> Message:
        answer = await person.send(form, {"text": text})
        expect(answer.message is not None and answer.ephemeral, f"{person.name} alone gets a receipt")
        return answer.message or {}


def _named(message: Message, action: str) -> str:
    for button in sight.buttons(message).values():
        if str(button.get("custom_id", "")).startswith(f"{action}:"):
            return str(button["custom_id"])
    raise StepFailedError(f"the message offers {action}")


def _told(answer: Answer) -> Message | None:
    """Return what only the one who pressed was told: the answer itself, or what came after the card."""
    private = [answer.message] if answer.ephemeral and answer.message else []
    return next(iter([*private, *answer.followups]), None)


def _author(message: Message) -> str:
    return str(message["author"]["global_name"] or message["author"]["username"])
