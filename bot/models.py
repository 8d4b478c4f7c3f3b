"""The glossary as code: every noun of Standfirst as a frozen dataclass or an enum."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class ReplyStatus(StrEnum):
    """Where a reply stands; `design.md` draws the transitions."""

    PENDING = "pending"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"  # decided, not visible yet
    PUBLISHED = "published"  # visible in the thread
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


CHANGEABLE = frozenset({ReplyStatus.PENDING, ReplyStatus.CHANGES_REQUESTED})  # by the author, who may also withdraw


class Guideline(StrEnum):
    """The rules of the comment notice; a rejection names one."""

    HATE_SPEECH = "hate_speech"
    OBSCENITY = "obscenity"
    PERSONAL_ATTACK = "personal_attack"
    DISRESPECT = "disrespect"
    SPAM = "spam"


class Action(StrEnum):
    """What an audit entry says was done."""

    SET_UP = "set_up"
    SETTING_CHANGED = "setting_changed"
    ARTICLE_POSTED = "article_posted"
    ARTICLE_CLOSED = "article_closed"
    ARTICLE_REOPENED = "article_reopened"
    ARTICLE_POSTED_AGAIN = "article_posted_again"  # its card or its discussion had been deleted
    SUBMIT = "submit"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    PUBLISH = "publish"
    SEND_BACK = "send_back"  # Discord refuses to publish an approved reply
    UNDO = "undo"
    REMOVE = "remove"
    REPORT = "report"
    SEAL_REPAIRED = "seal_repaired"
    GUARD = "guard"  # somebody typed where only the bot publishes


class ArticleStatus(StrEnum):
    """A draft is seen by its editor alone; an open article takes replies."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Image:
    """A lead image. Shown only when its credit is known."""

    url: str
    credit: str  # as printed by the source, without "Image by": "hellium666 (CC BY-NC 2.0)"
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from a web page or typed by an editor: an article before it is stored."""

    title: str
    summary: str
    url: str | None = None  # where it was read; None when written by hand without a link
    canonical_url: str | None = None  # what two addresses of the same article share
    site: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None  # ISO 639-1: "en"
    published_at: datetime | None = None
    image: Image | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """The piece discussed, with the places in Discord that belong to it."""

    id: int
    server_id: int
    editor_id: int
    status: ArticleStatus
    page: Page
    created_at: datetime
    channel_id: int | None = None  # the sealed channel its card is in
    card_message_id: int | None = None  # None until the card is posted
    thread_id: int | None = None  # None until the thread is made
    attempted_at: datetime | None = None  # when a card was sent first whose outcome is not recorded yet


@dataclass(frozen=True, slots=True)
class Author:
    """A member as they are at the moment they write."""

    id: int
    name: str  # display name in the server
    avatar_url: str | None
    language: str  # Discord's locale: "ru", "en-US"


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply as typed, not stored yet."""

    server_id: int
    article_id: int
    parent_id: int | None  # None answers the article itself
    author: Author
    text: str
    interaction_id: int  # of the form: a second delivery of the same form is the same reply


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

    @property
    def may_be_visible(self) -> bool:
        """True once its message may stand in the thread: people press its buttons before that is recorded."""
        return self.status == ReplyStatus.PUBLISHED or (
            self.status == ReplyStatus.APPROVED and self.attempted_at is not None
        )

    @property
    def revision_on_card(self) -> int:
        """The revision that moderators have seen; the first as long as there is no card."""
        return int(self.card_shows.rpartition(":")[2]) if self.card_shows else 1

    @property
    def card_key(self) -> str:
        """What a review card must show now; differs from `card_shows` when the card is out of date."""
        return f"{self.status}:{self.revision}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the author gets back: where the reply is."""

    reply: Reply
    ahead: int  # held replies of this server that were submitted earlier
    usual_wait: timedelta | None = None  # from sending to decision, the median of late; None: too few to tell


@dataclass(frozen=True, slots=True)
class Pile:
    """Held replies that a moderator looks at together."""

    approvable: int
    own: int  # written by that moderator
    unseen: int  # whose cards do not show the text as it is now


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


@dataclass(frozen=True, slots=True)
class Server:
    """A Discord server and what `/setup` chose in it. None: not chosen yet."""

    id: int
    articles_channel_id: int | None = None
    review_channel_id: int | None = None
    moderator_role_id: int | None = None
    editor_role_id: int | None = None
    language: str = "en-US"  # of texts that no single person asked for, such as review cards

    @property
    def is_set_up(self) -> bool:
        """True when articles can be posted and replies reviewed."""
        return self.articles_channel_id is not None and self.review_channel_id is not None


@dataclass(frozen=True, slots=True)
class Webhook:
    """The bot's own webhook in a sealed channel, by which replies are published."""

    channel_id: int
    id: int
    token: str


class NoticeKind(StrEnum):
    """What a member is told by direct message."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    CHANGES_REQUESTED = "changes_requested"
    REMOVED = "removed"


class NoticeStatus(StrEnum):
    """REFUSED: Discord would not deliver it; `/my replies` still shows what it says."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Notice:
    """A direct message to an author about one reply."""

    id: int
    reply_id: int
    member_id: int
    kind: NoticeKind
    status: NoticeStatus
    created_at: datetime
    tried: bool = False  # it may have been sent before


@dataclass(frozen=True, slots=True)
class Report:
    """A member's complaint about a published reply."""

    id: int
    server_id: int
    reply_id: int
    reporter_id: int
    created_at: datetime
    tried: bool = False  # the moderators may have been told before


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Proof of who did what; `digest` covers this entry and the one before it."""

    server_id: int
    sequence: int  # 1, 2, … per server, without gaps
    at: datetime
    actor_id: int
    action: Action
    subject_id: int | None
    details: str  # JSON
    digest: str
