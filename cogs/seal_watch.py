"""Looks whether the seal holds, tells the moderators who breaks it, and repairs it where the server wants that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord

from bot.errors import BotLacksPermission
from bot.i18n import N_
from bot.permissions import names_of
from bot.services import seal
from bot.storage import servers, settings
from cogs import places
from cogs.because import reason
from cogs.lines import tell_moderators
from cogs.seal import HIDDEN, breaks, is_visible, mention

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.client import StandfirstClient
    from bot.models import Server

REPAIRS_AN_HOUR = 3  # somebody who breaks the seal again and again wins, and the moderators are told
HOUR = timedelta(hours=1)
REASON = N_("the seal was broken and is put on again (setting seal_repair)")
REPAIRED = N_("🔒 I have repaired {channel}: {who} had been allowed {permissions} there.")

Broken = dict[int, dict[str, object]]


class SealWatch:
    """Compares a server's channels, as the gateway has told of them, with what the seal asks: no request is made."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client
        self.repairs: dict[int, list[datetime]] = {}  # server → when, within the last hour

    async def audit(self, guild: discord.Guild) -> None:
        """Repair what is broken, or have the moderators told; close what is whole again."""
        async with self.client.db.read() as conn:
            server = await servers.get(conn, guild.id)
            chosen = await settings.load(conn, guild.id)
        broken = dict(find_broken(guild, server, chosen.seal))
        if broken and chosen.seal_repair and await self._repair(guild, server):
            await self._tell_repair(server, broken)
            broken = {}
        if await seal.keep(self.client.db, guild.id, broken, now=discord.utils.utcnow()):
            self.client.sweep.wake()

    async def _repair(self, guild: discord.Guild, server: Server) -> bool:
        """Return False when it may not or cannot be repaired."""
        now = discord.utils.utcnow()
        recent = [moment for moment in self.repairs.get(guild.id, []) if now - moment < HOUR]
        if len(recent) >= REPAIRS_AN_HOUR:
            return False
        self.repairs[guild.id] = [*recent, now]
        try:
            async with places.turn(guild.id):
                return await places.apply(self.client.db, guild, server, why=reason(server.language, REASON))
        except (BotLacksPermission, discord.HTTPException):
            return False

    async def _tell_repair(self, server: Server, broken: Broken) -> None:
        await seal.record_repair(self.client.db, server.id, sorted(broken), now=discord.utils.utcnow())
        for found in broken.values():
            values = {"channel": f"<#{found['channel_id']}>", "who": found["mention"]}
            permissions = tuple(map(str, found["permissions"]))  # type: ignore[call-overload]  # a list of names
            await tell_moderators(self.client, server, REPAIRED, permissions=permissions, **values)


def find_broken(guild: discord.Guild, server: Server, strictness: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield who may write in the articles, by role or member, and the review channel when everybody sees it."""
    people = places.people_of(guild, server)
    articles = places.channel_of(guild, server.articles_channel_id)
    review = places.channel_of(guild, server.review_channel_id)
    if articles is not None:
        for found in breaks(articles.overwrites, people, strictness=strictness):
            who = mention(found.target, people)
            yield found.target.id, _details(articles, who, getattr(found.target, "name", who), found.may)
    if review is not None and is_visible(review, people):
        yield review.id, _details(review, "@everyone", "@everyone", HIDDEN)


def _details(channel: discord.TextChannel, who: str, name: str, permissions: discord.Permissions) -> dict[str, object]:
    names = list(names_of(permissions))
    return {"channel_id": channel.id, "mention": who, "name": name, "permissions": names}
