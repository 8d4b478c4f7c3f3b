"""What a moderator decides, on what grounds, and what members complain about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.articles import Article
    from bot.models.opinions import Opinion
    from bot.models.replies import Reply


class Guideline(StrEnum):
    """The rules of the comment notice; a rejection names one."""

    HATE_SPEECH = "hate_speech"
    OBSCENITY = "obscenity"
    PERSONAL_ATTACK = "personal_attack"
    DISRESPECT = "disrespect"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Record:
    """How an author's earlier replies in this server were decided."""

    published: int
    rejected: int


@dataclass(frozen=True, slots=True)
class Request:
    """What a moderator asked an author to change."""

    moderator_id: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a review card or a published reply shows."""

    reply: Reply
    article: Article
    record: Record
    parent: Reply | None = None
    request: Request | None = None  # to which the present revision is the answer
    refusal: str | None = None  # why Discord refuses to publish it, in Discord's words
    opinion: Opinion | None = None  # a second opinion that was asked for, on the present revision of a held reply
    is_blind: bool = False  # who wrote it is not to be shown, nor anything that tells


@dataclass(frozen=True, slots=True)
class Pile:
    """Held replies that a moderator looks at together."""

    approvable: int
    own: int  # written by that moderator
    unseen: int  # whose cards do not show the text as it is now


@dataclass(frozen=True, slots=True)
class Report:
    """A member's complaint about a published reply."""

    id: int
    server_id: int
    reply_id: int
    reporter_id: int
    created_at: datetime
    tried: bool = False  # the moderators may have been told before
