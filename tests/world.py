"""A newsroom for tests: the bot on simulated Discord, with people who press its buttons and use its commands.

`world` has been set up with **Make it for me**; `new_world` has not. Both live in this process, on SQLite.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import discord
import pytest
from simcord.builders import ChannelHandle, GuildHandle

from bot.client import StandfirstClient
from bot.config import Config
from bot.demo import repairs
from bot.errors import UserError
from bot.permissions import INVITE
from bot.storage import Database, servers, settings
from tests.in_process import make_env

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from pathlib import Path

    import simcord

    from bot.models import Server

__all__ = ["new_world", "world"]  # fixtures

# What a server lets everybody do when it is made.
MEMBERS_MAY = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    add_reactions=True,
    read_message_history=True,
    use_application_commands=True,
    use_external_apps=True,
    send_polls=True,
    send_voice_messages=True,
)


@dataclass
class World:
    """One server, its people, the bot, and its database."""

    env: simcord.Env
    db: Database
    guild: GuildHandle
    general: ChannelHandle
    ann: simcord.MemberActor  # a member, English
    boris: simcord.MemberActor  # a member, Russian
    mira: simcord.MemberActor  # a moderator
    max: simcord.MemberActor  # another
    ed: simcord.MemberActor  # an editor
    ada: simcord.MemberActor  # may manage the server; not an administrator

    @property
    def client(self) -> StandfirstClient:
        """The bot; another one after a restart."""
        assert isinstance(self.env.bot, StandfirstClient)
        return self.env.bot

    @property
    def discord(self) -> discord.Guild:
        """The server as the bot sees it."""
        guild = self.client.get_guild(self.guild.id)
        assert guild is not None
        return guild

    @property
    def articles(self) -> ChannelHandle:
        """The sealed channel."""
        return self.channel("articles")

    @property
    def review(self) -> ChannelHandle:
        """The hidden channel."""
        return self.channel("review")

    def channel(self, name: str) -> ChannelHandle:
        """The channel or thread of this name, the newest of several."""
        channels = self.env.backend.channels.values()
        found = [channel for channel in channels if channel.name == name and channel.guild_id == self.guild.id]
        return ChannelHandle(self.env, self.guild, max(found, key=lambda channel: channel.id))

    def role(self, name: str) -> int:
        """The id of the role of this name."""
        return next(role.id for role in self.discord.roles if role.name == name)

    def give(self, person: simcord.MemberActor, role: str) -> None:
        """Give somebody a role."""
        self.env.backend.add_member_role(self.guild.id, person.id, self.role(role))

    def speaks(self, person: simcord.MemberActor, locale: str) -> None:
        """Set the language of somebody's Discord."""
        repairs.world(self.env.backend).locales[person.id] = locale

    def bot_may(self, permissions: discord.Permissions) -> None:
        """Let the bot's own role have these permissions alone."""
        stored = self.env.backend.get_guild(self.guild.id)
        for role_id in stored.members[self.env.backend.bot_user.id].role_ids:
            self.env.backend.edit_role(self.guild.id, role_id, {"permissions": permissions.value})

    async def chosen(self) -> Server:
        """What `/setup` stored."""
        async with self.db.read() as conn:
            return await servers.get(conn, self.guild.id)


def is_refusal(error: BaseException) -> bool:
    """Tell whether a person has been told: simcord collects refused commands as well."""
    return isinstance(getattr(error, "original", error), UserError)


def said(result: simcord.InteractionResult) -> str:
    """Everything that was answered: the message as it is now, then what followed."""
    return "\n".join(text(message) for message in (result.response, *result.followups) if message is not None)


def text(message: Any) -> str:
    """All the text of a message: of an answer, or of one read from a channel."""
    components = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    return "\n".join([message.content, *_texts(components)]).strip()


def labels(message: Any) -> list[str]:
    """The labels of a message's buttons."""
    components = [part if isinstance(part, dict) else part.to_dict() for part in message.components]
    return [part["label"] for part in _walk(components) if part["type"] == discord.ComponentType.button.value]


def _texts(components: list[Mapping[str, Any]]) -> list[str]:
    return [part["content"] for part in _walk(components) if "content" in part]


def _walk(components: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in components:
        yield part
        yield from _walk([*part.get("components", []), *([part["accessory"]] if part.get("accessory") else [])])


@pytest.fixture
async def new_world(sqlite_db: Database, tmp_path: Path) -> AsyncIterator[World]:
    """A server that has invited the bot a moment ago."""
    config = Config("token", "sqlite://", tmp_path, allow_private_addresses=True)
    async with make_env(lambda: StandfirstClient(config, sqlite_db)) as env:
        guild = env.create_guild("The Harbour Courier")
        env.backend.edit_role(guild.id, guild.id, {"permissions": MEMBERS_MAY.value})
        admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
        names = ("ann", "boris", "mira", "max", "ed", "ada")
        people = {
            name: guild.add_member(
                env.create_user(name, global_name=name.title()), roles=[admins] if name == "ada" else []
            )
            for name in names
        }
        world = World(env, sqlite_db, guild, guild.create_text_channel("general"), **people)
        world.bot_may(INVITE)
        world.speaks(world.boris, "ru")
        yield world
        unread = env.errors_since(env._errors_acknowledged)  # a test that means an error reads `env.errors`
        if all(map(is_refusal, unread)):
            _ = env.errors


@pytest.fixture
async def world(new_world: World) -> World:
    """The same server, set up, with its moderators and editor."""
    wizard = await new_world.ada.slash(new_world.general, "setup")
    await new_world.ada.click(wizard.response.message, custom_id="setup:make")
    async with new_world.db.begin() as conn:
        await settings.put(conn, new_world.guild.id, "grace_time", 0)
        await settings.put(conn, new_world.guild.id, "ask_to_read", False)
    new_world.give(new_world.mira, "Moderator")
    new_world.give(new_world.max, "Moderator")
    new_world.give(new_world.ed, "Editor")
    return new_world
