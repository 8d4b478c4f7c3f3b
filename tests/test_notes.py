"""Notes: moderators write down what others should know about a member; members see nothing of it."""

from __future__ import annotations

import pytest

from bot.errors import NoteNotFound, NotYourNote, ReplyNotFound, TextEmpty, TextTooLong
from bot.models import Action
from bot.services import notes, replies
from bot.storage import Database, audit, cases
from tests.discussions import given_article, given_reply, last
from tests.givens import ANN, BORIS, MODERATOR, NOW, OTHER_MODERATOR, SERVER, approve
from tests.givens import given_article as given_open_article
from tests.givens import given_reply as given_held
from tests.pretending import press
from tests.world import labels, new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

WHO = {"server_id": SERVER, "moderator_id": MODERATOR, "now": NOW}


async def on_card(db: Database, reply_id: int) -> list[str]:
    async with db.read() as conn:
        case = await cases.get(conn, reply_id)
    assert case is not None
    return [note.text for note in case.notes]


async def version(db: Database, reply_id: int) -> str:
    return (await replies.receipt(db, reply_id)).reply.card_key


async def test_the_latest_notes_stand_on_the_cards_of_all_held_replies_of_the_member(db: Database) -> None:
    article = await given_open_article(db)
    first, second = await given_held(db, article, "One."), await given_held(db, article, "Two.")
    other = await given_held(db, article, "Another's.", author=BORIS)
    before = [await version(db, reply.id) for reply in (first, second, other)]

    await notes.write_on_reply(db, first.id, "Asked kindly.", **WHO)
    for n in range(3):
        await notes.write(db, ANN, f"Note {n}.", **WHO)

    shown = ["Note 2.", "Note 1.", "Note 0."]
    assert await on_card(db, first.id) == await on_card(db, second.id) == shown
    assert await on_card(db, other.id) == []
    after = [await version(db, reply.id) for reply in (first, second, other)]
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, False, True]
    await approve(db, first)
    assert await on_card(db, first.id) == []


async def test_who_wrote_a_note_or_an_administrator_removes_it_and_the_audit_never_holds_its_words(
    db: Database,
) -> None:
    reply = await given_held(db, await given_open_article(db))
    mine, another = [await notes.write_on_reply(db, reply.id, f"Secret {n}.", **WHO) for n in range(2)]
    others = {"server_id": SERVER, "moderator_id": OTHER_MODERATOR, "now": NOW}

    with pytest.raises(NotYourNote):
        await notes.remove(db, mine.id, is_admin=False, **others)
    with pytest.raises(NoteNotFound):
        await notes.remove(db, mine.id, is_admin=True, **(others | {"server_id": 101}))
    await notes.remove(db, mine.id, is_admin=False, **WHO)
    await notes.remove(db, another.id, is_admin=True, **others)
    with pytest.raises(NoteNotFound):
        await notes.remove(db, mine.id, is_admin=False, **WHO)

    assert await on_card(db, reply.id) == []
    async with db.read() as conn:
        trail = await audit.list_all(conn, SERVER)
    written = [entry for entry in trail if entry.action in (Action.NOTE, Action.NOTE_REMOVED)]
    assert [entry.action for entry in written] == [Action.NOTE] * 2 + [Action.NOTE_REMOVED] * 2
    assert all("Secret" not in entry.details for entry in written)


async def test_a_note_without_words_or_with_too_many_or_on_another_servers_reply_is_refused(db: Database) -> None:
    reply = await given_held(db, await given_open_article(db))

    for typed, error in (("\u200b ", TextEmpty), ("x" * 501, TextTooLong)):
        with pytest.raises(error):
            await notes.write_on_reply(db, reply.id, typed, **WHO)
    with pytest.raises(ReplyNotFound):
        await notes.write_on_reply(db, reply.id, "Elsewhere.", **(WHO | {"server_id": 101}))
    assert await on_card(db, reply.id) == []


async def test_a_moderator_writes_a_note_that_the_card_shows_and_no_member_can(world):
    await given_reply(world, await given_article(world))

    noted = await world.mira.slash(
        world.general, "moderate note", text="Was asked <@&1> *twice* to calm down.", reply="1"
    )
    await world.env.advance_time(10)
    by_member = await world.mira.slash(world.general, "moderate note", text="Kind since.", member=world.ann)
    neither = await world.mira.slash(world.general, "moderate note", text="About whom?")
    refused = await world.ann.slash(world.general, "moderate note", text="Hm.", reply="1")
    await world.env.advance_time(10)

    assert said(noted) == "Noted. Only moderators see it."
    assert noted.ephemeral
    assert f"Noted about <@{world.ann.id}>" in said(by_member)
    assert "either a reply or a member" in said(neither)
    assert "Only moderators" in said(refused)
    card = text(last(world.review))
    assert "**Notes**" in card
    assert r"Was asked \<@&1> \*twice\* to calm down." in card
    assert card.index("Kind since.") < card.index("Was asked")
    mine = await world.ann.slash(world.general, "my replies")
    assert "calm down" not in said(mine)
    assert await world.ann.autocomplete(world.general, "moderate note", "reply", "") == []
    offered = await world.mira.autocomplete(world.general, "moderate note", "reply", "1")
    assert [choice["value"] for choice in offered] == ["1"]


async def test_the_button_opens_a_form_and_the_history_offers_to_remove_ones_own(world):
    await given_reply(world, await given_article(world))
    await world.max.slash(world.general, "moderate note", text="By another.", reply="1")
    opened = await world.mira.slash(world.general, "moderate history", member=world.ann)
    others_buttons = labels(opened.response.message)

    form = await press(world.mira, last(world.review), "note:reply:1")
    await world.mira.submit_modal(form, {"text": "By me."})
    history = await world.mira.slash(world.general, "moderate history", member=world.ann)
    removed = await world.mira.click(history.response.message, label="Remove")
    after = await world.mira.slash(world.general, "moderate history", member=world.ann)

    assert others_buttons == []
    assert labels(history.response.message) == ["Remove"]
    assert "The note is removed." in said(removed)
    assert "By me." not in said(after)
    assert "By another." in said(after)
