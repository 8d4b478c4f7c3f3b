"""Makes, seals and hides what `/setup` chooses. Each step is stored at once: a second run goes on from there."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord

from bot.errors import BotLacksPermission
from bot.i18n import N_
from bot.permissions import NEEDED, missing, names_of
from bot.services import servers
from bot.storage import servers as stored_servers
from bot.storage import settings
from cogs.because import reason
from cogs.seal import People, hide, seal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.interactions import Interaction
    from bot.models import Server
    from bot.storage import Database
    from cogs.seal import Target

ARTICLES = "articles"
REVIEW = "review"
MODERATOR = "Moderator"
EDITOR = "Editor"
SET_UP = N_("{person} set this up with /setup, so that members reply through the bot alone")
ROLE_MADE = discord.AuditLogAction.role_create
CHANNEL_MADE = discord.AuditLogAction.channel_create
LOOKED_THROUGH = 50  # of the bot's own audit log entries, for what was made but not stored

_turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()


def turn(server_id: int) -> asyncio.Lock:
    """Return the lock that lets one person at a time set up a server."""
    lock = _turns.get(server_id)
    if lock is None:
        lock = _turns[server_id] = asyncio.Lock()
    return lock


async def choose(interaction: Interaction, **chosen: int) -> Server:
    """Seal and hide the channels chosen, then store them: what is stored has been sealed.

    Raises BotLacksPermission before anything is done, or when Discord refuses.
    """
    guild = guild_of(interaction)
    require_permissions(guild)
    async with turn(guild.id):
        before = await _load(interaction)
        wanted = replace(before, **chosen)  # type: ignore[arg-type]  # only ids are chosen
        why = reason_of(interaction, SET_UP)
        await apply(interaction.client.db, guild, wanted, retired_role_id=before.moderator_role_id, why=why)
        return await _store(interaction, before, **chosen)


async def make(interaction: Interaction) -> Server:
    """Make the channels and roles that are not chosen yet or are gone, then seal and hide."""
    guild = guild_of(interaction)
    require_permissions(guild)
    async with turn(guild.id):
        server, why = await _load(interaction), reason_of(interaction, SET_UP)
        moderators = await _role(guild, server.moderator_role_id, MODERATOR, why)
        server = await _store(interaction, server, moderator_role_id=moderators.id)
        editors = await _role(guild, server.editor_role_id, EDITOR, why)
        server = await _store(interaction, server, editor_role_id=editors.id)
        people = People(guild.default_role, guild.me, moderators)
        sealed = seal({}, people, strictness=await strictness(interaction.client.db, guild.id))
        articles = await _channel(guild, server.articles_channel_id, ARTICLES, sealed, why)
        server = await _store(interaction, server, articles_channel_id=articles.id)
        review = await _channel(guild, server.review_channel_id, REVIEW, hide({}, people), why)
        server = await _store(interaction, server, review_channel_id=review.id)
        await apply(interaction.client.db, guild, server, why=why)
    return server


async def apply(
    db: Database, guild: discord.Guild, server: Server, *, retired_role_id: int | None = None, why: str
) -> bool:
    """Seal the articles and hide the review, each in one request; False when both are so already.

    Raises BotLacksPermission when Discord refuses.
    """
    changed = False
    people = people_of(guild, server, retired_role_id=retired_role_id)
    articles = channel_of(guild, server.articles_channel_id)
    if articles is not None:
        sealed = seal(articles.overwrites, people, strictness=await strictness(db, guild.id))
        changed |= await _edit(articles, sealed, why)
    review = channel_of(guild, server.review_channel_id)
    if review is not None:
        changed |= await _edit(review, hide(review.overwrites, people), why)
    return changed


def reason_of(interaction: Interaction, sentence: str) -> str:
    """Return why, for the server's own audit log: that this person wants it."""
    return reason(guild_of(interaction).preferred_locale, sentence, person=f"@{interaction.user.name}")


def guild_of(interaction: Interaction) -> discord.Guild:
    """Return the server this happens in; every command that comes here is for servers only."""
    if interaction.guild is None:
        raise RuntimeError("outside a server")
    return interaction.guild


def channel_of(guild: discord.Guild, channel_id: int | None) -> discord.TextChannel | None:
    """Return the text channel; None when it is not chosen, gone or of another kind."""
    channel = guild.get_channel(channel_id or 0)
    return channel if isinstance(channel, discord.TextChannel) else None


def people_of(guild: discord.Guild, server: Server, *, retired_role_id: int | None = None) -> People:
    """Return whom the seal tells apart in this server."""
    moderators = guild.get_role(server.moderator_role_id or 0)
    return People(guild.default_role, guild.me, moderators, guild.get_role(retired_role_id or 0))


def require_permissions(guild: discord.Guild) -> None:
    """Raise BotLacksPermission with everything the bot lacks for `/setup`."""
    lacking = missing(NEEDED, guild.me.guild_permissions)
    if lacking.value:
        raise BotLacksPermission(permissions=names_of(lacking))


async def strictness(db: Database, server_id: int) -> str:
    """Return which seal this server has chosen."""
    async with db.read() as conn:
        return (await settings.load(conn, server_id)).seal


async def _load(interaction: Interaction) -> Server:
    guild = guild_of(interaction)
    async with interaction.client.db.read() as conn:
        server = await stored_servers.get(conn, guild.id)
    return replace(server, language=str(guild.preferred_locale))


async def _store(interaction: Interaction, server: Server, **chosen: int) -> Server:
    changed = replace(server, **chosen)  # type: ignore[arg-type]  # only ids are chosen
    if changed == server:
        return server
    stored = await servers.set_up(
        interaction.client.db, changed, actor_id=interaction.user.id, now=interaction.created_at
    )
    interaction.client.dispatch("server_changed", guild_of(interaction))
    return stored


async def _role(guild: discord.Guild, chosen_id: int | None, name: str, why: str) -> discord.Role:
    made_id = chosen_id if guild.get_role(chosen_id or 0) else await _made_before(guild, ROLE_MADE, name)
    made = guild.get_role(made_id or 0)
    return made or await guild.create_role(name=name, permissions=discord.Permissions.none(), reason=why)


async def _channel(
    guild: discord.Guild,
    chosen_id: int | None,
    name: str,
    overwrites: dict[Target, discord.PermissionOverwrite],
    why: str,
) -> discord.TextChannel:
    made_id = chosen_id if channel_of(guild, chosen_id) else await _made_before(guild, CHANNEL_MADE, name)
    made = channel_of(guild, made_id)
    return made or await guild.create_text_channel(name, overwrites=overwrites, reason=why)


async def _made_before(guild: discord.Guild, action: discord.AuditLogAction, name: str) -> int | None:
    """Return what an earlier run made and could not store any more. What has only the same name is never taken."""
    async for entry in guild.audit_logs(limit=LOOKED_THROUGH, user=guild.me, action=action):
        if getattr(entry.after, "name", None) == name and entry.target is not None:
            return int(entry.target.id)
    return None


async def _edit(channel: discord.TextChannel, wanted: Mapping[Target, discord.PermissionOverwrite], why: str) -> bool:
    if _pairs(wanted) == _pairs(channel.overwrites):
        return False
    try:
        await channel.edit(overwrites=wanted, reason=why)
    except discord.Forbidden:
        lacking = missing(NEEDED, channel.permissions_for(channel.guild.me))
        if not lacking.value:
            raise
        raise BotLacksPermission(permissions=names_of(lacking)) from None
    return True


def _pairs(overwrites: Mapping[Target, discord.PermissionOverwrite]) -> dict[int, tuple[int, int]]:
    pairs = {target.id: overwrite.pair() for target, overwrite in overwrites.items()}
    return {target: (allow.value, deny.value) for target, (allow, deny) in pairs.items()}
