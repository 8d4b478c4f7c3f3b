"""What Discord would not deliver is shown to a member at their next press here, before what they pressed.

A press never fails because of it: where it cannot be looked for soon enough, it waits for the press after.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from bot.incidents import is_too_late

if TYPE_CHECKING:
    import discord

    from bot.client import StandfirstClient

log = logging.getLogger(__name__)

LOOKING_SECONDS = 1.0  # of the three after which Discord takes no answer any more

Show = Callable[[], Awaitable[None]]


class Untold(Protocol):
    """What `cogs/untold.py` gives the client."""

    async def look(
        self, interaction: discord.Interaction[StandfirstClient], pressed: discord.ui.Button[Any] | None
    ) -> Show | None:
        """Prepare what is to be shown, with a button that goes on with what was pressed; None: nothing is."""


async def show_first(interaction: discord.Interaction[StandfirstClient], pressed: discord.ui.Button[Any]) -> bool:
    """Show it instead of doing what was pressed; False: go on."""
    await _show(interaction, pressed)
    return interaction.response.is_done()


async def show_after(interaction: discord.Interaction[StandfirstClient]) -> None:
    """Show it after the answer to what was written, chosen or commanded."""
    if interaction.response.is_done():
        await _show(interaction, None)


async def _show(interaction: discord.Interaction[StandfirstClient], pressed: discord.ui.Button[Any] | None) -> None:
    try:
        async with asyncio.timeout(LOOKING_SECONDS):
            show = await interaction.client.untold.look(interaction, pressed)
        if show is not None:
            await show()
    except Exception as error:  # noqa: BLE001 - what was pressed is done all the same
        if not is_too_late(error):
            log.warning("interaction %s: what could not be told is not shown: %r", interaction.id, error)
