"""What moderators do not see at first sight: a severe text until it is tapped, and who wrote what is judged blindly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.models import ReplyStatus
from cogs.ui.buttons import DrawnButton, button
from cogs.ui.text import BODY_LIMIT, body, cut, fit

if TYPE_CHECKING:
    from bot.i18n import Language
    from bot.models import Reply

# With its escapes; what a severe text loses by that can be read after Unblur.
BLURRED_LIMIT = 2900
BAR = "||"


def shown_text(reply: Reply) -> str:
    """Return the text as it will appear, or as a spoiler: nothing in it can end that, and nobody's phone reads it out.

    Its markdown is escaped then, so that what is tapped shows the characters as they were typed.
    """
    if reply.blurred:
        return spoiler(fit(reply.text, BLURRED_LIMIT))
    return cut(body(reply.text), BODY_LIMIT)


def spoiler(escaped: str) -> str:
    """Hide words until they are tapped; they must be escaped already."""
    return f"{BAR}{escaped}{BAR}"


def veil(reply: Reply, language: Language, *, is_blind: bool) -> Reply:
    """Return the reply as lists, forms and what completes a command may name it: held ones without their authors."""
    if reply.blurred:
        reply = replace(reply, text=language.say("severe text hidden"))
    if is_blind and reply.status is ReplyStatus.PENDING:
        reply = replace(reply, author=replace(reply.author, id=0, name=language.say("author hidden"), avatar_url=None))
    return reply


def blur_button(reply: Reply, language: Language) -> DrawnButton:
    """Draw the button that hides the text or shows it again."""
    label = language.say("Unblur") if reply.blurred else language.say("Blur")
    return button("blur:switch", language, reply.id, label=label)
