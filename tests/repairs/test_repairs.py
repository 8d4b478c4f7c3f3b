"""Where simcord differs from Discord, our repairs make it do as Discord does."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import ui
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.demo import repairs
from tests.in_process import burst, collect_logged_errors, make_env, restart
from tests.recorder import Recorder, bot_may, button


async def test_a_repeated_nonce_returns_the_first_message(env, channel):
    first, second, other = [await channel.send(text, nonce=nonce) for text, nonce in (("a", 1), ("b", 1), ("c", 2))]

    assert (second.id, second.content, second.nonce) == (first.id, "a", "1")
    assert other.id != first.id
    assert len(env.backend.messages[channel.id]) == 2


async def test_history_after_a_message_is_complete_and_in_order(channel):
    anchor = await channel.send("anchor")
    for number in range(120):
        await channel.send(str(number))

    found = [message.content async for message in channel.history(after=anchor, limit=None)]
    page = [message.content async for message in channel.history(after=anchor, limit=2)]

    assert found == [str(number) for number in range(120)]
    assert page == ["0", "1"]


async def test_an_interaction_carries_the_persons_and_the_servers_language(env, guild, channel):
    ada = guild.add_member(env.create_user("ada"))
    repairs.world(env.backend).locales[ada.id] = "de"
    card = await channel.send(view=button())

    await ada.click(card, custom_id="reply:open:1")

    seen = env.bot.pressed[0]
    assert (seen.locale, seen.guild_locale) == (discord.Locale.german, discord.Locale.french)
    assert seen.is_guild_integration()


async def test_with_the_intent_content_is_readable():
    async with make_env(Recorder, privileged=("message_content",)) as env:
        guild = env.create_guild()
        handle = guild.create_text_channel("articles")
        spoken = await guild.add_member(env.create_user("ada")).send(handle, "no secret")

        assert (await env.bot.get_channel(handle.id).fetch_message(spoken.id)).content == "no secret"


async def test_closed_direct_messages_are_refused(env, guild):
    ada = guild.add_member(env.create_user("ada"))
    repairs.world(env.backend).closed_dms.add(ada.id)
    user = await env.bot.fetch_user(ada.id)

    with pytest.raises(discord.Forbidden) as caught:
        await user.send("hello")
    assert caught.value.code == 50007


async def test_the_bots_role_is_known_as_its_own(env, guild):
    found = env.bot.get_guild(guild.id)

    assert found.self_role is not None
    assert found.self_role.is_bot_managed()


async def test_overwrites_beyond_the_bots_own_permissions_are_refused(env, guild, channel):
    bot_may(env, guild, view_channel=True, manage_channels=True, manage_roles=True, send_messages=True)
    everyone = channel.guild.default_role

    await channel.edit(overwrites={everyone: discord.PermissionOverwrite(send_messages=False)})
    for attempt in (
        channel.edit(overwrites={everyone: discord.PermissionOverwrite(send_polls=False)}),
        channel.set_permissions(everyone, send_polls=False),
        channel.guild.create_text_channel("x", overwrites={everyone: discord.PermissionOverwrite(send_polls=False)}),
    ):
        with pytest.raises(discord.Forbidden):
            await attempt
    bot_may(env, guild, view_channel=True, manage_channels=True, send_messages=True)
    with pytest.raises(discord.Forbidden):
        await channel.edit(overwrites={everyone: discord.PermissionOverwrite(send_messages=None)})


async def test_overwrites_that_stay_as_they_are_need_no_permission(env, guild, channel):
    polls = discord.Permissions(send_polls=True).value
    env.backend.set_overwrite(channel.id, Overwrite(guild.id, OverwriteType.ROLE, deny=polls))
    bot_may(env, guild, view_channel=True, manage_channels=True, manage_roles=True)
    me = channel.guild.me

    await channel.edit(overwrites={**channel.overwrites, me: discord.PermissionOverwrite(view_channel=True)})

    assert len(env.backend.get_channel(channel.id).overwrites) == 2


async def test_channels_are_made_with_every_setting_of_discord_py(env, guild):
    found = env.bot.get_guild(guild.id)

    text = await found.create_text_channel("a", nsfw=False, default_auto_archive_duration=10080)
    forum = await found.create_forum("b", available_tags=[discord.ForumTag(name="News")])

    assert isinstance(text, discord.TextChannel)
    assert [tag.name for tag in env.bot.get_channel(forum.id).available_tags] == ["News"]
    await text.edit(nsfw=True, default_auto_archive_duration=60)


async def test_presses_of_one_moment_arrive_before_the_bot_runs(env, guild, channel):
    people = [guild.add_member(env.create_user(name)) for name in ("ada", "bo")]
    card = await channel.send(view=button())

    results = await burst(env, *((person, card, "reply:open:1") for person in people))

    assert [result.response.content for result in results] == ["pressed", "pressed"]


async def test_every_bot_is_closed_at_the_end():
    bots = [Recorder(), Recorder()]
    async with make_env(lambda: bots[0]) as env:
        await restart(env, bots[1])
        assert env.bot is bots[1]

    assert [bot.closed_times for bot in bots] == [1, 1]


async def test_an_error_that_discord_py_only_logs_is_noticed(logged_errors):
    class Failing(ui.DynamicItem[ui.Button[Any]], template=r"reply:open:(?P<id>\d+)"):
        @classmethod
        async def from_custom_id(cls, _interaction: Any, item: Any, _match: Any) -> Any:
            return cls(item)

        async def callback(self, _interaction: discord.Interaction) -> None:
            raise RuntimeError("nobody hears me")

    class Silent(discord.Client):
        async def setup_hook(self) -> None:
            self.add_dynamic_items(Failing)

    with collect_logged_errors() as records:
        async with make_env(lambda: Silent(intents=discord.Intents(guilds=True))) as env:
            guild = env.create_guild()
            handle = guild.create_text_channel("articles")
            card = await env.bot.get_channel(handle.id).send(view=button())
            await guild.add_member(env.create_user("ada")).click(card, custom_id="reply:open:1")

    assert "dynamic item" in records[0].getMessage()
    assert [record.getMessage() for record in logged_errors] == [record.getMessage() for record in records]
    logged_errors.clear()


def test_repairs_are_applied_once():
    repairs.apply()
    before = serializers.message_payload
    repairs.apply()

    assert serializers.message_payload is before
