"""Whatever people type: it is kept as it is shown, fits into a message, and cannot pass for a line of ours."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import SettingInvalid
from bot.i18n import explain, languages
from bot.models import Guideline, Image, NoticeKind, Phrase, Receipt, ReplyStatus, Reported, Request
from bot.screening.cleaning import MOST_MARKS, clean, is_readable
from bot.settings import SETTINGS, Settings
from cogs.articles import ArticleForm
from cogs.numbers import choice_label
from cogs.replies import ReplyForm, _about
from cogs.review import ChangesForm, RejectForm, RemoveForm
from cogs.revisions import ReviseForm
from cogs.ui.articles import article_card, article_preview, returned_article, thread_name
from cogs.ui.buttons import button, texts
from cogs.ui.forms import kept
from cogs.ui.names import webhook_name
from cogs.ui.notices import HEADS, notice
from cogs.ui.replies import asked_lines, parent_line, published_reply, receipt, reply_list, returned_text
from cogs.ui.reports import report_card
from cogs.ui.review import review_card
from cogs.ui.settings import settings_view
from cogs.ui.text import BODY_LIMIT, body, excerpt, hidden_links
from tests import hostile
from tests.hostile import FAMILY, HINDI, ISOLATED, PERSIAN, SEARCHING, WALES, own_lines, refuse_no_form, refuse_nothing
from tests.samples import A_REPORT, A_REPORT_CARD, DECIDED, ENGLISH, NOW, PARENT, REPLY, a_case, an_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord.ui import LayoutView

    from bot.i18n import Language
    from bot.models import Case
    from cogs.ui.buttons import DrawnButton

MANY, SOME = settings(SEARCHING, max_examples=600), settings(SEARCHING, max_examples=100)
OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e")
SPECIAL = re.compile(r"[*~|`\[\]<]")


def isolates_are_closed(line: str) -> bool:
    depth = 0
    for char in line:
        depth += (char in "\u2066\u2067\u2068") - (char == "\u2069")
        if depth < 0:
            return False
    return depth == 0


@MANY
@given(hostile.text)
def test_a_text_is_kept_without_what_nobody_types_and_what_reaches_into_other_lines(typed: str) -> None:
    stored = clean(typed)

    assert clean(stored) == stored
    assert all(char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"} for char in stored)
    assert not OVERRIDES & set(stored)
    assert all(isolates_are_closed(line) for line in stored.split("\n"))
    marks = 0
    for char in stored:
        category = unicodedata.category(char)
        marks = marks + 1 if category[0] == "M" else marks if category == "Cf" else 0
        assert marks <= MOST_MARKS


@pytest.mark.parametrize(
    "typed", [FAMILY, WALES, "🇳🇴👍🏽", HINDI, PERSIAN, ISOLATED, "שָּׁ֑ל", "Ti\u1ec3u a\u0323\u0302", "བསྒྲུབས"]
)
def test_emoji_and_the_scripts_of_the_world_stay_as_they_are(typed: str) -> None:
    assert clean(typed) == typed
    assert body(typed) == typed


def test_four_thousand_marks_on_a_letter_become_six() -> None:
    assert clean("e" + "\u0301" * 4000 + "!") == "e" + "\u0301" * MOST_MARKS + "!"
    assert clean(" \u0301\u200b\u0301a") == " \u200ba"


def test_an_override_is_dropped_and_an_isolate_without_its_end_as_well() -> None:
    assert clean("a\u202eb\u2067c\u2066d\u2069") == "abc\u2066d\u2069"


@pytest.mark.parametrize("typed", ["", " \n", "\u200b\u2060", "\u3164\u2800", "\u0301", "\ufe0f", "\u00ad\t"])
def test_nothing_that_can_be_seen_is_nothing_to_read(typed: str) -> None:
    assert not is_readable(clean(typed))


@MANY
@given(hostile.text)
def test_what_is_shown_is_what_is_stored_with_nothing_but_backslashes_added(typed: str) -> None:
    stored = clean(typed).strip()
    rest = iter(body(stored))

    for char in stored:
        shown = next(rest)
        while shown != char:
            assert shown == "\\"
            shown = next(rest)
    assert not list(rest)


@MANY
@given(hostile.text)
def test_no_text_becomes_a_heading_small_print_or_a_quotation(typed: str) -> None:
    assert own_lines(body(typed)) == []


def test_the_reading_above_finds_what_discord_would_draw() -> None:
    assert own_lines("# a\n- -# b\n> c\n\\# d\n```\n# e\n```\n`\n# f`") == ["# a", "-# b", "> c"]
    assert own_lines("|| a\n```\n||\n# h\n```") == ["# h"]


def test_code_with_nothing_before_that_could_end_in_it_shows_as_it_was_typed() -> None:
    two = "```\n# one_a\n```\n\n```\n> two\n```"

    assert body(f"Look at this:\n{two}") == f"Look at this:\n{two}"


@MANY
@given(hostile.text)
def test_moderators_and_readers_are_shown_the_same_text(typed: str) -> None:
    case = a_case(parent=PARENT, text=clean(typed).strip())
    shown = body(case.reply.text)
    if not is_readable(case.reply.text) or len(shown) > BODY_LIMIT:
        return

    assert shown in texts(review_card(case, ENGLISH, now=NOW))
    assert texts(published_reply(case, ENGLISH, server_id=100))[1:] == [shown, "-# <@21>"]


@MANY
@given(hostile.text, st.integers(1, 300))
def test_foreign_words_in_a_line_of_ours_stay_on_it_and_begin_no_markdown(typed: str, limit: int) -> None:
    line = excerpt(typed, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert isolates_are_closed(line)
    assert not SPECIAL.search(re.sub(r"\\.", "", line))


def test_words_from_right_to_left_do_not_move_the_numbers_beside_them() -> None:
    assert excerpt("שלום", 40) == "\u2068שלום\u2069"


@MANY
@given(hostile.text)
@example("here")
def test_every_name_becomes_one_that_discord_takes(typed: str) -> None:
    name = webhook_name(typed)

    assert 1 <= len(name.encode("utf-16-le")) // 2 <= 80
    assert name == name.strip()
    assert not any(word in name.lower() for word in ("clyde", "discord"))
    assert name.lower().lstrip("@") not in {"everyone", "here"}
    assert is_readable(name)


@MANY
@given(hostile.text)
def test_the_line_that_quotes_a_reply_has_one_link_and_it_leads_to_that_reply(typed: str) -> None:
    parent = replace(PARENT, text=typed, author=replace(PARENT.author, name=typed))

    line = parent_line(a_case(parent=parent), ENGLISH, server_id=100)

    label, _, rest = line.partition("](https://discord.com/channels/100/301/401)** · ")
    assert label.startswith("> **[")
    assert not SPECIAL.search(re.sub(r"\\.", "", label.removeprefix("> **[")))
    assert not SPECIAL.search(re.sub(r"\\.", "", rest))
    assert "\n" not in line


@pytest.mark.parametrize(
    "typed",
    ["[x](https://e.example/)", "[x]( <https://e.example/>)", "[x](https:\\/\\/e.example/)", "[x](HTTPS://e.example/)"],
)
def test_a_review_card_tells_where_a_masked_link_leads(typed: str) -> None:
    assert [address.lower() for address in hidden_links(typed)] == ["https://e.example/"]


@SOME
@given(st.tuples(*[hostile.text] * 5), st.tuples(hostile.address, hostile.address), st.sampled_from(list(ReplyStatus)))
def test_discord_takes_every_message_whatever_is_in_it(typed, addresses, status) -> None:
    one, two, three, four, five = typed
    url, image = addresses
    page = {"title": one, "summary": two, "site": three, "authors": (four, five, one), "url": url}
    article = an_article(**page, image=Image(image, two, three) if image else None)
    author = replace(REPLY.author, name=three)
    parent = replace(PARENT, text=two, author=replace(author, name=five))
    more = {"guideline": Guideline.SPAM, "sentence": five[:500], "revision": 2, "message_id": 402, **DECIDED}
    case = a_case(parent=parent, article=article, text=clean(four)[:2000] + ".", author=author, status=status, **more)
    case = replace(case, request=Request(12, two))
    language = languages()[len(one) % 2]

    for view in all_views(case, language):
        refuse_nothing(view)
    for view in given_back([one, two, url or ""], button("reply:again", language, 1, 0)):
        refuse_nothing(view)
    assert 1 <= len(thread_name(article)) <= 100
    assert 1 <= len(choice_label(case.reply)) <= 100


def all_views(case: Case, language: Language) -> Iterator[LayoutView]:
    yield from (article_card(case.article, language), article_preview(case.article, language))
    yield from (review_card(case, language, now=NOW), published_reply(case, language, server_id=100))
    yield from (receipt(Receipt(case.reply, 12), language, note="n" * 200), report_card(reported(case), language))
    yield from (notice(kind, case, language) for kind in HEADS)
    ten = [(replace(case.reply, id=at, number=at), case.article) for at in range(999_999_990, 1_000_000_000)]
    yield reply_list(ten, language, page=1, more=True, untold={999_999_991})


def reported(case: Case, *, sentence: str = "Said before.") -> Reported:
    return Reported(A_REPORT_CARD, case, (replace(A_REPORT, sentence=sentence),), count=1)


def given_back(typed: list[str], again: DrawnButton) -> Iterator[LayoutView]:
    yield from (returned_text("n" * 200, each, again) for each in typed)
    yield returned_article("n" * 200, typed, again)


@SOME
@given(*[hostile.text] * 3, st.sampled_from(languages()))
def test_discord_takes_every_form_whatever_is_in_it(one: str, two: str, three: str, language) -> None:
    reply = replace(REPLY, text=one, author=replace(REPLY.author, name=two), status=ReplyStatus.CHANGES_REQUESTED)
    reply = replace(reply, sentence=three, number=999_999_999)
    about = _about(an_article(title=three), reply, language)

    forms = [ReplyForm(article_id=1, parent_id=7).build(language, about=about, text=one, limit=100)]
    asked = asked_lines(replace(reply, passages=(one, two)), None, language)
    forms += [ReviseForm(reply_id=7).build(language, number=reply.number, asked=asked, text=one, limit=100)]
    phrases = [Phrase("name", three or "x", 12, NOW)] * bool(two)
    about_it = {"reply": reply, "phrases": phrases, "guidelines": {"own_6": clean(two)[:60] or "x", "spam": "spam"}}
    forms += [form(reply_id=7, revision=1).build(language, **about_it) for form in (RejectForm, ChangesForm)]
    forms += [RemoveForm(reply_id=7).build(language, **about_it)]
    forms += [ArticleForm(article_id=at).build(language, title=one, summary=two, link=three) for at in (0, 1)]
    for form in forms:
        refuse_no_form(form)


@SOME
@given(*[hostile.text] * 4)
def test_no_name_headline_or_sentence_adds_a_line_to_ours(one: str, two: str, three: str, four: str) -> None:
    article = an_article(title=one, site=two, authors=(three,), image=Image("https://a.example/a.png", four or "x"))
    author = replace(REPLY.author, name=two)
    case = a_case(article=article, author=author, status=ReplyStatus.REJECTED, sentence=four + ".", **DECIDED)

    head, _, foot = texts(review_card(case, ENGLISH, now=NOW))
    line, quoted, reason = texts(report_card(reported(case, sentence=three), ENGLISH))
    told = texts(notice(NoticeKind.REJECTED, case, ENGLISH))

    assert len(head.splitlines()) == 3
    assert len(foot.splitlines()) == 1
    assert len(line.splitlines()) == 2
    assert len(reason.splitlines()) <= 2
    assert all(row.startswith("> ") for row in (*quoted.split("\n"), *told[-2].split("\n")))
    assert texts(article_card(article, ENGLISH))[0].splitlines()[1:] == []
    assert own_lines(texts(article_card(article, ENGLISH))[1]) == []


@SOME
@given(hostile.text)
def test_settings_are_read_or_refused_whatever_is_typed(typed: str) -> None:
    for setting in SETTINGS:
        try:
            value = setting.read(clean(typed))
        except SettingInvalid as refusal:
            sentence = explain(refusal, languages()[1])
        else:
            sentence = "".join(refuse_nothing(settings_view(replace(Settings(), **{setting.name: value}), ENGLISH)))
        assert 0 < len(sentence) <= 2000


def test_a_typed_text_is_given_back_to_the_letter() -> None:
    typed = "  **Bold** and\n> a quote <@1>"

    assert [part.content for part in kept(typed)] == [typed]
    assert kept("\u200b") == []
    refuse_nothing(returned_text("n" * 200, "x" * 4000, None))
