"""The five steps that the page suggests, ticked off as they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.demo.sight import buttons

if TYPE_CHECKING:
    from bot.demo.people import Answer

JOIN, REPLY, APPROVE, READ, MORE = range(5)


class Steps:
    """What has been tried so far, by anybody, in any window."""

    def __init__(self) -> None:
        self.done = [False] * 5
        self._sent: set[tuple[int, str]] = set()

    def acted(self, act: str, person_id: int, body: dict[str, Any], answer: Answer) -> None:
        """Look at one act and its answer."""
        name = str(body.get("name", ""))
        if act == "press" and name.startswith("article:join") and answer.form is not None:
            self.done[JOIN] = True
        if act == "press" and name.startswith("review:approve") and answer.kind == "update":
            self.done[APPROVE] = True
        if act == "send" and not answer.failed:
            self._form_sent(person_id, body, answer)

    def _form_sent(self, person_id: int, body: dict[str, Any], answer: Answer) -> None:
        form = str(body.get("custom_id", ""))
        if form.startswith("form:reject"):
            self.done[MORE] = True
        if form.startswith("form:reply") and _is_receipt(answer):
            sent = (person_id, str(body["values"].get("text", "")).strip().casefold())
            self.done[MORE] |= sent in self._sent
            self._sent.add(sent)
            self.done[REPLY] = True

    def seen(self, channel: dict[str, Any] | None, messages: list[dict[str, Any]]) -> None:
        """Look at what somebody has open."""
        if channel is not None and channel["thread"] and any("webhook_id" in message for message in messages):
            self.done[READ] = True


def _is_receipt(answer: Answer) -> bool:
    offered = buttons(answer.message).values() if answer.message is not None else ()
    return any(str(button.get("custom_id")).startswith("reply:withdraw") for button in offered)
