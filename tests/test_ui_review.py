"""What moderators see of a reply, and what its author is told afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import discord

from bot.models import (
    Guideline,
    NoticeKind,
    Record,
    ReplyStatus,
)
from cogs.ui.buttons import texts
from cogs.ui.notices import notice
from cogs.ui.replies import published_reply
from cogs.ui.review import review_card
from cogs.ui.text import body
from tests.samples import DECIDED, ENGLISH, NASTY, NOW, a_case, buttons_of, shown


def test_moderators_see_exactly_what_will_be_published() -> None:
    case = a_case(text=f"{NASTY}\n> quote\n# head")

    assert body(case.reply.text) in texts(review_card(case, ENGLISH, now=NOW))
    assert body(case.reply.text) in texts(published_reply(case, ENGLISH, server_id=100))


def test_a_review_card_shows_where_masked_links_lead() -> None:
    view = review_card(a_case(text="See [the source](https://evil.example/x)."), ENGLISH, now=NOW)

    assert "Links lead to: https://evil.example/x" in shown(view)


def test_a_review_card_says_who_writes_where_and_since_when() -> None:
    head = texts(review_card(a_case(), ENGLISH, now=NOW))[0]

    assert head.split("\n") == [
        f"**#1042** · held for review · sent <t:{int(NOW.timestamp())}:R>",
        "<@21> (Ann) · 3 published, 1 rejected",
        "-# account made <t:1420070400:R>",
        "On [Council votes for a garden](https://discord.com/channels/100/301)",
    ]


def test_a_first_reply_is_marked_as_one() -> None:
    case = replace(a_case(), record=Record(0, 0))

    assert "first reply here" in texts(review_card(case, ENGLISH, now=NOW))[0]


def test_the_buttons_of_a_held_reply_name_the_revision_they_judge() -> None:
    view = review_card(a_case(revision=2), ENGLISH, now=NOW)

    assert buttons_of(view) == {
        "Approve": "review:approve:7:2",
        "Reject": "review:reject:7:2",
        "Request changes": "review:changes:7:2",
        "More": "review:more:7",
    }
    assert "Revision 2" in shown(view)


def test_a_decided_card_keeps_the_text_and_says_who_decided_what_and_why() -> None:
    reason = {"guideline": Guideline.PERSONAL_ATTACK, "sentence": "Argue with the point."}
    view = review_card(a_case(status=ReplyStatus.REJECTED, **DECIDED, **reason), ENGLISH, now=NOW)

    assert "rejected by <@12>" in shown(view)
    assert "A fair point." in shown(view)
    assert "personal attack" in shown(view)
    assert "Argue with the point." in shown(view)
    assert buttons_of(view) == {}


def test_a_published_card_offers_removal_and_leads_to_the_reply() -> None:
    view = review_card(a_case(status=ReplyStatus.PUBLISHED, message_id=402, **DECIDED), ENGLISH, now=NOW)

    assert buttons_of(view) == {"Remove": "review:remove:7"}
    assert "https://discord.com/channels/100/301/402" in shown(view)


def test_a_card_drawn_after_a_day_of_waiting_stands_out() -> None:
    colours = {
        item.accent_colour
        for now in (NOW, NOW + timedelta(days=2))
        for item in review_card(a_case(), ENGLISH, now=now).children
        if isinstance(item, discord.ui.Container)
    }

    assert len(colours) == 2


def test_a_notice_of_rejection_says_why_and_gives_the_text_back() -> None:
    reason = {"guideline": Guideline.SPAM, "sentence": "No advertising."}
    case = a_case(status=ReplyStatus.REJECTED, text="Buy\nthis", **DECIDED, **reason)

    view = notice(NoticeKind.REJECTED, case, ENGLISH)

    assert "spam" in shown(view)
    assert "No advertising." in shown(view)
    assert "> Buy\n> this" in texts(view)


def test_a_notice_asking_for_changes_carries_the_button_to_make_them() -> None:
    case = a_case(status=ReplyStatus.CHANGES_REQUESTED, sentence="A source?", **DECIDED)

    assert buttons_of(notice(NoticeKind.CHANGES_REQUESTED, case, ENGLISH)) == {"Revise": "reply:revise:7"}


def test_a_notice_of_publication_leads_to_the_reply() -> None:
    view = notice(NoticeKind.PUBLISHED, a_case(status=ReplyStatus.PUBLISHED, message_id=402), ENGLISH)

    links = [item.url for item in view.walk_children() if isinstance(item, discord.ui.Button)]
    assert links == ["https://discord.com/channels/100/301/402"]
