"""What simcord 3.2.1 does otherwise than Discord, and this product needs: each difference is one function here.

`apply()` installs all of them, once. They replace entries of simcord's route table and a few of its functions, hence
the exact pin of its version. The repairs of webhooks and threads are in `thread_repairs.py`.
"""

# ruff: noqa: SLF001 - repairing simcord means replacing what it keeps to itself.
from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import discord
from simcord import interactions
from simcord.backend import Backend, errors, serializers
from simcord.http import router
from simcord.http._helpers import message_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcord.http.router import Handler, RequestContext

MESSAGES = "/channels/{channel_id}/messages"
CHANNEL = "/channels/{channel_id}"
WITHOUT_EFFECT = {
    "available_tags",  # kept by an edit
    "default_auto_archive_duration",
    "default_forum_layout",
    "default_reaction_emoji",
    "default_sort_order",
    "default_thread_rate_limit_per_user",
    "flags",
    "nsfw",
    "video_quality_mode",
}


@dataclass
class World:
    """What simcord's backend has no place for."""

    locales: dict[int, str] = field(default_factory=dict)  # user id → locale; unknown users speak en-US
    closed_dms: set[int] = field(default_factory=set)  # ids of users who take no direct messages
    nonces: dict[str, tuple[int, int]] = field(default_factory=dict)  # nonce → (channel id, message id)
    starters: dict[int, int] = field(default_factory=dict)  # forum id → id of the message whose post is being made


_worlds: WeakKeyDictionary[Backend, World] = WeakKeyDictionary()
_applied: list[str] = []


def world(backend: Backend) -> World:
    """Return the world that belongs to a backend; the same one each time."""
    return _worlds.setdefault(backend, World())


def apply() -> None:
    """Install every repair. Safe to call twice."""
    if _applied:
        return
    from bot.demo import thread_repairs  # noqa: PLC0415 - the two files need each other

    for repair in (*REPAIRS, *thread_repairs.REPAIRS):
        repair()
        _applied.append(repair.__name__)


def replace(owner: Any, name: str, wrap: Callable[[Any], Any]) -> None:
    """Put what `wrap` makes of an attribute in its place."""
    setattr(owner, name, wrap(getattr(owner, name)))


def replace_route(method: str, template: str, wrap: Callable[[Handler], Handler]) -> None:
    """Put what `wrap` makes of a route's handler in its place; raises LookupError when there is no such route."""
    segments = template.strip("/").split("/")
    table = router._ROUTES[method]
    for index, (known, handler) in enumerate(table):
        if known == segments:
            table[index] = (known, wrap(handler))
            return
    raise LookupError(f"simcord has no route {method} {template}")


def repeat_no_message_with_a_known_nonce() -> None:
    """Discord answers a second message with the same nonce and enforce_nonce with the first: 10008 if that is gone."""

    def wrap(original: Handler) -> Handler:
        def send_message(ctx: RequestContext) -> Any:
            nonce, channel_id = ctx.body().get("nonce"), ctx.int_arg("channel_id")
            seen = world(ctx.backend).nonces
            place, first = seen.get(str(nonce), (0, 0))  # of the bot, whatever the channel
            if place and ctx.body().get("enforce_nonce"):
                known = ctx.backend.get_message(place, first)
                return {**message_response(ctx, known), "nonce": nonce}
            sent = original(ctx)
            if nonce is None:
                return sent
            seen[str(nonce)] = channel_id, int(sent["id"])
            return {**sent, "nonce": nonce}

        return send_message

    replace_route("POST", MESSAGES, wrap)


def list_the_oldest_messages_after_an_id() -> None:
    """Discord answers `?after=` with the messages that follow next, not with the newest of all."""

    def wrap(original: Handler) -> Handler:
        def get_history(ctx: RequestContext) -> Any:
            if "after" not in ctx.params or {"before", "around"} & ctx.params.keys():
                return original(ctx)
            limit = int(ctx.params.get("limit", 50))
            everything = original(_with_params(ctx, limit=10**9))
            return everything[-limit:]

        return get_history

    replace_route("GET", MESSAGES, wrap)


def _with_params(ctx: RequestContext, **params: Any) -> RequestContext:
    ctx.params = {**ctx.params, **params}
    return ctx


def refuse_closed_direct_messages() -> None:
    """Discord lets a bot open the channel, but answers 50007 when it writes to somebody who takes no messages."""

    def wrap(original: Handler) -> Handler:
        def send_message(ctx: RequestContext) -> Any:
            channel = ctx.backend.get_channel(ctx.int_arg("channel_id"))
            if world(ctx.backend).closed_dms.intersection(channel.recipient_ids):
                raise errors.BackendError(403, 50007, "Cannot send messages to this user")
            return original(ctx)

        return send_message

    replace_route("POST", MESSAGES, wrap)


def speak_each_persons_language() -> None:
    """An interaction carries the person's own locale, the guild's preferred one, and who installed the app."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def base_payload(backend: Backend, **arguments: Any) -> Any:
            record, payload = original(backend, **arguments)
            payload["locale"] = world(backend).locales.get(arguments["user_id"], "en-US")
            guild_id = arguments.get("guild_id")
            if guild_id is not None:
                payload["guild_locale"] = backend.get_guild(guild_id).preferred_locale
                payload["authorizing_integration_owners"] = {"0": str(guild_id)}
            return record, payload

        return base_payload

    replace(interactions, "base_payload", wrap)


def name_the_bots_own_role() -> None:
    """The role that Discord makes for a bot names the bot in its tags; discord.py's `self_role` looks there."""

    def wrap_guild(original: Callable[..., Any]) -> Callable[..., Any]:
        def guild_create_payload(backend: Backend, guild: Any) -> Any:
            bot = guild.members.get(backend.bot_user.id)
            for role_id in bot.role_ids if bot else ():
                if guild.roles[role_id].managed:
                    guild.roles[role_id].bot_id = backend.bot_user.id
            return original(backend, guild)

        return guild_create_payload

    def wrap_role(original: Callable[..., Any]) -> Callable[..., Any]:
        def role_payload(role: Any) -> Any:
            bot_id = getattr(role, "bot_id", None)
            return original(role) | ({"tags": {"bot_id": str(bot_id)}} if bot_id else {})

        return role_payload

    replace(serializers, "role_payload", wrap_role)
    replace(serializers, "guild_create_payload", wrap_guild)


def refuse_overwrites_beyond_ones_own_permissions() -> None:
    """A bot may allow or deny in a channel only what it holds itself, and needs MANAGE_ROLES for it: else 50013."""

    def wrap_edit(original: Handler) -> Handler:
        def edit_channel(ctx: RequestContext) -> Any:
            channel = ctx.backend.get_channel(ctx.int_arg("channel_id"))
            if "permission_overwrites" in ctx.body() and channel.guild_id is not None:
                known = {(item.target_id, item.allow, item.deny) for item in channel.overwrites}
                wanted = [_bits(item) for item in ctx.body()["permission_overwrites"]]
                _require_held(ctx, channel.guild_id, [bits for bits in wanted if bits not in known])
            return original(ctx)

        return edit_channel

    def wrap_create(original: Handler) -> Handler:
        def create_channel(ctx: RequestContext) -> Any:
            wanted = [_bits(item) for item in ctx.body().get("permission_overwrites") or []]
            _require_held(ctx, ctx.int_arg("guild_id"), wanted)
            return original(ctx)

        return create_channel

    def wrap_put(original: Handler) -> Handler:
        def edit_overwrite(ctx: RequestContext) -> Any:
            guild_id = ctx.backend.get_channel(ctx.int_arg("channel_id")).guild_id
            if guild_id is not None:
                _require_held(ctx, guild_id, [_bits({"id": 0, **ctx.body()})])
            return original(ctx)

        return edit_overwrite

    replace_route("PATCH", CHANNEL, wrap_edit)
    replace_route("POST", "/guilds/{guild_id}/channels", wrap_create)
    replace_route("PUT", CHANNEL + "/permissions/{target_id}", wrap_put)


def _bits(overwrite: dict[str, Any]) -> tuple[int, int, int]:
    return int(overwrite["id"]), int(overwrite.get("allow", 0)), int(overwrite.get("deny", 0))


def _require_held(ctx: RequestContext, guild_id: int, overwrites: list[tuple[int, int, int]]) -> None:
    held = discord.Permissions(ctx.backend.compute_permissions(guild_id, ctx.backend.bot_user.id))
    touched = 0
    for _, allow, deny in overwrites:
        touched |= allow | deny
    if overwrites and (not held.manage_roles or touched & ~held.value):
        raise errors.missing_permissions()


def accept_channel_settings_without_effect_here() -> None:
    """Discord takes `nsfw`, `default_auto_archive_duration` and the like for a channel; simcord refuses them."""

    def wrap_create(original: Handler) -> Handler:
        def create_channel(ctx: RequestContext) -> Any:
            tags = ctx.body().get("available_tags") or []
            ctx.json = {key: value for key, value in ctx.body().items() if key not in WITHOUT_EFFECT}
            created = original(ctx)
            if not tags:
                return created
            marked = [{**tag, "id": str(ctx.backend.snowflake())} for tag in tags]
            channel = ctx.backend.edit_channel(int(created["id"]), {"available_tags": marked})
            return dict(serializers.channel_payload(ctx.backend, channel))

        return create_channel

    def wrap_edit(original: Handler) -> Handler:
        def edit_channel(ctx: RequestContext) -> Any:
            dropped = WITHOUT_EFFECT - {"available_tags"}
            ctx.json = {key: value for key, value in ctx.body().items() if key not in dropped}
            return original(ctx)

        return edit_channel

    replace_route("POST", "/guilds/{guild_id}/channels", wrap_create)
    replace_route("PATCH", CHANNEL, wrap_edit)


def give_a_forum_post_the_id_of_its_first_message() -> None:
    """A post in a forum and the message it begins with share one id."""

    def wrap_post(original: Callable[..., Any]) -> Callable[..., Any]:
        def create_forum_post(backend: Backend, forum_id: int, name: str, starter: Any, **options: Any) -> Any:
            starters = world(backend).starters
            starters[forum_id] = starter.id
            try:
                return original(backend, forum_id, name, starter, **options)
            finally:
                del starters[forum_id]

        return create_forum_post

    def wrap_thread(original: Callable[..., Any]) -> Callable[..., Any]:
        def create_thread(backend: Backend, parent_id: int, *arguments: Any, **options: Any) -> Any:
            starter_id = world(backend).starters.get(parent_id)
            return original(
                backend, parent_id, *arguments, **options | ({"message_id": starter_id} if starter_id else {})
            )

        return create_thread

    replace(Backend, "create_forum_post", wrap_post)
    replace(Backend, "create_thread", wrap_thread)


REPAIRS: tuple[Callable[[], None], ...] = (
    repeat_no_message_with_a_known_nonce,
    list_the_oldest_messages_after_an_id,
    refuse_closed_direct_messages,
    speak_each_persons_language,
    name_the_bots_own_role,
    refuse_overwrites_beyond_ones_own_permissions,
    accept_channel_settings_without_effect_here,
    give_a_forum_post_the_id_of_its_first_message,
)
