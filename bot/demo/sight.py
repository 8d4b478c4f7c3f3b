"""What a person sees of the simulated Discord, and what its client therefore lets them do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import discord
from simcord.backend import serializers
from simcord.backend.access import channel_accessible, message_accessible
from simcord.backend.models.message import EPHEMERAL_FLAG
from simcord.components import walk_components

from bot.demo.portraits import colour_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord.backend import Backend
    from simcord.backend.models import Channel, Message

    from bot.demo.discord_server import SimulatedDiscord

BUTTON = 2
SELECTS = (3, 5, 6, 7, 8)
LINK_STYLES = (5, 6)
TEXT_DISPLAY = 10


class Impossible(Exception):
    """Discord's client would not have let this person do that."""


def may(backend: Backend, channel_id: int, user_id: int) -> discord.Permissions:
    """Return what a person may do in a channel; in a direct message, everything."""
    guild_id = backend.get_channel(channel_id).guild_id
    if guild_id is None:
        return discord.Permissions.all()
    return discord.Permissions(backend.compute_permissions(guild_id, user_id, channel_id))


def may_write(backend: Backend, channel_id: int, user_id: int) -> bool:
    """Whether a person may send messages here, by permissions and by the thread's lock."""
    thread = backend.get_channel(channel_id).thread_metadata
    held = may(backend, channel_id, user_id)
    if thread is None:
        return held.view_channel and held.send_messages
    return held.view_channel and held.send_messages_in_threads and (held.manage_threads or not thread.locked)


def visible_channels(discord_: SimulatedDiscord, guild_id: int, user_id: int) -> list[dict[str, Any]]:
    """Return the channels in a person's list: each followed by its threads, and then the direct messages."""
    backend = discord_.backend
    guild = backend.get_guild(guild_id)
    channels = sorted((backend.channels[key] for key in guild.channel_ids), key=lambda channel: channel.position)
    threads = [backend.channels[key] for key in guild.thread_ids if key in backend.channels]
    ordered = [item for channel in channels for item in (channel, *_threads_of(channel, threads))]
    shown = [channel for channel in ordered if channel_accessible(backend, channel.id, user_id)]
    direct = backend.dm_channels.get(user_id)
    if direct is not None and backend.messages.get(direct):
        shown.append(backend.channels[direct])
    return [_channel_payload(backend, channel, user_id) for channel in shown]


def _threads_of(parent: Channel, threads: list[Channel]) -> Iterator[Channel]:
    return (thread for thread in threads if thread.parent_id == parent.id)


def _channel_payload(backend: Backend, channel: Channel, user_id: int) -> dict[str, Any]:
    payload: dict[str, Any] = dict(serializers.channel_payload(backend, channel))
    return payload | {"may_write": may_write(backend, channel.id, user_id)}


def visible_messages(discord_: SimulatedDiscord, channel_id: int, user_id: int) -> list[dict[str, Any]]:
    """Return the messages a person sees in a channel, oldest first, their own ephemeral ones included."""
    backend = discord_.backend
    messages = sorted(backend.messages.get(channel_id, {}).values(), key=lambda message: message.id)
    seen = (item for item in messages if message_accessible(backend, channel_id, item, user_id, history=True))
    return [message_payload(discord_, message, user_id) for message in seen]


def message_payload(discord_: SimulatedDiscord, message: Message, user_id: int) -> dict[str, Any]:
    """Return a message as this person's client gets it; `author` also has `avatar_url` and `colour`."""
    backend = discord_.backend
    payload: dict[str, Any] = dict(serializers.message_payload(backend, message, for_user=user_id))
    author = backend.users[message.author_id]
    colour = colour_of(author.avatar, author.id)
    url = message.author_avatar or f"{discord_.url}/cdn/avatars/{author.id}/{colour:032x}.png"
    payload["author"] = {**payload["author"], "avatar_url": url, "colour": colour}
    if thread := payload.get("thread"):
        thread["message_count"] = _count_public(backend, int(thread["id"]))
    shown: dict[str, Any] = json.loads(discord_.public_text(json.dumps(payload)))
    return shown


def is_private(message: dict[str, Any]) -> bool:
    """Whether a message payload is ephemeral: seen by one person only."""
    return bool(message["flags"] & EPHEMERAL_FLAG)


def _count_public(backend: Backend, channel_id: int) -> int:
    """Count what everybody sees; simcord counts private answers and deleted messages too."""
    return sum(not message.flags & EPHEMERAL_FLAG for message in backend.messages.get(channel_id, {}).values())


def find_message(backend: Backend, message: dict[str, Any] | int, user_id: int) -> Message:
    """Return a message that this person sees; raises Impossible when they do not."""
    message_id = message if isinstance(message, int) else int(message["id"])
    for channel_id, messages in backend.messages.items():
        found = messages.get(message_id)
        if found is not None and message_accessible(backend, channel_id, found, user_id):
            return found
    raise Impossible(f"message {message_id} is not there, or not for this person's eyes")


def find_component(message: Message, name: str | None, types: tuple[int, ...]) -> dict[str, Any]:
    """Return the one enabled component with this label, placeholder or custom_id; raises Impossible."""
    offered = [item for item in walk_components(message.components) if item.get("type") in types]
    matching = [item for item in offered if name is None or name in _names(item)]
    if len(matching) != 1:
        known = ", ".join(repr(_names(item)[0]) for item in offered)
        raise Impossible(f"{len(matching)} components are called {name!r}; the message offers {known or 'none'}")
    if matching[0].get("disabled"):
        raise Impossible(f"{name!r} is disabled")
    if matching[0].get("style") in LINK_STYLES and matching[0]["type"] == BUTTON:
        raise Impossible(f"{name!r} is a link")
    return matching[0]


def _names(component: dict[str, Any]) -> list[str]:
    emoji = (component.get("emoji") or {}).get("name")
    names = (component.get("label"), component.get("placeholder"), component.get("custom_id"), emoji)
    return [name for name in names if name]


def buttons(message: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the buttons of a message payload by label (or emoji, or custom_id), disabled ones included."""
    found = (item for item in walk_components(message["components"]) if item.get("type") == BUTTON)
    return {_names(item)[0] if _names(item) else item.get("url", ""): item for item in found}


def text(message: dict[str, Any]) -> str:
    """Return all the text of a message payload, one piece a line: content, embeds and text displays."""
    pieces = [message.get("content")]
    for embed in message.get("embeds", []):
        fields = [piece for field in embed.get("fields", []) for piece in (field["name"], field["value"])]
        pieces += [embed.get("title"), embed.get("description"), *fields, (embed.get("footer") or {}).get("text")]
    displays = (item for item in walk_components(message.get("components", [])) if item.get("type") == TEXT_DISPLAY)
    pieces += [item.get("content") for item in displays]
    return "\n".join(piece for piece in pieces if piece)
