"""The tour's chapters of the desk: one reply after the other, Undo, passages, copies of one text, a severe reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo import sight
from bot.demo.newsroom import Someone
from bot.demo.playing import Message, Playing, author_of, expect

if TYPE_CHECKING:
    from bot.demo.people import Answer, Person

NEWCOMERS = (
    Someone("Ada Lind", colour=0x7A4E9C),
    Someone("Ben Ortiz", colour=0x2A7F9E),
    Someone("Cleo Marsh", colour=0x8C3B4A),
    Someone("Dora Falk", colour=0x4E7A3A),
)
BENCH = "Please put one bench in the shade of the library wall. My knees will be grateful."
INSULT = "Whoever signed that list cannot read."
TRADERS = f"Deliveries on Mondays are a fair point. {INSULT} What would help the shops?"
ABOUT_IT = "The rest is welcome without this sentence."
COPIES = (
    "Keep the Mill Street car park! Every space that goes is a customer who goes. Sign the list at the bakery.",
    "keep the mill street car park, every space that goes is a customer who goes, sign the list at the bakery",
    "KEEP the Mill Street car park!!! Every space that goes is a customer who goes. Sign the list at the bakery!",
)
CURSE = "Bullshit. Throw the whole council into the river, together with their flower beds."


class AtTheDesk(Playing):
    """The chapters, in order; each asserts what people see."""

    async def at_the_desk(self) -> None:
        """Play all of them."""
        self.ada, *self.others = (self.stage.server.join(each) for each in NEWCOMERS)
        desk = await self.one_by_one()
        desk = await self.undone(desk)
        await self.passages(desk)
        await self.copies()
        await self.severe()

    async def one_by_one(self) -> Message:
        """A moderator decides in one private message; returns it as it shows the second reply."""
        self.out.chapter("The desk: one reply after the other")
        self.out.act("Vera", f"replies once more: “{TRADERS}”")
        await self.replied(self.vera, TRADERS)
        self.out.act("Ada", f"is new here. She replies: “{BENCH}”")
        await self.replied(self.ada, BENCH)
        self.out.act("Marta", "types /review next. A first reply comes before somebody else's second")
        desk = await self.next_for(self.marta)
        self.out.shows(desk, "Only Marta sees")
        expect(BENCH in self.out.words(desk), "Ada's first reply comes before Vera's second")
        expect("2 held" in self.out.words(desk), "the desk says how many replies are held")
        self.out.act("Marta", "presses Approve. The next reply takes its place in the same message")
        following = private(await self.pressed(self.marta, desk, "review:approve"), self.marta)
        self.out.shows(following, "Only Marta sees")
        expect(following["id"] == desk["id"], "the desk is one message")
        expect(TRADERS in self.out.words(following), "the next reply takes the place of the one before")
        return following

    async def undone(self, desk: Message) -> Message:
        """An approval is taken back before anybody saw the reply; returns the desk, which shows it again."""
        self.out.chapter("Undo, before anybody saw it")
        self.out.act("Marta", "presses Approve, and only then reads the second sentence")
        empty = private(await self.pressed(self.marta, desk, "review:approve"), self.marta)
        self.out.shows(empty, "Only Marta sees")
        expect("Nothing is left" in self.out.words(empty), "the desk is empty")
        self.out.act("Marta", "presses Undo: an approved reply waits a moment before it appears")
        again = private(await self.pressed(self.marta, empty, "review:undo"), self.marta)
        expect(TRADERS in self.out.words(again), "the reply is on the desk again")
        expect(not self.published(TRADERS), "nobody has seen it")
        self.out.say("The reply is on her desk again. Nobody has seen it, and Vera was not told.")
        return again

    async def passages(self, desk: Message) -> None:
        """A rejection names the sentence that it is about, and the author reads exactly that."""
        self.out.chapter("A rejection shows the words")
        self.out.act("Marta", f"presses Reject. The form lists the sentences; she ticks “{INSULT}”")
        form = await self.opened(self.marta, desk, "review:reject")
        sentences = [option["label"] for option in form.field("passages").control["options"]]
        expect(INSULT in sentences, "the form offers each sentence of the reply")
        values = {"guideline": "personal_attack", "passages": [INSULT], "sentence": ABOUT_IT}
        private(await self.marta.send(form, values), self.marta)
        self.out.act("Vera", "types /мои ответы and presses Открыть")
        listed = private(await self.vera.run("my replies"), self.vera)
        receipt = private(await self.pressed(self.vera, listed, "my:reply"), self.vera)
        self.out.shows(receipt, "Only Vera sees", locale=self.vera.locale)
        expect(f"\n> {INSULT}\n" in self.out.words(receipt), "the author reads the words that it is about")
        self.out.shows(await self.appears(BENCH), "Meanwhile everybody sees in the discussion, from Ada Lind")

    async def copies(self) -> None:
        """One text from several new accounts is one card: one is approved, the others are closed."""
        self.out.chapter("One text from three accounts")
        self.out.act("Ben, Cleo and Dora", f"are new, too, and say nearly the same: “{COPIES[0]}”")
        for person, text in zip(self.others, COPIES, strict=True):
            await self.replied(person, text)
        self.out.act("Marta", "types /review next")
        desk = await self.next_for(self.marta)
        self.out.shows(desk, "Only Marta sees")
        expect("3 copies, 3 accounts younger than 7 days" in self.out.words(desk), "the copies are one card")
        self.out.act("Marta", "presses Approve one, close the rest")
        empty = private(await self.pressed(self.marta, desk, "cluster:approve"), self.marta)
        expect("Nothing is left" in self.out.words(empty), "all the copies are decided")
        reply = await self.appears(COPIES[0])
        self.out.shows(reply, f"Everybody sees in the discussion, from {author_of(reply)}")
        cleo = self.others[1]
        self.out.act("Cleo", "types /my replies")
        self.out.shows(private(await cleo.run("my replies"), cleo), "Only Cleo sees")
        said = [each for each in self.published() if "car park" in self.out.words(each).lower()]
        expect(len(said) == 1, "one of the copies appears, once")

    async def severe(self) -> None:
        """A severe text is hidden until a moderator taps it."""
        self.out.chapter("A severe reply is blurred")
        self.out.act("Ben", "is angry, and sends a curse")
        await self.replied(self.others[0], CURSE)
        card = await self.review_card(CURSE)
        self.out.shows(card, "The moderators see in #review")
        expect(f"||{CURSE}||" in sight.text(card), "the text is hidden until it is tapped")
        self.out.act("Tomasz", "presses Reject without tapping it. The form does not show it either")
        form = await self.opened(self.tomasz, card, "review:reject")
        expect(CURSE not in "\n".join(form.texts), "the form does not show the text")
        expect(not (await self.tomasz.send(form, {"guideline": "obscenity"})).failed, "the form is taken")
        decided = await self.stage.until(lambda: self.card_with("#10 · rejected by"), "the card says who rejected it")
        expect(f"||{CURSE}||" in sight.text(decided), "the text stays hidden")

    async def replied(self, person: Person, text: str) -> None:
        """Let somebody answer the article."""
        await self.sent(person, await self.opened(person, self.article_card(), "article:join"), text)

    async def next_for(self, moderator: Person, *, where: str = "review") -> Message:
        """Open a moderator's desk in a channel."""
        return private(await moderator.run("review next", where=self.stage.server.channel(where)), moderator)


def private(answer: Answer, person: Person) -> Message:
    """Return the message that answers, which nobody else sees."""
    message = answer.message
    expect(not answer.failed and message is not None and sight.is_private(message), f"{person.name} alone gets it")
    return message or {}
