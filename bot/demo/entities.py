"""The people, roles, channels and files that an interaction mentions by id and carries in its `resolved` part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord.backend import serializers
from simcord.backend.access import channel_accessible
from simcord.interactions import store_interaction_attachment

from bot.demo.sight import Impossible

if TYPE_CHECKING:
    from simcord.backend import Backend

USERS, ROLES, CHANNELS = "users", "roles", "channels"
OF_SELECT = {5: (USERS,), 6: (ROLES,), 7: (USERS, ROLES), 8: (CHANNELS,)}  # component type → what it offers
OF_OPTION = {6: (USERS,), 7: (CHANNELS,), 8: (ROLES,), 9: (USERS, ROLES)}  # option type → what it takes


class Entities:
    """Collects what one interaction mentions."""

    def __init__(self, backend: Backend, channel_id: int, user_id: int) -> None:
        self.backend = backend
        self.channel_id = channel_id
        self.guild_id = backend.get_channel(channel_id).guild_id
        self.user_id = user_id
        self.resolved: dict[str, dict[str, Any]] = {}

    def add(self, value: Any, kinds: tuple[str, ...], channel_types: list[int] | None = None) -> str:
        """Resolve a person, role or channel (an id, a payload, or anything with `.id`); return its id as text."""
        entity_id = int(value["id"]) if isinstance(value, dict) else int(getattr(value, "id", value))
        for kind in kinds:
            payload = self._payload(kind, entity_id, channel_types)
            if payload is not None:
                self.resolved.setdefault(kind, {})[str(entity_id)] = payload
                return str(entity_id)
        raise Impossible(f"{value!r} is none of the {' or '.join(kinds)} that can be picked here")

    def attach(self, filename: str, data: bytes) -> str:
        """Upload a file; return its id as text."""
        return store_interaction_attachment(self.backend, self.channel_id, filename, data, self.resolved)

    def _payload(self, kind: str, entity_id: int, channel_types: list[int] | None) -> dict[str, Any] | None:
        if kind == USERS:
            return self._user(entity_id)
        if kind == ROLES:
            return self._role(entity_id)
        return self._channel(entity_id, channel_types)

    def _user(self, user_id: int) -> dict[str, Any] | None:
        user = self.backend.users.get(user_id)
        if user is None:
            return None
        guild = self.backend.guilds.get(self.guild_id or 0)
        if guild is not None and user_id in guild.members:
            member = dict(serializers.member_payload(self.backend, guild, guild.members[user_id], with_user=False))
            member["permissions"] = str(self.backend.compute_permissions(guild.id, user_id, self.channel_id))
            self.resolved.setdefault("members", {})[str(user_id)] = member
        return dict(serializers.user_payload(user))

    def _role(self, role_id: int) -> dict[str, Any] | None:
        guild = self.backend.guilds.get(self.guild_id or 0)
        role = guild.roles.get(role_id) if guild is not None else None
        return dict(serializers.role_payload(role)) if role is not None else None

    def _channel(self, channel_id: int, channel_types: list[int] | None) -> dict[str, Any] | None:
        channel = self.backend.channels.get(channel_id)
        if channel is None or channel.guild_id is None or channel.guild_id != self.guild_id:
            return None
        if channel_types and channel.type not in channel_types:
            return None
        if not channel_accessible(self.backend, channel_id, self.user_id):
            return None
        payload = dict(serializers.channel_payload(self.backend, channel))
        permissions = self.backend.compute_permissions(channel.guild_id, self.user_id, channel_id)
        return {**payload, "permissions": str(permissions)}
