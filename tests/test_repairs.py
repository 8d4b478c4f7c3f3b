"""Where simcord differs from Discord, our repairs make it do as Discord does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import ui
from in_process import burst, collect_logged_errors, logged_errors, make_env, restart
from simcord.backend import serializers
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.demo import repairs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import simcord

__all__ = ["logged_errors"]  # a fixture


class Recorder(discord.Client):
    """A bot that answers every press, and remembers it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.pressed: list[discord.Interaction] = []
        self.closed_times = 0

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.pressed.append(interaction)
        await interaction.response.send_message("pressed", ephemeral=True)

    async def close(self) -> None:
        self.closed_times += 1
        await super().close()


@pytest.fixture
async def env() -> AsyncIterator[simcord.Env]:
    async with make_env(Recorder) as env:
        yield env


@pytest.fixture
def guild(env: simcord.Env) -> simcord.GuildHandle:
    return env.create_guild("The Harbour Courier", preferred_locale="fr")


@pytest.fixture
def channel(env: simcord.Env, guild: simcord.GuildHandle) -> discord.TextChannel:
    found = env.bot.get_channel(guild.create_text_channel("articles").id)
    assert isinstance(found, discord.TextChannel)
    return found


@pytest.fixture
async def thread(channel: discord.TextChannel) -> discord.Thread:
    return await (await channel.send("card")).create_thread(name="Discussion")


def button(label: str = "Reply") -> ui.LayoutView:
    return ui.LayoutView().add_item(ui.ActionRow(ui.Button(label=label, custom_id="reply:open:1")))


def bot_may(env: simcord.Env, guild: simcord.GuildHandle, **permissions: bool) -> None:
    """Let the bot's role have these permissions and no others."""
    stored = env.backend.get_guild(guild.id)
    for role_id in stored.members[env.backend.bot_user.id].role_ids:
        env.backend.edit_role(guild.id, role_id, {"permissions": discord.Permissions(**permissions).value})
    env.backend.edit_role(guild.id, guild.id, {"permissions": discord.Permissions(view_channel=True).value})


async def test_the_bots_own_webhook_names_the_application_and_carries_buttons_that_work(env, guild, channel):
    hook = await channel.create_webhook(name="Standfirst")
    sent = await hook.send(view=button(), wait=True)
    member = guild.add_member(env.create_user("ada"))

    result = await member.click(sent, custom_id="reply:open:1")

    assert result.response.content == "pressed"
    listed = await env.bot.http.channel_webhooks(channel.id)
    assert listed[0]["application_id"] == str(env.backend.application_id)


async def test_a_webhook_of_somebody_else_carries_no_buttons(env, channel):
    hook = env.backend.create_webhook(channel.id, "Other", env.backend.get_guild(channel.guild.id).owner_id)
    foreign = discord.Webhook.partial(hook.id, hook.token, client=env.bot)

    with pytest.raises(discord.HTTPException, match="interactive"):
        await foreign.send(view=button(), wait=True)


async def test_a_webhook_sends_reads_edits_and_deletes_in_a_thread_and_brings_it_back(env, channel, thread):
    hook = await channel.create_webhook(name="Standfirst")
    await thread.edit(archived=True)

    sent = await hook.send("first", thread=thread, username="Ada", wait=True)

    assert sent.channel.id == thread.id
    assert not env.backend.get_channel(thread.id).thread_metadata.archived
    assert (await hook.fetch_message(sent.id, thread=thread)).content == "first"
    assert (await hook.edit_message(sent.id, content="second", thread=thread)).content == "second"
    with pytest.raises(discord.NotFound):
        await hook.fetch_message(sent.id)
    await hook.delete_message(sent.id, thread=thread)
    assert sent.id not in env.backend.messages[thread.id]


async def test_a_webhook_cannot_write_into_a_thread_of_another_channel(env, guild, thread):
    other = env.bot.get_channel(guild.create_text_channel("other").id)
    hook = await other.create_webhook(name="Standfirst")

    with pytest.raises(discord.NotFound) as caught:
        await hook.send("astray", thread=thread, wait=True)
    assert caught.value.code == 10003


@pytest.mark.parametrize("name", ["My Discord", "CLYDE", "everyone", "Here", "n" * 81])
async def test_some_names_of_webhooks_are_refused(channel, name):
    hook = await channel.create_webhook(name="Standfirst")

    with pytest.raises(discord.HTTPException) as sending:
        await hook.send("x", username=name, wait=True)
    with pytest.raises(discord.HTTPException) as making:
        await channel.create_webhook(name=name)

    assert (sending.value.code, making.value.code) == (50035, 50035)
    assert "username" in sending.value.text


async def test_the_sixteenth_webhook_of_a_channel_is_refused(channel):
    for number in range(15):
        await channel.create_webhook(name=f"Hook {number}")

    with pytest.raises(discord.HTTPException) as caught:
        await channel.create_webhook(name="One more")
    assert caught.value.code == 30007


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


async def test_a_message_has_one_thread_and_shows_it(env, channel):
    card = await channel.send("card")
    thread = await card.create_thread(name="Discussion")

    with pytest.raises(discord.HTTPException) as caught:
        await card.create_thread(name="Another")

    assert caught.value.code == 160004
    fetched = await channel.fetch_message(card.id)
    assert (fetched.thread.id, fetched.flags.has_thread) == (thread.id, True)
    assert len(env.backend.messages[channel.id]) == 1  # no system message


@pytest.mark.parametrize("name", ["", "n" * 101])
async def test_a_threads_name_has_1_to_100_characters(env, channel, thread, name):
    card = await channel.send("card")

    for attempt in (card.create_thread(name=name), thread.edit(name=name)):
        with pytest.raises(discord.HTTPException) as caught:
            await attempt
        assert caught.value.code == 50035


async def test_a_thread_is_edited_with_manage_threads_alone(env, guild, channel):
    owner = guild.owner.id
    theirs = env.backend.create_thread(channel.id, "Theirs", owner)
    found = channel.get_thread(theirs.id)
    bot_may(env, guild, view_channel=True, manage_threads=True)

    await found.edit(locked=True, archived=True, name="Closed")

    metadata = env.backend.get_channel(theirs.id).thread_metadata
    assert (metadata.locked, metadata.archived) == (True, True)
    bot_may(env, guild, view_channel=True, manage_channels=True)
    with pytest.raises(discord.Forbidden):
        await found.edit(locked=False)


async def test_writing_brings_a_thread_back_and_editing_in_the_archive_fails(env, thread):
    sent = await thread.send("hello")
    await thread.edit(archived=True)

    with pytest.raises(discord.HTTPException) as caught:
        await sent.edit(content="bye")
    await thread.send("again")

    assert caught.value.code == 50083
    assert not env.backend.get_channel(thread.id).thread_metadata.archived


async def test_a_locked_thread_takes_messages_from_thread_managers_only(env, guild, thread):
    await thread.edit(locked=True)
    bot_may(env, guild, view_channel=True, send_messages_in_threads=True, read_message_history=True)

    with pytest.raises(discord.Forbidden):
        await thread.send("hello")


async def test_an_interaction_carries_the_persons_and_the_servers_language(env, guild, channel):
    ada = guild.add_member(env.create_user("ada"))
    repairs.world(env.backend).locales[ada.id] = "de"
    card = await channel.send(view=button())

    await ada.click(card, custom_id="reply:open:1")

    seen = env.bot.pressed[0]
    assert (seen.locale, seen.guild_locale) == (discord.Locale.german, discord.Locale.french)
    assert seen.is_guild_integration()


async def test_content_of_others_is_empty_without_the_intent_except_through_a_webhooks_token(env, guild, channel):
    hook = await channel.create_webhook(name="Standfirst")
    published = await hook.send(view=button(), wait=True)
    spoken = await guild.add_member(env.create_user("ada")).send(guild.channels["articles"], "my secret")
    mention = await guild.add_member(env.create_user("bo")).send(
        guild.channels["articles"], f"hello {env.bot.user.mention}"
    )
    own = await channel.send("mine")

    read = {message.id: message async for message in channel.history()}

    assert (read[published.id].components, read[spoken.id].content) == ([], "")
    assert (read[own.id].content, read[mention.id].content) == ("mine", f"hello {env.bot.user.mention}")
    assert (await channel.fetch_message(published.id)).components == []
    assert len((await hook.fetch_message(published.id)).components) == 1


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

        async def callback(self, interaction: discord.Interaction) -> None:
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
