"""`/audit`: who did what, whether the trail is what was written, and copies of it; for who manages the server."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import ActionUnknown, DateUnclear
from bot.i18n import N_
from bot.interactions import Interaction, PersistentButton, is_admin, language, require_admin, tell
from bot.models import ABOUT_ARTICLE, ABOUT_REPLY, Action, AuditFilter
from bot.models.audit import whole
from bot.services import audit
from bot.services.audit import Format
from bot.storage import articles as stored_articles
from bot.storage import audit as stored
from bot.storage import replies as stored_replies
from bot.storage import settings as stored_settings
from cogs.numbers import find_number
from cogs.ui.audit import MARKS, PAGE, Page, Subjects, audit_page, finding_sentence, first_fitting
from cogs.ui.deeds import DEEDS, deed
from cogs.ui.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.client import StandfirstClient
    from bot.models import StoredEntry
    from bot.services.audit import Part
    from bot.storage import Connection

Choice = app_commands.Choice
OFFERED = 25
TYPED_SHOWN = 50
UPLOAD = 10 * 2**20  # bytes that Discord takes in every server
BESIDE = 2**16  # of them, for what else is sent
PART = N_("Entries {first} to {last}.")
MORE = N_("Entries {first} to {last}. The next part follows.")


async def offer_actions(interaction: Interaction, typed: str) -> list[Choice[str]]:
    """Offer what can have been done, by its words or its name."""
    if not is_admin(interaction):
        return []
    typed, named = typed.strip().casefold(), [(deed(action, language(interaction)), action) for action in DEEDS]
    found = [(words, action) for words, action in named if typed in words.casefold() or typed in action]
    return [Choice(name=words, value=action.value) for words, action in sorted(found)[:OFFERED]]


class TurningButton(PersistentButton, template=r"audit:(?!)"):
    """Turns to the page beyond an entry; what is shown follows from the ids alone."""

    actor_id: int
    action: int
    about_id: int
    sequence: int

    @property
    def wanted(self) -> AuditFilter:
        """The filter that the ids say."""
        return AuditFilter(self.actor_id or None, MARKS.get(self.action), self.about_id or None)


class OlderButton(
    TurningButton,
    template=r"audit:older:(?P<actor_id>[0-9]+):(?P<action>[0-9]+):(?P<about_id>[0-9]+):(?P<sequence>[0-9]+)",
):
    """Turns to what was done before."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        view = await _read_older(interaction, self.wanted, self.sequence)
        await interaction.response.edit_message(view=view)


class NewerButton(
    TurningButton,
    template=r"audit:newer:(?P<actor_id>[0-9]+):(?P<action>[0-9]+):(?P<about_id>[0-9]+):(?P<sequence>[0-9]+)",
):
    """Turns to what was done after; near the end the newest page is shown whole."""

    async def on_press(self, interaction: Interaction) -> None:
        """Show it in the same message."""
        view = await _read_newer(interaction, self.wanted, self.sequence)
        await interaction.response.edit_message(view=view)


@app_commands.default_permissions(manage_guild=True)
@app_commands.guild_only()
class Audit(commands.GroupCog, group_name="audit", group_description=N_("See who did what, and that it is true.")):
    """Answers privately."""

    @app_commands.command(description="See who did what, the newest first.")
    @app_commands.describe(
        by="Only what this person did.", action="Only this kind of thing.", reply="Only what was done with this reply."
    )
    @app_commands.autocomplete(action=offer_actions)
    async def show(
        self,
        interaction: Interaction,
        by: discord.User | None = None,
        action: str | None = None,
        reply: str | None = None,
    ) -> None:
        """Show the newest page."""
        await require_admin(interaction)
        reply_id = (await find_number(interaction, reply))[0] if reply else None
        wanted = AuditFilter(by.id if by else None, _action(action, interaction), reply_id)
        view = await _read_older(interaction, wanted, None)
        await interaction.response.send_message(view=view, ephemeral=True)

    @app_commands.command(description="Check that no entry was changed, removed or added.")
    async def verify(self, interaction: Interaction) -> None:
        """Read the whole trail, which may take a while."""
        server = await require_admin(interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = await audit.verify(interaction.client.db, server.id)
        await tell(interaction, finding_sentence(found, language(interaction)))

    @app_commands.command(description="Get the entries as a file.")
    @app_commands.describe(format="What kind of file.", since="From this day on: 2026-11-26.")
    @app_commands.choices(
        format=[Choice(name="JSON lines", value=Format.JSON.value), Choice(name="CSV", value=Format.CSV.value)]
    )
    async def export(self, interaction: Interaction, format: Choice[str], since: str | None = None) -> None:  # noqa: A002 - the option's name
        """Send file after file; each is forgotten before the next is written."""
        server = await require_admin(interaction)
        first_day = await _day(interaction, since)
        await interaction.response.defer(ephemeral=True, thinking=True)
        form, room = Format(format.value), min(interaction.filesize_limit, UPLOAD) - BESIDE
        now, number = interaction.created_at, 0
        async for part in audit.export(
            interaction.client.db, server.id, form, since=first_day, actor_id=interaction.user.id, now=now, room=room
        ):
            number += 1
            await _send(interaction, part, f"audit-{now:%Y-%m-%d}-{number}.{form}")


async def _send(interaction: Interaction, part: Part, name: str) -> None:
    sentence = language(interaction).say(PART if part.is_last else MORE, first=part.first, last=part.last)
    file = discord.File(io.BytesIO(part.content), filename=name)
    await interaction.followup.send(sentence, file=file, ephemeral=True)


async def _read_older(interaction: Interaction, wanted: AuditFilter, before: int | None) -> discord.ui.LayoutView:
    server = await require_admin(interaction)
    async with interaction.client.db.read() as conn:
        wanted = await _blinded(conn, server.id, wanted)
        found = await stored.list_page(conn, server.id, wanted, before=before, limit=PAGE + 1)
        about, number = await _about(conn, server.id, found), await _number(conn, server.id, wanted)
    shown = first_fitting(found[:PAGE], about, language(interaction))
    page = Page(shown, wanted, number, has_newer=before is not None, has_older=len(found) > len(shown))
    return audit_page(page, about, language(interaction))


async def _read_newer(interaction: Interaction, wanted: AuditFilter, after: int) -> discord.ui.LayoutView:
    server = await require_admin(interaction)
    async with interaction.client.db.read() as conn:
        wanted = await _blinded(conn, server.id, wanted)
        found = await stored.list_after(conn, server.id, wanted, after, limit=PAGE + 1)
        about, number = await _about(conn, server.id, found), await _number(conn, server.id, wanted)
    shown = first_fitting(found[:PAGE], about, language(interaction))
    if len(shown) == len(found):
        return await _read_older(interaction, wanted, None)
    page = Page(shown[::-1], wanted, number, has_newer=True, has_older=True)
    return audit_page(page, about, language(interaction))


async def _about(conn: Connection, server_id: int, entries: Sequence[StoredEntry]) -> Subjects:
    """Read what the entries are about."""
    replies, articles = {}, {}
    for reply_id in {whole(entry.subject_id) for entry in entries if entry.action in ABOUT_REPLY} - {None}:
        if reply := await stored_replies.get(conn, reply_id or 0, server_id=server_id):
            replies[reply.id] = reply, await stored_articles.get(conn, reply.article_id)
    for article_id in {whole(entry.subject_id) for entry in entries if entry.action in ABOUT_ARTICLE} - {None}:
        if article := await stored_articles.get(conn, article_id or 0, server_id=server_id):
            articles[article.id] = article
    return Subjects(replies, articles, is_blind=(await stored_settings.load(conn, server_id)).blind_review)


async def _blinded(conn: Connection, server_id: int, wanted: AuditFilter) -> AuditFilter:
    return replace(wanted, is_blind=(await stored_settings.load(conn, server_id)).blind_review)


async def _number(conn: Connection, server_id: int, wanted: AuditFilter) -> int | None:
    reply = await stored_replies.get(conn, wanted.reply_id or 0, server_id=server_id)
    return reply.number if reply else None


def _action(typed: str | None, interaction: Interaction) -> Action | None:
    """Return what a choice, or its words typed to the end, stands for. Raises ActionUnknown."""
    if typed is None:
        return None
    wanted = typed.strip().casefold()
    for action in DEEDS:
        if wanted in (action.value, deed(action, language(interaction)).casefold()):
            return action
    raise ActionUnknown(action=cut(one_line(typed), TYPED_SHOWN))


async def _day(interaction: Interaction, typed: str | None) -> datetime | None:
    """Return when that day began in the server's time zone. Raises DateUnclear."""
    if typed is None:
        return None
    async with interaction.client.db.read() as conn:
        zone = (await stored_settings.load(conn, interaction.guild_id or 0)).time_zone
    try:
        return datetime.combine(date.fromisoformat(typed.strip()), time(), ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):  # no day, or one before there were any
        example = f"{interaction.created_at:%Y-%m-%d}"
        raise DateUnclear(date=cut(one_line(typed), TYPED_SHOWN), example=example) from None


async def setup(client: StandfirstClient) -> None:
    """Load the feature."""
    client.add_dynamic_items(OlderButton, NewerButton)
    await client.add_cog(Audit())
