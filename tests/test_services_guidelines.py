"""Guidelines are worded by administrators; decisions keep the words of their day; members confirm what is in force."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import (
    GuidelineChanged,
    GuidelineRetired,
    GuidelinesFull,
    GuidelinesOutdated,
    GuidelineTaken,
    GuidelineUnchanged,
    GuidelineUnknown,
    LastGuideline,
    TextEmpty,
    TextTooLong,
    TitleUnfit,
)
from bot.guidelines import MOST_IN_FORCE, PLACES
from bot.i18n import ENGLISH, Language
from bot.models import Action, Guideline, Pick, Wording
from bot.services import bulk, guidelines, opinions, replies, review, settings
from bot.storage import Database, audit
from bot.storage import decisions as stored_decisions
from bot.storage import guidelines as stored
from bot.storage import replies as stored_replies
from tests.givens import ANN, BORIS, MODERATOR, NOW, SERVER, a_draft, given_article, given_reply, given_server

if TYPE_CHECKING:
    from bot.guidelines import Book

ADMIN = 1
RUSSIAN = Language("ru")
SPAM_PLACE = PLACES[Guideline.SPAM]


def words(
    title: str = "No links", text: str = "Links belong elsewhere.", *, language: str = "en", **more: str
) -> Wording:
    return Wording(guidelines.NEW, language, title, text, **more)


async def book_of(db: Database, server_id: int = SERVER) -> Book:
    async with db.read() as conn:
        return await stored.load(conn, server_id)


async def add(db: Database, wording: Wording | None = None) -> Wording:
    return await guidelines.add(db, SERVER, wording or words(), admin_id=ADMIN, now=NOW)


async def edit(db: Database, guideline: Guideline, wording: Wording, *, seen: int | None = None) -> Wording:
    wording = replace(wording, guideline=guideline)
    if seen is None:
        own = (await book_of(db)).own_wording(guideline, Language(wording.language))
        seen = own.id or 0 if own else 0
    return await guidelines.edit(db, SERVER, wording, seen=seen, admin_id=ADMIN, now=NOW)


async def retire(db: Database, guideline: Guideline) -> Wording:
    book = await book_of(db)
    place = book.places[guideline]
    return await guidelines.retire(db, SERVER, place, version=book.version, admin_id=ADMIN, now=NOW)


async def reject(db: Database, reply_id: int, guideline: str) -> None:
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    await review.reject(db, reply_id, revision=1, guideline=guideline, sentence=None, **who)


async def test_the_five_built_in_are_in_force_until_somebody_changes_them(db: Database) -> None:
    await given_server(db)

    book = await book_of(db)

    assert book.in_force == Guideline.BUILT_IN
    for language in (ENGLISH, RUSSIAN):
        shown = [book.wording(each, language) for each in book.in_force]
        assert all(each.title and each.text and each.covered and each.uncovered for each in shown)
    assert book.wording(Guideline.SPAM, ENGLISH).title == "spam"
    assert book.wording(Guideline.SPAM, RUSSIAN).title == "спам"


async def test_one_that_is_added_comes_last_and_can_be_cited(db: Database) -> None:
    article = await given_article(db)
    added = await add(db, words(covered="An advertisement.", uncovered="A source."))
    reply = await given_reply(db, article)

    await reject(db, reply.id, added.guideline)

    book = await book_of(db)
    assert added.guideline == "no_links_6"
    assert book.in_force == (*Guideline.BUILT_IN, added.guideline)
    assert book.options(ENGLISH)["no_links_6"] == "No links"
    assert book.spoken(ENGLISH).say("{rule}", rule=added.guideline) == "No links"


@pytest.mark.parametrize(
    ("title", "key"),
    [("Без ссылок", "guideline_6"), ("18+ only", "only_6"), ("É" * 60, "guideline_6"), ("a" * 60, "a" * 24 + "_6")],
)
async def test_every_title_gives_a_key_that_a_column_takes(db: Database, title: str, key: str) -> None:
    await given_server(db)

    assert (await add(db, words(title))).guideline == key


async def test_whoever_reads_another_language_reads_the_words_in_the_servers_or_those_built_in(db: Database) -> None:
    await given_server(db)  # whose language is English
    in_russian = await edit(db, Guideline.SPAM, words("Реклама", "Никакой рекламы.", language="ru"))

    only_russian = await book_of(db)
    await edit(db, Guideline.SPAM, words("Advertising", "No advertising."))
    both = await book_of(db)

    assert in_russian.written_by == ADMIN
    assert [only_russian.wording(Guideline.SPAM, each).title for each in (ENGLISH, RUSSIAN)] == ["spam", "Реклама"]
    assert [both.wording(Guideline.SPAM, each).title for each in (ENGLISH, RUSSIAN)] == ["Advertising", "Реклама"]
    assert both.wording(Guideline.SPAM, Language("fr")).title == "Advertising"
    assert [only_russian.lacks(Guideline.SPAM), both.lacks(Guideline.SPAM)] == [[ENGLISH], []]


async def test_one_of_its_own_is_read_in_the_only_language_it_has(db: Database) -> None:
    await given_server(db)
    added = await add(db, words("Реклама", "Никакой рекламы.", language="ru"))

    assert (await book_of(db)).wording(added.guideline, ENGLISH).title == "Реклама"


async def test_a_decision_keeps_the_words_of_its_day_in_the_authors_language(db: Database) -> None:
    article = await given_article(db)
    first, second, third = [await given_reply(db, article, text) for text in ("One.", "Two.", "Three.")]

    await reject(db, first.id, "spam")
    await edit(db, Guideline.SPAM, words("Advertising", "No advertising."))
    await reject(db, second.id, "spam")
    await edit(db, Guideline.SPAM, words("Selling", "No selling."))
    await retire(db, Guideline.SPAM)

    async with db.read() as conn:
        decided = [await stored_replies.get(conn, each.id) for each in (first, second, third)]
        cited = await stored.list_cited(conn, [each for each in decided if each])
    assert {number: each.title for number, each in cited.items()} == {first.id: "spam", second.id: "Advertising"}
    assert cited[first.id].text.startswith("It advertises")


async def test_what_is_built_in_is_written_down_once_however_often_it_is_cited(db: Database) -> None:
    article = await given_article(db)
    held = [await given_reply(db, article, f"Text {n}.", author=ANN + n) for n in range(6)]

    await asyncio.gather(*(reject(db, each.id, "spam") for each in held))

    async with db.read() as conn:
        rows = await conn.execute(stored.wordings.select())
        assert [row.key for row in rows] == ["spam"]
        ids = {row.wording_id for row in await conn.execute(stored_decisions.decisions.select())}
    assert len(ids) == 1
    assert (await book_of(db)).version == 0  # nobody has to read anything again


async def test_a_retired_one_is_refused_everywhere_and_an_unknown_one_too(db: Database) -> None:
    article = await given_article(db)
    reply = await given_reply(db, article)
    await retire(db, Guideline.SPAM)
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}

    with pytest.raises(GuidelineRetired, match="spam"):
        await reject(db, reply.id, "spam")
    with pytest.raises(GuidelineUnknown):
        await reject(db, reply.id, "boredom")
    with pytest.raises(GuidelineRetired):
        await bulk.preview(db, Pick(), Action.REJECT, guideline="spam", **who)
    with pytest.raises(GuidelineRetired):
        await opinions.ask(db, reply.id, revision=1, view="reject", guideline="spam", sentence=None, **who)

    assert Guideline.SPAM not in (await book_of(db)).in_force


async def test_one_retired_after_the_preview_of_a_bulk_is_refused_before_any_is_decided(db: Database) -> None:
    await given_reply(db, await given_article(db))
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}
    chosen, _, _ = await bulk.preview(db, Pick(), Action.REJECT, guideline="spam", **who)
    await retire(db, Guideline.SPAM)

    with pytest.raises(GuidelineRetired):
        await bulk.carry_out(db, chosen.id, **who)


async def test_a_title_typed_by_hand_is_found_in_every_language(db: Database) -> None:
    await given_server(db)
    await add(db, words("No links"))

    book = await book_of(db)

    assert [book.find(typed) for typed in ("Spam", "спам", " no  LINKS ", "no_links_6", "nothing")] == [
        "spam",
        "spam",
        "no_links_6",
        "no_links_6",
        None,
    ]


async def test_of_two_who_edit_at_once_the_second_is_told_and_nothing_is_lost(db: Database) -> None:
    await given_server(db)

    both = await asyncio.gather(
        edit(db, Guideline.SPAM, words("One", "First."), seen=0),
        edit(db, Guideline.SPAM, words("Two", "Second."), seen=0),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in both) == ["GuidelineChanged", "Wording"]
    refused = next(each for each in both if isinstance(each, GuidelineChanged))
    kept = (await book_of(db)).wording(Guideline.SPAM, ENGLISH)
    assert kept.text in str(refused)
    assert (await book_of(db)).version == 1


async def test_what_stays_as_it_is_changes_nothing(db: Database) -> None:
    await given_server(db)
    plain = (await book_of(db)).wording(Guideline.SPAM, ENGLISH)

    with pytest.raises(GuidelineUnchanged):
        await edit(db, Guideline.SPAM, plain)
    await edit(db, Guideline.SPAM, words("Ads"))
    with pytest.raises(GuidelineUnchanged):
        await edit(db, Guideline.SPAM, words("Ads"), seen=0)  # from an old form, but the same

    assert (await book_of(db)).version == 1


@pytest.mark.parametrize(
    ("wording", "error"),
    [
        (words(" "), TextEmpty),
        (words(text="\u200b"), TextEmpty),
        (words("x" * 61), TextTooLong),
        (words(text="x" * 401), TextTooLong),
        (words(covered="x" * 301), TextTooLong),
        (words(uncovered="x" * 301), TextTooLong),
        (words("**Loud**"), TitleUnfit),
        (words("SPAM"), GuidelineTaken),
    ],
)
async def test_words_that_do_not_fit_are_refused_and_change_nothing(db, wording, error) -> None:
    await given_server(db)

    with pytest.raises(error):
        await add(db, wording)
    with pytest.raises(error):
        await edit(db, Guideline.DISRESPECT, wording)

    assert (await book_of(db)).version == 0


async def test_a_server_has_no_more_than_a_list_can_offer_and_at_least_one(db: Database) -> None:
    await given_server(db)
    for n in range(MOST_IN_FORCE - len(Guideline.BUILT_IN)):
        await add(db, words(f"Rule {n}"))
    with pytest.raises(GuidelinesFull):
        await add(db, words("One more"))

    await retire(db, Guideline.SPAM)
    again = await add(db, words("Spam"))  # the title is free again
    for guideline in (await book_of(db)).in_force[1:]:
        await retire(db, guideline)

    assert again.guideline == "spam_26"
    with pytest.raises(LastGuideline):
        await retire(db, Guideline.HATE_SPEECH)
    with pytest.raises(GuidelineRetired):
        await edit(db, Guideline.SPAM, words("Ads"))


async def test_what_was_changed_since_it_was_shown_is_not_retired(db: Database) -> None:
    await given_server(db)
    await edit(db, Guideline.SPAM, words("Ads"))

    with pytest.raises(GuidelinesOutdated):
        await guidelines.retire(db, SERVER, SPAM_PLACE, version=0, admin_id=ADMIN, now=NOW)
    with pytest.raises(GuidelineUnknown):
        await guidelines.retire(db, SERVER, 99, version=1, admin_id=ADMIN, now=NOW)


async def test_each_change_is_in_the_audit_with_its_words(db: Database) -> None:
    await given_server(db)
    await add(db)
    await edit(db, Guideline.SPAM, words("Ads", "None."))
    await retire(db, Guideline.SPAM)
    await guidelines.confirm(db, SERVER, member_id=ANN, version=3, now=NOW)

    async with db.read() as conn:
        entries = (await audit.list_all(conn, SERVER))[-4:]

    assert [(each.action, each.actor_id) for each in entries] == [
        (Action.GUIDELINE_ADDED, ADMIN),
        (Action.GUIDELINE_EDITED, ADMIN),
        (Action.GUIDELINE_RETIRED, ADMIN),
        (Action.GUIDELINES_READ, ANN),
    ]
    assert json.loads(entries[1].details)["text"] == "None."


async def is_to_read(db: Database, member_id: int) -> bool:
    async with db.read() as conn:
        return await guidelines.is_to_read(conn, SERVER, member_id)


async def test_a_member_confirms_once_for_each_wording(db: Database) -> None:
    await given_server(db)
    first = await is_to_read(db, ANN)
    await asyncio.gather(*(guidelines.confirm(db, SERVER, member_id=ANN, version=0, now=NOW) for _ in range(5)))
    second, other = await is_to_read(db, ANN), await is_to_read(db, BORIS)
    await edit(db, Guideline.SPAM, words("Ads"))

    assert (first, second, other) == (True, False, True)
    assert await is_to_read(db, ANN)
    assert not await guidelines.confirm(db, SERVER, member_id=ANN, version=0, now=NOW)
    assert await is_to_read(db, ANN)
    assert await guidelines.confirm(db, SERVER, member_id=ANN, version=1, now=NOW)
    assert not await is_to_read(db, ANN)


async def test_a_server_can_do_without_the_confirmation(db: Database) -> None:
    await given_server(db)

    await settings.change(db, SERVER, "ask_to_read", "off", actor_id=ADMIN, now=NOW)

    assert not await is_to_read(db, ANN)


async def test_an_author_reads_the_words_in_their_own_language(db: Database) -> None:
    article = await given_article(db)
    draft = a_draft(article, "Реклама.")

    reply = (await replies.submit(db, replace(draft, author=replace(draft.author, language="ru")), now=NOW)).reply
    await reject(db, reply.id, "spam")

    receipt = await replies.receipt(db, reply.id)

    assert receipt.cited is not None
    assert (receipt.cited.language, receipt.cited.title) == ("ru", "спам")
