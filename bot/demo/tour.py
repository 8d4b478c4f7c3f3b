"""`standfirst demo --tour`: the path of a discussion and the moderators' desk, played and printed as it happens."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

from bot.demo.desk_tour import BENCH, COPIES, AtTheDesk
from bot.demo.playing import StepFailedError, author_of, expect, named, told_alone
from bot.demo.sight import Impossible

if TYPE_CHECKING:
    from bot.demo.stage import Stage

PLEA = "The shade is worth more than 84 parking spaces. My mother waits for the bus there in July."
ATTACK = "Tomas Hale is a fool, and everybody who signed his list is one too."
RUMOUR = "They say the mayor's brother owns the multi-storey at the station."
CORRECTED = "Who owns the multi-storey at the station? The article does not say, and I would like to know."
FREE = "A free shuttle on Saturdays is a start. I shall count the seats."
WHY = "Please write about what he says, not about him. You are welcome to try again."
ASK = "Please say where you have this from, or leave it out."


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


class Tour(AtTheDesk):
    """The chapters, in order; each asserts what people see."""

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
        await self.at_the_desk()
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
        expect(not self.can_type(self.jonas), "members cannot type in the discussion")
        self.out.say("Under the card a discussion opens. Nobody can type there: members press the buttons.")

    async def held(self) -> None:
        """A member replies; the moderators see it, and nobody else."""
        self.out.chapter("A reply is held")
        self.out.act("Jonas", "presses Join the conversation")
        form = await self.opened(self.jonas, self.article_card(), "article:join")
        self.out.form(form, "A form opens")
        self.out.act("Jonas", f"writes: “{PLEA}”")
        receipt = await self.sent(self.jonas, form, PLEA)
        self.out.shows(receipt, "Only Jonas sees")
        expect("held for review" in self.out.words(receipt), "the receipt says that the reply is held")
        card = await self.review_card(PLEA)
        self.out.shows(card, "The moderators see in #review")
        expect(not self.published(), "nothing is in the discussion before the decision")
        self.out.say("The discussion is still empty.")

    async def duplicate(self) -> None:
        """The same text is answered with the same receipt."""
        self.out.chapter("The same reply again")
        self.out.act("Jonas", "is not sure that it worked, and sends the same words once more, in capitals")
        form = await self.opened(self.jonas, self.article_card(), "article:join")
        receipt = await self.sent(self.jonas, form, PLEA.upper())
        self.out.shows(receipt, "Only Jonas sees")
        expect("already sent" in self.out.words(receipt), "the duplicate is recognised")
        expect("#1" in self.out.words(receipt), "the duplicate gets the first one's number")
        expect(len(self.review()) == 1, "the moderators have one card, not two")

    async def approved(self) -> None:
        """A moderator approves; the reply appears, and its author is told."""
        self.out.chapter("A moderator approves")
        self.out.act("Marta", "presses Approve on the card")
        await self.pressed(self.marta, await self.review_card(PLEA), "review:approve")
        reply = await self.appears(PLEA)
        self.out.shows(reply, f"Everybody sees in the discussion, from {author_of(reply)}")
        expect(author_of(reply) == self.jonas.name, "the reply appears under its author's name")
        notice = await self.notice(self.jonas, "is published")
        self.out.shows(notice, "Jonas gets a direct message")

    async def rejected(self) -> None:
        """A moderator rejects under a guideline, and the author learns why."""
        self.out.chapter("A moderator rejects")
        self.out.act("Jonas", f"replies again: “{ATTACK}”")
        await self.sent(self.jonas, await self.opened(self.jonas, self.article_card(), "article:join"), ATTACK)
        self.out.act("Tomasz", "presses Reject, chooses the guideline and writes a sentence")
        form = await self.opened(self.tomasz, await self.review_card(ATTACK), "review:reject")
        values = {"guideline": "personal_attack", "sentence": WHY}
        answer = await self.tomasz.send(form, values)
        expect(not answer.failed, "the form is taken")
        card = await self.stage.until(lambda: self.card_with("rejected by"), "the card says who rejected it")
        self.out.shows(card, "The moderators see in #review")
        expect(not self.published(ATTACK), "the rejected reply is not in the discussion")

    async def told(self) -> None:
        """The author of the rejected reply learns why."""
        self.out.chapter("A rejection says why")
        self.out.say(
            "Direct messages go out one by one, with a pause of ten seconds, because Discord limits how fast a bot may "
            "send them."
        )
        notice = await self.notice(self.jonas, "was not approved")
        self.out.shows(notice, "Jonas has got a direct message")
        expect("personal attack" in self.out.words(notice), "the notice names the guideline")
        expect(WHY in self.out.words(notice), "the notice holds the moderator's words")

    async def changes_requested(self) -> None:
        """A member whose Discord speaks Russian replies to a reply, and is asked to change it."""
        self.out.chapter("A moderator asks for changes, and the member reads Russian")
        self.out.act("Vera", f"answers Jonas. Her Discord is in Russian, so the bot is too. She writes: “{RUMOUR}”")
        form = await self.opened(self.vera, self.published(PLEA)[0], "reply:answer")
        self.out.form(form, "A form opens")
        expect(form.title == "Ваш ответ", "the form is in Russian")
        receipt = await self.sent(self.vera, form, RUMOUR)
        self.out.shows(receipt, "Only Vera sees", locale=self.vera.locale)
        expect("на проверке" in self.out.words(receipt), "the receipt is in Russian")
        self.out.act("Marta", f"presses Request changes and writes: “{ASK}”")
        asked = await self.opened(self.marta, await self.review_card(RUMOUR), "review:changes")
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
        form = await self.opened(self.vera, listed, "reply:revise")
        expect(form.field("text").prefilled() == RUMOUR, "her words stand in the form")
        self.out.act("Vera", f"presses Исправить. Her words are still in the form; she writes: “{CORRECTED}”")
        await self.sent(self.vera, form, CORRECTED)
        card = await self.review_card(CORRECTED)
        self.out.shows(card, "The moderators see in #review")
        self.out.act("Marta", "presses Approve: a reply she had asked to change comes to her first")
        await self.pressed(self.marta, card, "review:approve")
        self.out.shows(await self.appears(CORRECTED), "Everybody sees in the discussion, from Vera Orlova")
        expect(not self.published(RUMOUR), "the first text never appears")

    async def two_at_once(self) -> None:
        """Two moderators decide in the same moment: one decision."""
        self.out.chapter("Two moderators at once")
        self.out.act("Jonas", f"replies: “{FREE}”")
        await self.sent(self.jonas, await self.opened(self.jonas, self.article_card(), "article:join"), FREE)
        card = await self.review_card(FREE)
        self.out.act("Marta and Tomasz", "press Approve in the same moment")
        moderators = (self.marta, self.tomasz)
        answers = await asyncio.gather(*(person.press(card, named(card, "review:approve")) for person in moderators))
        await self.appears(FREE)
        told = [
            (person, found) for person, answer in zip(moderators, answers, strict=True) if (found := told_alone(answer))
        ]
        expect(len(told) == 1, "exactly one of them is told that the other was faster")
        person, message = told[0]
        self.out.shows(message, f"Only {person.name.split()[0]} sees")
        expect("faster" in self.out.words(message), "the sentence says who was faster")
        expect(len(self.published(FREE)) == 1, "the reply appears once")

    def ending(self) -> None:
        """Show the discussion as everybody sees it now."""
        self.out.chapter("The discussion as everybody sees it")
        for reply in self.published():
            self.out.shows(reply, author_of(reply))
        expect(len(self.published()) == len((PLEA, CORRECTED, FREE, BENCH, COPIES[0])), "five replies are published")
        seconds = time.monotonic() - self.started
        self.out.act("You", "can press the buttons yourself: make demo")
        self.out.say(f"That was the tour, in {seconds:.0f} seconds.")
