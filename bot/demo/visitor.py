"""Somebody who tries the demo in a browser: the system's Chromium, without a window."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import ViewportSize, async_playwright, expect

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
            kind = await field.evaluate("node => node.tagName")
            if kind == "SELECT":
                await field.select_option(value)
            elif kind == "DIV":
                await field.locator(f"input[value='{value}']").check()
            else:
                await field.fill(value)

    async def send(self, **values: str) -> None:
        """Fill in the open form and send it."""
        await self.fill(**values)
        await self.page.locator("dialog [type=submit]").click()
        await expect(self.page.locator("dialog")).to_have_count(0)

    async def sees(self, side: int, text: str, *, seconds: float = 5) -> None:
        """Wait until a pane shows a text."""
        await expect(self.pane(side).locator(".messages")).to_contain_text(text, timeout=1000 * seconds)

    async def draw(self, name: str) -> None:
        """Write the page into a file, once pictures are loaded and nothing moves any more."""
        await self.page.evaluate("Promise.allSettled([...document.images].map(image => image.decode()))")
        await self.page.wait_for_timeout(300)
        await self.page.screenshot(path=FOLDER / f"{name}.png")
