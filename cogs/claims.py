"""Claims: a moderator takes a held reply for a while, lets go of it, or takes it over from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from discord import app_commands

from bot.interactions import Interaction, PersistentButton, language, require_moderator, tell
from bot.services import claims
from cogs.moderate import offer_held
from cogs.numbers import find_number

if TYPE_CHECKING:
    from bot.client import StandfirstClient


class ClaimButton(PersistentButton, template=r"claim:take:(?P<reply_id>[0-9]+)"):
    """Takes a reply for a while, unless another moderator has it."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Claim it."""
        await _claim(interaction, self.reply_id)


class ReleaseButton(PersistentButton, template=r"claim:release:(?P<reply_id>[0-9]+)"):
    """Lets go of a reply."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Release it."""
        await _release(interaction, self.reply_id)


class TakeOverButton(PersistentButton, template=r"claim:over:(?P<reply_id>[0-9]+)"):
    """Takes a reply though another moderator has it."""

    reply_id: int

    async def on_press(self, interaction: Interaction) -> None:
        """Take it over; the buttons of its card then decide."""
        server = await require_moderator(interaction)
        reply = await claims.take_over(
            interaction.client.db,
            self.reply_id,
            server_id=server.id,
            moderator_id=interaction.user.id,
            now=interaction.created_at,
        )
        number = f"#{reply.number}"
        await tell(
            interaction, language(interaction).say("{number} is yours now. Press again to decide.", number=number)
        )
        interaction.client.sweep.wake()


@app_commands.command(name="claim", description="Take a held reply for ten minutes, so that others leave it to you.")
@app_commands.describe(reply="The number of the reply, or words from it.")
@app_commands.autocomplete(reply=offer_held)
async def take(interaction: Interaction, reply: str) -> None:
    """Claim it."""
    await require_moderator(interaction)
    await _claim(interaction, (await find_number(interaction, reply))[0])


@app_commands.command(name="release", description="Let others decide a reply that you have claimed.")
@app_commands.describe(reply="The number of the reply, or words from it.")
@app_commands.autocomplete(reply=offer_held)
async def let_go(interaction: Interaction, reply: str) -> None:
    """Release it."""
    await require_moderator(interaction)
    await _release(interaction, (await find_number(interaction, reply))[0])


async def _claim(interaction: Interaction, reply_id: int) -> None:
    server = await require_moderator(interaction)
    reply = await claims.claim(
        interaction.client.db,
        reply_id,
        server_id=server.id,
        moderator_id=interaction.user.id,
        now=interaction.created_at,
        by_hand=True,
    )
    until = f"<t:{int(reply.claimed_until.timestamp())}:t>" if reply.claimed_until else "…"
    sentence = language(interaction).say("{number} is yours until {time}.", number=f"#{reply.number}", time=until)
    await tell(interaction, sentence)
    interaction.client.sweep.wake()


async def _release(interaction: Interaction, reply_id: int) -> None:
    server = await require_moderator(interaction)
    reply = await claims.release(
        interaction.client.db,
        reply_id,
        server_id=server.id,
        moderator_id=interaction.user.id,
        now=interaction.created_at,
    )
    await tell(interaction, language(interaction).say("Everybody can decide {number}.", number=f"#{reply.number}"))
    interaction.client.sweep.wake()


async def setup(client: StandfirstClient) -> None:
    """Add to the group of commands that `cogs/moderate.py` has made."""
    client.add_dynamic_items(ClaimButton, ReleaseButton, TakeOverButton)
    group = cast("app_commands.Group", client.tree.get_command("moderate"))
    group.add_command(take)
    group.add_command(let_go)
