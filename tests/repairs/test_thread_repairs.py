"""Where simcord treats webhooks and threads otherwise than Discord, our repairs make it do as Discord does."""

from __future__ import annotations

import discord
import pytest

from tests.recorder import bot_may, button


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


async def test_a_forum_post_has_the_id_of_its_first_message(channel):
    forum = await channel.guild.create_forum("articles")

    post = await forum.create_thread(name="The harbour", content="card")

    assert post.message.id == post.thread.id
    assert (await post.thread.fetch_message(post.thread.id)).content == "card"
