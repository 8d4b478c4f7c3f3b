"""Forged presses, choices, forms and numbers are refused; nobody of one server reads or changes anything of another."""

from __future__ import annotations

import discord
import pytest
from sqlalchemy import select

from bot.errors import StaleRevision
from bot.models import ReplyStatus
from bot.permissions import INVITE
from bot.storage import settings
from bot.storage.tables import metadata
from tests import givens
from tests.discussions import given_article, given_published, given_reply, last, reply_of, send
from tests.pretending import answered, press, require_no_pings, send_form
from tests.world import MEMBERS_MAY, World, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

SECRET = "Between us in Riverton."
NO_IDS = (
    "0", "-1", "2147483648", str(2**63 - 1), str(2**63), str(2**64), "9" * 60, "١", "１", "1 ", " 1", "1\n", "1:", "x",
    "", "0x1", "1_0", "1e3",
)  # fmt: skip
# What members press and send, by how its custom_id begins; everything else is for moderators, editors or admins.
FOR_MEMBERS = (
    "article:join", "article:guidelines", "guidelines:show", "guidelines:page", "guidelines:read", "reply:", "my:",
    "form:reply", "form:revise", "form:report", "sanction:read", "appeal:open", "appeal:again", "form:appeal",
)  # fmt: skip
CHANNEL_SELECT, ROLE_SELECT = 8, 6
FIELDS = (
    {},
    {"text": "", "sentence": "", "guideline": [], "title": "", "summary": "", "link": ""},
    {"text": ["x"], "sentence": ["x"], "guideline": "spam", "title": ["x"], "summary": ["x"], "link": ["x"]},
    {"text": "x" * 4000, "sentence": "*" * 4000, "guideline": ["x"], "title": "x" * 4000, "summary": "x" * 4000},
    {"text": "Fine.", "sentence": "Fine.", "guideline": ["spam"], "title": "Fine.", "summary": "Fine.", "link": "no"},
)


@pytest.fixture
async def other(world):
    """Another server with the same bot: the articles 1 and 2, the reply 1, published, and the reply 2, held."""
    env = world.env
    guild = env.create_guild("The Riverton Gazette")
    env.backend.edit_role(guild.id, guild.id, {"permissions": MEMBERS_MAY.value})
    admins = guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
    names = ("ann", "boris", "mira", "max", "ed", "ada")
    people = {
        name: guild.add_member(env.create_user(f"{name}2", global_name=name), roles=[admins] if name == "ada" else [])
        for name in names
    }
    there = World(env, world.db, guild, guild.create_text_channel("general"), **people)
    there.bot_may(INVITE)
    wizard = await there.ada.slash(there.general, "setup")
    await there.ada.click(wizard.response.message, custom_id="setup:make")
    async with world.db.begin() as conn:
        await settings.put(conn, guild.id, "grace_time", 0)
        await settings.put(conn, guild.id, "ask_to_read", False)
    for person, role in ((there.mira, "Moderator"), (there.ed, "Editor")):
        there.give(person, role)
    card = await given_article(there)
    await given_published(there, card, SECRET)
    await given_reply(there, card, f"{SECRET} Held.")
    await given_article(there, title=SECRET)
    await env.advance_time(60)  # the author is told
    return there


async def rows_of(db):
    """All that is stored, about whatever server."""
    async with db.read() as conn:
        return {table.name: sorted(map(repr, await conn.execute(select(table)))) for table in metadata.sorted_tables}


def filled(pattern, value):
    """The custom_id of a template with the same value for each of its groups."""
    made = pattern.pattern
    for name in pattern.groupindex:
        made = made.replace(f"(?P<{name}>[0-9]+)", value)
    return made


def templates(client):
    return [*client.templates, *(form.pattern for form in client.forms)]


async def test_every_template_takes_plain_digits_alone(world):
    for pattern in templates(world.client):
        assert pattern.fullmatch(filled(pattern, "12")), pattern
        if pattern.groupindex:
            taken = [value for value in NO_IDS if pattern.fullmatch(filled(pattern, value))]
            assert set(taken) == {"0", "2147483648", *NO_IDS[3:7]}


async def test_a_press_with_the_id_of_nothing_is_refused_and_changes_nothing(world):
    card = await given_article(world)
    before = await rows_of(world.db)

    for pattern in world.client.templates:
        for value in NO_IDS if pattern.groupindex else ():
            for person in (world.ann, world.ada):
                assert answered(await press(person, card, filled(pattern, value)))

    assert await rows_of(world.db) == before
    require_no_pings(world)


async def test_a_press_with_the_id_of_another_server_is_refused_and_shows_nothing_of_it(world, other):
    card = await given_article(world)
    before = await rows_of(world.db)

    for pattern in world.client.templates:
        for value in ("1", "2") if pattern.groupindex else ():
            for person in (world.ann, world.mira, world.ed, world.ada):
                assert SECRET not in answered(await press(person, card, filled(pattern, value)))

    assert await rows_of(world.db) == before


async def test_what_is_not_for_members_is_refused_to_them_and_changes_nothing(world):
    card = await given_article(world)
    await given_reply(world, card)
    await world.mira.slash(world.review, "review bulk")
    await world.mira.slash(world.review, "moderate note", text="Hm.", reply="1")
    before = await rows_of(world.db)
    buttons = [each for each in world.client.templates if not each.pattern.startswith(FOR_MEMBERS)]
    forms = [form.pattern for form in world.client.forms if not form.pattern.pattern.startswith(FOR_MEMBERS)]

    for pattern in buttons:
        answer = answered(await press(world.ann, card, filled(pattern, "1"), kind=kind_of(pattern), values=[]))
        assert "Only " in answer, pattern
    for pattern in forms:
        for fields in FIELDS:
            answer = answered(await send_form(world.ann, world.general, filled(pattern, "1"), **fields))
            assert "Only " in answer, pattern

    assert len(buttons) >= 40
    assert len(forms) >= 10
    assert await rows_of(world.db) == before


def kind_of(pattern):
    return {"setup:articles": 8, "setup:review": 8, "setup:moderators": 6, "setup:editors": 6}.get(pattern.pattern, 2)


async def test_a_form_sent_with_forged_ids_and_fields_is_refused_and_changes_nothing(world, other):
    await given_article(world)
    before = await rows_of(world.db)

    for form in world.client.forms:
        for value in ("1", "2", *NO_IDS):
            for fields in FIELDS[-1:] if value in NO_IDS else FIELDS:
                for sender in (world.ann, world.ada):
                    sent = await send_form(sender, world.general, filled(form.pattern, value), **fields)
                    assert SECRET not in answered(sent)
    parent = await send_form(world.ann, world.general, "form:reply:3:1", text="An answer to another server.")

    assert "no longer published" in answered(parent)
    assert await rows_of(world.db) == before
    require_no_pings(world)


async def test_a_form_with_fields_missing_or_unknown_changes_nothing_of_ones_own_server_either(world):
    await given_reply(world, await given_article(world))
    before = await rows_of(world.db)

    for custom_id in ("form:reject:1:1", "form:changes:1:1"):
        for fields in FIELDS[:4]:
            assert answered(await send_form(world.mira, world.review, custom_id, **fields))
    unknown = await send_form(world.mira, world.review, "form:reject:1:1", guideline=["boredom"], sentence="Dull.")

    assert "There is no such guideline." in answered(unknown)
    assert "> Dull." in answered(unknown)
    assert await rows_of(world.db) == before


async def test_setup_takes_no_channel_and_no_role_of_another_server(world, other):
    wizard = await world.ada.slash(world.general, "setup")
    card = wizard.response.message
    before = await rows_of(world.db)

    for name, kind, foreign in (
        ("articles", CHANNEL_SELECT, other.general.id),
        ("review", CHANNEL_SELECT, other.review.id),
        ("moderators", ROLE_SELECT, other.role("Moderator")),
        ("editors", ROLE_SELECT, other.role("Editor")),
    ):
        for values in ([str(foreign)], [], ["x"], ["١"], ["0"], [str(2**64)], ["9" * 60], [str(foreign)] * 2):
            answer = answered(await press(world.ada, card, f"setup:{name}", kind=kind, values=values))
            assert "of this server." in answer

    assert await rows_of(world.db) == before


async def test_setup_as_a_command_takes_no_channel_of_another_server(world, other):
    command = world.env.backend.commands[None]["setup", 1]
    foreign = str(other.review.id)
    option = {"name": "review", "type": 7, "value": foreign}
    channel = {"id": foreign, "name": "review", "type": 0, "permissions": "0"}
    before = await rows_of(world.db)

    data = {
        "id": command["id"],
        "name": "setup",
        "type": 1,
        "options": [option],
        "resolved": {"channels": {foreign: channel}},
    }
    answer = await world.ada._dispatch_interaction(2, world.general, data)

    assert world.env.errors  # discord.py could make nothing of it
    assert "does not fit this command" in answered(answer)
    assert await rows_of(world.db) == before


async def test_a_number_of_another_server_is_none_here(world, other):
    there = await rows_of(world.db)

    for name, options in (
        ("approve", {}),
        ("reject", {"guideline": "spam"}),
        ("request-changes", {"sentence": "Why?"}),
        ("remove", {}),
    ):
        for number in ("1", "2", "#2", "2:1"):
            answer = await world.mira.slash(world.review, f"moderate {name}", reply=number, **options)
            assert "There is no reply" in answered(answer)
        assert await world.mira.autocomplete(world.review, f"moderate {name}", "reply", "Riverton") == []

    assert await rows_of(world.db) == there


async def test_the_servers_moderators_see_and_decide_their_own(world, other):
    await world.mira.click(await given_reply(world, await given_article(world), "Ours."), label="Approve")
    await other.mira.click(last(other.review), label="Approve")

    assert SECRET not in "".join(map(text, (*world.review.history(), *world.articles.history())))
    assert (await reply_of(world)).status is ReplyStatus.PUBLISHED
    assert (await reply_of(other, 2)).status is ReplyStatus.PUBLISHED


async def test_in_a_direct_message_the_author_alone_can_do_what_authors_can(world):
    await send(world.ann, await given_article(world), "They all lie.")
    await world.mira.slash(world.review, "moderate request-changes", reply="1", sentence="Who?")
    await send(world.boris, last(world.articles), "A point.")
    await world.mira.slash(world.review, "moderate request-changes", reply="2", sentence="Which?")
    await world.env.advance_time(60)
    own, foreign = last(world.ann.user.dm_channel), last(world.boris.user.dm_channel)
    before = await rows_of(world.db)

    for pattern in world.client.templates:
        custom_id = filled(pattern, "1")
        answer = answered(await press(world.boris.user, foreign, custom_id, kind=kind_of(pattern), values=[]))
        assert "They all lie." not in answer
    for form in world.client.forms:
        sent = await send_form(world.boris.user, world.boris.user.dm_channel, filled(form.pattern, "1"), **FIELDS[-1])
        assert "They all lie." not in answered(sent)

    assert await rows_of(world.db) == before
    opened = await world.ann.user.click(own, label="Revise")
    assert "held for review" in said(await world.ann.user.submit_modal(opened, {"text": "The minutes are incomplete."}))


async def test_a_revision_beyond_every_number_is_stale(db):
    article = await givens.given_article(db)
    reply = await givens.given_reply(db, article)

    for revision in (0, 2, 2**31, 2**63 - 1):
        with pytest.raises(StaleRevision):
            await givens.approve(db, reply, revision=revision or -1)
