"""What `/setup` chose in a Discord server."""

from __future__ import annotations

from dataclasses import dataclass


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
