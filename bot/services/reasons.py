"""Reasons: what a moderator chose, ticked and wrote becomes what the author is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import GuidelineUnknown, TextTooLong
from bot.models import Guideline, Picked
from bot.screening.sentences import passages
from bot.services import phrases
from bot.services.decisions import SENTENCE_LENGTH, read_sentence

if TYPE_CHECKING:
    from bot.models import Reply
    from bot.storage import Connection

MOST_PASSAGES = 25  # that a form offers
NOTHING_PICKED = Picked()


async def complete(
    conn: Connection, judged: Reply, *, guideline: str | None, sentence: str | None, picked: Picked
) -> dict[str, Any]:
    """The columns of a decision: guideline, sentence and passages, of the text that `judged` has.

    A saved phrase stands before the sentence; placeholders are filled in, in both.

    Raises GuidelineUnknown, PhraseUnknown or TextTooLong.
    """
    if guideline is not None and guideline not in list(Guideline):
        raise GuidelineUnknown
    rule = Guideline(guideline) if guideline is not None else None
    said = read_sentence(sentence)
    if said:
        said = await phrases.complete(conn, said, judged, guideline=rule, server_name=picked.server_name)
    if picked.phrase:
        phrase = await phrases.fill(conn, picked.phrase, judged, guideline=rule, server_name=picked.server_name)
        said = f"{phrase} {said}" if said else phrase
    if said and len(said) > SENTENCE_LENGTH:
        raise TextTooLong(length=len(said), limit=SENTENCE_LENGTH)
    offered = offer(judged.text)
    ticked = [offered[place] for place in sorted(set(picked.passages)) if 0 <= place < len(offered)]
    return {"guideline": rule, "sentence": said, "passages": ticked}


def offer(text: str) -> list[str]:
    """The passages of a text that can be ticked, in their order."""
    return [passage.strip() for passage in passages(text, MOST_PASSAGES)]
