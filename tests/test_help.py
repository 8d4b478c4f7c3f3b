"""`/help` lists what a person may use, in their language, in as many messages as that needs."""

from __future__ import annotations

import pytest

from bot.i18n import languages
from cogs.help import all_commands, audience_of
from cogs.ui.buttons import texts
from cogs.ui.help import ADMIN, EDITOR, MEMBER, MODERATOR, help_views
from tests.world import new_world, said, world

__all__ = ["new_world", "world"]  # fixtures

FOR_MEMBERS = {"appeal", "guidelines show", "help", "my replies"}


@pytest.mark.parametrize(
    ("name", "sees", "never"),
    [
        ("ann", "/my replies", "/moderate"),
        ("mira", "/moderate approve", "/setup"),
        ("ed", "/article post", "/moderate"),
        ("ada", "/setup", "/nothing"),
    ],
)
async def test_help_lists_what_the_person_may_use(world, name, sees, never):
    answer = await getattr(world, name).slash(world.general, "help")

    assert sees in said(answer)
    assert never not in said(answer)


async def test_members_are_told_of_no_command_that_is_refused_to_them(world):
    named = {name for name, _ in all_commands(world.client) if audience_of(name) == MEMBER}

    assert named == FOR_MEMBERS


@pytest.mark.parametrize("language", languages(), ids=lambda language: language.code)
async def test_whoever_is_everything_gets_every_command_in_any_language(world, language):
    listed: dict[str, list[tuple[str, str]]] = {audience: [] for audience in (MEMBER, EDITOR, MODERATOR, ADMIN)}
    for name, description in all_commands(world.client):
        listed[audience_of(name)].append((name, description))

    views = help_views(listed, language, public=language, is_set_up=False)

    shown = "\n".join(text for view in views for text in texts(view))
    assert max(view.content_length() for view in views) <= 4000
    assert [name for name, _ in all_commands(world.client) if f"`/{_typed(name, language)}`" not in shown] == []


async def test_an_admin_who_reads_russian_is_answered(world):
    world.speaks(world.ada, "ru")

    answer = await world.ada.slash(world.general, "help")

    assert "`/установка`" in said(answer)
    assert answer.response.ephemeral


def _typed(name, language):
    return " ".join(language.name("command", part) for part in name.split(" "))
