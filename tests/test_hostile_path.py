"""A hostile room from end to end: each answer is a sentence, what is approved is what appears, and nobody is pinged."""

from __future__ import annotations

import pytest

from bot.errors import SettingInvalid
from bot.extraction import web_address
from bot.extraction.refusals import PageRefused
from bot.models import Guideline, ReplyStatus
from bot.screening.cleaning import clean, is_readable
from bot.services import articles, replies, review, settings
from bot.services.articles import SUMMARY_LENGTH, TITLE_LENGTH
from bot.services.decisions import SENTENCE_LENGTH
from bot.storage import searches
from cogs.ui.names import webhook_name
from cogs.ui.text import body, excerpt
from tests import givens, hostile
from tests.discussions import TITLE, given_article, last, reply_of
from tests.pretending import answered, drawn, require_no_pings, send_form
from tests.world import labels, new_world, text, world

__all__ = ["new_world", "world"]  # fixtures

TYPED = [*hostile.WHOLE, *drawn(hostile.text, 30)]
KINDS_TAKEN = 10  # of what was tried, at least so many were taken: a test that refuses everything proves nothing


def parts(message):
    """The texts of a message, one by one."""
    return [part["content"] for part in walk([part.to_dict() for part in message.components]) if "content" in part]


def walk(components):
    for part in components:
        yield part
        yield from walk(part.get("components", []))


async def tell_nobody(world):
    """The timer of the next notice would go off in real time, in the midst of a long test."""
    await world.ada.slash(world.general, "settings set", name="notify_author", value="off")


async def test_whatever_is_typed_is_refused_with_it_or_appears_as_it_was_approved(world):
    await given_article(world)
    await tell_nobody(world)
    numbers = 0

    for typed in TYPED:
        answer = answered(await send_form(world.ann, world.general, "form:reply:1:0", text=typed))
        if not answer.startswith(f"**#{numbers + 1}** · held for review"):
            stored_before = answer.startswith("You have already sent this reply")
            assert stored_before or clean(typed).strip()[:100] in answer or not is_readable(clean(typed))
            continue
        numbers += 1
        reply, card = await reply_of(world, numbers), last(world.review)
        await world.mira.click(card, label="Approve")
        await world.env.advance_time(3)
        published = last(world.channel(TITLE))
        assert reply.text == clean(typed).strip()
        assert body(reply.text) in parts(card)
        assert parts(published) == [body(reply.text), f"-# <@{world.ann.id}>"]
        assert labels(published) == ["Reply", "Report"]

    assert numbers >= KINDS_TAKEN
    require_no_pings(world)


async def test_whatever_a_member_is_called_the_reply_appears_under_an_acceptable_name(world):
    await given_article(world)
    await tell_nobody(world)
    names = [*hostile.NAMES, "\u200b", "\u3164", *drawn(hostile.text, 8)]

    for number, name in enumerate(names, 1):
        world.env.backend.get_user(world.ann.id).global_name = name or " "
        await send_form(world.ann, world.general, "form:reply:1:0", text=f"Point {number}.")
        await world.mira.click(last(world.review), label="Approve")
        await world.env.advance_time(3)

        published = last(world.channel(TITLE))
        assert published.author.name == webhook_name(name)
        assert parts(published)[0] == f"Point {number}."
    require_no_pings(world)


async def test_whatever_an_editor_writes_is_refused_with_it_or_posted(world):
    titles = ["A\0 title\ud800", *drawn(hostile.text, 24)]
    summaries = drawn(hostile.text.map(lambda typed: typed + "."), 25)
    links = [None, "", *drawn(hostile.address, 23)]
    posted = 0

    for title, summary, link in zip(titles, summaries, links, strict=True):
        sent = await send_form(world.ed, world.general, "form:article:0", title=title, summary=summary, link=link)
        assert answered(sent)
        if "Post" not in labels(sent.response.message):
            assert labels(sent.response.message) == ["Edit"]
            assert not is_readable(clean(title)) or clean(title).strip()[:100] in text(sent.response)
            continue
        posted += 1
        await world.ed.click(sent.response.message, label="Post")
        card = last(world.articles)
        assert parts(card)[0] == f"## {excerpt(title, 300)}"
        assert labels(card)[:2] == ["Join the conversation", "Guidelines"]
        assert world.env.backend.get_channel(card.id).name

    assert posted >= KINDS_TAKEN
    require_no_pings(world)


async def test_whatever_a_moderator_says_is_told_to_the_author_or_given_back(world):
    await given_article(world)
    sentences = [*drawn(hostile.text, 12), "x" * (SENTENCE_LENGTH + 1), "@everyone `", "*" * 4000]

    for number, sentence in enumerate(sentences, 1):
        await send_form(world.ann, world.general, "form:reply:1:0", text=f"Point {number}.")
        form = f"form:reject:{number}:1"
        sent = await send_form(world.mira, world.review, form, guideline=["spam"], sentence=sentence)

        answer, reply = answered(sent), await reply_of(world, number)
        await world.env.advance_time(10)
        if len(clean(sentence).strip()) > SENTENCE_LENGTH:
            assert reply.status is ReplyStatus.PENDING
            assert "Your words to the author were:" in answer
        else:
            assert (reply.status, reply.guideline) == (ReplyStatus.REJECTED, Guideline.SPAM)
            assert (reply.sentence or "") == (clean(sentence).strip() if is_readable(clean(sentence)) else "")
    assert "The moderator’s words:" in "".join(map(text, world.ann.user.dm_channel.history()))
    require_no_pings(world)


async def test_a_moderators_words_come_back_when_the_number_is_wrong(world):
    await given_article(world)

    answer = await world.mira.slash(
        world.review, "moderate reject", reply="12", guideline="spam", sentence="Please *do* not."
    )

    assert "There is no reply 12 in this server." in answered(answer)
    assert "> Please \\*do\\* not." in answered(answer)


async def test_whatever_is_typed_into_a_command_is_answered_with_a_sentence(world):
    await given_article(world)
    await send_form(world.ann, world.general, "form:reply:1:0", text="100% _sure_ \\ {x}")

    for typed in filter(None, [*drawn(hostile.text, 8), "0" * 5000, "١", "#1\n", "-1", "1:", "9" * 30]):
        for name, options in (
            ("settings set", {"name": typed, "value": "1"}),
            ("settings set", {"name": "reply_length", "value": typed}),
            ("settings reset", {"name": typed}),
        ):
            assert answered(await world.ada.slash(world.general, name, **options))
        assert answered(await world.mira.slash(world.review, "moderate approve", reply=typed))
        offered = await world.mira.autocomplete(world.review, "moderate approve", "reply", typed)
        assert all(1 <= len(choice["name"]) <= 100 for choice in offered)
        assert await world.ada.autocomplete(world.general, "settings set", "value", typed, name=typed) == []
    require_no_pings(world)


async def test_an_address_that_is_none_is_answered_with_a_sentence_and_given_back(world):
    for address in hostile.ADDRESSES:
        try:
            web_address(address)
        except PageRefused:
            answer = await world.ed.slash(world.general, "article post", url=address)
            assert answered(answer).startswith("This is not a web address") or ":1/" in address
            assert labels(answer.response.message) == ["Write the summary by hand"]
    require_no_pings(world)


async def test_a_headline_of_nothing_that_can_be_seen_is_refused(world):
    sent = await send_form(world.ed, world.general, "form:article:0", title="\u200b\u3164", summary="A summary.")
    too_long = {"title": "x" * (TITLE_LENGTH + 1), "summary": "x" * SUMMARY_LENGTH}
    longer = await send_form(world.ed, world.general, "form:article:0", **too_long)

    assert "An article needs a headline and a summary." in answered(sent)
    assert "A summary." in answered(sent)
    assert f"at most {TITLE_LENGTH} are allowed" in answered(longer)


@pytest.mark.parametrize("typed", ["a\0b", "a\ud800b", "a\x1b[31mb", "a\u202eb", "%a_b\\"])
async def test_every_database_takes_whatever_is_typed(db, typed):
    article = await givens.given_article(db)
    who = {"server_id": givens.SERVER, "moderator_id": givens.MODERATOR, "now": givens.NOW}

    held = (await replies.submit(db, givens.a_draft(article, typed), now=givens.NOW)).reply
    await replies.revise(db, held.id, f"{typed}!", author_id=givens.ANN, now=givens.NOW)
    refused = await review.reject(db, held.id, revision=2, guideline="spam", sentence=typed, **who)
    draft = await articles.draft(
        db, givens.a_page(typed, address=None), server_id=givens.SERVER, editor_id=givens.EDITOR, now=givens.NOW
    )
    with pytest.raises(SettingInvalid):
        await settings.change(db, givens.SERVER, typed, typed, actor_id=1, now=givens.NOW)
    async with db.read() as conn:
        rejected = [ReplyStatus.REJECTED]
        found = await searches.find_replies(conn, givens.SERVER, clean(typed), statuses=rejected)

    assert (held.text, refused.sentence, draft.page.title) == (clean(typed),) * 3
    assert [reply.id for reply in found] == [held.id]
