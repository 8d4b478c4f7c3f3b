"""Who manages the server reads the audit trail, has it checked and takes copies; Discord's own log says why."""

from __future__ import annotations

import ast
import json
import re
from typing import TYPE_CHECKING

import discord
import pytest
from sqlalchemy import text as sql

from bot.i18n import N_
from bot.models import Action
from bot.services import settings
from bot.storage import audit, open_database
from cogs.because import LIMIT, reason
from tests.discussions import given_article, given_published, given_reply, last, send
from tests.givens import NOW
from tests.pretending import press
from tests.test_cli import ROOT, finish, start
from tests.world import labels, new_world, said, world

if TYPE_CHECKING:
    import simcord

    from tests.world import World

__all__ = ["new_world", "world"]  # fixtures


async def run(world: World, statement: str, **values: object) -> None:
    async with world.db.begin() as conn:
        await conn.execute(sql(statement), values)


async def let_everybody_type(world: World) -> None:
    """As the server may: Discord's own settings then let anybody use the commands."""
    for command in await world.client.tree.fetch_commands():
        world.guild.set_command_permissions(command.id, {world.guild.default_role: True})


def attachments(result: simcord.InteractionResult) -> list[discord.Attachment]:
    """The files of an answer."""
    return [file for message in (result.response, *result.followups) if message for file in message.attachments]


async def newest(world: World) -> audit.AuditEntry:
    async with world.db.read() as conn:
        return (await audit.list_all(conn, world.guild.id))[-1]


async def test_who_manages_the_server_reads_who_did_what_with_links(world: World) -> None:
    published = await given_published(world, await given_article(world))
    await send(world.boris, last(world.articles), "Another.")
    world.speaks(world.max, "ru")

    page = await world.ada.slash(world.general, "audit show")

    assert page.ephemeral
    lines = said(page).splitlines()
    assert lines[0] == "### Audit"
    server, thread = f"https://discord.com/channels/{world.guild.id}", published.channel.id
    assert lines[1].startswith("**9** · <t:")
    assert [line.split(":f> · ")[1] for line in lines[1:5]] == [
        f"<@{world.boris.id}> · Reply submitted · [\\#2]({server}/{world.review.id}/{last(world.review).id})",
        f"Standfirst · Reply published · [\\#1]({server}/{thread}/{published.id})",
        f"<@{world.mira.id}> · Reply approved · [\\#1]({server}/{thread}/{published.id})",
        f"<@{world.ann.id}> · Reply submitted · [\\#1]({server}/{thread}/{published.id})",
    ]
    assert f"<@{world.ed.id}> · Article posted · [Council votes for a garden](" in lines[5]


async def test_the_page_is_told_in_russian_and_filtered(world: World) -> None:
    card = await given_article(world)
    await given_published(world, card)
    await send(world.boris, card, "Another.")
    world.speaks(world.ada, "ru")

    of_reply = await world.ada.slash(world.general, "audit show", reply="1")
    by_person = await world.ada.slash(world.general, "audit show", by=world.boris)
    of_kind = await world.ada.slash(world.general, "audit show", action="submit")
    in_words = await world.ada.slash(world.general, "audit show", action="ответ Отправлен", by=world.ann)
    unknown = await world.ada.slash(world.general, "audit show", action="walk")

    assert [line.split(" · ")[3] for line in said(of_reply).splitlines()[2:]] == [
        "Ответ опубликован",
        "Ответ одобрен",
        "Ответ отправлен",
    ]
    assert said(of_reply).splitlines()[:2] == ["### Журнал", "#1"]
    assert len(said(by_person).splitlines()) == 3
    assert said(of_kind).count("Ответ отправлен") == 3  # two, and the filter
    assert len(said(in_words).splitlines()) == 3
    assert "Действия «walk» нет" in said(unknown)


async def test_the_actions_are_offered_in_the_persons_language_to_who_may_see_them(world: World) -> None:
    english = await world.ada.autocomplete(world.general, "audit show", "action", "reply")
    world.speaks(world.ada, "ru")
    russian = await world.ada.autocomplete(world.general, "audit show", "action", "одобр")
    await let_everybody_type(world)
    nothing = await world.mira.autocomplete(world.general, "audit show", "action", "reply")

    assert {"Reply approved", "Reply rejected"} <= {choice["name"] for choice in english}
    assert [(choice["name"], choice["value"]) for choice in russian] == [
        ("Ответ одобрен", "approve"),
        ("Ответ одобрен по роли самого автора", "approve_by_role"),
    ]
    assert nothing == []


async def test_a_long_trail_is_read_to_its_end_and_back_with_its_filter(world: World) -> None:
    for n in range(40):
        await settings.change(world.db, world.guild.id, "reply_length", str(1000 + n), actor_id=world.ada.id, now=NOW)
        await settings.change(world.db, world.guild.id, "severe_order", "first", actor_id=world.max.id, now=NOW)

    page = await world.ada.slash(world.general, "audit show", by=world.ada, action="setting_changed")
    first, seen = said(page), [said(page)]
    while "Older" in labels(page.response.message):
        page = await world.ada.click(page.response.message, label="Older")
        seen.append(said(page))
    for _ in range(len(seen) - 1):
        page = await world.ada.click(page.response.message, label="Newer")

    everything = "\n".join(seen)
    assert [n for n in range(40) if everything.count(f"= {1000 + n}") != 1] == []
    assert "severe" not in everything
    assert said(page) == first
    assert labels(page.response.message) == ["Older"]


async def test_nobody_else_sees_checks_or_takes_anything(world: World) -> None:
    shown = (await world.ada.slash(world.general, "audit show")).response.message
    await let_everybody_type(world)
    count = (await newest(world)).sequence

    refused = [
        await world.mira.slash(world.general, "audit show"),
        await world.mira.slash(world.general, "audit verify"),
        await world.mira.slash(world.general, "audit export", format="jsonl"),
        await press(world.mira, shown, "audit:older:0:0:0:5"),
        await press(world.ann, shown, "audit:newer:0:0:0:0"),
    ]

    assert {said(result) for result in refused} == {"Only people who may manage this server can do this."}
    assert (await newest(world)).sequence == count


@pytest.mark.parametrize("ids", ["0:0:0:0", "9:9:9:9", f"{2**63}:{2**40}:{2**70}:{2**70}"])
async def test_a_forged_page_is_an_empty_or_another_page(world: World, ids: str) -> None:
    shown = (await world.ada.slash(world.general, "audit show")).response.message

    for action in ("older", "newer"):
        result = await press(world.ada, shown, f"audit:{action}:{ids}")

        assert "tell an administrator this number" not in said(result)
        assert "### Audit" in said(result)


async def test_entries_that_somebody_has_damaged_can_still_be_read(world: World) -> None:
    await given_published(world, await given_article(world))
    for column, value in (
        ("at", "soon"),
        ("action", "*eat*"),
        ("details", "{"),
        ("actor_id", "x"),
        ("subject_id", "y"),
    ):
        await run(world, f"UPDATE audit SET {column} = :v WHERE sequence = 6", v=value)

    page = await world.ada.slash(world.general, "audit show")
    found = await world.ada.slash(world.general, "audit verify")

    assert r"**6** · soon · x · \*eat\* · {" in said(page)
    assert said(found) == "❌ Entry **6** was changed. The 5 entries before it are right."


async def test_the_trail_is_checked_in_the_persons_language(world: World) -> None:
    await given_published(world, await given_article(world))
    entry = await newest(world)

    right = await world.ada.slash(world.general, "audit verify")
    world.speaks(world.ada, "ru")
    await run(world, "DELETE FROM audit WHERE sequence = 3")
    wrong = await world.ada.slash(world.general, "audit verify")

    assert right.ephemeral
    assert said(right) == (
        f"✅ All {entry.sequence} entries are as they were written."
        f" The digest of the last one begins with `{entry.digest[:16]}`."
    )
    assert said(wrong) == "❌ Записи **3** нет. 2 записи до неё верны."


async def test_a_copy_comes_as_a_file_and_who_took_it_is_an_entry(world: World) -> None:
    await given_published(world, await given_article(world))

    lines = await world.ada.slash(world.general, "audit export", format="jsonl")
    table = await world.ada.slash(world.general, "audit export", format="csv", since="2026-01-01")
    unclear = await world.ada.slash(world.general, "audit export", format="csv", since="yesterday")
    shown = await world.ada.slash(world.general, "audit show")

    [file] = attachments(lines)
    entries = [json.loads(line) for line in (await file.read()).decode().splitlines()]
    assert file.filename.startswith("audit-")
    assert file.filename.endswith("-1.jsonl")
    assert said(lines) == f"Entries 1 to {len(entries)}."
    assert entries[-1]["actor_id"] == str(world.ada.id)
    assert (await attachments(table)[0].read()).startswith(b"\xef\xbb\xbfsequence,")
    assert "“yesterday” is not a day. Write it like this: 20" in said(unclear)
    assert said(shown).count("Audit exported") == 2
    assert "Audit exported · csv · since <t:1767225600:d>" in said(shown)
    assert (await newest(world)).action is Action.AUDIT_EXPORTED


async def test_who_wrote_a_held_reply_stays_hidden_while_review_is_blind(world: World) -> None:
    await settings.change(world.db, world.guild.id, "blind_review", "on", actor_id=world.ada.id, now=NOW)
    await given_reply(world, await given_article(world))

    held = await world.ada.slash(world.general, "audit show")
    by_person = await world.ada.slash(world.general, "audit show", by=world.ann)
    await world.mira.click(last(world.review), label="Approve")
    decided = await world.ada.slash(world.general, "audit show")

    assert f"<@{world.ann.id}>" not in said(held)
    assert "author hidden · Reply submitted" in said(held)
    assert "Reply" not in said(by_person)
    assert f"<@{world.ann.id}> · Reply submitted" in said(decided)


# What Discord writes into the server's own audit log, with the reason that the bot gives.
LOGGED = (
    ("PATCH", r"/channels/[0-9]+"),
    ("DELETE", r"/channels/[0-9]+/messages/[0-9]+"),
    ("POST", r"/guilds/[0-9]+/(?:roles|channels)"),
    ("POST", r"/channels/[0-9]+/messages/[0-9]+/threads"),
    ("POST", r"/channels/[0-9]+/webhooks"),
)
REASON_TAKEN = {
    "ban", "bulk_ban", "create_role", "create_text_channel", "create_thread", "create_webhook", "delete_message",
    "edit_channel", "kick", "purge", "set_permissions", "timeout", "unban",
}  # fmt: skip


async def test_discords_own_log_says_why_each_thing_was_done_and_on_whose_behalf(world: World) -> None:
    world.guild.create_role("Bosses", permissions=discord.Permissions.all())
    world.give(world.boris, "Bosses")
    await settings.change(world.db, world.guild.id, "tombstone", "off", actor_id=world.ada.id, now=NOW)
    card = await given_article(world)
    await given_published(world, card)
    form = await world.mira.click(last(world.review), label="Remove")
    await world.mira.submit_modal(form, {"sentence": "On second thoughts."})
    await world.boris.send(world.articles, "I type here.")
    await world.ed.slash(world.general, "article close", article=str(1))
    await world.ed.slash(world.general, "article reopen", article=str(1))
    await world.ada.slash(world.general, "settings set", name="seal", value="strict")

    given = [
        (entry.method, entry.reason)
        for entry in world.env.http_requests
        if any(entry.method == method and re.fullmatch(path, entry.path) for method, path in LOGGED)
    ]
    assert [reason for _, reason in given if not reason or not reason.startswith("Standfirst: ")] == []
    told = [reason.removeprefix("Standfirst: ") for _, reason in given if reason]
    assert set(told) == {
        "@ada set this up with /setup, so that members reply through the bot alone",
        f"the discussion of an article that {world.ed.id} posted",
        "approved replies are published by this webhook",
        f"reply #1 was removed by {world.mira.id}; /moderate restore brings it back",
        "only the bot publishes here (setting seal_guard)",
        "this discussion is closed; /article reopen opens it again",
        "this discussion is open; /article close closes it",
        "@ada changed the setting seal",
    }


def test_nothing_that_discord_logs_is_done_without_a_reason() -> None:
    silent = [
        f"{path.name}:{call.lineno}: {call.func.attr}"
        for path in sorted((ROOT / "cogs").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in REASON_TAKEN
        if ast.unparse(call.func) != "asyncio.timeout" and "reason" not in {keyword.arg for keyword in call.keywords}
    ]

    assert silent == []


def test_a_reason_is_one_line_and_no_longer_than_discord_takes() -> None:
    long = reason("ru", N_("{person} changed the setting seal"), person="Ё\n" * 600)

    assert len(long) <= LIMIT == 512
    assert "\n" not in long
    assert long.startswith("Standfirst: Ё Ё")


async def test_the_shell_checks_every_server_and_names_the_entry_that_was_changed(database_url, tmp_path) -> None:
    db = await open_database(database_url)
    for server_id in (100, 200):
        await settings.change(db, server_id, "tombstone", "off", actor_id=7, now=NOW)
        await settings.change(db, server_id, "tombstone", "on", actor_id=7, now=NOW)
    async with db.read() as conn:
        digest = (await audit.get_end(conn, 100))[1]

    good = finish(start("audit", "verify", folder=tmp_path, DATABASE_URL=database_url))
    async with db.begin() as conn:
        await conn.execute(sql("UPDATE audit SET details = '{}' WHERE server_id = 200 AND sequence = 2"))
    bad = finish(start("audit", "verify", folder=tmp_path, DATABASE_URL=database_url))
    await db.close()

    right = f"server 100: 2 entries are right; the last digest is {digest}.\n"
    assert (good[0], good[1].startswith(right), good[2]) == (0, True, "")
    assert bad == (1, f"{right}server 200: Entry 2 was changed. 1 entries before it are right.\n", "")


async def test_the_shell_says_in_one_line_that_there_is_no_database(tmp_path) -> None:
    code, output, errors = finish(start("audit", "verify", folder=tmp_path))

    assert (code, output, errors.count("\n")) == (2, "", 1)
