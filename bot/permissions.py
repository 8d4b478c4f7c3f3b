"""Discord's permissions: which the bot asks for when it is invited, and what people call them."""

from __future__ import annotations

import discord

from bot.i18n import N_

# What the seal denies everybody. Threads have no overwrites of their own: they take their channel's.
CORE = discord.Permissions(
    add_reactions=True,
    send_messages=True,
    create_public_threads=True,
    create_private_threads=True,
    send_messages_in_threads=True,
    use_external_apps=True,
)
STRICT = CORE | discord.Permissions(use_application_commands=True, send_voice_messages=True, send_polls=True)

BOT_IN_REVIEW = discord.Permissions(
    view_channel=True,
    send_messages=True,
    manage_messages=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
    manage_threads=True,
    create_public_threads=True,
    send_messages_in_threads=True,
)
BOT_IN_ARTICLES = BOT_IN_REVIEW | discord.Permissions(add_reactions=True, manage_webhooks=True, pin_messages=True)

# Without these some work waits until they are given; the others only make it nicer.
WORK_IN_REVIEW = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
WORK_IN_ARTICLES = WORK_IN_REVIEW | discord.Permissions(
    manage_messages=True,
    manage_threads=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    manage_webhooks=True,
)

# No sending: moderators' replies are reviewed as well.
MODERATORS_IN_ARTICLES = discord.Permissions(
    view_channel=True,
    manage_messages=True,
    read_message_history=True,
    use_application_commands=True,
    manage_threads=True,
)
MODERATORS_IN_REVIEW = discord.Permissions(
    view_channel=True, send_messages=True, read_message_history=True, use_application_commands=True
)

# Discord lets a bot allow and deny only what it holds itself.
NEEDED = (
    discord.Permissions(manage_roles=True, manage_channels=True)
    | STRICT
    | BOT_IN_ARTICLES
    | MODERATORS_IN_ARTICLES
    | MODERATORS_IN_REVIEW
)
# What the bot is invited with; neither Administrator nor Manage Server.
INVITE = NEEDED | discord.Permissions(ban_members=True, view_audit_log=True, moderate_members=True)

NAMES = {
    "add_reactions": N_("Add Reactions"),
    "attach_files": N_("Attach Files"),
    "ban_members": N_("Ban Members"),
    "create_private_threads": N_("Create Private Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "embed_links": N_("Embed Links"),
    "manage_channels": N_("Manage Channels"),
    "manage_messages": N_("Manage Messages"),
    "manage_roles": N_("Manage Roles"),
    "manage_threads": N_("Manage Threads"),
    "manage_webhooks": N_("Manage Webhooks"),
    "moderate_members": N_("Time Out Members"),
    "pin_messages": N_("Pin Messages"),
    "read_message_history": N_("Read Message History"),
    "read_messages": N_("View Channels"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "send_polls": N_("Create Polls"),
    "send_voice_messages": N_("Send Voice Messages"),
    "use_application_commands": N_("Use Application Commands"),
    "use_external_apps": N_("Use External Apps"),
    "view_audit_log": N_("View Audit Log"),
}


def names_of(permissions: discord.Permissions) -> tuple[str, ...]:
    """Return the English names of the permissions that are set, for `Language.say` to translate."""
    return tuple(NAMES.get(flag, flag) for flag, is_set in permissions if is_set)


def missing(needed: discord.Permissions, held: discord.Permissions) -> discord.Permissions:
    """Return what is needed and not held; an administrator lacks nothing."""
    if held.administrator:
        return discord.Permissions.none()
    return discord.Permissions(needed.value & ~held.value)
