"""The rules of a discussion: which there are, and how a server words them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import datetime


class Guideline(str):
    """A rule by its key: one of those built in, or one that a server has added. A rejection names one."""

    __slots__ = ()

    HATE_SPEECH: ClassVar[Guideline]
    OBSCENITY: ClassVar[Guideline]
    PERSONAL_ATTACK: ClassVar[Guideline]
    DISRESPECT: ClassVar[Guideline]
    SPAM: ClassVar[Guideline]
    BUILT_IN: ClassVar[tuple[Guideline, ...]]

    @property
    def value(self) -> str:
        """The key."""
        return str(self)


Guideline.HATE_SPEECH = Guideline("hate_speech")
Guideline.OBSCENITY = Guideline("obscenity")
Guideline.PERSONAL_ATTACK = Guideline("personal_attack")
Guideline.DISRESPECT = Guideline("disrespect")
Guideline.SPAM = Guideline("spam")
Guideline.BUILT_IN = (
    Guideline.HATE_SPEECH,
    Guideline.OBSCENITY,
    Guideline.PERSONAL_ATTACK,
    Guideline.DISRESPECT,
    Guideline.SPAM,
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What people read of a guideline in one language; never changed, only followed by another."""

    guideline: Guideline
    language: str  # ISO 639-1
    title: str
    text: str
    covered: str = ""  # examples of what it does not allow
    uncovered: str = ""  # examples of what stays allowed
    written_by: int | None = None  # None: built in
    written_at: datetime | None = None
    id: int | None = None  # None: built in, and not cited yet


@dataclass(frozen=True, slots=True)
class GuidelineCard:
    """The guidelines as they are posted in a channel."""

    id: int
    server_id: int
    channel_id: int
    message_id: int | None  # None until it is posted
    version: int  # counts what changes it
    shows: int | None  # the version it was last drawn for
    posted_at: datetime
    attempted_at: datetime | None = None  # it was sent first then, and that is not recorded yet
    replaced_at: datetime | None = None  # another one took its place: this one is to be deleted
