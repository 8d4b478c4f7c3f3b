"""The repairs of simcord 3.2.1 that concern webhooks and threads; `repairs.apply()` installs them."""

# ruff: noqa: SLF001 - repairing simcord means replacing what it keeps to itself.
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simcord.backend import Backend, errors, serializers
from simcord.enums import ChannelType
from simcord.http._helpers import bot_message, message_response
from simcord.http.routes import interactions as interaction_routes

from bot.demo.repairs import CHANNEL, MESSAGES, replace, replace_route

if TYPE_CHECKING:
    from collections.abc import Callable

    from simcord.http.router import Handler, RequestContext

WEBHOOK = "/webhooks/{webhook_id}/{token}"
WEBHOOKS_A_CHANNEL = 15
NAME_LIMITS = (1, 80)  # of a webhook
THREAD_NAME_LIMITS = (1, 100)
FORBIDDEN_IN_NAMES = ("clyde", "discord")
FORBIDDEN_NAMES = ("everyone", "here")
HAS_THREAD = 1 << 5
THREAD_SETTINGS = ("name", "rate_limit_per_user")
THREAD_METADATA = ("archived", "locked", "auto_archive_duration", "invitable")
OWNERS_MAY_EDIT = {"name", "archived", "auto_archive_duration"}


def let_the_bots_own_webhooks_carry_buttons() -> None:
    """A webhook that an application made carries its application_id, and its messages may have live components."""

    def wrap_payload(original: Callable[..., Any]) -> Callable[..., Any]:
        def webhook_payload(backend: Backend, webhook: Any, **options: Any) -> Any:
            owned = webhook.creator_id == backend.bot_user.id
            return original(backend, webhook, **options) | (
                {"application_id": str(backend.application_id)} if owned else {}
            )

        return webhook_payload

    def wrap_body(original: Callable[..., Any]) -> Callable[..., Any]:
        def incoming_webhook_body(ctx: RequestContext) -> tuple[dict[str, Any], bool]:
            hook = interaction_routes._incoming_webhook(ctx)
            if hook.creator_id == ctx.backend.bot_user.id:
                return dict(ctx.body()), True
            body, with_components = original(ctx)
            return body, with_components

        return incoming_webhook_body

    replace(serializers, "webhook_payload", wrap_payload)
    replace(interaction_routes, "_incoming_webhook_body", wrap_body)


def let_webhooks_write_into_threads() -> None:
    """`?thread_id=` sends a webhook's message into that thread, un-archives it, and leads to the message there."""

    def wrap_execute(original: Handler) -> Handler:
        def execute_webhook(ctx: RequestContext) -> Any:
            if ctx.args["token"] in ctx.backend.interaction_tokens:
                return original(ctx)
            hook = interaction_routes._incoming_webhook(ctx)
            body, _ = interaction_routes._incoming_webhook_body(ctx)
            channel_id = _destination(ctx, hook, body)
            message = bot_message(
                ctx, channel_id, author_id=hook.webhook_user_id, webhook_id=hook.id, body=body, webhook_execute=True
            )
            return message_response(ctx, message, exempt_root=True)

        return execute_webhook

    def wrap_message(_original: Callable[..., Any]) -> Callable[..., Any]:
        def incoming_message(ctx: RequestContext) -> Any:
            hook = interaction_routes._incoming_webhook(ctx)
            message = ctx.backend.get_message(_thread_or_channel(ctx, hook), ctx.int_arg("message_id"))
            if message.webhook_id != hook.id:
                raise errors.unknown_message()
            return message

        return incoming_message

    replace_route("POST", WEBHOOK, wrap_execute)
    replace(interaction_routes, "_incoming_message", wrap_message)


def _thread_or_channel(ctx: RequestContext, hook: Any) -> int:
    channel_id = int(ctx.params.get("thread_id") or hook.channel_id)
    channel = ctx.backend.get_channel(channel_id)
    if hook.channel_id not in (channel_id, channel.parent_id):
        raise errors.unknown_channel()
    return channel_id


def _destination(ctx: RequestContext, hook: Any, body: dict[str, Any]) -> int:
    name, tags = body.pop("thread_name", None), body.pop("applied_tags", None) or []
    channel_id = _thread_or_channel(ctx, hook)
    unarchive(ctx.backend, channel_id)
    if ctx.backend.get_channel(channel_id).type != ChannelType.FORUM:
        return channel_id
    if not name:
        reason = "Webhooks posted to forum channels must have a thread_name or thread_id"
        raise errors.BackendError(400, 220001, reason)
    post = ctx.backend.create_thread(
        channel_id, name, hook.webhook_user_id, applied_tags=[int(tag) for tag in tags], broadcast=False
    )
    ctx.backend.announce_thread_create(post)
    return post.id


def unarchive(backend: Backend, channel_id: int) -> None:
    """Bring a thread back from the archive, as any new message in it does."""
    channel = backend.get_channel(channel_id)
    if channel.thread_metadata is not None and channel.thread_metadata.archived:
        backend.edit_channel(channel_id, {}, thread_metadata={"archived": False})


def unarchive_threads_that_the_bot_writes_in() -> None:
    """A bot's message brings an archived, unlocked thread back; into a locked one it needs MANAGE_THREADS."""

    def wrap(original: Handler) -> Handler:
        def send_message(ctx: RequestContext) -> Any:
            channel = ctx.backend.get_channel(ctx.int_arg("channel_id"))
            if channel.thread_metadata is not None and channel.thread_metadata.locked:
                ctx.require_channel_permissions(channel.id, "manage_threads")
            sent = original(ctx)
            unarchive(ctx.backend, channel.id)
            return sent

        return send_message

    replace_route("POST", MESSAGES, wrap)


def refuse_forbidden_webhook_names() -> None:
    """A webhook's name has 1 to 80 characters, is not "everyone" or "here", and holds no "clyde" or "discord"."""

    def wrap(field: str) -> Callable[[Handler], Handler]:
        def wrap_field(original: Handler) -> Handler:
            def named(ctx: RequestContext) -> Any:
                _require_name(ctx.body().get(field), field)
                return original(ctx)

            return named

        return wrap_field

    replace_route("POST", WEBHOOK, wrap("username"))
    replace_route("POST", CHANNEL + "/webhooks", wrap("name"))
    replace_route("PATCH", "/webhooks/{webhook_id}", wrap("name"))


def _require_name(name: Any, field: str) -> None:
    if name is None:
        return
    lowered = str(name).lower()
    if not NAME_LIMITS[0] <= len(lowered) <= NAME_LIMITS[1]:
        raise _invalid(field, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 80 in length.")
    if lowered in FORBIDDEN_NAMES or any(word in lowered for word in FORBIDDEN_IN_NAMES):
        raise _invalid(field, "USERNAME_INVALID_CONTAINS", f'Username cannot be or contain "{name}"')


def _invalid(field: str, code: str, message: str) -> errors.BackendError:
    return errors.invalid_form_body(errors={field: {"_errors": [{"code": code, "message": message}]}})


def refuse_a_sixteenth_webhook() -> None:
    """A channel holds fifteen webhooks: the next one gets 30007."""

    def wrap(original: Handler) -> Handler:
        def create_webhook(ctx: RequestContext) -> Any:
            channel_id = ctx.int_arg("channel_id")
            taken = sum(hook.channel_id == channel_id for hook in ctx.backend.webhooks.values())
            if taken >= WEBHOOKS_A_CHANNEL:
                raise errors.BackendError(400, 30007, "Maximum number of webhooks reached (15)")
            return original(ctx)

        return create_webhook

    replace_route("POST", CHANNEL + "/webhooks", wrap)


def refuse_a_second_thread_on_a_message() -> None:
    """A message has one thread at most: the second gets 160004."""

    def wrap(original: Handler) -> Handler:
        def create_thread(ctx: RequestContext) -> Any:
            if ctx.int_arg("message_id") in ctx.backend.channels:
                raise errors.BackendError(400, 160004, "A thread has already been created for this message")
            return original(ctx)

        return create_thread

    replace_route("POST", MESSAGES + "/{message_id}/threads", wrap)


def limit_the_length_of_thread_names() -> None:
    """A thread's name has 1 to 100 characters."""

    def wrap(original: Handler) -> Handler:
        def named(ctx: RequestContext) -> Any:
            name = ctx.body().get("name")
            if name is not None and not THREAD_NAME_LIMITS[0] <= len(name) <= THREAD_NAME_LIMITS[1]:
                raise _invalid("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
            return original(ctx)

        return named

    replace_route("POST", MESSAGES + "/{message_id}/threads", wrap)
    replace_route("POST", CHANNEL + "/threads", wrap)
    replace_route("PATCH", CHANNEL, wrap)


def let_thread_managers_edit_threads() -> None:
    """Editing a thread needs MANAGE_THREADS (or being its owner for some of it), not MANAGE_CHANNELS."""

    def wrap(original: Handler) -> Handler:
        def edit_channel(ctx: RequestContext) -> Any:
            channel = ctx.backend.get_channel(ctx.int_arg("channel_id"))
            if not channel.is_thread:
                return original(ctx)
            body = ctx.fields(*THREAD_SETTINGS, *THREAD_METADATA, "applied_tags", ignore=("flags",))
            if channel.owner_id != ctx.backend.bot_user.id or body.keys() - OWNERS_MAY_EDIT:
                ctx.require_channel_permissions(channel.id, "manage_threads")
            return _edit_thread(ctx.backend, channel.id, body)

        return edit_channel

    replace_route("PATCH", CHANNEL, wrap)


def _edit_thread(backend: Backend, thread_id: int, body: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {key: body[key] for key in THREAD_SETTINGS if key in body}
    if "applied_tags" in body:
        changes["applied_tags"] = [int(tag) for tag in body["applied_tags"]]
    metadata: dict[str, Any] = {key: body[key] for key in THREAD_METADATA if key in body}
    if "archived" in metadata:
        metadata["archive_timestamp"] = backend.now_iso()
    channel = backend.edit_channel(thread_id, changes, thread_metadata=metadata)
    return dict(serializers.channel_payload(backend, channel))


def show_a_messages_thread() -> None:
    """A message with a thread carries it, and a flag; making it on the newest message leaves no system message."""

    def wrap_payload(original: Callable[..., Any]) -> Callable[..., Any]:
        def message_payload(backend: Backend, message: Any, **options: Any) -> Any:
            payload = original(backend, message, **options)
            thread = backend.channels.get(message.id)
            if thread is not None and thread.parent_id == message.channel_id:
                payload["thread"] = dict(serializers.thread_payload(backend, thread))
                payload["flags"] |= HAS_THREAD
            return payload

        return message_payload

    def wrap_create(original: Callable[..., Any]) -> Callable[..., Any]:
        def create_thread(backend: Backend, parent_id: int, *arguments: Any, **options: Any) -> Any:
            message_id = options.get("message_id")
            if message_id is None or message_id != backend.get_channel(parent_id).last_message_id:
                return original(backend, parent_id, *arguments, **options)
            thread = original(backend, parent_id, *arguments, **options, broadcast=False)
            backend.announce_thread_create(thread)
            return thread

        return create_thread

    replace(serializers, "message_payload", wrap_payload)
    replace(Backend, "create_thread", wrap_create)


def fail_edits_in_the_archive() -> None:
    """A message in an archived thread cannot be edited with the bot's token: 50083."""

    def wrap(original: Handler) -> Handler:
        def edit_message(ctx: RequestContext) -> Any:
            thread = ctx.backend.get_channel(ctx.int_arg("channel_id")).thread_metadata
            if thread is not None and thread.archived:
                raise errors.BackendError(400, 50083, "Thread is archived")
            return original(ctx)

        return edit_message

    replace_route("PATCH", MESSAGES + "/{message_id}", wrap)


REPAIRS: tuple[Callable[[], None], ...] = (
    let_the_bots_own_webhooks_carry_buttons,
    let_webhooks_write_into_threads,
    unarchive_threads_that_the_bot_writes_in,
    refuse_forbidden_webhook_names,
    refuse_a_sixteenth_webhook,
    refuse_a_second_thread_on_a_message,
    let_thread_managers_edit_threads,
    limit_the_length_of_thread_names,  # after the one that takes over the route
    show_a_messages_thread,
    fail_edits_in_the_archive,
)
