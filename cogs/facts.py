"""The self-check: one fact a line about the channels, the seal, the permissions and the roles of a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import discord

from bot.i18n import N_
from bot.permissions import BOT_IN_ARTICLES, BOT_IN_REVIEW, missing, names_of
from cogs.places import channel_of, guild_of, people_of, strictness
from cogs.seal import HIDDEN, breaks, is_visible, mention

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping

    from bot.interactions import Interaction
    from bot.models import Server
    from cogs.seal import People

WEBHOOKS_A_CHANNEL = 15  # Discord's limit
DISCUSSION = discord.Permissions(create_public_threads=True, send_messages_in_threads=True, manage_threads=True)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: whether it is as it should be (None: merely worth knowing), and a sentence that says what to do."""

    holds: bool | None
    sentence: str
    values: Mapping[str, object] = field(default_factory=dict)


async def check(interaction: Interaction, server: Server) -> list[Fact]:
    """Look at everything that can keep Standfirst from working here."""
    guild = guild_of(interaction)
    facts = [*_articles_chosen(guild, server), *_review_chosen(guild, server)]
    articles = channel_of(guild, server.articles_channel_id)
    review = channel_of(guild, server.review_channel_id)
    people = people_of(guild, server)
    if articles is not None:
        facts += _seal(articles, people, await strictness(interaction.client.db, guild.id))
        facts += _discussions(articles)
        facts += [fact async for fact in _webhook(articles)]
    if review is not None:
        facts += _hidden(review, people)
    return [*facts, *_roles(guild, server), *_administrators(guild)]


def _articles_chosen(guild: discord.Guild, server: Server) -> Iterator[Fact]:
    if server.articles_channel_id is None:
        yield Fact(
            False, N_("No channel is chosen for articles. Choose one with /setup, or press “Make it for me” there.")
        )
    elif channel_of(guild, server.articles_channel_id) is None:
        yield Fact(False, N_("The channel for articles is gone. Choose another with /setup."))
    else:
        yield Fact(True, N_("Articles are posted in {channel}."), {"channel": f"<#{server.articles_channel_id}>"})


def _review_chosen(guild: discord.Guild, server: Server) -> Iterator[Fact]:
    if server.review_channel_id is None:
        yield Fact(
            False, N_("No channel is chosen for review. Choose one with /setup, or press “Make it for me” there.")
        )
    elif channel_of(guild, server.review_channel_id) is None:
        yield Fact(False, N_("The channel for review is gone. Choose another with /setup."))
    else:
        yield Fact(True, N_("Held replies are reviewed in {channel}."), {"channel": f"<#{server.review_channel_id}>"})


def _seal(channel: discord.TextChannel, people: People, wanted: str) -> Iterator[Fact]:
    values = {"channel": channel.mention}
    broken = list(breaks(channel.overwrites, people, strictness=wanted))
    for found in broken:
        who = mention(found.target, people)
        yield Fact(
            False,
            N_("{channel} is not sealed: {who} may {permissions}. Run /setup again, or deny it in the channel."),
            values | {"who": who, "permissions": names_of(found.may)},
        )
    if not broken:
        yield Fact(True, N_("{channel} is sealed: members reply through the buttons alone."), values)
    if channel.category is not None:
        yield Fact(
            None,
            N_("{channel} is in the category {category}. “Sync now” in the channel's settings would break the seal."),
            values | {"category": channel.category.name},
        )


def _discussions(channel: discord.TextChannel) -> Iterator[Fact]:
    values = {"channel": channel.mention}
    held = channel.permissions_for(channel.guild.me)
    if missing(DISCUSSION, held).value:
        yield Fact(False, N_("I cannot open discussions in {channel}. Run /setup again to allow me."), values)
    else:
        yield Fact(True, N_("I can open a discussion under each article."))
    yield _permissions(channel, BOT_IN_ARTICLES)


def _permissions(channel: discord.TextChannel, needed: discord.Permissions) -> Fact:
    lacking = missing(needed, channel.permissions_for(channel.guild.me))
    values: dict[str, object] = {"channel": channel.mention}
    if lacking.value:
        sentence = N_("I lack permissions in {channel}: {permissions}. Run /setup again, or allow me these there.")
        return Fact(False, sentence, values | {"permissions": names_of(lacking)})
    return Fact(True, N_("I have every permission I need in {channel}."), values)


async def _webhook(channel: discord.TextChannel) -> AsyncIterator[Fact]:
    try:
        webhooks = await channel.webhooks()
    except discord.Forbidden:
        yield Fact(
            False,
            N_("I may not look at the webhooks of {channel}. Allow me “Manage Webhooks” there."),
            {"channel": channel.mention},
        )
        return
    if any(webhook.user is not None and webhook.user.id == channel.guild.me.id for webhook in webhooks):
        yield Fact(True, N_("Replies can be published: my webhook is in place."))
    elif len(webhooks) >= WEBHOOKS_A_CHANNEL:
        yield Fact(
            False,
            N_("{channel} has as many webhooks as Discord allows. Delete one that is not used."),
            {"channel": channel.mention},
        )
    else:
        yield Fact(True, N_("Replies can be published: I can make my webhook."))


def _hidden(channel: discord.TextChannel, people: People) -> Iterator[Fact]:
    values: dict[str, object] = {"channel": channel.mention}
    if is_visible(channel, people):
        yield Fact(
            False, N_("Members can see {channel}. Run /setup again, or deny everyone “View Channels” there."), values
        )
    else:
        yield Fact(True, N_("Members cannot see {channel}."), values)
    known = {people.everyone.id, people.bot.id, people.moderators.id if people.moderators else None}
    for target, overwrite in channel.overwrites.items():
        if target.id not in known and overwrite.pair()[0].value & HIDDEN.value:
            who = mention(target, people)
            yield Fact(None, N_("{who} can also see {channel}, with every held reply."), values | {"who": who})
    yield _permissions(channel, BOT_IN_REVIEW)


def _roles(guild: discord.Guild, server: Server) -> Iterator[Fact]:
    moderators = guild.get_role(server.moderator_role_id or 0)
    editors = guild.get_role(server.editor_role_id or 0)
    if moderators is None:
        yield Fact(
            False, N_("No role is chosen for moderators. Choose one with /setup, or press “Make it for me” there.")
        )
    else:
        yield Fact(
            True, N_("{role} may decide about replies. Give it to your moderators."), {"role": moderators.mention}
        )
    if editors is None:
        yield Fact(False, N_("No role is chosen for editors. Choose one with /setup, or press “Make it for me” there."))
    else:
        yield Fact(True, N_("{role} may post articles. Give it to your editors."), {"role": editors.mention})


def _administrators(guild: discord.Guild) -> Iterator[Fact]:
    """Yield who cannot be sealed out: Discord lets administrators and the owner do everything."""
    roles = [role for role in guild.roles if role.permissions.administrator and not role.is_bot_managed()]
    who = ", ".join([f"<@{guild.owner_id}>", *(role.mention for role in roles)])
    yield Fact(None, N_("Discord lets these people type in discussions whatever I deny: {who}."), {"who": who})
