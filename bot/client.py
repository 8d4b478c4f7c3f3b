"""The Discord client: what it connects with, what it loads, and where forms arrive."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from typing import TYPE_CHECKING, Any, Protocol

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot import transport
from bot.commands import CommandTree, Translator, payload
from bot.errors import IntentMissing, StartError, TokenRefused
from bot.healthz import serving_health
from bot.interactions import Form, receive_form, refuse_unknown
from bot.permissions import INVITE
from bot.storage import StorageFailed, memory

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from bot.config import Config
    from bot.storage.database import Database
    from bot.untold import Untold

log = logging.getLogger(__name__)

COGS = (
    "cogs.publishing",
    "cogs.watching",
    "cogs.rounds",
    "cogs.troubles",
    "cogs.guard",
    "cogs.doubles",
    "cogs.setup",
    "cogs.settings",
    "cogs.articles",
    "cogs.discussions",
    "cogs.replies",
    "cogs.reports",
    "cogs.appeals",
    "cogs.revisions",
    "cogs.penalties",
    "cogs.strikes",
    "cogs.sanctions",
    "cogs.pauses",
    "cogs.bans",
    "cogs.review",
    "cogs.more",
    "cogs.clusters",
    "cogs.removals",
    "cogs.opinions",
    "cogs.reveals",
    "cogs.blurs",
    "cogs.stats",
    "cogs.bulk",
    "cogs.queue",
    "cogs.desk",
    "cogs.claims",
    "cogs.phrases",
    "cogs.bulletins",
    "cogs.notes",
    "cogs.history",
    "cogs.audit",
    "cogs.my",
    "cogs.untold",
    "cogs.guidelines",
    "cogs.readings",
    "cogs.wordings",
    "cogs.help",
)

INTENTS = discord.Intents(guilds=True, guild_messages=True, moderation=True, webhooks=True)  # none is privileged

# How long discord.py waits after each server it is told of before it calls itself ready (its default: 2 s). The
# servers arrive in one burst; buttons do not wait for it, only the sweep does, and a reply need not wait longer.
GUILD_READY_SECONDS = 0.3

INVITED = "invite"  # under this name the memory holds the link that was printed first
SYNCED = "commands"  # under this name the memory holds what Discord was last told about the commands
TOKEN_REFUSED = 4004
INTENTS_REFUSED = {4013, 4014}


class Sweep(Protocol):
    """What `cogs/publishing.py` gives the other cogs."""

    def wake(self) -> None:
        """Look soon at what is to be done."""

    async def finish(self) -> None:
        """Return when nothing is due any more."""

    async def may_write(self) -> bool:
        """Take the turn for a direct message; False when the last one was a moment ago, or many were sent today."""


class StandfirstClient(commands.Bot):
    """The bot as Discord sees it. The database belongs to the caller, who closes it."""

    sweep: Sweep
    untold: Untold

    def __init__(self, config: Config, db: Database, *, announce: Callable[[str], None] | None = None) -> None:
        super().__init__(
            command_prefix=(),
            help_command=None,
            tree_cls=CommandTree,
            intents=INTENTS,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILD_READY_SECONDS,
            max_ratelimit_timeout=60,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        )
        self.announce = announce  # tells the operator something that must not be missed
        self.config = config
        self.db = db
        self.forms: list[type[Form]] = []
        self.templates: list[re.Pattern[str]] = []  # of the custom_ids of buttons and selects

    def add_dynamic_items(self, *items: type[discord.ui.DynamicItem[Any]]) -> None:
        """Take the presses of these buttons and selects, also of those drawn before a restart."""
        super().add_dynamic_items(*items)
        self.templates += [item.__discord_ui_compiled_template__ for item in items]

    def add_forms(self, *forms: type[Form]) -> None:
        """Take what is sent with these forms, also with those opened before a restart."""
        self.forms += forms

    async def setup_hook(self) -> None:
        """Load the cogs, and tell Discord about the commands when they have changed."""
        for cog in COGS:
            await self.load_extension(cog)
        await self.tree.set_translator(Translator())
        await self._sync_commands()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Tell the listeners, unless the client is closed: discord.py's waiting for readiness may outlive it."""
        if not self.is_closed():
            super().dispatch(event, *args, **kwargs)

    async def on_ready(self) -> None:
        """Announce the invite link at the first start, and as long as the bot is in no server."""
        async with self.db.begin() as conn:
            is_first = await memory.get(conn, INVITED) is None
            await memory.put(conn, INVITED, self.invite)
        if self.announce is not None and (is_first or not self.guilds):
            self.announce(f"Invite the bot to your server: {self.invite}")

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take every form: discord.py itself knows none of them, see `Form.open`. Answer buttons that are no more."""
        if interaction.type is discord.InteractionType.modal_submit:
            await receive_form(self.forms, interaction)
        elif interaction.type is discord.InteractionType.component:
            await refuse_unknown(self.templates, interaction)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """Log what failed in a listener, unless the database is out of order: it has said so itself."""
        if not isinstance(sys.exception(), StorageFailed):
            await super().on_error(event_method, *args, **kwargs)

    def is_connected(self) -> bool:
        """Tell whether Discord's gateway sends us what happens."""
        return self.is_ready() and self.ws is not None and self.ws.open

    @property
    def invite(self) -> str:
        """The link by which an administrator adds the bot, with exactly the permissions it needs."""
        return discord.utils.oauth_url(
            self.application_id or 0, permissions=INVITE, scopes=("bot", "applications.commands")
        )

    async def _sync_commands(self) -> None:
        told = json.dumps([self.application_id, await payload(self.tree)], sort_keys=True, default=str)
        digest = hashlib.sha256(told.encode()).hexdigest()
        async with self.db.read() as conn:
            if await memory.get(conn, SYNCED) == digest:
                return
        await self.tree.sync()
        async with self.db.begin() as conn:
            await memory.put(conn, SYNCED, digest)


async def run_client(config: Config, db: Database, *, announce: Callable[[str], None] | None = None) -> None:
    """Run until it is cancelled or closed. Raises StartError with one line that says what to do."""
    async with (
        StandfirstClient(config, db, announce=announce) as client,
        serving_health(config, db, client.is_connected),
    ):
        transport.install(client)
        await _log_in(client, config.token)
        await _connect(client)


async def _log_in(client: StandfirstClient, token: str) -> None:
    try:
        await client.login(token)
    except discord.LoginFailure:
        raise TokenRefused(
            "Discord refuses the bot token. Copy it again from the Developer Portal, page Bot."
        ) from None
    except (discord.DiscordServerError, aiohttp.ClientError, OSError) as error:
        raise StartError("Discord cannot be reached. Check the network, then start again.") from error


async def _connect(client: StandfirstClient) -> None:
    try:
        await client.connect()
    except discord.PrivilegedIntentsRequired:
        raise _intent_missing() from None
    except discord.ConnectionClosed as error:
        if error.code in INTENTS_REFUSED:
            raise _intent_missing() from None
        if error.code == TOKEN_REFUSED:
            raise TokenRefused(
                "Discord no longer accepts the bot token. Copy the new one from the Developer Portal."
            ) from None
        raise StartError(f"Discord closed the connection for good (code {error.code}).") from error


def _intent_missing() -> IntentMissing:
    return IntentMissing(
        "Discord does not grant the intents I ask for, though none of them is privileged. "
        "Check the application's page Bot in the Developer Portal."
    )
