"""Troubles as code: what a person has to mend, a part of the glossary in `bot/models`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class TroubleKind(StrEnum):
    """What keeps Standfirst from doing its work until somebody mends it; the subject is named behind each."""

    SEAL_BROKEN = "seal_broken"  # the role or member that may write
    ARTICLES_GONE = "articles_gone"  # the channel
    REVIEW_GONE = "review_gone"  # the channel
    MODERATORS_GONE = "moderators_gone"  # the role
    EDITORS_GONE = "editors_gone"  # the role
    PERMISSION_MISSING = "permission_missing"  # the channel
    ACCESS_REFUSED = "access_refused"  # the channel in which Discord refuses what the permissions seem to allow
    WEBHOOKS_FULL = "webhooks_full"  # the channel
    CARD_GONE = "card_gone"  # the article
    THREAD_GONE = "thread_gone"  # the article
    REFUSED = "refused"  # the reply that Discord refuses to publish
    TIMEOUT_REFUSED = "timeout_refused"  # the sanction that Discord does not let us carry out
    DOUBLE = "double"  # the message that stands in a discussion a second time


# What a look at the roles and channels of a server shows, whatever was told of it before.
SEEN = frozenset(
    {
        TroubleKind.ARTICLES_GONE,
        TroubleKind.REVIEW_GONE,
        TroubleKind.MODERATORS_GONE,
        TroubleKind.EDITORS_GONE,
        TroubleKind.PERMISSION_MISSING,
    }
)


@dataclass(frozen=True, slots=True)
class Found:
    """A trouble as it was seen, not yet written down."""

    kind: TroubleKind
    subject_id: int
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person has to mend; the moderators are told once, and once more when it is mended."""

    id: int
    server_id: int
    kind: TroubleKind
    subject_id: int  # Discord's id or ours, by kind
    details: dict[str, Any]  # what the sentence about it needs: names, ids, permissions
    noticed_at: datetime
    mended_at: datetime | None = None
    channel_id: int | None = None  # where the moderators were told
    message_id: int | None = None  # None until they were
