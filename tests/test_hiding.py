"""What a moderator is not to see before deciding shows nowhere: severe texts, and names under blind review."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.services import replies
from tests.discussions import given_article, given_reply, last, reply_of
from tests.test_opinions import turn_on
from tests.world import new_world, said, text, world

__all__ = ["new_world", "world"]  # fixtures

SEVERE = "Fuck that, idiot."


async def test_under_blind_review_a_note_on_a_held_reply_names_nobody(world):
    await turn_on(world, "blind_review")
    card = await given_reply(world, await given_article(world))
    more = await world.mira.click(card, label="More")
    form = await world.mira.click(more.response, label="Note")
    offered = await world.mira.autocomplete(world.general, "moderate note", "reply", "")
    by_name = await world.mira.autocomplete(world.general, "moderate note", "reply", "Ann")
    answer = await world.mira.slash(world.general, "moderate note", text="Hm.", reply="1")

    assert "A fair point" in json.dumps(form.modal)
    assert "#1" in json.dumps(offered)
    assert "#1" not in json.dumps(by_name)
    assert "Ann" not in json.dumps([form.modal, offered])
    assert said(answer) == "Noted. Only moderators see it."


async def test_under_blind_review_a_history_does_not_tell_which_held_reply_is_the_members(world):
    await turn_on(world, "blind_review")
    await given_reply(world, await given_article(world))
    await world.mira.slash(world.general, "moderate note", text="Hm.", reply="1")

    page = said(await world.mira.slash(world.general, "moderate history", member=world.ann))

    assert "A held reply, hidden until it is decided" in page
    assert "#1" not in page
    assert "A fair point" not in page


async def test_under_blind_review_the_words_of_a_request_do_not_name_the_author(world):
    await turn_on(world, "blind_review")
    await world.mira.slash(world.general, "phrase add", name="hi", text="Dear {author}, which point?")
    card = await given_reply(world, await given_article(world), "A fair point. Really.")
    form = await world.mira.click(card, label="Request changes")
    await world.mira.submit_modal(form, {"phrase": ["hi"], "guideline": ["spam"]})
    reply = await reply_of(world)
    later = reply.submitted_at + timedelta(seconds=20)
    await replies.revise(world.db, reply.id, "The point about parking.", author_id=world.ann.id, now=later)
    await world.env.advance_time(30)

    shown = text(last(world.review))

    assert "which point?" in shown
    assert "Ann" not in shown


async def test_a_severe_text_is_hidden_in_histories_and_forms_and_among_choices(world):
    card = await given_reply(world, await given_article(world), SEVERE)
    offered = await world.mira.autocomplete(world.general, "moderate note", "reply", "")
    history = said(await world.mira.slash(world.general, "moderate history", member=world.ann))
    more = await world.mira.click(card, label="More")
    note = await world.mira.click(more.response, label="Note")
    await world.mira.click(card, label="Approve")
    remove = await world.mira.click(last(world.review), label="Remove")
    await world.mira.submit_modal(remove, {"sentence": "It insults."})
    restore = await world.mira.click(last(world.review), label="Restore")

    assert "#1" in json.dumps(offered)
    assert "#1" in history
    for shown in (json.dumps(offered), history, *(json.dumps(form.modal) for form in (note, remove, restore))):
        assert "Fuck" not in shown
