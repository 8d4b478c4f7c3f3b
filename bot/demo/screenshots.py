"""`make screenshots`: walks through the demo in headless Chromium and draws each station into `data/screenshots/`."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot import logs
from bot.demo.desk_screenshots import DeskPictures
from bot.demo.pages import Pages
from bot.demo.stage import Stage, open_stage
from bot.demo.tour import ASK, ATTACK, CORRECTED, PLEA, WHY
from bot.demo.visitor import DESKTOP, FOLDER, INGRID, JONAS, LEFT, PHONE, RIGHT, VERA, Visitor, open_browser
from bot.errors import StartError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, ViewportSize


@asynccontextmanager
async def visiting(browser: Browser, size: ViewportSize) -> AsyncIterator[tuple[Visitor, Stage]]:
    """Start the demo on a free port, with the sample article posted, and open its page in a window of this size."""
    async with open_stage(before_start=lambda stage: Pages(stage).add_routes(stage.discord.app.router)) as (stage, _):
        await stage.set_up()
        await stage.post_sample()
        page = await browser.new_page(viewport=size)
        await page.goto(stage.discord.url)
        yield Visitor(page), stage
        await page.close()


async def draw_desktop(visitor: Visitor) -> None:
    """Walk the whole path with two panes."""
    await visitor.sees(LEFT, "Council votes")
    await visitor.draw("start")
    await visitor.press(LEFT, "Join the conversation")
    await visitor.fill(text=PLEA)
    await visitor.draw("form")
    await visitor.send()
    await visitor.sees(RIGHT, PLEA)
    await visitor.draw("review")
    await visitor.press(RIGHT, "Approve")
    await visitor.open(LEFT, "Council votes")
    await visitor.sees(LEFT, PLEA)
    await visitor.press(LEFT, "Join the conversation")
    await visitor.send(text=ATTACK)
    await visitor.press(RIGHT, "Reject")
    await visitor.fill(guideline="personal_attack", sentence=WHY)
    await visitor.draw("reject")
    await visitor.send()
    await draw_russian(visitor)
    await draw_rest(visitor)


async def draw_russian(visitor: Visitor) -> None:
    """Let a member whose Discord speaks Russian answer, and revise."""
    await visitor.become(LEFT, VERA)
    await visitor.press(LEFT, "Reply")
    await visitor.send(text="They say the mayor's brother owns the multi-storey at the station.")
    await visitor.sees(LEFT, "на проверке")
    await visitor.press(RIGHT, "Request changes")
    await visitor.send(guideline="disrespect", sentence=ASK)
    await visitor.pane(LEFT).locator(".slash").click()
    await visitor.draw("russian-commands")
    await visitor.pane(LEFT).locator(".line input").fill("/мои")
    await visitor.page.keyboard.press("Enter")
    await visitor.pane(LEFT).locator(".command .primary").click()
    await visitor.sees(LEFT, ASK)
    await visitor.draw("russian")
    await visitor.press(LEFT, "Исправить #3")
    await visitor.send(text=CORRECTED)
    await visitor.press(RIGHT, "Approve")


async def draw_rest(visitor: Visitor) -> None:
    """Show the discussion, what the author was told, and what the owner sees."""
    published = visitor.pane(LEFT).locator(".message:not(.private)", has_text=CORRECTED)
    await published.wait_for()
    await visitor.become(LEFT, JONAS)
    await visitor.page.mouse.move(2, 2)
    for _ in range(await visitor.pane(LEFT).locator(".ephemeral .plain").count()):
        await visitor.pane(LEFT).locator(".ephemeral .plain").first.click()
        await visitor.page.wait_for_timeout(200)
    await visitor.pane(LEFT).locator(".message").last.scroll_into_view_if_needed()
    await visitor.draw("discussion")
    await visitor.open(LEFT, "Standfirst")
    await visitor.sees(LEFT, "is published", seconds=20)  # direct messages go out every ten seconds
    await visitor.become(RIGHT, INGRID)
    await visitor.open(RIGHT, "welcome")
    await visitor.sees(RIGHT, "Everything is ready")
    await visitor.draw("messages-and-setup")


async def draw_phone(visitor: Visitor) -> None:
    """Show the same on a phone."""
    await visitor.sees(LEFT, "Council votes")
    await visitor.draw("phone-start")
    await visitor.press(LEFT, "Join the conversation")
    await visitor.fill(text="One question: who waters the beds in August?")
    await visitor.draw("phone-form")
    await visitor.send()
    await visitor.sees(LEFT, "held for review")
    await visitor.draw("phone-receipt")
    await visitor.page.locator("#tabs button").last.click()
    await visitor.sees(RIGHT, "who waters the beds")
    await visitor.draw("phone-review")
    await visitor.page.locator("#tabs button").first.click()
    await visitor.draw("phone-channels")


async def draw_all() -> None:
    """Draw everything."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with open_browser() as browser:
        for size, draw in ((DESKTOP, draw_desktop), (PHONE, draw_phone)):
            async with visiting(browser, size) as (visitor, _):
                await draw(visitor)
        async with visiting(browser, PHONE) as (visitor, stage):
            await DeskPictures(stage, visitor).draw_all()


def main() -> None:
    """Draw, then say where the pictures are; one line and exit code 2 when it cannot start."""
    logs.set_up(level=logging.ERROR)
    try:
        asyncio.run(draw_all())
    except StartError as error:
        sys.stderr.write(f"standfirst: {error}\n")
        sys.exit(2)
    sys.stdout.write("The pictures are in data/screenshots\n")


if __name__ == "__main__":
    main()
