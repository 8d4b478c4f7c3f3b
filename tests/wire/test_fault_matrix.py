"""Whatever fails between the bot and Discord, whatever it is doing: done once, and recorded as done once.

All of it happens once, in one process and at the same time (`matrix.py`); each test looks at what became of one act.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.wire import matrix

if TYPE_CHECKING:
    from tests.wire.matrix import Outcomes

# What comes of a fault, and how many requests reach Discord.
WAITED = ("sent again when Discord wants it", 2)
PUT_OFF = ("put off and done later", 2)
REPEATED = ("repeated at once", 2)
NONCE = ("repeated at once with its nonce and still the only one", 2)
SPARE = ("repeated at once and the spare one deleted", 2)
LATER = ("done again later", 2)
AGAIN = ("looked for in vain and done again", 2)
ADOPTED = ("looked for and adopted", 1)
THERE = ("asked for again and found there", 2)
ANSWERED = ("answered again", 2)
TAKEN = ("answered again and found answered", 2)
UNANSWERED = ("not answered", 1)

ACTS = ("message", "thread", "webhook", "publication", "answer", "notice")
EXPECTED = {
    "429 with Via": (WAITED, WAITED, WAITED, WAITED, ANSWERED, WAITED),
    "429 without Via": (PUT_OFF, PUT_OFF, PUT_OFF, PUT_OFF, UNANSWERED, PUT_OFF),
    "500 before the effect": (REPEATED, REPEATED, REPEATED, AGAIN, ANSWERED),
    "502 before the effect": (REPEATED, REPEATED, REPEATED, AGAIN, ANSWERED),
    "503 before the effect": (AGAIN, LATER, AGAIN, AGAIN, ANSWERED),
    "500 after the effect": (NONCE, THERE, SPARE, ADOPTED, TAKEN, NONCE),
    "502 after the effect": (NONCE, THERE, SPARE, ADOPTED, TAKEN, NONCE),
    "503 after the effect": (ADOPTED, THERE, ADOPTED, ADOPTED, TAKEN, ADOPTED),
    "reset before the effect": (AGAIN, LATER, AGAIN, AGAIN, ANSWERED, AGAIN),
    "reset after the effect": (ADOPTED, THERE, ADOPTED, ADOPTED, TAKEN, ADOPTED),
    "timeout after the effect": (ADOPTED, THERE, ADOPTED, ADOPTED, TAKEN, ADOPTED),
    "20 s late": (ADOPTED, THERE, ADOPTED, ADOPTED, ANSWERED, ADOPTED),
}


def under_each_fault(act: str) -> Any:
    """A test for each fault; its title says what comes of it."""
    params = []
    for fault, outcomes in EXPECTED.items():
        if act in ACTS[: len(outcomes)]:
            words, requests = outcomes[ACTS.index(act)]
            params.append(pytest.param(fault, requests, id=f"{fault}: {words}"))
    return pytest.mark.parametrize(("fault", "requests"), params)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> matrix.Run:
    return asyncio.run(matrix.run(tmp_path_factory.mktemp("matrix")))


@pytest.fixture(scope="module")
def outcomes(run: matrix.Run) -> Outcomes:
    return run.outcomes


@under_each_fault("message")
def test_an_article_card_is_posted_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    card = outcomes["article", fault]

    assert card.requests == requests
    assert card.seen == card.recorded
    assert len(card.seen) == 1


@under_each_fault("thread")
def test_a_thread_is_made_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    thread = outcomes["thread", fault]

    assert thread.requests == requests
    assert thread.seen == thread.recorded
    assert len(thread.seen) == 1


@under_each_fault("webhook")
def test_a_webhook_is_made_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    webhook = outcomes["webhook", fault]

    assert webhook.requests == requests
    assert webhook.seen == webhook.recorded
    assert len(webhook.seen) == 1


@under_each_fault("message")
def test_a_review_card_is_posted_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    card = outcomes["card", fault]

    assert card.requests == requests
    assert card.seen == card.recorded
    assert len(card.seen) == 1
    assert card.entries == ["submit"]


@under_each_fault("publication")
def test_a_reply_is_published_by_the_webhook_once(outcomes: Outcomes, fault: str, requests: int) -> None:
    publication = outcomes["publication", fault]

    assert publication.requests == requests
    assert publication.seen == publication.recorded
    assert len(publication.seen) == 1
    assert publication.entries == ["submit", "approve", "publish"]
    assert publication.decisions == 1


@under_each_fault("answer")
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


@under_each_fault("answer")
def test_a_moderators_press_decides_once_and_shows_it(outcomes: Outcomes, fault: str, requests: int) -> None:
    press = outcomes["press", fault]

    assert press.requests == requests
    assert ("approved by" in press.told[0]) == (requests == 2)
    assert press.entries == ["submit", "approve", "publish"]
    assert press.decisions == 1
    assert press.seen == press.recorded
    assert len(press.seen) == 1
    assert press.others_answered


@under_each_fault("notice")
def test_an_author_is_told_once_by_direct_message(outcomes: Outcomes, fault: str, requests: int) -> None:
    notice = outcomes["notice", fault]

    assert notice.requests == requests
    assert len(notice.seen) == 1
    assert len(notice.recorded) == 1
    assert notice.entries == ["submit", "reject"]
    assert notice.decisions == 1


def test_nothing_that_fails_in_discord_is_taken_for_a_bug(run: matrix.Run) -> None:
    assert "ERROR" not in run.output
    assert "Traceback" not in run.output
