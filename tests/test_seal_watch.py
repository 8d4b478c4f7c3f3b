"""The seal is watched: whoever breaks it is named to the moderators once, and it is repaired where that is wanted."""

from __future__ import annotations

import discord
from simcord.backend.models import Overwrite
from simcord.enums import OverwriteType

from bot.client import StandfirstClient
from bot.config import Config
from bot.models import Action
from bot.services import seal
from bot.storage import audit, tables, troubles
from bot.troubles import TroubleKind
from cogs.seal import CORE
from tests.givens import NOW, given_server
from tests.in_process import restart
from tests.world import new_world, text, world

__all__ = ["new_world", "world"]  # fixtures

SEND = discord.Permissions(send_messages_in_threads=True).value
SETTLED = 3  # seconds after which a change has been looked at


def allow(world, target_id, channel=None, *, kind=OverwriteType.ROLE, bits=SEND) -> None:
    world.env.backend.set_overwrite((channel or world.articles).id, Overwrite(target_id, kind, allow=bits, deny=0))


async def open_troubles(world) -> list:
    async with world.db.read() as conn:
        return [t for t in await troubles.list_open(conn, world.guild.id) if t.kind is TroubleKind.SEAL_BROKEN]


async def all_troubles(world) -> list:
    async with world.db.read() as conn:
        return list((await conn.execute(tables.troubles.select())).all())


async def repaired(world) -> int:
    async with world.db.read() as conn:
        entries = await audit.list_all(conn, world.guild.id)
    return sum(entry.action is Action.SEAL_REPAIRED for entry in entries)


def seal_edits(world) -> int:
    path = f"/channels/{world.articles.id}"
    return sum((call.method, call.path) == ("PATCH", path) for call in world.env.http_requests)


async def an_hour_passes(world) -> None:
    """Turn the clock of the rounds to shortly before the server's minute: a virtual hour takes long."""
    world.client.get_cog("Rounds").minute = (world.guild.id >> 22) % 60 - 2
    await world.env.advance_time(130)


async def test_a_role_that_may_suddenly_write_is_named_once_with_what_it_may(world):
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    await world.env.advance_time(SETTLED)
    await an_hour_passes(world)

    (found,) = await open_troubles(world)
    assert len(await all_troubles(world)) == 1
    assert found.subject_id == vips.id
    assert found.details == {
        "channel_id": world.articles.id,
        "mention": f"<@&{vips.id}>",
        "name": "VIP",
        "permissions": ["Send Messages in Threads"],
    }


async def test_a_member_who_may_write_and_everybody_are_told_apart(world):
    allow(world, world.ann.id, kind=OverwriteType.MEMBER)
    allow(world, world.guild.id, bits=0)
    await world.env.advance_time(SETTLED)

    found = {trouble.subject_id: trouble.details["mention"] for trouble in await open_troubles(world)}
    assert found == {world.ann.id: f"<@{world.ann.id}>", world.guild.id: "@everyone"}


async def test_what_breaks_the_seal_is_mended_when_it_is_taken_back(world):
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    await world.env.advance_time(SETTLED)
    allow(world, vips.id, bits=0)
    await world.env.advance_time(SETTLED)

    assert not await open_troubles(world)
    assert len(await all_troubles(world)) == 1


async def test_a_role_that_is_deleted_breaks_nothing_any_more(world):
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    await world.env.advance_time(SETTLED)
    world.env.backend.delete_role(world.guild.id, vips.id)
    await world.env.advance_time(SETTLED)

    assert not await open_troubles(world)


async def test_a_review_channel_that_everybody_sees_breaks_the_seal(world):
    allow(world, world.guild.id, world.review, bits=0)
    await world.env.advance_time(SETTLED)

    (found,) = await open_troubles(world)
    assert (found.subject_id, found.details["mention"]) == (world.review.id, "@everyone")


async def test_a_category_that_is_synced_over_the_seal_is_noticed(world):
    category = world.guild.create_category("Paper")
    world.env.backend.edit_channel(world.articles.id, {"parent_id": category.id, "overwrites": []})
    await world.env.advance_time(SETTLED)

    assert [trouble.subject_id for trouble in await open_troubles(world)] == [world.guild.id]


async def test_what_was_changed_while_the_bot_was_away_is_found_at_its_start(world, tmp_path):
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    bot = StandfirstClient(Config("token", "sqlite://", tmp_path, allow_private_addresses=False), world.db)

    await restart(world.env, bot)
    await world.env.advance_time(SETTLED)

    assert [trouble.subject_id for trouble in await open_troubles(world)] == [vips.id]


async def test_the_seal_is_looked_at_every_hour_whatever_was_said_about_it(world):
    await world.env.advance_time(SETTLED)
    async with world.db.begin() as conn:
        details = {"mention": "nobody"}
        kind = TroubleKind.SEAL_BROKEN
        await troubles.add(conn, world.guild.id, kind, subject_id=1, details=details, now=discord.utils.utcnow())

    await an_hour_passes(world)

    assert not await open_troubles(world)


async def test_several_changes_in_a_row_are_looked_at_together(world, monkeypatch):
    looked = []
    keep = seal.keep

    async def counting(*values, **options):
        looked.append(values)
        return await keep(*values, **options)

    monkeypatch.setattr(seal, "keep", counting)
    await world.env.advance_time(SETTLED)
    looked.clear()
    for number in range(5):
        allow(world, world.guild.create_role(f"Role {number}").id)
        await world.env.advance_time(0.2)
    await world.env.advance_time(SETTLED)

    assert len(looked) == 1
    assert len(await open_troubles(world)) == 5


async def test_a_broken_seal_is_repaired_in_one_request_when_the_server_wants_that(world):
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    allow(world, world.guild.id, bits=0)
    await world.env.advance_time(SETTLED)
    assert len(await open_troubles(world)) == 2

    await world.ada.slash(world.general, "settings set", name="seal_repair", value="on")
    await world.env.advance_time(SETTLED * 2)

    assert not await open_troubles(world)
    assert (seal_edits(world), await repaired(world)) == (1, 1)
    sealed = {o.target_id: (o.allow, o.deny) for o in world.env.backend.get_channel(world.articles.id).overwrites}
    assert sealed[world.guild.id] == (0, CORE.value)
    assert not sealed[vips.id][0]
    lines = "\n".join(text(message) for message in world.review.history())
    assert f"repaired <#{world.articles.id}>: <@&{vips.id}> had been allowed Send Messages in Threads" in lines


async def test_who_breaks_the_seal_again_and_again_is_only_told_of_after_the_third_repair(world):
    await world.ada.slash(world.general, "settings set", name="seal_repair", value="on")
    vips = world.guild.create_role("VIP")
    for _ in range(5):
        allow(world, vips.id)
        await world.env.advance_time(SETTLED * 2)

    assert (seal_edits(world), await repaired(world)) == (3, 3)
    assert [trouble.subject_id for trouble in await open_troubles(world)] == [vips.id]


async def test_a_seal_that_the_bot_may_not_repair_is_told_of(world):
    await world.ada.slash(world.general, "settings set", name="seal_repair", value="on")
    world.bot_may(discord.Permissions(view_channel=True))
    vips = world.guild.create_role("VIP")
    allow(world, vips.id)
    await world.env.advance_time(SETTLED * 2)

    assert [trouble.subject_id for trouble in await open_troubles(world)] == [vips.id]


async def test_a_server_that_was_never_set_up_is_left_alone(new_world):
    await an_hour_passes(new_world)

    assert not await all_troubles(new_world)


async def test_each_of_several_breaks_is_written_down_and_closed_by_itself(db):
    await given_server(db)
    details = {"mention": "<@&1>"}

    for broken in ({1: details, 2: details}, {2: details, 3: details}, {2: details, 3: details}):
        await seal.keep(db, 100, broken, now=NOW)

    async with db.read() as conn:
        rows = (await conn.execute(tables.troubles.select().order_by(tables.troubles.c.subject_id))).all()
    assert [(row.subject_id, row.mended_at is None) for row in rows] == [(1, False), (2, True), (3, True)]
