"""What we draw is taken by Discord, however long and hostile the words in it are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import discord

from bot.i18n import languages
from bot.models import (
    Accuracy,
    Action,
    Appealed,
    AppealOutcome,
    Article,
    Case,
    Filter,
    Flag,
    Grounds,
    Guideline,
    Image,
    Left,
    Note,
    NoticeKind,
    Opinion,
    Penalty,
    Precedent,
    Purpose,
    Receipt,
    ReplyStatus,
    Reported,
    Request,
    Sanction,
    SanctionKind,
    Surroundings,
    View,
)
from cogs.ui.appeals import appeal_card
from cogs.ui.articles import article_card, article_preview, returned_article
from cogs.ui.buttons import button, texts
from cogs.ui.desk import desk_card, empty_desk
from cogs.ui.more import more_message
from cogs.ui.notices import ABOUT_APPEALS, HEADS, notice
from cogs.ui.queue import queue_page
from cogs.ui.replies import published_reply, receipt, reply_list, returned_text
from cogs.ui.reports import report_card, returned_report
from cogs.ui.review import review_card
from cogs.ui.sanctions import penalty_notice

if TYPE_CHECKING:
    from discord.ui import LayoutView
from tests.samples import A_REPORT, A_REPORT_CARD, AN_APPEAL, DECIDED, NOW, PARENT, REPLY, a_case, an_article

LATER = timedelta(minutes=9)
FLAGS = tuple(Flag("vocabulary", rule, 2, place * 60, 59) for rule in Guideline.BUILT_IN for place in range(10))
PRECEDENTS = tuple(
    Precedent(n, 10**9, status, Guideline.PERSONAL_ATTACK, 2**62, 2**62)
    for n, status in enumerate([ReplyStatus.PUBLISHED, ReplyStatus.REJECTED, ReplyStatus.REMOVED] * 10)
)


SANCTIONS = tuple(
    Sanction(
        2**62, 1, 2**62, kind, 2**62, NOW, NOW + LATER if kind in ("pause", "timeout") else None, sentence="*" * 500
    )
    for kind in SanctionKind
)
PENALTIES = [
    Penalty(
        1, 2, "en", sanction=sanction, number=10**9, passages=("*" * 900,) * 9, guideline=Guideline.SPAM,
        sentence="*" * 500,
    )
    for sanction in SANCTIONS
]  # fmt: skip


def worst_article() -> Article:
    return an_article(
        title=("*" * 250),
        summary="[" * 1500,
        site="_" * 200,
        authors=tuple("~" * 200 for _ in range(20)),
        image=Image("https://paper.example/a.png", "`" * 500, "a" * 3000),
        url="https://paper.example/" + "a" * 700,
    )


def many_reports(case: Case) -> Reported:
    """Open reports of a hundred members, each with as many words as there may be."""
    reports = tuple(replace(A_REPORT, reporter_id=2**62 + n, sentence="*" * 500) for n in range(25))
    accuracy = {report.reporter_id: Accuracy(10**6, 10**6) for report in reports}
    card = replace(A_REPORT_CARD, hidden_at=NOW)
    return Reported(card, case, reports, count=100, accuracy=accuracy)


def all_appeals(case: Case) -> list[Appealed]:
    """Appeals in every state, with as many words as there may be."""
    words, grounds = "*" * 500, Grounds(Guideline.PERSONAL_ATTACK, ("*" * 900,) * 9, "*" * 500)
    decided = {"decided_at": NOW, "decided_by": 12, "sentence": words}
    outcomes = [{"outcome": each, **decided} for each in AppealOutcome]
    cards = [replace(AN_APPEAL, reasons="*" * 1000, **state) for state in ({}, *outcomes)]
    cases = [replace(case, reply=replace(case.reply, blurred=blurred)) for blurred in (False, True)]
    return [Appealed(card, each, grounds) for card in cards for each in cases]


def burdened(case: Case) -> list[Case]:
    """The same after everything that can happen to a held reply: a request, notes, a second opinion, a blur, a veil."""
    words = "*" * 500
    case = replace(
        case,
        reply=replace(case.reply, passages=("p" * 900,) * 3, claimed_by=2**62, claimed_until=NOW + LATER),
        refusal="r" * 900,
        record=replace(case.record, strikes=(NOW + LATER,) * 99, sanctions=SANCTIONS),
        notes=tuple(Note(n, 1, 2, 2**62, words, NOW, 3) for n in range(3)),
        opinion=Opinion(
            id=1, reply_id=1, revision=99, purpose=Purpose.SECOND, asked_by=1, asked_at=NOW,
            first=View(Action.REJECT, Guideline.SPAM), moderator_id=None, second=None, sentence=words,
        ),
        request=Request(2**62, words, 98, "old " * 700, Guideline.SPAM, ("p" * 900,)),
    )  # fmt: skip
    return [
        replace(case, reply=replace(case.reply, blurred=blurred), is_blind=blind)
        for blurred in (False, True)
        for blind in (False, True)
    ]


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
            case = replace(case, flags=FLAGS, precedents=PRECEDENTS, copies=(2**60,) * 300, original=parent)
            about_it = Surroundings(burdened(case)[0], (parent,) * 5, ((case.reply, case.article),) * 5)
            views.append(more_message(about_it, lang, now=NOW))
            views += [review_card(case, lang, now=NOW), published_reply(case, lang, server_id=100)]
            views += [review_card(each, lang, now=NOW) for each in burdened(case)]
            wanted = Filter(2**40, "es-419", 10_080, flagged=True, first_voices=True, mine=True, calm=True)
            about = {"wanted": wanted, "held": 50, "now": NOW}
            views.append(desk_card(case, lang, news="n" * 900, decided=case.reply, offer="o" * 200, **about))
            views.append(empty_desk(Left(9, 9, 9), lang, wanted=wanted, news="n" * 900, decided=case.reply))
            views.append(queue_page([case.reply] * 8, lang, older=True, newer=True, **about))
            views += [receipt(Receipt(case.reply, 12), lang, note="n" * 300), report_card(many_reports(case), lang)]
            views += [appeal_card(each, lang) for each in all_appeals(case)]
            for each in all_appeals(case):
                views.append(receipt(Receipt(case.reply, 12, appeal=each.card), lang))
                views += [notice(kind, replace(case, appeal=each.card), lang) for kind in ABOUT_APPEALS]
            views.append(receipt(Receipt(case.reply, 12, may_appeal=True), lang))
            views.append(returned_report("n" * 300, "g" * 50, "*" * 9999, lang, button("reply:report-again", lang, 1)))
            views.append(returned_text("n" * 300, "*" * 3000, button("reply:again", lang, 1, 0)))
            views.append(returned_article("n" * 200, ["*" * 9999] * 3, button("article:byhand", lang)))
            views += [notice(kind, case, lang) for kind in HEADS]
            told = [NoticeKind.SANCTIONED, NoticeKind.LIFTED]
            views += [
                penalty_notice(kind, each, lang, server_name="*" * 100)
                for kind in told
                for each in PENALTIES[: 4 if kind is NoticeKind.LIFTED else 5]
            ]
            views.append(
                reply_list(
                    [(case.reply, worst_article())] * 10, lang, page=3, more=True, untold={7}, outcomes=["o" * 200] * 3
                )
            )
    return views


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
