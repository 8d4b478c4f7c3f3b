"""What a person is told when something cannot be done, whichever way they came in."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING

import discord
import pytest

from bot import incidents
from bot.client import StandfirstClient
from bot.errors import TextTooLong
from bot.interactions import Form, Interaction, PersistentButton, require_editor, require_member, require_moderator
from bot.permissions import INVITE
from cogs.ui.buttons import DrawnButton
from tests.in_process import restart
from tests.world import labels, new_world, said, world

if TYPE_CHECKING:
    from bot.i18n import Language

__all__ = ["new_world", "world"]  # fixtures

REFUSED_IN_ENGLISH = "This text has 12 characters; at most 10 are allowed."
REFUSED_IN_RUSSIAN = re.compile(r"12.+10", re.DOTALL)
INCIDENT = re.compile(r"\b[0-9a-f]{8}\b")


class Button(PersistentButton, template=r"test:(?P<act>\d+)"):
    """Does what its number says."""

    act: int
    label = "Do it"

    async def on_press(self, interaction: Interaction) -> None:
        await ACTS[self.act](interaction)


class TriedForm(Form, template=r"form:test:(?P<act>\d+)"):
    """Does what its number says, once it is sent."""

    act: int

    def build(self, language: Language, **_prefill: object) -> discord.ui.Modal:
        modal = discord.ui.Modal(title="A title that is far too long for Discord, which takes 45 characters")
        field = discord.ui.TextInput(custom_id="text")
        return modal.add_item(discord.ui.Label(text=language.say("Text"), component=field))

    async def on_send(self, interaction: Interaction, fields: dict[str, str | list[str]]) -> None:
        await ACTS[self.act](interaction)
        await interaction.response.send_message(f"Sent: {fields['text']}", ephemeral=True)


async def refuse(_interaction: Interaction) -> None:
    raise TextTooLong(length=12, limit=10)


async def fail(_interaction: Interaction) -> None:
    raise RuntimeError("the text of a reply")


async def fail_after_the_answer(interaction: Interaction) -> None:
    await interaction.response.defer()
    raise RuntimeError("too late")


async def open_form(interaction: Interaction) -> None:
    await TriedForm(act=REFUSE).open(interaction)


async def open_good_form(interaction: Interaction) -> None:
    await TriedForm(act=NOTHING).open(interaction)


async def open_bad_form(interaction: Interaction) -> None:
    await TriedForm(act=FAIL).open(interaction)


async def do_nothing(_interaction: Interaction) -> None:
    """Nothing."""


async def dawdle(interaction: Interaction) -> None:
    await asyncio.sleep(4)
    await interaction.response.send_message("late")


async def do_what_discord_forbids(interaction: Interaction) -> None:
    await interaction.guild.create_role(name="Nobody")


async def want_a_moderator(interaction: Interaction) -> None:
    await require_moderator(interaction)
    await interaction.response.send_message("a moderator", ephemeral=True)


async def want_an_editor(interaction: Interaction) -> None:
    await require_editor(interaction)
    await interaction.response.send_message("an editor", ephemeral=True)


async def want_a_member(interaction: Interaction) -> None:
    require_member(interaction)
    await interaction.response.send_message("a member", ephemeral=True)


ACTS = (
    refuse, fail, fail_after_the_answer, open_form, open_good_form, open_bad_form, do_nothing, dawdle,
    do_what_discord_forbids, want_a_moderator, want_an_editor, want_a_member,
)  # fmt: skip
REFUSE, FAIL, FAIL_AFTER, FORM, GOOD_FORM, BAD_FORM, NOTHING, DAWDLE, FORBIDDEN, MODERATOR, EDITOR, MEMBER = range(12)


def register(client: StandfirstClient) -> None:
    client.add_dynamic_items(Button)
    client.add_forms(TriedForm)


@pytest.fixture
def press(world):
    register(world.client)

    async def press(person, act):
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.ActionRow(DrawnButton(label="Do it", custom_id=f"test:{act}")))
        card = await world.client.get_channel(world.general.id).send(view=view)
        return await person.click(card, custom_id=f"test:{act}")

    return press


def incident_in(caplog):
    (record,) = [record for record in caplog.records if record.name == incidents.__name__ and record.exc_info]
    return INCIDENT.search(record.getMessage()).group()


async def test_a_refused_press_is_explained_to_that_person_alone_in_their_language(world, press):
    in_english = await press(world.ann, REFUSE)
    in_russian = await press(world.boris, REFUSE)

    assert REFUSED_IN_ENGLISH in said(in_english)
    assert REFUSED_IN_RUSSIAN.search(said(in_russian))
    assert REFUSED_IN_ENGLISH not in said(in_russian)
    assert in_english.ephemeral
    assert in_russian.ephemeral


async def test_a_refused_form_is_explained_in_the_persons_language(world, press):
    for person, expected in ((world.ann, re.compile(re.escape(REFUSED_IN_ENGLISH))), (world.boris, REFUSED_IN_RUSSIAN)):
        form = await press(person, FORM)

        answer = await person.submit_modal(form, {"text": "twelve chars"})

        assert expected.search(said(answer))
        assert answer.ephemeral


async def test_a_refused_command_is_explained_in_the_persons_language(world):
    answer = await world.ada.slash(world.general, "settings set", name="reply_length", value="many")
    world.speaks(world.ada, "ru")
    in_russian = await world.ada.slash(world.general, "settings set", name="reply_length", value="many")

    assert "“many” does not fit reply_length: a whole number from 100 to 2000." in said(answer)
    assert "many" in said(in_russian)
    assert "does not fit" not in said(in_russian)
    assert "whole number" not in said(in_russian)


@pytest.mark.logs_errors
@pytest.mark.parametrize("act", [FAIL, FAIL_AFTER])
async def test_an_error_behind_a_button_shows_the_number_that_stands_in_the_log(world, press, caplog, act):
    answer = await press(world.ann, act)

    assert incident_in(caplog) in said(answer)
    assert "RuntimeError" not in said(answer)
    assert all(message.ephemeral for message in answer.followups)


@pytest.mark.logs_errors
async def test_an_error_behind_a_form_shows_the_number_that_stands_in_the_log(world, press, caplog):
    form = await press(world.ann, BAD_FORM)
    answer = await world.ann.submit_modal(form, {"text": "a secret"})

    assert incident_in(caplog) in said(answer)
    assert "a secret" not in caplog.text


@pytest.mark.logs_errors
async def test_an_error_behind_a_command_shows_the_number_that_stands_in_the_log(world, caplog):
    async with world.db.begin() as conn:
        await conn.exec_driver_sql("ALTER TABLE settings RENAME TO lost")

    answer = await world.ada.slash(world.general, "settings show")

    assert incident_in(caplog) in said(answer)
    assert answer.ephemeral
    assert world.env.errors


async def test_a_press_that_discord_has_given_up_on_is_one_line_in_the_log(world, press, caplog):
    caplog.set_level(logging.INFO)
    card = await press(world.ann, DAWDLE)
    await world.env.advance_time(5)

    (record,) = [record for record in caplog.records if record.name == incidents.__name__]
    assert card.response is None
    assert (record.levelno, record.exc_info) == (logging.INFO, None)


async def test_a_form_is_taken_by_a_process_that_never_opened_it(world, press):
    form = await press(world.ann, GOOD_FORM)
    await restart(world.env, StandfirstClient(world.client.config, world.db))
    register(world.client)

    answer = await world.ann.submit_modal(form, {"text": "still here"})

    assert said(answer) == "Sent: still here"


async def test_a_form_of_an_earlier_version_is_answered(world, press):
    form = await press(world.ann, GOOD_FORM)
    await restart(world.env, StandfirstClient(world.client.config, world.db))

    answer = await world.ann.submit_modal(form, {"text": "still here"})

    assert "Please open it again" in said(answer)


async def test_forms_leave_nothing_in_memory(world, press):
    for _ in range(3):
        await press(world.ann, GOOD_FORM)

    assert not world.client._connection._view_store._modals


async def test_what_discord_refuses_the_bot_is_explained_by_the_permission_it_lacks(world, press):
    world.bot_may(discord.Permissions(INVITE.value & ~discord.Permissions(manage_roles=True).value))

    answer = await press(world.ann, FORBIDDEN)

    assert "I need: Manage Roles." in said(answer)


@pytest.mark.parametrize(
    ("act", "allowed", "refusal"),
    [(MODERATOR, "mira ada", "Only moderators can do this."), (EDITOR, "ed ada", "Only editors can do this.")],
)
async def test_a_press_is_checked_against_the_roles_of_setup(world, press, act, allowed, refusal):
    for name in ("ann", "mira", "ed", "ada"):
        answer = said(await press(getattr(world, name), act))

        assert (refusal in answer) is (name not in allowed.split())


async def test_before_setup_a_press_says_who_can_run_it(new_world):
    register(new_world.client)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(DrawnButton(label="Do it", custom_id=f"test:{MODERATOR}")))
    card = await new_world.client.get_channel(new_world.general.id).send(view=view)

    answer = await new_world.ada.click(card, custom_id=f"test:{MODERATOR}")

    assert "not set up in this server yet" in said(answer)


async def test_a_member_who_is_timed_out_is_told_so(world, press):
    world.env.backend.edit_member(world.guild.id, world.ann.id, {"timed_out_until": "2026-12-31T00:00:00+00:00"})

    refused = await press(world.ann, MEMBER)
    taken = await press(world.boris, MEMBER)

    assert "You are timed out" in said(refused)
    assert said(taken) == "a member"


async def test_guidelines_are_shown_to_whoever_asks(world):
    shown = await world.ann.slash(world.general, "guidelines show")
    in_russian = await world.boris.slash(world.general, "guidelines show")

    assert "will not be approved" in said(shown)
    assert all(word in said(shown) for word in ("Hate speech", "Obscenity", "Personal attack", "Disrespect", "Spam"))
    assert "approved" not in said(in_russian)
    assert shown.ephemeral


async def test_every_label_is_one_of_the_language(world):
    wizard = await world.ada.slash(world.general, "setup")
    world.speaks(world.ada, "ru")
    in_russian = await world.ada.slash(world.general, "setup")

    assert labels(wizard.response) == ["Make it for me", "Check"]
    assert not set(labels(wizard.response)) & set(labels(in_russian.response))
