"""What takes a server from the bot's sight and gives it back: an outage, or the bot removed and invited again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simcord.backend import serializers

if TYPE_CHECKING:
    from simcord.backend import Backend
    from simcord.backend.models import Guild


def begin_outage(backend: Backend, guild_id: int) -> None:
    """Discord can no longer serve this server."""
    backend.emit("GUILD_DELETE", {"id": str(guild_id), "unavailable": True})


def end_outage(backend: Backend, guild_id: int) -> None:
    """Discord serves it again."""
    payload = serializers.guild_create_payload(backend, backend.get_guild(guild_id))
    backend.emit("GUILD_CREATE", {**payload, "unavailable": False})


def kick_bot(backend: Backend, guild_id: int) -> Guild:
    """Remove the bot, which from then on can do nothing there; give the server, to invite it back."""
    guild = backend.guilds.pop(guild_id)
    backend.emit("GUILD_DELETE", {"id": str(guild_id)})
    return guild


def invite_bot(backend: Backend, guild: Guild) -> None:
    """Let the bot in again, with what it was allowed before."""
    backend.guilds[guild.id] = guild
    payload = dict(serializers.guild_create_payload(backend, guild))
    payload.pop("unavailable", None)  # says that it is new, as Discord does
    backend.emit("GUILD_CREATE", payload)
