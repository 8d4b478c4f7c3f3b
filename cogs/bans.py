"""What Discord itself does to members: its timeouts are set and taken back, its bans are noticed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.errors import PostRefused
from bot.i18n import N_
from bot.models import SanctionKind, TimeoutState
from bot.outgoing import telling_outcome
from bot.services import sanctions
from bot.storage import sanctions as stored_sanctions
from bot.storage import servers as stored_servers
from cogs.because import because, person

if TYPE_CHECKING:
    from datetime import datetime

    from bot.client import StandfirstClient
    from bot.models import Sanction

MISSING_PERMISSIONS = 50013
UNKNOWN_MEMBER = frozenset({10007, 10013})
SET = N_("timed out by {person}, guideline: {guideline}, to the member: {words}")
LIFTED = N_("timeout ended by {person}")
SAME = timedelta(seconds=1)  # Discord keeps milliseconds


class Timeouts:
    """Sets timeouts and takes them back; somebody else's are never shortened nor taken back."""

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    async def apply(self, sanction: Sanction) -> TimeoutState:
        """Time a member out, unless they are for longer already."""
        member = await self._fetch(sanction)
        until = sanction.ends_at
        if member is None or until is None:
            return TimeoutState.GONE
        if member.timed_out_until is not None and member.timed_out_until > until + SAME:
            return TimeoutState.RESPECTED
        async with telling_outcome():
            await member.edit(timed_out_until=until, reason=await self._why(sanction, SET, sanction.moderator_id))
        return TimeoutState.APPLIED

    async def lift(self, sanction: Sanction) -> TimeoutState:
        """Take it back, unless it is another one by now; a shorter one of ours goes on."""
        member = await self._fetch(sanction)
        if member is None:
            return TimeoutState.GONE
        if member.timed_out_until is None or sanction.ends_at is None:
            return TimeoutState.LIFTED
        if abs(member.timed_out_until - sanction.ends_at) > SAME:
            return TimeoutState.RESPECTED
        until, why = await self._next_end(sanction), await self._why(sanction, LIFTED, sanction.lifted_by)
        async with telling_outcome():
            await member.edit(timed_out_until=until, reason=why)
        return TimeoutState.LIFTED

    async def _next_end(self, lifted: Sanction) -> datetime | None:
        async with self.client.db.read() as conn:
            now, who = discord.utils.utcnow(), (lifted.server_id, lifted.member_id)
            in_force = await stored_sanctions.list_in_force(conn, *who, now)
        ends = [each.ends_at for each in in_force if each.kind is SanctionKind.TIMEOUT and each.ends_at is not None]
        return max(ends, default=None)

    async def _fetch(self, sanction: Sanction) -> discord.Member | None:
        guild = self.client.get_guild(sanction.server_id)
        if guild is None:
            raise PostRefused("the server is not to be seen")
        if not guild.me.guild_permissions.moderate_members:
            raise _refused("I lack the permission Time Out Members")
        async with telling_outcome():
            try:
                member = await guild.fetch_member(sanction.member_id)
            except discord.NotFound as error:
                if error.code in UNKNOWN_MEMBER:
                    return None
                raise
        if member.top_role >= guild.me.top_role or member == guild.owner:
            raise _refused("this member stands above me")
        return member

    async def _why(self, sanction: Sanction, sentence: str, moderator_id: int | None) -> str:
        guild = self.client.get_guild(sanction.server_id)
        words = sanction.sentence or "–"
        who = {"person": person(guild, moderator_id), "guideline": sanction.guideline or "–", "words": words}
        return await because(self.client, sanction.server_id, sentence, **who)


def _refused(why: str) -> PostRefused:
    """Make what Discord would say, without asking."""
    error = PostRefused(why)
    error.code = MISSING_PERMISSIONS
    return error


class Bans(commands.Cog):
    """Hears of bans that somebody made in Discord.

    `on_member_ban`: the cards of what the member has on hold say so.
    `on_member_unban`: no longer.
    """

    def __init__(self, client: StandfirstClient) -> None:
        self.client = client

    @commands.Cog.listener()
    async def on_member_ban(self, guild: discord.Guild, user: discord.User | discord.Member) -> None:
        """Remember it."""
        if await self._is_ours(guild):
            await sanctions.note_discord_ban(self.client.db, user.id, server_id=guild.id, now=discord.utils.utcnow())
            self.client.sweep.wake()

    @commands.Cog.listener()
    async def on_member_unban(self, guild: discord.Guild, user: discord.User) -> None:
        """Remember that it is over."""
        if await self._is_ours(guild):
            await sanctions.note_discord_unban(self.client.db, user.id, server_id=guild.id, now=discord.utils.utcnow())
            self.client.sweep.wake()

    async def _is_ours(self, guild: discord.Guild) -> bool:
        async with self.client.db.read() as conn:
            return (await stored_servers.get(conn, guild.id)).is_set_up


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    await client.add_cog(Bans(client))
