"""What a member writes, from the draft to the published reply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.models.appeals import Appeal
    from bot.models.guidelines import Guideline, GuidelineCard, Wording


class ReplyStatus(StrEnum):
    """Where a reply stands; `design.md` draws the transitions."""

    PENDING = "pending"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"  # decided, not visible yet
    PUBLISHED = "published"  # visible in the thread
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    DUPLICATE = "duplicate"  # of another reply, which is approved or was decided for both


class Badge(StrEnum):
    """What readers are told about who wrote a reply, as it was when it was sent."""

    AUTHOR = "author"  # of the article: an editor has linked them
    STAFF = "staff"  # a moderator, an editor, or who manages the server


CHANGEABLE = frozenset({ReplyStatus.PENDING, ReplyStatus.CHANGES_REQUESTED})  # by the author, who may also withdraw
CLAIM = timedelta(minutes=10)  # that a reply is a moderator's to decide: others see it, and may take over


@dataclass(frozen=True, slots=True)
class Author:
    """A member as they are at the moment they write."""

    id: int
    name: str  # display name in the server
    avatar_url: str | None
    language: str  # Discord's locale: "ru", "en-US"
    joined_at: datetime | None = None  # the server


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as typed, not stored yet."""

    server_id: int
    article_id: int
    parent_id: int | None  # None answers the article itself
    author: Author
    text: str
    interaction_id: int  # of the form: a second delivery of the same form is the same reply
    is_staff: bool = False  # its author has a role of `/setup`, or manages the server


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member wrote, and how far it has come."""

    id: int
    number: int  # per server, shown to people as "#1042"
    server_id: int
    article_id: int
    parent_id: int | None
    author: Author
    text: str  # of the latest revision
    revision: int  # 1, 2, …: a decision names the revision it judged
    status: ReplyStatus
    submitted_at: datetime
    decided_by: int | None = None
    decided_at: datetime | None = None
    guideline: Guideline | None = None
    sentence: str | None = None  # the moderator's words to the author
    card_message_id: int | None = None  # None until a review card is posted
    card_channel_id: int | None = None  # where that card is
    card_shows: str | None = None  # what the card was last drawn for; see `Reply.card_key`
    message_id: int | None = None  # None until published
    attempted_at: datetime | None = None  # of a publication whose outcome is not recorded yet
    card_attempted_at: datetime | None = None  # likewise of its review card: of the first attempt
    card_version: int = 0  # counts what changes the card beside the text and the status
    queued_at: datetime | None = None  # its place among the held ones; None once, before it is stored
    voice: int = 0  # how many replies its author had sent on this article before
    severity: int = 0  # of its flags: 0 none, 1 some, 2 severe
    blurred: bool = False  # moderators tap to see the text
    claimed_by: int | None = None
    claimed_until: datetime | None = None
    appears_at: datetime | None = None  # when approved: published from then on
    copy_of_id: int | None = None  # a near-identical reply whose card stands for this one, or whose duplicate it is
    passages: tuple[str, ...] = ()  # the author's words that the decision is about
    hidden: bool = False  # from readers, until reports about it are decided
    badge: Badge | None = None
    by_role: bool = False  # no moderator approved it: its author is staff, who need not wait here
    appealed: bool = False  # its author objects to the decision: who took it is not shown until that is decided

    def claimant(self, now: datetime) -> int | None:
        """The moderator who has it open for a decision at that moment; None when it is free."""
        is_claimed = self.status is ReplyStatus.PENDING and self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by if is_claimed else None

    def as_held(self) -> Reply:
        """The reply as it stood before its decision."""
        return replace(
            self,
            status=ReplyStatus.PENDING,
            decided_by=None,
            decided_at=None,
            by_role=False,
            guideline=None,
            sentence=None,
            passages=(),
            message_id=None,
            appears_at=None,
            claimed_by=None,
            claimed_until=None,
        )

    @property
    def may_be_visible(self) -> bool:
        """True once its message may stand in the thread: people press its buttons before that is recorded."""
        return self.status == ReplyStatus.PUBLISHED or (
            self.status == ReplyStatus.APPROVED and self.attempted_at is not None
        )

    @property
    def revision_on_card(self) -> int:
        """The revision that moderators have seen; the first as long as there is no card."""
        return int(self.card_shows.split(":")[1]) if self.card_shows else 1

    @property
    def card_key(self) -> str:
        """What a review card must show now; differs from `card_shows` when the card is out of date."""
        return f"{self.status}:{self.revision}:{self.card_version}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author gets back: where the reply is."""

    reply: Reply
    ahead: int  # held replies of this server that come earlier in the queue, counted up to `COUNTED`
    usual_wait: timedelta | None = None  # from sending to decision, the median of late; None: too few to tell
    letters_minutes: int | None = None  # once approved, it appears together with others
    reviewed_from: datetime | None = None  # nobody is on duty before
    cited: Wording | None = None  # what the guideline of its decision said that day
    guidelines: GuidelineCard | None = None  # where they are posted
    decider_id: int | None = None  # the moderator whom the author may be told of
    appeal: Appeal | None = None  # the latest, about this revision
    may_appeal: bool = False
