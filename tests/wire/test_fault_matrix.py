"""Whatever fails between the bot and Discord, whatever it is doing: done once, and recorded as done once.

A table's line: the fault, what comes of it, and how many requests reach Discord.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire import matrix

if TYPE_CHECKING:
    from tests.wire.matrix import Outcomes

pytestmark = pytest.mark.xdist_group("fault matrix")  # one process runs the bot for all of these tests

WAITED, PUT_OFF = "sent again when Discord wants it", "put off and done later"
REPEATED = "repeated at once with its nonce and still the only one"
ADOPTED, LOOKED_FOR = "looked for and adopted", "looked for in vain and done again"
TOLD_TWICE = "sent again with its nonce and still the only one"

MESSAGE = {
    "429 with Via": (WAITED, 2),
    "429 without Via": (PUT_OFF, 2),
    "500 after the effect": (REPEATED, 2),
    "502 after the effect": (REPEATED, 2),
    "503 after the effect": (ADOPTED, 1),
    "reset before the effect": (LOOKED_FOR, 2),
    "reset after the effect": (ADOPTED, 1),
    "timeout after the effect": (ADOPTED, 1),
}
PUBLICATION = MESSAGE | {"500 after the effect": (ADOPTED, 1), "502 after the effect": (ADOPTED, 1)}
THERE, SPARE = "asked for again and found there", "repeated at once and the spare one deleted"
THREAD = {
    fault: (THERE, 2) if "after the effect" in fault else ("asked for again", 2) if "before" in fault else outcome
    for fault, outcome in MESSAGE.items()
}
WEBHOOK = MESSAGE | {"500 after the effect": (SPARE, 2), "502 after the effect": (SPARE, 2)}
NOTICE = {fault: (words.replace(ADOPTED, TOLD_TWICE), 2) for fault, (words, _) in MESSAGE.items()}
NOTICE["reset before the effect"] = ("sent again", 2)
ANSWER = {
    fault: ("answered again and found answered" if "after the effect" in fault else "answered again", 2)
    for fault in matrix.FAULTS
} | {"429 without Via": ("not answered", 1)}


def cells(table: dict[str, tuple[str, int]]) -> Any:
    """A test for each fault; its title says what comes of it."""
    params = [pytest.param(fault, requests, id=f"{fault}: {words}") for fault, (words, requests) in table.items()]
    return pytest.mark.parametrize(("fault", "requests"), params)


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return asyncio.run(matrix.run(tmp_path_factory.mktemp("matrix")))


@cells(MESSAGE)
def test_an_article_card_is_posted_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    card = outcomes["article", fault]

    assert card.requests == requests
    assert card.seen == card.recorded
    assert len(card.seen) == 1


@cells(THREAD)
def test_a_thread_is_made_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    thread = outcomes["thread", fault]

    assert thread.requests == requests
    assert thread.seen == thread.recorded
    assert len(thread.seen) == 1


@cells(WEBHOOK)
def test_a_webhook_is_made_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    webhook = outcomes["webhook", fault]

    assert webhook.requests == requests
    assert webhook.seen == webhook.recorded
    assert len(webhook.seen) == 1


@cells(MESSAGE)
def test_a_review_card_is_posted_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    card = outcomes["card", fault]

    assert card.requests == requests
    assert card.seen == card.recorded
    assert len(card.seen) == 1
    assert card.entries == ["submit"]


@cells(PUBLICATION)
def test_a_reply_is_published_by_the_webhook_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    publication = outcomes["publication", fault]

    assert publication.requests == requests
    assert publication.seen == publication.recorded
    assert len(publication.seen) == 1
    assert publication.entries == ["submit", "approve", "publish"]
    assert publication.decisions == 1


@cells(ANSWER)
def test_a_reply_is_stored_once_and_its_author_told_so(outcomes: Outcomes, fault: str, requests: int) -> None:
    receipt = outcomes["receipt", fault]
    first, second = receipt.told

    assert receipt.requests == requests
    assert ("held for review" in first) == (requests == 2)  # the client says "This interaction failed" otherwise
    assert "You have already sent this reply" in second
    assert receipt.entries == ["submit"]
    assert receipt.seen == receipt.recorded
    assert len(receipt.seen) == 1
    assert receipt.others_answered


@cells(ANSWER)
def test_a_moderators_press_decides_once_and_shows_it(outcomes: Outcomes, fault: str, requests: int) -> None:
    press = outcomes["press", fault]

    assert press.requests == requests
    assert ("approved by" in press.told[0]) == (requests == 2)
    assert press.entries == ["submit", "approve", "publish"]
    assert press.decisions == 1
    assert press.seen == press.recorded
    assert len(press.seen) == 1
    assert press.others_answered


@cells(NOTICE)
def test_an_author_is_told_once_by_direct_message(outcomes: Outcomes, fault: str, requests: int) -> None:
    notice = outcomes["notice", fault]

    assert notice.requests == requests
    assert len(notice.seen) == 1
    assert len(notice.recorded) == 1
    assert notice.entries == ["submit", "reject"]
    assert notice.decisions == 1
