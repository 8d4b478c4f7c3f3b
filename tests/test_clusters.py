"""Near-identical held replies: one card for all, one decision for all or one after the other, nothing lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from bot.errors import AccountTooYoung, AlreadyDecided, ArticleNotFound, NotADuplicate, OwnReply, StaleRevision
from bot.models import Action, Article, Author, NoticeKind, Reply, ReplyStatus
from bot.services import claims, clusters, replies, review, settings, young
from bot.storage import Database, audit, cases, opinions, tables
from bot.storage import replies as stored_replies
from bot.storage.tables import CARD_DUE
from tests.givens import (
    ANN,
    BORIS,
    MODERATOR,
    NOW,
    OTHER_MODERATOR,
    SERVER,
    a_draft,
    a_page,
    approve,
    given_article,
    given_reply,
)
from tests.test_grace import set_grace
from tests.test_services_opinions import ROLE, ask

if TYPE_CHECKING:
    from collections.abc import Iterable

SPAM = "Everybody should buy the best watches of the world at our shop today."
NEW_ACCOUNT = 2**60  # made in 2023
LATER = NOW + timedelta(minutes=1)


async def given_cluster(db: Database, article: Article, size: int = 3) -> list[Reply]:
    return [await given_reply(db, article, f"{SPAM}{'!' * n}", author=ANN + n) for n in range(size)]


async def now_of(db: Database, some: Iterable[Reply]) -> list[tuple[str, int | None]]:
    async with db.read() as conn:
        found = [await stored_replies.get(conn, reply.id) for reply in some]
    return [(reply.status.value, reply.copy_of_id) for reply in found if reply]


async def cards_due(db: Database) -> list[int]:
    async with db.read() as conn:
        return list((await conn.execute(select(tables.replies.c.id).where(CARD_DUE))).scalars())


async def version_of(db: Database, reply: Reply) -> int:
    async with db.read() as conn:
        found = await stored_replies.get(conn, reply.id)
    assert found is not None
    return found.card_version


async def approve_one(db: Database, reply: Reply, *, moderator: int = MODERATOR, revision: int = 1) -> Reply:
    root, _ = await clusters.approve_one(
        db, reply.id, server_id=SERVER, moderator_id=moderator, revision=revision, now=NOW
    )
    return root


async def test_near_identical_held_replies_share_the_card_of_the_first_which_counts_them(db: Database) -> None:
    first, *copies = await given_cluster(db, await given_article(db))

    assert [copy.copy_of_id for copy in copies] == [first.id, first.id]
    assert await cards_due(db) == [first.id]
    assert await version_of(db, first) == 2
    async with db.read() as conn:
        case = await cases.get(conn, first.id)
    assert case is not None
    assert sorted(case.copies) == [ANN + 1, ANN + 2]


async def test_short_texts_and_texts_on_another_article_or_with_another_number_keep_their_own_cards(
    db: Database,
) -> None:
    here = await given_article(db)
    there = await given_article(db, page=a_page("Another", address="https://paper.example/other"))
    some = [
        await given_reply(db, here, "Thank you!", author=ANN),
        await given_reply(db, here, "Thank you.", author=BORIS),
        await given_reply(db, here, f"{SPAM} Call 5551", author=ANN),
        await given_reply(db, here, f"{SPAM} Call 5552", author=BORIS),
        await given_reply(db, there, SPAM, author=BORIS),
    ]

    assert await cards_due(db) == [reply.id for reply in some]


async def test_twenty_sent_at_the_same_instant_are_one_cluster(db: Database) -> None:
    article = await given_article(db)
    sent = [replies.submit(db, a_draft(article, SPAM, author=500 + n), now=NOW) for n in range(20)]

    receipts = await asyncio.gather(*sent)

    root = min(receipt.reply.id for receipt in receipts)
    assert {receipt.reply.copy_of_id for receipt in receipts} == {None, root}
    assert await cards_due(db) == [root]


async def test_one_is_approved_and_the_rest_closed_as_its_duplicates_whose_authors_are_told(db: Database) -> None:
    first, *copies = await given_cluster(db, await given_article(db))

    await approve_one(db, first)
    again = await approve_one(db, first)

    assert again.status is ReplyStatus.APPROVED
    assert await now_of(db, [first, *copies]) == [
        ("approved", None),
        ("duplicate", first.id),
        ("duplicate", first.id),
    ]
    async with db.read() as conn:
        told = (await conn.execute(select(tables.notices.c.reply_id, tables.notices.c.kind))).all()
        done = [entry.action for entry in await audit.list_all(conn, SERVER)]
        case = await cases.get(conn, copies[0].id)
    assert sorted(tuple(row) for row in told) == [(copy.id, NoticeKind.DUPLICATE) for copy in copies]
    assert done[-3:] == [Action.APPROVE, Action.DUPLICATE, Action.DUPLICATE]
    assert case is not None
    assert case.original is not None
    assert case.original.id == first.id


async def test_the_copies_stay_held_with_the_first_while_two_moderators_disagree_about_it(db: Database) -> None:
    first, *copies = await given_cluster(db, await given_article(db))
    await settings.change(db, SERVER, "senior_role", ROLE, actor_id=1, now=NOW)
    await ask(db, first)

    judged = await approve_one(db, first, moderator=OTHER_MODERATOR)

    assert judged.status is ReplyStatus.PENDING
    assert await now_of(db, [first, *copies]) == [("pending", None), *[("pending", first.id)] * 2]
    async with db.read() as conn:
        assert (await conn.execute(select(tables.notices.c.reply_id))).all() == []


async def test_a_cluster_whose_first_text_has_changed_stays_as_it_is(db: Database) -> None:
    first, *copies = await given_cluster(db, await given_article(db))
    await replies.revise(db, first.id, f"{SPAM} ", author_id=ANN, now=LATER)
    await replies.revise(db, first.id, f"{SPAM}?!", author_id=ANN, now=LATER)

    with pytest.raises(StaleRevision):
        await approve_one(db, first)

    assert await now_of(db, [first, *copies]) == [("pending", None), *[("pending", first.id)] * 2]


async def test_a_moderators_own_copy_stays_held_and_gets_a_card(db: Database) -> None:
    article = await given_article(db)
    first, second = await given_cluster(db, article, 2)
    own = await given_reply(db, article, SPAM, author=MODERATOR)

    await approve_one(db, first)

    assert await now_of(db, [first, second, own]) == [("approved", None), ("duplicate", first.id), ("pending", None)]
    assert await cards_due(db) == [own.id]
    with pytest.raises(OwnReply):
        await approve_one(db, own)


async def test_a_copy_that_others_look_at_stays_held_on_its_own_card_and_the_rest_are_closed(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "BATCH", 5)
    first, asked, claimed, free = await given_cluster(db, await given_article(db), 4)
    await ask(db, asked)
    await claims.claim(db, claimed.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    _, left = await clusters.approve_one(
        db, first.id, server_id=SERVER, moderator_id=OTHER_MODERATOR, revision=1, now=NOW
    )

    assert left == 2
    assert await now_of(db, [first, asked, claimed, free]) == [
        ("approved", None),
        ("pending", None),
        ("pending", None),
        ("duplicate", first.id),
    ]
    assert await cards_due(db) == [asked.id, claimed.id]
    async with db.read() as conn:
        opinion = await opinions.get_second(conn, asked)
    assert opinion is not None
    assert opinion.second is None


async def test_when_the_bot_dies_among_many_copies_the_rest_stay_held_and_one_card_stands_for_them(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "BATCH", 5)
    first, *copies = await given_cluster(db, await given_article(db), 28)

    pressed = asyncio.create_task(approve_one(db, first))
    while (await now_of(db, [first])) == [("pending", None)]:
        await asyncio.sleep(0.001)
    pressed.cancel()
    await asyncio.gather(pressed, return_exceptions=True)

    states = await now_of(db, copies)
    assert states.count(("duplicate", first.id)) in range(5, 26, 5)
    assert states[0] == ("pending", None)
    assert set(states[1:]) == {("duplicate", first.id), ("pending", copies[0].id)}
    assert await cards_due(db) == [copies[0].id]


async def test_more_copies_than_one_transaction_takes_are_closed(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "BATCH", 5)
    first, *copies = await given_cluster(db, await given_article(db), 28)

    await approve_one(db, first)

    assert await now_of(db, copies) == [("duplicate", first.id)] * len(copies)
    assert await cards_due(db) == []


async def test_no_further_copies_are_closed_once_the_approval_is_taken_back(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "BATCH", 5)
    first, *copies = await given_cluster(db, await given_article(db), 28)
    await set_grace(db, 10)

    pressed = asyncio.create_task(approve_one(db, first))
    while (await now_of(db, [first])) == [("pending", None)]:
        await asyncio.sleep(0.001)
    await review.undo(db, first.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)
    await pressed

    assert ("pending", copies[0].id) in await now_of(db, copies)


@pytest.mark.parametrize("how", ["approve", "reject", "request_changes", "duplicate", "withdraw"])
async def test_when_the_first_is_decided_alone_the_next_copy_gets_a_card_that_stands_for_the_others(
    db: Database, how: str
) -> None:
    article = await given_article(db)
    other = await given_reply(db, article, "Something else.", author=99)
    first, second, third = await given_cluster(db, article)
    who = {"server_id": SERVER, "moderator_id": MODERATOR, "revision": 1, "now": NOW}

    if how == "approve":
        await review.approve(db, first.id, **who)
    elif how == "reject":
        await review.reject(db, first.id, guideline="spam", sentence=None, **who)
    elif how == "request_changes":
        await review.request_changes(db, first.id, sentence="Less.", **who)
    elif how == "duplicate":
        await clusters.close(db, first.id, original_id=other.id, **who)
    else:
        await replies.withdraw(db, first.id, author_id=ANN, now=NOW)

    assert await now_of(db, [second, third]) == [("pending", None), ("pending", second.id)]
    assert set(await cards_due(db)) == {other.id, second.id}


async def test_a_copy_that_its_author_changes_gets_its_own_card_and_one_taken_back_is_counted_no_more(
    db: Database,
) -> None:
    first, second, third = await given_cluster(db, await given_article(db))
    before = await version_of(db, first)

    changed = await replies.revise(db, second.id, "I like gardens.", author_id=ANN + 1, now=LATER)
    await replies.withdraw(db, third.id, author_id=ANN + 2, now=LATER)

    assert changed.reply.copy_of_id is None
    assert await cards_due(db) == [first.id, second.id]
    assert await version_of(db, first) == before + 2
    assert await now_of(db, [third]) == [("withdrawn", None)]


async def test_a_first_reply_that_its_author_rewrites_leaves_its_copies_to_the_next(db: Database) -> None:
    first, second, third = await given_cluster(db, await given_article(db))

    await replies.revise(db, first.id, "I like gardens.", author_id=ANN, now=LATER)

    assert await now_of(db, [first, second, third]) == [("pending", None), ("pending", None), ("pending", second.id)]


async def test_a_copy_that_was_approved_by_its_number_and_taken_back_is_not_lost(db: Database) -> None:
    first, second = await given_cluster(db, await given_article(db), 2)
    await approve(db, second)
    await approve(db, first)

    await review.undo(db, second.id, server_id=SERVER, moderator_id=MODERATOR, now=NOW)

    assert await now_of(db, [second]) == [("pending", None)]
    assert second.id in await cards_due(db)


async def test_twenty_who_decide_a_cluster_at_once_leave_each_reply_one_decision(db: Database) -> None:
    some = await given_cluster(db, await given_article(db))
    presses = [
        approve_one(db, some[0], moderator=moderator) if moderator % 2 else approve(db, some[0], moderator=moderator)
        for moderator in range(500, 520)
    ]

    results = await asyncio.gather(*presses, return_exceptions=True)

    assert sum(isinstance(result, Reply) for result in results) == 1
    assert sum(isinstance(result, AlreadyDecided) for result in results) == 19
    async with db.read() as conn:
        decided = list((await conn.execute(select(tables.decisions.c.reply_id))).scalars())
    assert len(decided) == len(set(decided))


async def close(db: Database, reply: Reply, original: Reply) -> Reply:
    return await clusters.close(
        db, reply.id, server_id=SERVER, moderator_id=MODERATOR, revision=1, original_id=original.id, now=NOW
    )


async def test_a_reply_is_closed_as_a_duplicate_of_another_but_not_of_itself(db: Database) -> None:
    article = await given_article(db)
    first = await given_reply(db, article, "The garden is fine.", author=ANN)
    second = await given_reply(db, article, "Fine, that garden.", author=BORIS)
    third = await given_reply(db, article, "That garden is so fine!", author=31)

    await close(db, second, first)
    await close(db, third, second)

    assert await now_of(db, [second, third]) == [("duplicate", first.id), ("duplicate", first.id)]
    for other in (first, second):
        with pytest.raises(NotADuplicate):
            await close(db, first, other)
    with pytest.raises(AlreadyDecided):
        await approve(db, second, moderator=77)


async def hold_young(db: Database, article: Article, *, days: int = 7, hours: int = 6) -> Article:
    return await young.hold(db, article.id, server_id=SERVER, moderator_id=MODERATOR, days=days, hours=hours, now=NOW)


async def test_new_accounts_and_new_members_are_held_until_the_time_is_over(db: Database) -> None:
    article = await given_article(db)
    new_member = Author(23, "new", None, "en-US", NOW - timedelta(days=2))
    old_member = Author(24, "old", None, "en-US", NOW - timedelta(days=20))
    now_ms = int((NOW - timedelta(days=1)).timestamp() * 1000) - 1420070400000
    new_account = Author(now_ms << 22, "newer", None, "en-US", None)
    held = await hold_young(db, article)

    for author in (new_member, new_account):
        with pytest.raises(AccountTooYoung):
            young.require_grown(held, author, now=NOW)
        young.require_grown(held, author, now=NOW + timedelta(hours=6))
    young.require_grown(held, old_member, now=NOW)
    draft = a_draft(article, author=now_ms << 22)
    with pytest.raises(AccountTooYoung):
        await replies.submit(db, draft, now=NOW)
    await hold_young(db, article, hours=0)
    await replies.submit(db, draft, now=NOW)
    async with db.read() as conn:
        done = [entry.action for entry in await audit.list_all(conn, SERVER)]
    assert done.count(Action.YOUNG_HELD) == 2


async def test_another_servers_article_cannot_be_held_and_the_cards_of_clusters_follow(db: Database) -> None:
    article = await given_article(db)
    first, *_ = await given_cluster(db, article)
    before = await version_of(db, first)
    with pytest.raises(ArticleNotFound):
        await young.hold(db, article.id, server_id=101, moderator_id=MODERATOR, days=7, hours=1, now=NOW)

    await hold_young(db, article)

    assert await version_of(db, first) == before + 1


async def test_a_reply_from_before_likenesses_were_known_is_compared_with_nothing(db: Database) -> None:
    article = await given_article(db)
    old = await given_reply(db, article, SPAM, author=ANN)
    async with db.begin() as conn:
        await conn.execute(update(tables.replies).values(canonical=None))

    new = await given_reply(db, article, SPAM, author=BORIS)

    assert await cards_due(db) == [old.id, new.id]
