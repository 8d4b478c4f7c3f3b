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
        self._receipts: set[str] = set()

    def acted(self, act: str, body: dict[str, Any], answer: Answer) -> None:
        """Look at one act and its answer."""
        name = str(body.get("name", ""))
        if act == "press" and name.startswith("article:join") and answer.form is not None:
            self.done[JOIN] = True
        if act == "press" and name.startswith("review:approve") and answer.kind == "update":
            self.done[APPROVE] = True
        if act == "send" and not answer.failed:
            self._form_sent(body, answer)

    def _form_sent(self, body: dict[str, Any], answer: Answer) -> None:
        form = str(body.get("custom_id", ""))
        if form.startswith("form:reject"):
            self.done[MORE] = True
        if form.startswith("form:reply") and (receipt := _receipt(answer)):
            self.done[MORE] |= receipt in self._receipts
            self._receipts.add(receipt)
            self.done[REPLY] = True

    def seen(self, channel: dict[str, Any] | None, messages: list[dict[str, Any]]) -> None:
        """Look at what somebody has open."""
        if channel is not None and channel["thread"] and any("webhook_id" in message for message in messages):
            self.done[READ] = True


def _receipt(answer: Answer) -> str | None:
    """Return what tells one reply's receipt from another's; None when the answer is no receipt."""
    offered = buttons(answer.message).values() if answer.message is not None else ()
    names = (str(button.get("custom_id")) for button in offered)
    return next((name for name in names if name.startswith("reply:withdraw")), None)
