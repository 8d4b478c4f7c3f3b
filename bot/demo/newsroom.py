"""Builds the server of a small newspaper in a simulated Discord: roles, channels and people, and the bot invited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcord.backend import serializers
from simcord.enums import ChannelType

from bot.demo import absence
from bot.demo.people import Person
from bot.demo.portraits import avatar_hash
from bot.permissions import INVITE

if TYPE_CHECKING:
    from collections.abc import Iterable

    import discord
    from simcord.backend.models import Overwrite

    from bot.demo.discord_server import SimulatedDiscord

NAME = "The Harbour Courier"


@dataclass(frozen=True)
class Someone:
    """A member to be."""

    name: str
    roles: tuple[str, ...] = ()
    locale: str = "en-US"
    colour: int = 0x5865F2


OWNER = Someone("Ingrid Solberg", colour=0x1F4E5F)
CAST = (
    Someone("Marta Quell", ("Moderators", "Editors"), colour=0xB5523B),
    Someone("Tomasz Reyl", ("Moderators",), colour=0x6B7F3A),
    Someone("Edda Vance", ("Editors",), colour=0x7A4E9C),
    Someone("Jonas Pike", colour=0xC98A1B),
    Someone("Léa Fontaine", locale="fr", colour=0x2A7F9E),
    Someone("Karl Brandt", locale="de", colour=0x8C3B4A),
    Someone("Olena Moroz", locale="uk", colour=0x3D6FB4),
    Someone("Ana Ruiz", locale="es-ES", colour=0xD0653B),
)
ROLES = ("Moderators", "Editors")
CHANNELS = ("welcome", "general")


class Server:
    """One server of a simulated Discord, as the person who runs it sees it."""

    def __init__(self, world: SimulatedDiscord, guild_id: int, owner: Person) -> None:
        self.discord = world
        self.id = guild_id
        self.owner = owner
        self.people: dict[str, Person] = {owner.name: owner}

    @property
    def members(self) -> list[Person]:
        """Everybody but the bot, the owner first."""
        return list(self.people.values())

    def person(self, name: str) -> Person:
        """Return somebody by display name, or by the first word of it."""
        found = self.people.get(name) or next((p for key, p in self.people.items() if key.split()[0] == name), None)
        if found is None:
            raise LookupError(f"{name} is not here; {', '.join(self.people)} are")
        return found

    def join(self, someone: Someone | str) -> Person:
        """Let somebody join; return them."""
        member = Someone(someone) if isinstance(someone, str) else someone
        user_id = _make_user(self.discord, member)
        roles = [self.role(name) for name in member.roles]
        self.discord.backend.add_member(self.id, user_id, roles=roles, announce=True)
        person = Person(self.discord, self.id, user_id)
        self.people[member.name] = person
        return person

    def role(self, name: str) -> int:
        """Return a role's id by name."""
        roles = self.discord.backend.get_guild(self.id).roles.values()
        return next(role.id for role in roles if role.name == name)

    def add_role(self, name: str, permissions: discord.Permissions | None = None) -> int:
        """Make a role; return its id."""
        value = permissions.value if permissions is not None else 0
        return self.discord.backend.create_role(self.id, name, permissions=value).id

    def give(self, person: Person, role: str) -> None:
        """Give somebody a role."""
        self.discord.backend.add_member_role(self.id, person.id, self.role(role))

    def take(self, person: Person, role: str) -> None:
        """Take a role from somebody."""
        self.discord.backend.remove_member_role(self.id, person.id, self.role(role))

    def channel(self, name: str) -> int:
        """Return a channel's or a thread's id by name; the newest when several have it."""
        channels = [channel for channel in self.discord.backend.channels.values() if channel.guild_id == self.id]
        return max(channel.id for channel in channels if channel.name == name)

    def kick_bot(self) -> None:
        """Remove the bot."""
        self._kept = absence.kick_bot(self.discord.backend, self.id)

    def invite_bot(self) -> None:
        """Let the bot in again after it was removed."""
        absence.invite_bot(self.discord.backend, self._kept)

    def begin_outage(self) -> None:
        """Let the bot see this server no longer, through no fault of anybody here."""
        absence.begin_outage(self.discord.backend, self.id)

    def end_outage(self) -> None:
        """Let the bot see it again."""
        absence.end_outage(self.discord.backend, self.id)

    def add_channel(
        self, name: str, *, kind: int = ChannelType.TEXT, overwrites: Iterable[Overwrite] = (), **settings: Any
    ) -> int:
        """Make a channel; return its id."""
        made = self.discord.backend.create_channel(self.id, name, type=kind, overwrites=list(overwrites), **settings)
        return made.id


def build_server(
    world: SimulatedDiscord, name: str = NAME, *, locale: str = "en-US", cast: Iterable[Someone] = CAST
) -> Server:
    """Make a server with an owner, two staff roles, two channels and members, and invite the bot."""
    backend = world.backend
    listeners, backend.subscribers[:] = list(backend.subscribers), []
    try:
        owner_id = _make_user(world, OWNER)
        guild = backend.create_guild(name, owner_id=owner_id, preferred_locale=locale)
        server = Server(world, guild.id, Person(world, guild.id, owner_id))
        _invite_bot(server)
        for role in ROLES:
            server.add_role(role)
        for channel in CHANNELS:
            server.add_channel(channel)
        for someone in cast:
            server.join(someone)
    finally:
        backend.subscribers[:] = listeners
    backend.emit("GUILD_CREATE", serializers.guild_create_payload(backend, guild))
    return server


def _invite_bot(server: Server) -> None:
    guild = server.discord.backend.get_guild(server.id)
    for role_id in guild.members[server.discord.backend.bot_user.id].role_ids:
        guild.roles[role_id].permissions = INVITE.value


def _make_user(world: SimulatedDiscord, someone: Someone) -> int:
    username = someone.name.lower().replace(" ", ".")
    user = world.backend.make_user(username, global_name=someone.name, avatar=avatar_hash(someone.colour))
    world.world.locales[user.id] = someone.locale
    return user.id
