"""A member's history: everything that happened, in one order, page by page, for moderators alone."""

from __future__ import annotations

from datetime import timedelta

from bot.models import EntryKind, Guideline, ReplyStatus
from bot.services import notes, replies, review
from bot.storage import Database, history, tables
from tests.discussions import TITLE, given_article, given_published, last, send
from tests.givens import ANN, BORIS, MODERATOR, NOW, SERVER, approve, report
from tests.givens import given_article as given_open_article
from tests.givens import given_published as given_visible
from tests.givens import given_reply as given_held
from tests.pretending import press
from tests.world import labels, new_world, said, world

__all__ = ["new_world", "world"]  # fixtures

WHO = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
EVERYTHING = [EntryKind.REPORT_BY, EntryKind.REPORT_ABOUT, EntryKind.NOTE, EntryKind.REPLY, EntryKind.REPLY]


async def read_all(db: Database, member_id: int, *, page: int) -> list[list[str]]:
    """The pages of a history from the newest on; an entry is "kind id"."""
    pages, place = [], None
    while True:
        async with db.read() as conn:
            found = await history.list_older(conn, SERVER, member_id, place, limit=page)
        if not found:
            return pages
        pages.append([f"{entry.place.kind} {entry.place.id}" for entry in found])
        place = found[-1].place


async def given_everything(db: Database) -> None:
    """Of Ann, all at the same moment: two replies, a note, a report about her and one by her."""
    article = await given_open_article(db)
    published = await given_visible(db, article, "Published.")
    refused = await given_held(db, article, "Refused.")
    await review.reject(db, refused.id, revision=1, guideline="spam", sentence=None, **WHO)
    others = await given_held(db, article, "By Boris.", author=BORIS)
    await approve(db, others)
    async with db.begin() as conn:
        await conn.execute(tables.replies.update().where(tables.replies.c.id == others.id).values(status="published"))
    await report(db, published)
    await report(db, others, by=ANN)
    await notes.write_on_reply(db, refused.id, "Sends advertisements.", **WHO)


async def test_all_that_happened_is_told_once_in_one_order_even_at_the_same_moment(db: Database) -> None:
    await given_everything(db)

    whole = await read_all(db, ANN, page=10)

    assert [EntryKind(int(entry.split()[0])) for entry in whole[0]] == EVERYTHING
    for page in (1, 2, 3):
        pages = await read_all(db, ANN, page=page)
        assert [entry for entries in pages for entry in entries] == whole[0]


async def test_turning_back_leads_to_the_same_entries(db: Database) -> None:
    await given_everything(db)
    async with db.read() as conn:
        whole = await history.list_older(conn, SERVER, ANN, None, limit=10)

        back = await history.list_newer(conn, SERVER, ANN, whole[-1].place, limit=10)

    assert [entry.place for entry in reversed(back)] == [entry.place for entry in whole[:-1]]


async def test_the_totals_name_each_state_and_the_guidelines_of_rejections(db: Database) -> None:
    await given_everything(db)
    withdrawn = await given_held(db, await given_open_article(db, 101), "Elsewhere.")
    await replies.withdraw(db, withdrawn.id, author_id=ANN, now=NOW)

    async with db.read() as conn:
        totals = await history.get_totals(conn, SERVER, ANN)

    assert totals.statuses == {ReplyStatus.PUBLISHED: 1, ReplyStatus.REJECTED: 1}
    assert totals.guidelines == {Guideline.SPAM: 1}


async def test_a_note_and_its_reply_are_told_together(db: Database) -> None:
    await given_everything(db)
    async with db.read() as conn:
        whole = await history.list_older(conn, SERVER, ANN, None, limit=10)

    by, about, note = whole[:3]
    assert note.note is not None
    assert (note.note.text, note.reply and note.reply.number) == ("Sends advertisements.", 2)
    assert (about.report.reporter_id, about.reply and about.reply.number) == (BORIS, 1)
    assert (by.report.reporter_id, by.reply and by.reply.number) == (ANN, 3)


async def test_five_hundred_entries_are_read_to_the_end_and_back(world):
    card = await given_article(world)
    await given_published(world, card, "The first.")
    async with world.db.begin() as conn:
        old = {"server_id": world.guild.id, "member_id": world.ann.id, "moderator_id": world.mira.id}
        for n in range(499):
            moment = NOW - timedelta(days=365, minutes=n)
            words = f"Note {n}. " + "*" * (480 if n % 50 == 0 else 10)
            await conn.execute(tables.notes.insert().values(**old, text=words, written_at=moment))

    page = await world.max.slash(world.general, "moderate history", member=world.ann)
    first, seen, turns = said(page), [said(page)], 0
    while "Older" in labels(page.response.message):
        page = await world.max.click(page.response.message, label="Older")
        seen.append(said(page))
        turns += 1
    for _ in range(turns):
        page = await world.max.click(page.response.message, label="Newer")

    everything = "\n".join(seen)
    assert [n for n in range(499) if f"Note {n}." not in everything] == []
    assert everything.count("📝") == 499
    assert turns > 60
    assert said(page) == first
    assert "Newer" not in labels(page.response.message)


async def test_a_moderator_finds_the_published_reply_and_who_decided(world):
    published = await given_published(world, await given_article(world))
    await send(world.boris, published, "An answer.", label="Reply")

    page = await world.max.slash(world.general, "moderate history", member=world.ann)
    by_button = await press(world.max, last(world.review), f"history:member:{world.boris.id}:0")
    refused = await world.ann.slash(world.general, "moderate history", member=world.ann)
    forged = await press(world.ann, last(world.articles), f"history:older:{world.boris.id}:{10**16}:1:5")

    assert page.ephemeral
    assert f"### History of <@{world.ann.id}>\npublished: 1" in said(page)
    assert rf"[\#1](https://discord.com/channels/{world.guild.id}/{world.channel(TITLE).id}/{published.id})" in said(
        page
    )
    assert f"decided by <@{world.mira.id}>" in said(page)
    assert "> An answer." in said(by_button)
    assert f"/{world.review.id}/" in said(by_button)  # of a held reply, its card
    assert "Only moderators" in said(refused)
    assert "Only moderators" in said(forged)
