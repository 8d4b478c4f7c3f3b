"""One bad reply from its submission over the ladder to the appeal upheld: every text that people read, literally.

It happens once for each language, with direct messages open and closed, all at the same time (`story.py`). The texts
stand in `story.en-US.txt` and `story.ru.txt`: `===` says who reads them when, `---` stands between two messages.
"""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.wire.story import LISTED, Told, Words, tell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENGLISH = Words(
    locale="en-US",
    newspaper="The Harbour Courier",
    title="The bridge stays closed",
    bad="The mayor’s answer was idiotic. Why is the bridge still closed after a year?",
    passage="The mayor’s answer was idiotic.",
    worse="You must all be blind.",
    worst="Go back to school, the lot of you.",
    better="I walk an hour every day because of that bridge.",
    to_author="Please leave the mayor’s wits out of it.",
    reasons="I mean his answer, not him.\nHard words about what he has decided are allowed.",
    verdict="You are right: it is about the answer.",
)
RUSSIAN = Words(
    locale="ru",
    newspaper="Портовый вестник",
    title="Мост остаётся закрытым",
    bad="Ответ мэра — идиотский. Почему мост закрыт уже год?",
    passage="Ответ мэра — идиотский.",
    worse="Вы тут все ослепли, что ли?",
    worst="Идите учиться в школу, умники.",
    better="Из-за этого моста я каждый день хожу пешком лишний час.",
    to_author="Об уме мэра, пожалуйста, не надо.",
    reasons="Речь об ответе мэра, а не о нём самом.\nРезкие слова о его решениях разрешены.",
    verdict="Вы правы: речь об ответе.",
    join="Присоединиться к обсуждению",
    have_read="Я прочитал(а)",
    approve="Одобрить",
    reject="Отклонить",
    understand="Понятно",
    appeal="Обжаловать",
    uphold="Удовлетворить",
)

BENEATH = {
    "en-US": "-# Discord did not let me tell you this by direct message.",
    "ru": "-# Discord не позволил сообщить вам об этом в личном сообщении.",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return asyncio.run(tell(tmp_path_factory.mktemp("story"), (ENGLISH, RUSSIAN)))


@pytest.fixture(params=["en-US", "ru"])
def locale(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def transcript(texts: Mapping[str, Sequence[str]]) -> str:
    """Who reads what, by when, as it stands in the files beside this one."""
    return "\n".join(f"=== {when}\n" + "\n---\n".join(read) for when, read in texts.items()) + "\n"


def expected(locale: str, *, without: str) -> str:
    """The transcript of a language, without one of its parts."""
    whole = (Path(__file__).parent / f"story.{locale}.txt").read_text(encoding="utf-8")
    parts = re.split("^=== ", whole, flags=re.MULTILINE)
    return "=== ".join(part for part in parts if not part.startswith(f"{without}\n"))


def test_every_text_from_the_reply_to_the_appeal_upheld_is_as_it_is_written_down(told: Told, locale: str) -> None:
    story = told.stories[locale, True]

    assert transcript(story.read) == expected(locale, without=LISTED[False])
    assert story.reasons_why == set()


def test_with_direct_messages_closed_the_same_texts_are_shown_at_the_next_press_and_listed(
    told: Told, locale: str
) -> None:
    story = told.stories[locale, False]

    assert transcript(story.read) == expected(locale, without=LISTED[True])
    assert story.reasons_why == {BENEATH[locale]}
    assert story.desk.jonas.direct_messages() == []


def test_nothing_has_gone_wrong_meanwhile(told: Told) -> None:
    assert "Traceback" not in told.output
    assert "is not shown" not in told.output
