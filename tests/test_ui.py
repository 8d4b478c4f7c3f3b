"""What people see: within Discord's limits, unbreakable by what others wrote, the same in every language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import discord
import pytest

from bot.i18n import languages
from bot.models import (
    Article,
    ArticleStatus,
    Author,
    Case,
    Guideline,
    Image,
    NoticeKind,
    Page,
    Receipt,
    Record,
    Reply,
    ReplyStatus,
    Report,
)
from cogs.ui.articles import article_card, article_preview, thread_name
from cogs.ui.buttons import texts
from cogs.ui.names import webhook_name
from cogs.ui.notices import notice
from cogs.ui.replies import published_reply, receipt, reply_list
from cogs.ui.review import report_line, review_card
from cogs.ui.text import body, clusters, cut, excerpt, plain

if TYPE_CHECKING:
    from discord.ui import LayoutView

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
ENGLISH = languages()[0]
NASTY = "**bold [x](https://evil.example) <@1> ||spoiler|| `code` *_~ > # - \\"
FAMILY = "👨‍👩‍👧‍👦"

ARTICLE = Article(
    id=1,
    server_id=100,
    editor_id=11,
    status=ArticleStatus.OPEN,
    page=Page(
        title="Council votes for a garden",
        summary="The car park becomes a garden.",
        url="https://paper.example/garden",
        site="The Paper",
        authors=("Ann Alder", "Bo Birch"),
        published_at=datetime(2026, 5, 3, tzinfo=UTC),
        image=Image("https://paper.example/car-park.png", "Mia Chan (CC BY 4.0)", "An empty car park"),
    ),
    created_at=NOW,
    channel_id=201,
    card_message_id=301,
    thread_id=301,
)
REPLY = Reply(
    id=7,
    number=1042,
    server_id=100,
    article_id=1,
    parent_id=None,
    author=Author(21, "Ann", None, "en-US"),
    text="A fair point.",
    revision=1,
    status=ReplyStatus.PENDING,
    submitted_at=NOW,
)
PARENT = replace(REPLY, id=6, number=1041, text="First.", status=ReplyStatus.PUBLISHED, message_id=401)
DECIDED = {"decided_by": 12, "decided_at": NOW}


def a_case(*, parent: Reply | None = None, article: Article = ARTICLE, **changes: object) -> Case:
    reply = replace(REPLY, parent_id=parent.id if parent else None, **changes)
    return Case(reply, article, Record(published=3, rejected=1), parent)


def an_article(**page: object) -> Article:
    return replace(ARTICLE, page=replace(ARTICLE.page, **page))


def worst_article() -> Article:
    return an_article(
        title=("*" * 250),
        summary="[" * 1500,
        site="_" * 200,
        authors=tuple("~" * 200 for _ in range(20)),
        image=Image("https://paper.example/a.png", "`" * 500, "a" * 3000),
        url="https://paper.example/" + "a" * 700,
    )


def worst_views() -> list[LayoutView]:
    """Everything we draw, with texts as long and as full of markdown as they can be."""
    text, words = ">\n" * 1500, "*" * 500
    parent = replace(PARENT, text="[" * 3000, author=replace(PARENT.author, name="_" * 300))
    author = replace(REPLY.author, name="|" * 300)
    views = [article_card(worst_article(), lang) for lang in languages()]
    views += [article_preview(worst_article(), lang) for lang in languages()]
    for lang in languages():
        for status in ReplyStatus:
            case = a_case(
                parent=parent,
                article=worst_article(),
                text=text,
                author=author,
                status=status,
                guideline=Guideline.PERSONAL_ATTACK,
                sentence=words,
                revision=99,
                message_id=402,
                **DECIDED,
            )
            views += [review_card(case, lang, now=NOW), published_reply(case, lang, server_id=100)]
            views += [receipt(Receipt(case.reply, 12), lang, note="n" * 300), report_line(A_REPORT, case, lang)]
            views += [notice(kind, case, lang) for kind in NoticeKind]
            views.append(reply_list([(case.reply, worst_article())] * 10, lang, page=3, more=True, untold={7}))
    return views


A_REPORT = Report(1, 100, 7, 31, NOW)


def buttons_of(view: LayoutView) -> dict[str, str | None]:
    return {str(item.label): item.custom_id for item in view.walk_children() if isinstance(item, discord.ui.Button)}


def shown(view: LayoutView) -> str:
    return "\n".join(texts(view))


def test_nothing_we_draw_exceeds_what_discord_takes() -> None:
    views = worst_views()

    assert max(view.content_length() for view in views) <= 4000
    assert max(view.total_children_count for view in views) <= 40


def test_no_component_is_empty_or_too_long() -> None:
    for view in worst_views():
        items = list(view.walk_children())
        labels = [str(item.label) for item in items if isinstance(item, discord.ui.Button)]
        urls = [item.url for item in items if isinstance(item, discord.ui.Button) and item.url]

        assert all(text.strip() for text in texts(view))
        assert all(1 <= len(label) <= 80 for label in labels)
        assert all(len(url) <= 512 for url in urls)


def test_discord_py_keeps_nothing_of_what_we_draw() -> None:
    assert not any(view.is_dispatchable() for view in worst_views())


def test_a_card_shows_headline_standfirst_credit_byline_and_the_notice() -> None:
    view = article_card(ARTICLE, ENGLISH)

    assert texts(view) == [
        "## Council votes for a garden",
        "The car park becomes a garden.",
        "-# Image: Mia Chan (CC BY 4.0)",
        "-# By Ann Alder and Bo Birch · The Paper · May 3, 2026",
        "-# All comments are reviewed by a moderator.",
    ]
    assert list(buttons_of(view)) == ["Join the conversation", "Guidelines", "Read the article"]


def test_a_picture_has_its_alternative_text() -> None:
    galleries = [item for item in article_card(ARTICLE, ENGLISH).walk_children() if item.type.name == "media_gallery"]

    assert [item.description for gallery in galleries for item in gallery.items] == ["An empty car park"]


@pytest.mark.parametrize("credit", ["", "   "])
def test_an_image_without_a_credit_is_not_shown(credit: str) -> None:
    view = article_card(an_article(image=Image("https://paper.example/a.png", credit)), ENGLISH)

    assert "media_gallery" not in {item.type.name for item in view.walk_children()}
    assert "Image:" not in shown(view)


def test_a_card_without_a_link_has_no_button_for_it() -> None:
    assert "Read the article" not in buttons_of(article_card(an_article(url=None), ENGLISH))


def test_an_address_too_long_for_a_button_is_a_link_in_the_text() -> None:
    url = "https://paper.example/" + "a" * 600

    view = article_card(an_article(url=url), ENGLISH)

    assert "Read the article" not in buttons_of(view)
    assert f"[Read the article]({url})" in shown(view)


def test_a_headline_cannot_break_its_card() -> None:
    headline = article_card(an_article(title="# Big\n# **[x](https://evil.example)**"), ENGLISH)

    assert texts(headline)[0] == "## \\# Big # \\*\\*\\[x\\](https://evil.example)**"


def test_a_thread_is_named_by_whole_words() -> None:
    name = thread_name(an_article(title="Garden " * 40))

    assert len(name) <= 100
    assert name.endswith("Garden…")


def test_a_receipt_says_the_number_the_state_and_the_place() -> None:
    view = receipt(Receipt(REPLY, 3), ENGLISH)

    assert texts(view)[0] == "**#1042** · held for review · 3 ahead"
    assert "> A fair point." in texts(view)
    assert buttons_of(view) == {"Edit": "reply:edit:7", "Withdraw": "reply:withdraw:7"}


def test_a_receipt_offers_to_revise_what_a_moderator_asked_about() -> None:
    reply = replace(REPLY, status=ReplyStatus.CHANGES_REQUESTED, sentence="Please add a source.", **DECIDED)

    view = receipt(Receipt(reply, 0), ENGLISH)

    assert "Please add a source." in shown(view)
    assert buttons_of(view)["Revise"] == "reply:revise:7"


def test_a_published_reply_quotes_its_parent_on_one_line_with_a_link() -> None:
    parent = replace(PARENT, text="First.\n\n# Second " + "word " * 100)

    quote = texts(published_reply(a_case(parent=parent), ENGLISH, server_id=100))[0]

    assert quote.startswith("> **[Ann](https://discord.com/channels/100/301/401)** · First. Second word")
    assert "\n" not in quote
    assert len(quote.partition(" · ")[2]) <= 200


def test_a_quotation_reveals_no_spoiler_and_shows_words_instead_of_markdown() -> None:
    parent = replace(PARENT, text="**Read** [this](https://paper.example): ||the end||")

    quote = texts(published_reply(a_case(parent=parent), ENGLISH, server_id=100))[0]

    assert quote.endswith("· Read this: ▒▒▒")


def test_the_quotation_of_a_removed_parent_does_not_show_its_text() -> None:
    parent = replace(PARENT, status=ReplyStatus.REMOVED, text="Something vile.")

    view = published_reply(a_case(parent=parent), ENGLISH, server_id=100)

    assert "vile" not in shown(view)
    assert "no longer published" in shown(view)


@pytest.mark.parametrize("line", ["> **Bo** · I said this", ">>> all of it", "# Breaking", "-# <@1>", "- > in a list"])
def test_a_text_cannot_imitate_our_own_lines(line: str) -> None:
    written = body(f"Fine.\n{line}")

    assert written.replace("\\", "") == f"Fine.\n{line}"
    assert "\\" in written


def test_a_text_keeps_its_own_markdown() -> None:
    text = "**bold** and [a link](https://paper.example)\n- one\n- two"

    assert body(text) == text


def test_a_text_cannot_be_shown_backwards() -> None:
    assert body("safe \u202eelpoep\u202c") == "safe elpoep"


def test_foreign_words_show_as_they_were_written() -> None:
    assert plain("**a** <@1> [x](y)") == "\\*\\*a\\*\\* \\<@1> \\[x\\](y)"
    assert plain("see https://a.example/b_c_d now_") == "see https://a.example/b_c_d now\\_"
    assert plain("1. first\n- second\n#hash") == "1\\. first\n\\- second\n\\#hash"


def test_an_excerpt_is_never_longer_than_asked_for() -> None:
    assert all(len(excerpt(NASTY * 20, limit)) <= limit for limit in (1, 2, 40, 200))


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


def test_cutting_splits_neither_a_family_nor_an_accent() -> None:
    assert list(clusters(f"a{FAMILY}e\u0301🇳🇴🇸🇪👍🏽")) == ["a", FAMILY, "e\u0301", "🇳🇴", "🇸🇪", "👍🏽"]
    assert cut(f"ab{FAMILY}", 5) == "ab…"


@pytest.mark.parametrize(
    ("name", "accepted"),
    [
        ("Ann", "Ann"),
        ("  Ann \n Alder ", "Ann Alder"),
        ("Clyde", "Сlyde"),
        ("DISCORD fan", "DІSCORD fan"),
        ("dis\u200bcord", "dіscord"),
        ("dis\u200dcord", "dіscord"),
        ("everyone", "еveryone"),
        ("Here", "Hеre"),
        ("groundsphere", "groundsphere"),
        ("there", "there"),
        ("\u200b\u2060", "Member"),
        ("\u3164\u2800", "Member"),
        ("", "Member"),
        (f"{FAMILY} Pike", f"{FAMILY} Pike"),
        ("\u202eAnn", "Ann"),
    ],
)
def test_a_name_is_one_that_discord_takes(name: str, accepted: str) -> None:
    assert webhook_name(name) == accepted


def test_a_long_name_is_cut_between_two_visible_characters() -> None:
    name = webhook_name(FAMILY * 20)

    assert 1 <= len(name) <= 80
    assert name == FAMILY * (len(name) // len(FAMILY))
