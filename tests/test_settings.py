"""`/settings`: an administrator sees every setting, changes one and goes back to its default."""

from __future__ import annotations

import pytest

from bot.settings import SETTINGS
from bot.storage import settings
from tests.world import new_world, said, world

__all__ = ["new_world", "world"]  # fixtures


async def load(world):
    async with world.db.read() as conn:
        return await settings.load(conn, world.guild.id)


async def test_every_setting_is_shown_with_its_value_default_and_meaning(world):
    answer = await world.ada.slash(world.general, "settings show")

    for setting in SETTINGS:
        assert f"**{setting.name}**: " in said(answer)
        assert setting.description in said(answer)
    assert "**reply_length**: 1500 (default: 1500)" in said(answer)
    assert "**notify_author**: on (default: on)" in said(answer)
    assert answer.ephemeral


async def test_a_setting_is_changed_and_reset(world):
    changed = await world.ada.slash(world.general, "settings set", name="reply_length", value="500")
    between = await load(world)
    reset = await world.ada.slash(world.general, "settings reset", name="reply_length")

    assert said(changed) == "**reply_length** is now 500."
    assert between.reply_length == 500
    assert said(reset) == "**reply_length** is now 1500."
    assert (await load(world)).reply_length == 1500


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("reply_length", "99", "a whole number from 100 to 2000"),
        ("notify_author", "perhaps", "on or off"),
        ("seal", "lax", "core or strict"),
        ("colour", "blue", "reply_length, notify_author, seal"),
    ],
)
async def test_what_does_not_fit_is_refused_with_what_would(world, name, value, expected):
    before = await load(world)

    answer = said(await world.ada.slash(world.general, "settings set", name=name, value=value))

    assert expected in answer
    assert await load(world) == before


async def test_a_role_is_taken_by_its_name_too_and_offered(world):
    answers = [
        said(await world.ada.slash(world.general, "settings set", name="senior_role", value=value))
        for value in ("@editor", "everyone", "Nobody")
    ]
    offered = await world.ada.autocomplete(world.general, "settings set", "value", "Ed", name="senior_role")

    assert answers[0].startswith("**senior_role** is now <@&")
    assert all("a role of this server, or none" in answer for answer in answers[1:])
    assert [choice["value"] for choice in offered] == ["Editor"]


async def test_names_and_values_are_completed(world):
    async def complete(option, typed, **filled):
        choices = await world.ada.autocomplete(world.general, "settings set", option, typed, **filled)
        return [choice["value"] for choice in choices]

    assert await complete("name", "") == [setting.name for setting in SETTINGS]
    assert await complete("name", "LENGTH") == ["reply_length"]
    assert await complete("value", "", name="seal") == ["core", "strict"]
    assert await complete("value", "s", name="seal") == ["strict"]
    assert await complete("value", "", name="unknown") == []
    assert await complete("value", "") == []


async def test_only_people_who_manage_the_server_see_the_command(world):
    assert "settings set" in world.ada.available_commands(world.general)
    assert "settings set" not in world.mira.available_commands(world.general)
    assert "setup" not in world.ann.available_commands(world.general)
