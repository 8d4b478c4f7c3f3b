"""What a moderator decides, on what grounds, and what members complain about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.appeals import Appeal
    from bot.models.articles import Article
    from bot.models.flags import Flag
    from bot.models.guidelines import Guideline, Wording
    from bot.models.notes import Note
    from bot.models.opinions import Opinion
    from bot.models.replies import Reply, ReplyStatus
    from bot.models.sanctions import Sanction


@dataclass(frozen=True, slots=True)
class Record:
    """How an author's earlier replies in this server were decided."""

    published: int
    rejected: int
    guidelines: tuple[tuple[Guideline, int], ...] = ()  # under which how many were rejected, the most first
    here: int = 0  # of this author, held or visible on the same article
    of: int = 0  # of everybody there, up to MOST_COUNTED
    strikes: tuple[datetime, ...] = ()  # when each of those that were not lifted expires
    sanctions: tuple[Sanction, ...] = ()  # not lifted, trials aside


MOST_COUNTED = 500  # replies on one article that a card counts; more are as good as many


@dataclass(frozen=True, slots=True)
class Precedent:
    """A near-identical reply and how it was decided."""

    reply_id: int
    number: int
    status: ReplyStatus
    guideline: Guideline | None
    thread_id: int | None
    message_id: int | None  # None unless it is published


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was said around a reply, and what else its author has written in this server."""

    case: Case
    around: tuple[Reply, ...]  # what it answers, and what was said beside it before; oldest first
    earlier: tuple[tuple[Reply, Article | None], ...]  # newest first


@dataclass(frozen=True, slots=True)
class Picked:
    """What a moderator picks in a form, beside a guideline and a sentence, to say why."""

    passages: tuple[int, ...] = ()  # the places of the sentences ticked, in the text judged
    phrase: str | None = None  # the name of a saved one
    server_name: str = ""  # for a phrase that says it


@dataclass(frozen=True, slots=True)
class Phrase:
    """A moderator's sentence, saved to be used again; `{author}` and the like are filled in each time."""

    name: str  # unique in its server, in small letters
    text: str
    moderator_id: int  # who saved it
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """What a moderator asked an author to change."""

    moderator_id: int
    sentence: str
    revision: int = 1  # the one judged
    text: str = ""  # of that revision
    guideline: Guideline | None = None
    passages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a review card or a published reply shows."""

    reply: Reply
    article: Article
    record: Record
    parent: Reply | None = None
    request: Request | None = None  # to which the present revision is the answer
    refusal: str | None = None  # why Discord refuses to publish it, in Discord's words
    flags: tuple[Flag, ...] = ()  # of the present revision
    precedents: tuple[Precedent, ...] = ()  # decided ones that are near-identical, the newest first
    copies: tuple[int, ...] = ()  # the authors of held near-identical replies for which this card stands, one for each
    original: Reply | None = None  # of which this is a duplicate
    notes: tuple[Note, ...] = ()  # the latest about its author, while it is held
    opinion: Opinion | None = None  # a second opinion that was asked for, on the present revision of a held reply
    cited: Wording | None = None  # what the guideline of its decision said that day, in its author's language
    decider_id: int | None = None  # the moderator whom its author may be told of
    is_blind: bool = False  # who wrote it is not to be shown, nor anything that tells
    appeal: Appeal | None = None  # against the decision on this revision, the latest
