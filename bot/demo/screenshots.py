"""`make screenshots`: walks through the demo in headless Chromium and draws each station into `data/screenshots/`."""

from __future__ import annotations

import asyncio
import logging
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import ViewportSize, async_playwright, expect

from bot import logs
from bot.demo.pages import Pages
from bot.demo.stage import Stage, open_stage
from bot.demo.tour import ASK, ATTACK, CORRECTED, PLEA, WHY
from bot.errors import StartError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Locator, Page

FOLDER = Path(__file__).resolve().parents[2] / "data" / "screenshots"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
JONAS, VERA, MARTA, TOMASZ, INGRID = range(5)  # as "You are …" offers them
LEFT, RIGHT = 0, 1


def find_browser() -> str | None:
    """Return the path of the system's Chromium; None when there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start the system's Chromium without a window. Raises StartError when there is none."""
    path = find_browser()
    if path is None:
        raise StartError("No Chromium was found. Install it, for example with: apt-get install chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_demo() -> AsyncIterator[Stage]:
    """Start the demo on a free port, with the sample article posted."""
    async with open_stage(before_start=lambda stage: Pages(stage).add_routes(stage.discord.app.router)) as (stage, _):
        await stage.set_up()
        await stage.post_sample()
        yield stage


class Visitor:
    """Somebody who tries the demo in a browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def pane(self, side: int) -> Locator:
        """Return the left or the right pane."""
        return self.page.locator(f".pane[data-side='{side}']")

    async def become(self, side: int, person: int) -> None:
        """Choose somebody in "You are …"."""
        await self.pane(side).locator("select.person").select_option(index=person)

    async def press(self, side: int, label: str) -> None:
        """Press the newest button with this label."""
        await self.pane(side).locator(".messages").get_by_role("button", name=label, exact=True).last.click()

    async def open(self, side: int, name: str) -> None:
        """Open a channel in a pane by clicking it in the list."""
        await self.pane(side).locator(".who").click(position={"x": 4, "y": 4})
        await self.page.locator("#list .entry", has_text=name).first.click()

    async def fill(self, **values: str) -> None:
        """Fill in the open form by the names of its fields."""
        for name, value in values.items():
            field = self.page.locator(f"dialog #field-{name}")
            if await field.evaluate("node => node.tagName") == "SELECT":
                await field.select_option(value)
            else:
                await field.fill(value)

    async def send(self, **values: str) -> None:
        """Fill in the open form and send it."""
        await self.fill(**values)
        await self.page.locator("dialog [type=submit]").click()
        await expect(self.page.locator("dialog")).to_have_count(0)

    async def sees(self, side: int, text: str) -> None:
        """Wait until a pane shows a text."""
        await expect(self.pane(side).locator(".messages")).to_contain_text(text)

    async def draw(self, name: str) -> None:
        """Write the page into a file, once pictures are loaded and nothing moves any more."""
        await self.page.evaluate("Promise.allSettled([...document.images].map(image => image.decode()))")
        await self.page.wait_for_timeout(300)
        await self.page.screenshot(path=FOLDER / f"{name}.png")


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
    await visitor.send(sentence=ASK)
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
    await visitor.sees(LEFT, CORRECTED)
    await visitor.become(LEFT, JONAS)
    await visitor.page.mouse.move(2, 2)
    for _ in range(await visitor.pane(LEFT).locator(".ephemeral .plain").count()):
        await visitor.pane(LEFT).locator(".ephemeral .plain").first.click()
        await visitor.page.wait_for_timeout(200)
    await visitor.pane(LEFT).locator(".message").last.scroll_into_view_if_needed()
    await visitor.draw("discussion")
    await visitor.open(LEFT, "Standfirst")
    await visitor.sees(LEFT, "published")
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
            async with open_demo() as stage:
                page = await browser.new_page(viewport=size)
                await page.goto(stage.discord.url)
                await draw(Visitor(page))
                await page.close()


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
