"""How the bot answered one act of one person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from simcord.backend.models import ResponseKind

from bot.demo import sight

if TYPE_CHECKING:
    from simcord.backend.models import Interaction

    from bot.demo.discord_server import SimulatedDiscord
    from bot.demo.forms import Form


class AnswerKind(StrEnum):
    """How the bot answered."""

    MESSAGE = "message"
    UPDATE = "update"  # of the message whose button was pressed
    DEFERRED = "deferred"  # "… is thinking"
    DEFERRED_UPDATE = "deferred_update"
    MODAL = "modal"
    CHOICES = "autocomplete"
    FAILED = "failed"  # "This interaction failed": nothing came within three seconds


@dataclass
class Answer:
    """What the bot answered to one act of one person."""

    kind: AnswerKind
    seconds: float  # from the press to the acknowledgement
    form: Form | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    _discord: SimulatedDiscord | None = field(default=None, repr=False)
    _record: Interaction | None = field(default=None, repr=False)

    @property
    def failed(self) -> bool:
        """Whether the client said "This interaction failed"."""
        return self.kind is AnswerKind.FAILED

    @property
    def message(self) -> dict[str, Any] | None:
        """The message that answers, or that was updated, as it is now; None when there is none (any more)."""
        return self._payload(self._record.message_id) if self._record is not None else None

    @property
    def followups(self) -> list[dict[str, Any]]:
        """What the bot sent after its answer."""
        sent = [self._payload(message_id) for message_id in (self._record.followup_ids if self._record else ())]
        return [payload for payload in sent if payload is not None]

    @property
    def channel_id(self) -> int:
        """The channel that Discord puts the answer in; 0 when nothing was asked."""
        return self._record.channel_id if self._record is not None else 0

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who acted sees it."""
        return bool(self._record is not None and self._record.ephemeral)

    @property
    def text(self) -> str:
        """All the text of the answering message; empty when there is none."""
        return sight.text(self.message) if self.message is not None else ""

    async def finished(self, seconds: float = 10) -> Answer:
        """Wait until a deferred answer has been replaced by the real one; raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while self._discord is not None and self._record is not None and self._is_waiting(self._record):
                await self._discord.visible.wait(self._discord.visible.count)
        return self

    def _is_waiting(self, record: Interaction) -> bool:
        return record.response_kind is ResponseKind.DEFERRED and not record.followup_ids

    def _payload(self, message_id: int | None) -> dict[str, Any] | None:
        if self._discord is None or self._record is None or message_id is None:
            return None
        message = self._discord.backend.messages.get(self._record.channel_id, {}).get(message_id)
        return sight.message_payload(self._discord, message, self._record.user_id) if message is not None else None
