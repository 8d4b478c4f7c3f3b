"""The context of a review card: flags with their words, precedents, the cluster it stands for, and More."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.i18n import language_of
from bot.models import Case, Flag, Guideline, Precedent, Record, ReplyStatus, Surroundings
from bot.screening.screening import screen
from cogs.ui.buttons import texts
from cogs.ui.flags import marked_body
from cogs.ui.more import more_message
from cogs.ui.review import review_card
from cogs.ui.similar import precedent_warning
from tests.samples import ARTICLE, DECIDED, ENGLISH, NOW, PARENT, REPLY, a_case, buttons_of, shown


def screened(text: str, **changes: object) -> Case:
    return replace(a_case(text=text, **changes), flags=tuple(screen(text)))


def a_precedent(number: int, status: ReplyStatus, guideline: Guideline | None = None) -> Precedent:
    message_id = 400 + number if status is ReplyStatus.PUBLISHED else None
    return Precedent(number, number, status, guideline, 301, message_id)


def test_the_words_of_a_flag_are_marked_in_the_text_and_named_below_it() -> None:
    view = review_card(screened("What a damn fool, and **damn** again."), ENGLISH, now=NOW)

    assert "What a __damn__ fool, and **__damn__** again." in texts(view)
    assert "⚑ obscenity: “damn”" in shown(view)


def test_the_words_of_a_blurred_text_are_blurred_too() -> None:
    view = review_card(screened("What the fuck.", blurred=True), ENGLISH, now=NOW)

    assert "⚑ obscenity: ||“fuck”||" in shown(view)


@pytest.mark.parametrize("text", ["`damn`", "__so damn__", r"\damn", "see https://a.example/damn", "||damn||"])
def test_a_text_is_shown_as_it_is_where_a_mark_would_change_what_it_says(text: str) -> None:
    assert marked_body(screened(text)) == text


def test_links_shouting_and_a_failed_check_are_said_in_words() -> None:
    flags = (Flag("links", Guideline.SPAM, 1, 0, 3), Flag("shouting", Guideline.DISRESPECT, 1, 0, 3), Flag("x", None))
    view = review_card(replace(a_case(), flags=flags), ENGLISH, now=NOW)

    assert "⚑ spam: links\n⚑ disrespect: written in capitals\n⚑ A check failed (x): please look closely." in shown(view)


def test_precedents_are_counted_and_the_published_ones_linked() -> None:
    precedents = (
        a_precedent(812, ReplyStatus.PUBLISHED),
        a_precedent(790, ReplyStatus.REJECTED, Guideline.PERSONAL_ATTACK),
        a_precedent(700, ReplyStatus.APPROVED),
    )
    view = review_card(replace(a_case(), precedents=precedents), ENGLISH, now=NOW)

    assert (
        "Like this: 2 approved, 1 rejected (personal attack): "
        r"[\#812](https://discord.com/channels/100/301/1212) #790 #700"
    ) in shown(view)


def test_a_rejection_against_three_approvals_is_warned_of() -> None:
    case = replace(a_case(), precedents=tuple(a_precedent(n, ReplyStatus.APPROVED) for n in (3, 2, 1)))

    warning = precedent_warning(case, ENGLISH)

    assert warning == "3 near-identical replies were decided the other way (3 approved): #3 #2 #1."
    assert precedent_warning(replace(case, precedents=case.precedents[:2]), ENGLISH) == ""


def test_a_card_that_stands_for_copies_counts_them_and_offers_to_decide_all() -> None:
    new = int((NOW - timedelta(days=2)).timestamp() * 1000 - 1420070400000) << 22
    case = replace(a_case(), copies=(new, new + 1, new + 1, 22))

    view = review_card(case, ENGLISH, now=NOW)

    assert "**5 copies**, 2 accounts younger than 7 days" in shown(view)
    assert list(buttons_of(view).items())[4:] == [
        ("Approve one, close the rest", "cluster:approve:7:1"),
        ("Hold new accounts", "cluster:young:1"),
    ]


def test_while_new_accounts_are_held_the_card_says_until_when_and_offers_to_end_it() -> None:
    article = replace(ARTICLE, young_days=7, young_until=NOW + timedelta(hours=1))
    case = replace(a_case(article=article), copies=(22,))

    view, later = review_card(case, ENGLISH, now=NOW), review_card(case, ENGLISH, now=NOW + timedelta(hours=1))

    assert f"no replies until <t:{int(NOW.timestamp()) + 3600}:f>" in shown(view)
    assert "Let new accounts reply" in buttons_of(view)
    assert "Hold new accounts" in buttons_of(later)


def test_the_authors_share_of_the_discussion_and_their_joining_are_on_the_card() -> None:
    author = replace(REPLY.author, joined_at=NOW)
    case = replace(a_case(author=author), record=Record(3, 1, ((Guideline.SPAM, 1),), here=7, of=31))

    head = texts(review_card(case, ENGLISH, now=NOW))[0]

    assert "3 published, 1 rejected (spam)" in head
    assert f"-# joined <t:{int(NOW.timestamp())}:R> · account made <t:1420070400:R>" in head
    assert "-# 7 of 31 replies in this discussion" in head


def test_more_shows_article_parent_surroundings_and_the_authors_last_replies() -> None:
    blurred = replace(PARENT, number=5, text="Severe words.", blurred=True)
    rejected = replace(REPLY, id=3, number=3, status=ReplyStatus.REJECTED, guideline=Guideline.SPAM, **DECIDED)
    about = Surroundings(a_case(parent=PARENT), (blurred,), ((rejected, ARTICLE),))

    view = more_message(about, ENGLISH)

    assert "The car park becomes a garden." in shown(view)
    assert "In answer to **Ann** [\\#1041](https://discord.com/channels/100/301/401):\nFirst." in shown(view)
    assert "||Severe words.||" in shown(view)
    assert "#3 · rejected · Guideline: **spam** · A fair point." in shown(view)
    assert buttons_of(view)["Duplicate of…"] == "review:duplicate:7"


def test_the_card_speaks_russian() -> None:
    case = replace(screened("Ну ты дебил."), copies=(22,), precedents=(a_precedent(3, ReplyStatus.APPROVED),))

    said = shown(review_card(case, language_of("ru"), now=NOW))

    assert "2 копии" in said
    assert "Похожие: одобрен 1 ответ: #3" in said
    assert "«дебил»" in said
