"""A tiny bot that the tests of the simulated Discord start as a process of its own."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import discord
from discord import app_commands, ui

from bot.demo.connect import point_discord_at


def tell(line: str) -> None:
    """Write a line for the test to wait for."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


class Form(ui.Modal, title="Your reply"):
    note = ui.TextDisplay("A moderator reads it first.")
    text = ui.Label(text="Reply", component=ui.TextInput(style=discord.TextStyle.long, min_length=3, max_length=50))
    tone = ui.Label(
        text="Tone",
        component=ui.Select(
            required=False, options=[discord.SelectOption(label="Calm", value="c"), discord.SelectOption(label="Cross")]
        ),
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.text.component, ui.TextInput)
        assert isinstance(self.tone.component, ui.Select)
        told = f"{self.text.component.value}|{self.tone.component.values}|{interaction.locale}|{interaction.message}"
        await interaction.response.send_message(told, ephemeral=True)


class Card(ui.LayoutView):
    def __init__(self) -> None:
        super().__init__(timeout=None)
        row: ui.ActionRow[Card] = ui.ActionRow()
        for name in ("ping", "form", "slow", "silent", "twice"):
            row.add_item(ui.Button(label=name.title(), custom_id=f"card:{name}"))
        self.add_item(ui.Container(ui.TextDisplay("# The harbour"), row))
        menu: ui.ActionRow[Card] = ui.ActionRow()
        menu.add_item(ui.UserSelect(placeholder="Who?", custom_id="card:who", required=True))
        self.add_item(menu)
        off: ui.ActionRow[Card] = ui.ActionRow()
        off.add_item(ui.Button(label="Off", custom_id="card:off", disabled=True))
        self.add_item(off)


class Scratch(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.tree = app_commands.CommandTree(self)
        self.hook: discord.Webhook | None = None

    async def setup_hook(self) -> None:
        group = app_commands.Group(
            name="desk", description="d", default_permissions=discord.Permissions(ban_members=True)
        )
        group.command(name="publish")(publish)
        self.tree.add_command(group)
        self.tree.command(name="greet")(greet)
        await self.tree.sync()

    async def on_ready(self) -> None:
        tell("ready")

    async def on_message(self, message: discord.Message) -> None:
        assert self.user is not None
        if message.author != self.user:
            tell(f"heard {message.content!r}")
        if message.content.startswith(f"<@{self.user.id}> "):
            name, *rest = message.content.split()[1:]
            await getattr(self, f"do_{name}")(message, *rest)

    async def do_card(self, message: discord.Message) -> None:
        await message.channel.send(view=Card())

    async def do_nonce(self, message: discord.Message) -> None:
        for _ in range(2):
            await self.http.send_message(
                message.channel.id, params=discord.http.handle_message_parameters("once", nonce="n-1")
            )

    async def do_thread(self, message: discord.Message) -> None:
        assert isinstance(message.channel, discord.TextChannel)
        thread = await message.create_thread(name="Discussion")
        hook = await message.channel.create_webhook(name="Standfirst")
        view = ui.LayoutView()
        view.add_item(ui.ActionRow(ui.Button(label="Reply", custom_id="card:ping")))
        file = discord.File(__file__, "note.txt", description="a note")
        sent = await hook.send(username="Ada", thread=thread, view=view, wait=True)
        await hook.send("with a file", username="Ada", thread=thread, file=file, wait=True)
        kept = await hook.fetch_message(sent.id, thread=thread)
        blank = await thread.fetch_message(sent.id)
        tell(f"thread {len(kept.components)} {len(blank.components)}")

    async def do_dm(self, _message: discord.Message, user_id: str) -> None:
        await (await self.fetch_user(int(user_id))).send("a notice")
        tell("told")

    async def do_say(self, message: discord.Message, *words: str) -> None:
        try:
            await message.channel.send(" ".join(words))
            tell("said")
        except (discord.HTTPException, OSError) as error:
            tell(f"not said {type(error).__name__}")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.modal_submit or "custom_id" not in data:
            return
        name = data["custom_id"].partition(":")[2]
        await getattr(self, f"press_{name}", self.press_other)(interaction)

    async def press_ping(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"pong {interaction.user.display_name}", ephemeral=True)

    async def press_form(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    async def press_slow(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await asyncio.sleep(0.1)
        await interaction.followup.send("done", ephemeral=True)

    async def press_silent(self, interaction: discord.Interaction) -> None:
        pass

    async def press_twice(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()
        try:
            await interaction.client.http.request(
                discord.http.Route("POST", f"/interactions/{interaction.id}/{interaction.token}/callback"),
                json={"type": 6},
            )
        except discord.HTTPException as error:
            tell(f"twice {error.code}")

    async def press_other(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data
        users = list(data["resolved"]["users"]) if "resolved" in data else []
        await interaction.response.edit_message(view=ui.LayoutView().add_item(ui.TextDisplay(f"chosen {users}")))


async def publish(interaction: discord.Interaction, url: str, member: discord.Member | None = None) -> None:
    """Publish an article."""
    await interaction.response.send_message(f"{url} {member}")


async def suggest(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=f"{current} {word}", value=word) for word in ("one", "two")]


@app_commands.autocomplete(name=suggest)
async def greet(interaction: discord.Interaction, name: app_commands.Range[str, 1, 5]) -> None:
    """Greet somebody."""
    await interaction.response.send_message(f"hello {name}", ephemeral=True)


def main() -> None:
    point_discord_at(sys.argv[1])
    Scratch().run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
