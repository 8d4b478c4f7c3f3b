"""Pictures of the moderator's desk on a phone: each kind of card, and the form that asks why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.demo.desk_tour import ABOUT_IT, COPIES, CURSE, NEWCOMERS, TRADERS, AtTheDesk
from bot.demo.tour import ASK, PLEA
from bot.demo.visitor import RIGHT, Visitor

if TYPE_CHECKING:
    from bot.demo.stage import Stage

PLACE = "general"  # where Marta has her desk: in #review each new card would push it up
SHUTTLE = (
    "A shuttle only on Saturdays does not help me: I work until six. Has anybody asked those who work in the shops?"
)
RUMOUR = (
    "My neighbour says that the garden costs a million. Whoever reads the article closely finds that a third comes "
    "from a fund, and I would rather have the trees than the asphalt in July."
)
REVISED = (
    "The article says that the garden costs 640,000 crowns. Whoever reads it closely finds that a third comes "
    "from a fund, and I would rather have the trees than the asphalt in July."
)


class DeskPictures(AtTheDesk):
    """Marta at her desk, with a phone; the others act behind the scenes."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        super().__init__(stage)
        self.visitor = visitor
        self.ada, *self.others = (stage.server.join(each) for each in NEWCOMERS)

    async def draw_all(self) -> None:
        """Draw the cards one after the other; each is decided before the next comes."""
        tabs = self.visitor.page.locator("#tabs button")
        await tabs.last.click()
        await tabs.first.click()
        await self.visitor.page.locator("#list .entry", has_text=PLACE).click()
        await self.replied(self.jonas, PLEA)
        await self.pressed(self.tomasz, await self.review_card(PLEA), "review:approve")
        published = await self.appears(PLEA)
        await self.sent(self.ada, await self.opened(self.ada, published, "reply:answer"), SHUTTLE)
        await self.replied(self.vera, TRADERS)
        await self.next_for(self.marta, where=PLACE)
        await self.visitor.sees(RIGHT, SHUTTLE)
        await self.draw("phone-desk-approve")
        await self.visitor.press(RIGHT, "Approve")
        await self.visitor.sees(RIGHT, TRADERS)
        await self.draw("phone-desk-undo")
        await self.draw_reject()
        await self.draw_difference()
        await self.draw_copies()
        await self.draw_severe()

    async def draw(self, name: str) -> None:
        """Draw without a mouse: a phone has none."""
        await self.visitor.page.mouse.move(0, 0)
        await self.visitor.draw(name)

    async def draw_reject(self) -> None:
        """Tick the sentence that a rejection is about."""
        await self.visitor.press(RIGHT, "Reject")
        await self.visitor.fill(guideline="personal_attack", passages="1", sentence=ABOUT_IT)
        await self.draw("phone-desk-reject")
        await self.visitor.send()
        await self.visitor.sees(RIGHT, "Nothing is left")

    async def draw_difference(self) -> None:
        """Have a reply changed, and judge what is new."""
        await self.replied(self.jonas, RUMOUR)
        await self.visitor.press(RIGHT, "Look again")
        await self.visitor.sees(RIGHT, "My neighbour says")
        await self.visitor.press(RIGHT, "Request changes")
        await self.visitor.send(guideline="disrespect", sentence=ASK)
        listed = (await self.jonas.run("my replies")).message or {}
        await self.sent(self.jonas, await self.opened(self.jonas, listed, "reply:revise"), REVISED)
        await self.visitor.press(RIGHT, "Look again")
        await self.visitor.sees(RIGHT, "Changed since")
        await self.draw("phone-desk-diff")
        await self.visitor.press(RIGHT, "Approve")
        await self.visitor.sees(RIGHT, "Nothing is left")

    async def draw_copies(self) -> None:
        """Let three accounts say the same."""
        for person, text in zip(self.others, COPIES, strict=True):
            await self.replied(person, text)
        await self.visitor.press(RIGHT, "Look again")
        await self.visitor.sees(RIGHT, "3 copies")
        await self.draw("phone-desk-cluster")
        await self.visitor.press(RIGHT, "Approve one, close the rest")
        await self.visitor.sees(RIGHT, "Nothing is left")

    async def draw_severe(self) -> None:
        """Hide what is severe."""
        await self.replied(self.others[0], CURSE)
        await self.visitor.press(RIGHT, "Look again")
        await self.visitor.sees(RIGHT, "obscenity")
        await self.draw("phone-desk-blurred")
