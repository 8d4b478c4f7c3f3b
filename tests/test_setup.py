"""`/setup` and `/check`: channels are made or chosen, sealed and hidden, and looked at."""

from __future__ import annotations

import discord
import pytest
from simcord.backend.errors import BackendError
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.i18n import ENGLISH
from bot.models import Server
from bot.permissions import INVITE
from bot.storage import servers
from cogs.seal import BOT_IN_ARTICLES, BOT_IN_REVIEW, CORE, MODERATORS_IN_ARTICLES, MODERATORS_IN_REVIEW, STRICT
from cogs.setup import wizard
from tests.in_process import burst
from tests.world import new_world, said, world

__all__ = ["new_world", "world"]  # fixtures

VIEW = discord.Permissions(view_channel=True).value
SEND = discord.Permissions(send_messages=True).value
EMBED = discord.Permissions(embed_links=True).value
SEND_IN_THREADS = discord.Permissions(send_messages_in_threads=True).value


def overwrites(world, channel):
    """Id → (allowed, denied), as Discord has it."""
    stored = world.env.backend.get_channel(channel.id).overwrites
    return {overwrite.target_id: (overwrite.allow, overwrite.deny) for overwrite in stored}


def edits(world, channel):
    """How often the bot changed the channel."""
    return [
        call for call in world.env.http_requests if call.method == "PATCH" and call.path == f"/channels/{channel.id}"
    ]


def set_overwrite(world, channel, target_id, *, allow=0, deny=0, kind=OverwriteType.ROLE):
    world.env.backend.set_overwrite(channel.id, Overwrite(target_id, kind, allow=allow, deny=deny))


async def open_wizard(world):
    return (await world.ada.slash(world.general, "setup")).response.message


async def press_make(world):
    return await world.ada.click(await open_wizard(world), custom_id="setup:make")


async def check(world):
    return said(await world.ada.slash(world.general, "check"))


async def test_make_it_for_me_makes_two_channels_and_two_roles(world):
    chosen = await world.chosen()

    assert chosen.articles_channel_id == world.articles.id
    assert chosen.review_channel_id == world.review.id
    assert (chosen.moderator_role_id, chosen.editor_role_id) == (world.role("Moderator"), world.role("Editor"))


async def test_what_is_made_is_sealed_and_hidden_from_the_first_moment(world):
    bot, everyone, moderator = world.client.user.id, world.guild.id, world.role("Moderator")

    assert overwrites(world, world.articles) == {
        everyone: (0, CORE.value),
        bot: (BOT_IN_ARTICLES.value, 0),
        moderator: (MODERATORS_IN_ARTICLES.value, 0),
    }
    assert overwrites(world, world.review) == {
        everyone: (0, VIEW),
        bot: (BOT_IN_REVIEW.value, 0),
        moderator: (MODERATORS_IN_REVIEW.value, 0),
    }
    assert not edits(world, world.articles)
    assert not edits(world, world.review)


async def test_nobody_but_the_bot_can_type_in_the_sealed_channel(world):
    for person in (world.ann, world.mira, world.ed, world.ada):
        with pytest.raises(BackendError):
            await person.send(world.articles, "hello")


async def test_the_wizard_ends_with_a_green_self_check(new_world):
    answer = said(await press_make(new_world))

    assert "❌" not in answer
    assert "Everything is ready." in answer
    assert answer.count("✅") == 10


async def test_a_second_run_makes_nothing_and_changes_nothing(world):
    before = (await world.chosen(), len(world.discord.channels), len(world.discord.roles))
    calls = len(world.env.http_requests)

    await press_make(world)

    assert (await world.chosen(), len(world.discord.channels), len(world.discord.roles)) == before
    changes = [call for call in world.env.http_requests[calls:] if call.method in {"POST", "PATCH", "PUT", "DELETE"}]
    assert all("/interactions/" in call.path or "/webhooks/" in call.path for call in changes)


async def test_two_presses_at_the_same_moment_make_everything_once(new_world):
    world = new_world
    card = await world.client.get_channel(world.general.id).send(view=await wizard_in_public(world))

    answers = await burst(world.env, (world.ada, card, "setup:make"), (world.ada, card, "setup:make"))

    assert all("Everything is ready." in said(answer) for answer in answers)
    assert [channel.name for channel in world.discord.channels] == ["general", "articles", "review"]
    assert [role.name for role in world.discord.roles].count("Moderator") == 1


@pytest.mark.logs_errors
@pytest.mark.parametrize("what", ["roles", "channels"])
async def test_a_run_that_failed_half_way_is_continued_by_the_next(new_world, what):
    world = new_world
    world.env.inject_error("POST", f"/guilds/{world.guild.id}/{what}", status=500, times=1)

    failed = said(await press_make(world))
    half = await world.chosen()
    answer = said(await press_make(world))

    assert "tell an administrator this number" in failed
    assert not half.is_set_up
    assert "Everything is ready." in answer
    assert sorted(role.name for role in world.discord.roles if role.name in {"Moderator", "Editor"}) == [
        "Editor",
        "Moderator",
    ]
    assert [channel.name for channel in world.discord.channels] == ["general", "articles", "review"]


async def test_what_was_made_by_a_process_that_died_before_it_was_stored_is_used(world):
    before = await world.chosen()
    async with world.db.begin() as conn:
        await servers.save(conn, Server(world.guild.id))

    answer = said(await press_make(world))

    assert "Everything is ready." in answer
    assert await world.chosen() == before
    assert len(world.discord.channels) == 3


async def test_a_role_of_the_same_name_that_nobody_chose_is_not_taken(new_world):
    theirs = new_world.guild.create_role("Moderator")

    await press_make(new_world)

    assert (await new_world.chosen()).moderator_role_id != theirs.id


async def test_existing_channels_and_roles_are_chosen_with_selects(new_world):
    world = new_world
    news, desk = world.guild.create_text_channel("news"), world.guild.create_text_channel("desk")
    readers, writers = world.guild.create_role("Readers"), world.guild.create_role("Writers")
    wizard = await open_wizard(world)

    for what, handle in (("articles", news), ("review", desk), ("moderators", readers), ("editors", writers)):
        answer = await world.ada.select(wizard, [handle], custom_id=f"setup:{what}")

    chosen = await world.chosen()
    assert (chosen.articles_channel_id, chosen.review_channel_id) == (news.id, desk.id)
    assert (chosen.moderator_role_id, chosen.editor_role_id) == (readers.id, writers.id)
    assert "Everything is ready." in said(answer)
    assert overwrites(world, news)[readers.id] == (MODERATORS_IN_ARTICLES.value, 0)


async def test_the_options_do_the_same_in_one_command(new_world):
    world = new_world
    news, desk = world.guild.create_text_channel("news"), world.guild.create_text_channel("desk")
    readers, writers = world.guild.create_role("Readers"), world.guild.create_role("Writers")

    answer = await world.ada.slash(
        world.general, "setup", articles=news, review=desk, moderators=readers, editors=writers
    )

    assert "Everything is ready." in said(answer)
    assert answer.ephemeral
    assert (await world.chosen()).articles_channel_id == news.id
    assert len(edits(world, news)) == len(edits(world, desk)) == 1


async def test_one_option_alone_says_what_is_still_missing(new_world):
    news = new_world.guild.create_text_channel("news")

    answer = said(await new_world.ada.slash(new_world.general, "setup", articles=news))

    assert "❌ No channel is chosen for review." in answer
    assert "❌ No role is chosen for moderators." in answer
    assert "is sealed" in answer
    assert "Not ready yet." in answer


async def test_sealing_a_channel_keeps_what_has_nothing_to_do_with_it(new_world):
    world = new_world
    news = world.guild.create_text_channel("news")
    regulars = world.guild.create_role("Regulars")
    set_overwrite(world, news, regulars.id, allow=SEND | EMBED, deny=SEND_IN_THREADS)
    set_overwrite(world, news, world.ann.id, allow=VIEW, kind=OverwriteType.MEMBER)

    await world.ada.slash(world.general, "setup", articles=news)

    found = overwrites(world, news)
    assert found[regulars.id] == (EMBED, 0)
    assert found[world.ann.id] == (VIEW, 0)
    assert found[world.guild.id] == (0, CORE.value)


async def test_another_moderator_role_takes_the_place_of_the_first(world):
    helpers = world.guild.create_role("Helpers")

    await world.ada.slash(world.general, "setup", moderators=helpers)

    old = world.role("Moderator")
    for channel, allowed in ((world.articles, MODERATORS_IN_ARTICLES), (world.review, MODERATORS_IN_REVIEW)):
        found = overwrites(world, channel)
        assert found[helpers.id] == (allowed.value, 0)
        assert found.get(old, (0, 0)) == (0, 0)


async def test_one_channel_cannot_be_both(world):
    answer = said(await world.ada.slash(world.general, "setup", review=world.articles))

    assert f"“<#{world.articles.id}>” does not fit review" in answer
    assert (await world.chosen()).review_channel_id == world.review.id


async def test_everybody_cannot_be_the_moderators(world):
    answer = said(await world.ada.slash(world.general, "setup", moderators=world.guild.default_role))

    assert "“@everyone” does not fit moderators: a role that not everybody has." in answer
    assert (await world.chosen()).moderator_role_id == world.role("Moderator")


@pytest.mark.parametrize("flag", ["manage_roles", "manage_channels", "send_polls", "pin_messages", "manage_webhooks"])
async def test_a_permission_that_the_bot_lacks_is_named_before_anything_is_made(new_world, flag):
    world = new_world
    world.bot_may(discord.Permissions(INVITE.value & ~discord.Permissions(**{flag: True}).value))
    everyone = world.env.backend.get_guild(world.guild.id).roles[world.guild.id].permissions
    world.env.backend.edit_role(
        world.guild.id, world.guild.id, {"permissions": everyone & ~discord.Permissions(**{flag: True}).value}
    )
    channels = len(world.discord.channels)

    answer = said(await press_make(world))

    names = {"send_polls": "Create Polls"}
    assert f"I need: {names.get(flag, flag.replace('_', ' ').title())}." in answer
    assert len(world.discord.channels) == channels
    assert not (await world.chosen()).is_set_up


async def test_a_permission_that_the_bot_lacks_is_named_in_the_persons_language(new_world):
    new_world.speaks(new_world.ada, "ru")
    new_world.bot_may(discord.Permissions.none())

    answer = said(await press_make(new_world))

    assert "I need" not in answer
    assert "Manage Channels" not in answer


async def test_members_cannot_set_up_even_where_the_command_is_shown_to_them(world):
    card = await world.client.get_channel(world.general.id).send(view=await wizard_in_public(world))
    before = await world.chosen()

    for custom_id in ("setup:make", "setup:check"):
        answer = await world.mira.click(card, custom_id=custom_id)
        assert "Only people who may manage this server can do this." in said(answer)

    assert await world.chosen() == before


async def wizard_in_public(world):
    return wizard(await world.chosen(), ENGLISH)


async def test_the_strict_seal_is_put_on_as_soon_as_it_is_chosen_and_taken_off_again(world):
    await world.ada.slash(world.general, "settings set", name="seal", value="strict")
    strict = overwrites(world, world.articles)[world.guild.id]
    await world.ada.slash(world.general, "settings reset", name="seal")

    assert strict == (0, STRICT.value)
    assert overwrites(world, world.articles)[world.guild.id] == (0, CORE.value)
    assert "❌" not in await check(world)


async def test_a_role_that_breaks_the_seal_is_named_with_what_it_may(world):
    vips = world.guild.create_role("VIP")
    set_overwrite(world, world.articles, vips.id, allow=SEND_IN_THREADS)

    answer = await check(world)

    assert f"❌ <#{world.articles.id}> is not sealed: <@&{vips.id}> may Send Messages in Threads." in answer
    assert "Not ready yet." in answer


async def test_a_member_and_everyone_who_break_the_seal_are_named(world):
    set_overwrite(world, world.articles, world.ann.id, allow=SEND, kind=OverwriteType.MEMBER)
    set_overwrite(world, world.articles, world.guild.id, deny=CORE.value & ~SEND_IN_THREADS)

    answer = await check(world)

    assert f"<@{world.ann.id}> may Send Messages." in answer
    assert "@everyone may Send Messages in Threads." in answer


async def test_a_second_setup_mends_a_broken_seal_in_one_request(world):
    vips = world.guild.create_role("VIP")
    set_overwrite(world, world.articles, vips.id, allow=SEND_IN_THREADS)
    set_overwrite(world, world.articles, world.guild.id, deny=0)

    answer = said(await press_make(world))

    assert "❌" not in answer
    assert len(edits(world, world.articles)) == 1


async def test_a_review_channel_that_members_can_see_is_found(world):
    set_overwrite(world, world.review, world.guild.id, deny=0)

    assert f"❌ Members can see <#{world.review.id}>." in await check(world)


async def test_somebody_else_who_can_see_the_review_is_mentioned_but_not_wrong(world):
    guests = world.guild.create_role("Guests")
    set_overwrite(world, world.review, guests.id, allow=VIEW)

    answer = await check(world)

    assert f"ℹ️ <@&{guests.id}> can also see <#{world.review.id}>" in answer
    assert "❌" not in answer


async def test_what_the_bot_lacks_in_a_channel_is_named(world):
    allowed = BOT_IN_REVIEW.value & ~EMBED
    set_overwrite(world, world.review, world.client.user.id, allow=allowed, deny=EMBED, kind=OverwriteType.MEMBER)
    set_overwrite(world, world.articles, world.client.user.id, deny=SEND_IN_THREADS, kind=OverwriteType.MEMBER)

    answer = await check(world)

    assert f"❌ I lack permissions in <#{world.review.id}>: Embed Links." in answer
    assert f"❌ I cannot open discussions in <#{world.articles.id}>." in answer


async def test_a_channel_or_role_that_is_gone_is_found_and_made_again(world):
    world.env.backend.delete_channel(world.review.id)
    world.env.backend.delete_role(world.guild.id, world.role("Moderator"))

    assert "❌ The channel for review is gone." in await check(world)
    assert "❌ No role is chosen for moderators." in await check(world)
    assert "Everything is ready." in said(await press_make(world))


async def test_fifteen_foreign_webhooks_leave_no_room_for_ours(world):
    for number in range(15):
        world.env.backend.create_webhook(world.articles.id, f"Hook {number}", world.guild.owner.id)

    assert f"❌ <#{world.articles.id}> has as many webhooks as Discord allows." in await check(world)


async def test_our_own_webhook_is_recognised(world):
    before = await check(world)
    await world.client.get_channel(world.articles.id).create_webhook(name="Standfirst")
    after = await check(world)

    assert "I can make my webhook." in before
    assert "my webhook is in place." in after


async def test_administrators_are_named_as_those_who_can_type_all_the_same(world):
    bosses = world.guild.create_role("Bosses", permissions=discord.Permissions(administrator=True))

    answer = await check(world)

    assert f"ℹ️ Discord lets these people type in discussions whatever I deny: <@{world.guild.owner.id}>, " in answer
    assert f"<@&{bosses.id}>" in answer


async def test_a_channel_in_a_category_comes_with_a_warning(new_world):
    category = new_world.guild.create_category("Paper")
    news = new_world.guild.create_text_channel("news", category=category)

    answer = said(await new_world.ada.slash(new_world.general, "setup", articles=news))

    assert f"ℹ️ <#{news.id}> is in the category Paper." in answer
