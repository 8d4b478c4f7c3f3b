"""Discord's permissions: which the bot asks for when it is invited, and what people call them."""

from __future__ import annotations

import discord

from bot.i18n import N_

INVITE = discord.Permissions(4012516019662036)  # all it sets, allows or denies; neither Administrator nor Manage Server

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
